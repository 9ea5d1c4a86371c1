//! Builds and validates certificate chains up to a trust anchor (RFC 5280, section 6).

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{AlgorithmError, SignatureAlgorithm};
use crate::signature::crypto::public_key::SignatureError;
use crate::signature::verdict::chain_error::{CertificateRole, ChainError, UnacceptableAlgorithm};
use crate::signature::verdict::finding::{Finding, severity_rank};
use crate::signature::x509::certificate::{Certificate, KeyUsage, TIME_STAMPING};
use crate::signature::x509::context::ValidationContext;
use crate::signature::x509::revocation::{self, RevocationStatus};
use crate::signature::x509::trust::RevocationChecking;

/// Longer chains are not built. Counts the end-entity certificate and the trust anchor.
const MAX_CHAIN_LENGTH: usize = 8;

/// The number of complete chains that are validated. CAs that certify each other form very many.
const MAX_CHAINS: usize = 32;

/// When the signature was made, as far as is known.
#[derive(Debug, Clone, Copy)]
pub struct SignatureTimes {
    /// The earliest time at which the signature is proved to have existed (EN 319 102-1).
    pub best_signature_time: Moment,
    /// The signing time that the signer claims.
    pub claimed_signing_time: Option<Moment>,
}

/// Validates the chain of a certificate. Returns the findings on its best chain, none if it is valid.
///
/// The certificate need not be in the context. Any trusted certificate ends a chain, also the
/// end-entity certificate itself.
pub fn validate(
    certificate: &Certificate<'_>,
    role: CertificateRole,
    times: SignatureTimes,
    context: &ValidationContext<'_>,
) -> Vec<Finding> {
    let mut search = Search { context, role, times, best: None, n_chains: 0 };
    search.extend_path(&mut vec![certificate], &mut Vec::new());
    let mut findings =
        search.best.unwrap_or_else(|| vec![Finding::Chain(role, ChainError::NoAnchor)]);
    if !is_usable(certificate, role) {
        findings.push(Finding::Chain(role, ChainError::KeyUsage));
    }
    findings
}

struct Search<'s, 'a> {
    context: &'s ValidationContext<'a>,
    role: CertificateRole,
    times: SignatureTimes,
    /// The findings on the best chain so far.
    best: Option<Vec<Finding>>,
    n_chains: usize,
}

impl Search<'_, '_> {
    /// Tries every issuer of the last certificate until a chain is valid or the limit is reached.
    /// `unacceptable` has the unacceptable algorithms of the path.
    fn extend_path(
        &mut self,
        path: &mut Vec<&Certificate<'_>>,
        unacceptable: &mut Vec<UnacceptableAlgorithm>,
    ) {
        let last = *path.last().expect("a path starts with the end-entity certificate");
        if self.context.is_anchor(last) {
            self.n_chains += 1;
            let findings = self.chain_errors(path, unacceptable);
            if self.best.as_ref().is_none_or(|best| rank(&findings) < rank(best)) {
                self.best = Some(findings);
            }
            return;
        }
        if path.len() == MAX_CHAIN_LENGTH {
            return;
        }
        let is_issuer = |other: &&Certificate<'_>| other.subject == last.issuer;
        let is_likely = |other: &&Certificate<'_>| {
            other.extensions.subject_key_id.is_some()
                && other.extensions.subject_key_id == last.extensions.authority_key_id
        };
        let (likely, others): (Vec<_>, Vec<_>) =
            self.context.certificates().iter().filter(is_issuer).partition(is_likely);
        for issuer in likely.into_iter().chain(others) {
            if self.best.as_ref().is_some_and(Vec::is_empty) || self.n_chains >= MAX_CHAINS {
                return;
            }
            if path.iter().any(|certificate| certificate.der == issuer.der) {
                continue;
            }
            let n_unacceptable = unacceptable.len();
            match check_issuer(last, issuer, self.context) {
                IssuerCheck::Issued => (),
                IssuerCheck::Unacceptable(algorithm) => unacceptable.push(algorithm),
                IssuerCheck::NotIssued => continue,
            }
            // A new path, because its certificates may have a shorter lifetime than those of this one.
            let mut longer = path.clone();
            longer.push(issuer);
            self.extend_path(&mut longer, unacceptable);
            unacceptable.truncate(n_unacceptable);
        }
    }

    /// The errors of a complete chain, from the end-entity certificate to a trust anchor.
    fn chain_errors(
        &self,
        path: &[&Certificate<'_>],
        unacceptable: &[UnacceptableAlgorithm],
    ) -> Vec<Finding> {
        let mut errors: Vec<ChainError> =
            unacceptable.iter().cloned().map(ChainError::UnacceptableAlgorithm).collect();
        for (depth, certificate) in path.iter().enumerate() {
            if let Some(oid) = certificate.extensions.unsupported {
                errors.push(ChainError::UnsupportedExtension(oid));
            }
            if depth == 0 {
                errors.extend(self.validity(certificate));
            } else if !is_valid_at(certificate, self.times.best_signature_time) {
                errors.push(ChainError::IssuerOutOfValidity);
            }
            if depth > 0 && !may_issue(certificate, &path[1..depth], depth + 1 == path.len()) {
                errors.push(ChainError::IssuerNotCa);
            }
            if let Some(issuer) = path.get(depth + 1) {
                errors.extend(self.revocation(certificate, issuer, depth == 0));
            }
        }
        errors.into_iter().map(|error| Finding::Chain(self.role, error)).collect()
    }

    fn validity(&self, certificate: &Certificate<'_>) -> Option<ChainError> {
        if self.times.best_signature_time < certificate.not_before {
            Some(ChainError::NotYetValid(certificate.not_before))
        } else if self.times.best_signature_time > certificate.not_after {
            Some(ChainError::Expired(certificate.not_after))
        } else {
            None
        }
    }

    fn revocation(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        is_end_entity: bool,
    ) -> Option<ChainError> {
        match revocation::status(certificate, issuer, self.times.best_signature_time, self.context)
        {
            RevocationStatus::Revoked(at) if at > self.times.best_signature_time => None,
            RevocationStatus::Revoked(at) if !is_end_entity => Some(ChainError::IssuerRevoked(at)),
            RevocationStatus::Revoked(at)
                if self.times.claimed_signing_time.is_some_and(|claimed| claimed >= at) =>
            {
                Some(ChainError::Revoked(at))
            }
            RevocationStatus::Revoked(at) => Some(ChainError::RevokedUnproven(at)),
            RevocationStatus::Unknown
                if self.context.policy.revocation == RevocationChecking::Required =>
            {
                Some(ChainError::RevocationUnknown)
            }
            RevocationStatus::Unknown | RevocationStatus::Good => None,
        }
    }
}

