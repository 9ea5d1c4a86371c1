//! All that a verdict may rest on, and how much of it may be checked for one signature.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::document::moment::Moment;
use crate::signature::algorithm::Signing;
use crate::signature::certificate::Certificate;
use crate::signature::container::Evidence;
use crate::signature::keys::{PublicKey, SignatureFault};
use crate::signature::ocsp::Response;
use crate::signature::reason::Finding;
use crate::signature::revocation::Crl;
use crate::signature::trust::{Policy, Trust};

/// How many certificates, lists and responses are read from a file. Files with more are not refused,
/// but no verdict that rests on a part of them passes.
const MOST_OF_A_KIND: usize = 128;

/// How much may be checked for one signature: some hundred signatures, or fewer over long lists.
const MOST_WORK: u32 = 4000;

/// What a signature costs, and each started 64 KiB below it.
const WORK_OF_A_SIGNATURE: u32 = 20;

/// Certificates, revocation lists and responses, from wherever they came.
pub struct Scene<'a> {
    /// The moment of validation.
    pub at: Moment,
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
        let length = u32::try_from(message.len() / (64 * 1024)).unwrap_or(MOST_WORK);
        let work = self.work.get().saturating_add(WORK_OF_A_SIGNATURE).saturating_add(length);
        if work > MOST_WORK {
            self.something_was_left_out.set(true);
            return Err(SignatureFault::Broken);
        }
        self.work.set(work);
        key.verify(signing, message, signature)
    }

    /// What is to be said where not everything was checked. A revocation may be among what was not.
    pub fn left_out(&self) -> Option<Finding> {
        self.something_was_left_out.get().then_some(Finding::TooMuchWork)
    }
}
