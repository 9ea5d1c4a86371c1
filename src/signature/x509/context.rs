//! All that a verdict may rest on, and how much of it may be checked for one signature.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::document::moment::Moment;
use crate::signature::cms::container::Evidence;
use crate::signature::crypto::algorithm::Signing;
use crate::signature::crypto::public_key::{PublicKey, SignatureFault};
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::ocsp::Response;
use crate::signature::x509::revocation::Crl;
use crate::signature::x509::trust::{Policy, Trust};

/// How many certificates, lists and responses are read from a file. Files with more are not refused,
/// but no verdict that rests on a part of them passes.
const MOST_OF_A_KIND: usize = 256;

/// How much may be checked for one signature: a hundred and fifty others, or fewer and long lists.
const MOST_WORK: u32 = 3000;

/// What a signature costs beside the bytes that are signed: as much as 64 KiB of them twenty times.
const WORK_OF_A_SIGNATURE: u32 = 20;

/// How far the clocks of authorities may be ahead of ours.
const CLOCKS_DIFFER_MS: i64 = 5 * 60 * 1000;

/// Certificates, revocation lists and responses, from wherever they came.
pub struct Scene<'a> {
    /// The moment of validation.
    at: Moment,
    pub policy: Policy,
    certificates: Vec<Certificate<'a>>,
    anchors: BTreeSet<&'a [u8]>,
    crls: Vec<Crl<'a>>,
    responses: Vec<Response<'a>>,
    work: Cell<u32>,
    something_was_left_out: Cell<bool>,
}

impl<'a> Scene<'a> {
    pub fn of(trust: &'a Trust, evidence: &'a Evidence, at: Moment) -> Self {
        let mut scene = Self {
            at,
            policy: trust.policy(),
            certificates: Vec::new(),
            anchors: BTreeSet::new(),
            crls: Vec::new(),
            responses: Vec::new(),
            work: Cell::new(0),
            something_was_left_out: Cell::new(false),
        };
        for bytes in trust.certificates() {
            scene.certificates.extend(Certificate::read(bytes));
            scene.anchors.insert(bytes);
        }
        scene.crls.extend(trust.crls().flat_map(Crl::read));
        scene.add_certificates(evidence.certificates.iter().map(Vec::as_slice));
        scene.add_crls(evidence.crls.iter().map(Vec::as_slice));
        scene.add_responses(evidence.ocsp_responses.iter().map(Vec::as_slice));
        scene
    }

    /// Takes certificates that need not be believed. What cannot be read is passed over.
    pub fn add_certificates(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.certificates.extend(items.into_iter().flat_map(Certificate::read));
    }

    /// Takes revocation lists, as `add_certificates` takes certificates.
    pub fn add_crls(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.crls.extend(items.into_iter().flat_map(Crl::read));
    }

    /// Takes responses of OCSP, as `add_certificates` takes certificates.
    pub fn add_responses(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.responses.extend(items.into_iter().flat_map(Response::read));
    }

    fn bounded(&self, mut items: impl Iterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
        let taken = items.by_ref().take(MOST_OF_A_KIND).collect();
        if items.next().is_some() {
            self.something_was_left_out.set(true);
        }
        taken
    }

    /// Whether an authority can have set its name to something that says to be of this moment.
    pub fn can_be_of(&self, moment: Moment) -> bool {
        moment.0 <= self.at.0.saturating_add(CLOCKS_DIFFER_MS)
    }

    pub fn certificates(&self) -> &[Certificate<'a>] {
        &self.certificates
    }

    pub fn crls(&self) -> &[Crl<'a>] {
        &self.crls
    }

    pub fn responses(&self) -> &[Response<'a>] {
        &self.responses
    }

    /// Whether the certificate itself is trusted.
    pub fn is_anchor(&self, certificate: &Certificate<'_>) -> bool {
        self.anchors.contains(certificate.whole)
    }

    /// Whether the signature is the key's of this message. Once too much was checked, none is.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        signing: Signing,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        if self.may_work(WORK_OF_A_SIGNATURE, message.len()) {
            key.verify(signing, message, signature)
        } else {
            Err(SignatureFault::Broken)
        }
    }

    /// Whether so many bytes may be searched.
    pub fn may_search(&self, n_bytes: usize) -> bool {
        self.may_work(0, n_bytes)
    }

    fn may_work(&self, base: u32, n_bytes: usize) -> bool {
        let of_bytes = u32::try_from(n_bytes / (64 * 1024)).unwrap_or(MOST_WORK);
        let work = self.work.get().saturating_add(base).saturating_add(of_bytes);
        let is_little_enough = work <= MOST_WORK;
        if is_little_enough {
            self.work.set(work);
        } else {
            self.something_was_left_out.set(true);
        }
        is_little_enough
    }

    /// What is to be said where not everything was checked. A revocation may be among what was not.
    pub fn left_out(&self) -> Option<Finding> {
        self.something_was_left_out.get().then_some(Finding::TooMuchWork)
    }
}
