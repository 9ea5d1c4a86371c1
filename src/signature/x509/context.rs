//! The certificates, lists and responses that a verdict may use.

use std::collections::BTreeSet;

use crate::document::moment::Moment;
use crate::signature::cms::container::Evidence;
use crate::signature::crypto::algorithm::Signing;
use crate::signature::crypto::public_key::{PublicKey, SignatureFault};
use crate::signature::verdict::reason::Finding;
use crate::signature::x509::budget::Budget;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::crl::Crl;
use crate::signature::x509::ocsp::Response;
use crate::signature::x509::trust::{Policy, Trust};

/// The most certificates, lists or responses read from one file. Files with more are not refused, but
/// then no verdict passes.
const MOST_OF_A_KIND: usize = 256;

/// Certificates, revocation lists and responses, from the trust settings and from the file.
pub struct ValidationContext<'a> {
    budget: Budget,
    pub policy: Policy,
    certificates: Vec<Certificate<'a>>,
    anchors: BTreeSet<&'a [u8]>,
    crls: Vec<Crl<'a>>,
    responses: Vec<Response<'a>>,
}

impl<'a> ValidationContext<'a> {
    pub fn of(trust: &'a Trust, evidence: &'a Evidence, at: Moment) -> Self {
        let mut context = Self {
            budget: Budget::new(at),
            policy: trust.policy(),
            certificates: Vec::new(),
            anchors: BTreeSet::new(),
            crls: Vec::new(),
            responses: Vec::new(),
        };
        for bytes in trust.certificates() {
            context.certificates.extend(Certificate::read(bytes));
            context.anchors.insert(bytes);
        }
        context.crls.extend(trust.crls().flat_map(Crl::read));
        context.add_certificates(evidence.certificates.iter().map(Vec::as_slice));
        context.add_crls(evidence.crls.iter().map(Vec::as_slice));
        context.add_responses(evidence.ocsp_responses.iter().map(Vec::as_slice));
        context
    }

    /// Adds certificates, which are not trusted. Unreadable ones are skipped.
    pub fn add_certificates(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.certificates.extend(items.into_iter().flat_map(Certificate::read));
    }

    /// Adds revocation lists; unreadable ones are skipped.
    pub fn add_crls(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.crls.extend(items.into_iter().flat_map(Crl::read));
    }

    /// Adds OCSP responses; unreadable ones are skipped.
    pub fn add_responses(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.bounded(items);
        self.responses.extend(items.into_iter().flat_map(Response::read));
    }

    fn bounded(&self, mut items: impl Iterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
        let taken = items.by_ref().take(MOST_OF_A_KIND).collect();
        if items.next().is_some() {
            self.budget.exceed();
        }
        taken
    }

    /// Whether an authority can have stated this moment, given that clocks differ.
    pub fn can_be_of(&self, moment: Moment) -> bool {
        self.budget.can_be_of(moment)
    }

    /// The work left for this signature.
    pub fn budget(&self) -> &Budget {
        &self.budget
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

    /// Verifies a signature. Fails once the budget is exceeded.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        signing: Signing,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        self.budget.verify(key, signing, message, signature)
    }

    /// The finding that not everything was checked, if so.
    pub fn left_out(&self) -> Option<Finding> {
        self.budget.is_exceeded().then_some(Finding::TooMuchWork)
    }
}