/// Ranks the findings on a chain; the smallest is the best.
fn rank(findings: &[Finding]) -> (u8, usize) {
    let worst = findings.iter().map(severity_rank).min();
    (worst.map_or(0, |severity| 3 - severity), findings.len())
}

/// Whether an issuer signed a certificate.
enum IssuerCheck {
    Issued,
    /// Signed with an unacceptable algorithm, which proves nothing.
    Unacceptable(UnacceptableAlgorithm),
    NotIssued,
}

fn check_issuer(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    context: &ValidationContext<'_>,
) -> IssuerCheck {
    let signing = match SignatureAlgorithm::of(&certificate.algorithm) {
        Ok(signing) => signing,
        Err(AlgorithmError::Weak(name)) => {
            return IssuerCheck::Unacceptable(UnacceptableAlgorithm::Digest(name));
        }
        Err(AlgorithmError::Unsupported(oid)) => {
            return IssuerCheck::Unacceptable(UnacceptableAlgorithm::Unsupported(oid));
        }
        Err(AlgorithmError::DigestMismatch | AlgorithmError::Malformed) => {
            return IssuerCheck::NotIssued;
        }
    };
    match context.verify(&issuer.key, signing, certificate.tbs, certificate.signature) {
        Ok(()) => IssuerCheck::Issued,
        Err(SignatureError::WeakKey(bits)) => {
            IssuerCheck::Unacceptable(UnacceptableAlgorithm::Key(bits))
        }
        Err(SignatureError::WeakDigest(digest)) => IssuerCheck::Unacceptable(digest.into()),
        Err(SignatureError::Unsupported(oid)) => {
            IssuerCheck::Unacceptable(UnacceptableAlgorithm::Unsupported(oid))
        }
        Err(SignatureError::Invalid | SignatureError::KeyMismatch) => IssuerCheck::NotIssued,
    }
}

fn is_valid_at(certificate: &Certificate<'_>, moment: Moment) -> bool {
    (certificate.not_before..=certificate.not_after).contains(&moment)
}

/// Whether a certificate may issue those below it. A trust anchor without extensions (version 1) may.
fn may_issue(
    issuer: &Certificate<'_>,
    intermediates: &[&Certificate<'_>],
    is_anchor: bool,
) -> bool {
    let extensions = &issuer.extensions;
    let n_intermediates =
        intermediates.iter().filter(|certificate| !certificate.is_self_issued()).count();
    let is_ca = extensions.is_ca || (is_anchor && extensions.are_absent);
    let is_short_enough = extensions
        .path_len_constraint
        .is_none_or(|max| usize::try_from(max).is_ok_and(|max| n_intermediates <= max));
    let may_sign = extensions.key_usage.is_none_or(KeyUsage::allows_cert_signing);
    is_ca && is_short_enough && may_sign
}

/// Whether the key usages of a certificate allow its role.
fn is_usable(certificate: &Certificate<'_>, role: CertificateRole) -> bool {
    let extensions = &certificate.extensions;
    let signs = extensions.key_usage.is_none_or(KeyUsage::allows_signing);
    let extended = extensions.extended_key_usage.as_ref();
    signs
        && match role {
            CertificateRole::Signer | CertificateRole::SealMaker => {
                extended.is_none_or(|usage| !usage.excludes_documents())
            }
            // RFC 3161, 2.3: this usage alone, and critical.
            CertificateRole::TimeStampingAuthority => {
                extended.is_some_and(|usage| usage.is_critical && usage.oids == [TIME_STAMPING])
            }
        }
}
