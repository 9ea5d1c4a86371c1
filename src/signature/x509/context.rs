//! The certificates and revocation information that a validation may use.

use std::collections::BTreeSet;

use crate::document::moment::Moment;
use crate::signature::cms::container::ValidationData;
use crate::signature::crypto::algorithm::SignatureAlgorithm;
use crate::signature::crypto::public_key::{PublicKey, SignatureError};
use crate::signature::verdict::finding::Finding;
use crate::signature::x509::budget::WorkBudget;
use crate::signature::x509::certificate::Certificate;
use crate::signature::x509::crl::Crl;
use crate::signature::x509::ocsp::OcspResponse;
use crate::signature::x509::trust::{Policy, Trust};

/// The certificates, lists or responses that are read from one source. If there are more, the
/// signature does not pass.
const MAX_PER_KIND: usize = 256;

/// Certificates, revocation lists and OCSP responses, from the trust settings and from the file.
pub struct ValidationContext<'a> {
    budget: WorkBudget,
    pub policy: Policy,
    certificates: Vec<Certificate<'a>>,
    anchors: BTreeSet<&'a [u8]>,
    crls: Vec<Crl<'a>>,
    responses: Vec<OcspResponse<'a>>,
}

impl<'a> ValidationContext<'a> {
    /// The context of one signature, with the trust settings and the validation data of its file.
    pub fn of(
        trust: &'a Trust,
        validation_data: &'a ValidationData,
        validation_time: Moment,
    ) -> Self {
        let mut context = Self {
            budget: WorkBudget::new(validation_time),
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
        context.add_certificates(validation_data.certificates.iter().map(Vec::as_slice));
        context.add_crls(validation_data.crls.iter().map(Vec::as_slice));
        context.add_responses(validation_data.ocsp_responses.iter().map(Vec::as_slice));
        context
    }

    /// Adds certificates, which are not trusted; unreadable ones are skipped.
    pub fn add_certificates(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.limited(items);
        self.certificates.extend(items.into_iter().flat_map(Certificate::read));
    }

    /// Adds revocation lists; unreadable ones are skipped.
    pub fn add_crls(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.limited(items);
        self.crls.extend(items.into_iter().flat_map(Crl::read));
    }

    /// Adds OCSP responses; unreadable ones are skipped.
    pub fn add_responses(&mut self, items: impl Iterator<Item = &'a [u8]>) {
        let items = self.limited(items);
        self.responses.extend(items.into_iter().flat_map(OcspResponse::read));
    }

    fn limited(&self, mut items: impl Iterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
        let taken = items.by_ref().take(MAX_PER_KIND).collect();
        if items.next().is_some() {
            self.budget.exceed();
        }
        taken
    }

    /// Whether a time is not after the validation time, apart from clock skew.
    pub fn is_not_in_future(&self, moment: Moment) -> bool {
        self.budget.is_not_in_future(moment)
    }

    /// The remaining work for this signature.
    pub fn budget(&self) -> &WorkBudget {
        &self.budget
    }

    pub fn certificates(&self) -> &[Certificate<'a>] {
        &self.certificates
    }

    pub fn crls(&self) -> &[Crl<'a>] {
        &self.crls
    }

    pub fn responses(&self) -> &[OcspResponse<'a>] {
        &self.responses
    }

    /// Whether a certificate is a trust anchor.
    pub fn is_anchor(&self, certificate: &Certificate<'_>) -> bool {
        self.anchors.contains(certificate.der)
    }

    /// Verifies a signature. Fails once the budget is exceeded.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        signing: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.budget.verify(key, signing, message, signature)
    }

    /// A finding if not everything was checked.
    pub fn work_limit_finding(&self) -> Option<Finding> {
        self.budget.is_exceeded().then_some(Finding::WorkLimitExceeded)
    }
}
