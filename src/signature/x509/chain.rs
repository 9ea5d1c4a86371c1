//! From a certificate to an authority that is trusted (RFC 5280, section 6).

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{AlgorithmFault, Signing};
use crate::signature::crypto::public_key::SignatureFault;
use crate::signature::verdict::chain_fault::{AlgorithmWords, ChainFault, Holder};
use crate::signature::verdict::reason::{Finding, gravity};
use crate::signature::x509::certificate::{Certificate, TIME_STAMPING, Usage};
use crate::signature::x509::context::ValidationContext;
use crate::signature::x509::revocation::{self, RevocationStatus};
use crate::signature::x509::trust::Revocation;

/// No chain is longer, the holder's certificate and the anchor counted.
const DEEPEST: usize = 8;

/// How many whole chains are weighed against each other. Certificates that vouch for each other
/// crosswise make chains without end.
const MOST_CHAINS: usize = 32;

/// When the signature was there.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// By which moment it can be proved to have been there.
    pub proven: Moment,
    /// When its signer says to have made it.
    pub claimed: Option<Moment>,
}

/// What is wrong or wanting with the best chain of a certificate; nothing where it holds.
///
/// The holder's certificate need not be among those of the context. A certificate that is trusted
/// ends a chain, be it an authority's or the holder's own.
pub fn weigh(
    certificate: &Certificate<'_>,
    holder: Holder,
    times: Times,
    context: &ValidationContext<'_>,
) -> Vec<Finding> {
    let mut search = Search { context, holder, times, best: None, n_chains: 0 };
    search.extend(&mut vec![certificate], &mut Vec::new());
    let mut findings =
        search.best.unwrap_or_else(|| vec![Finding::Chain(holder, ChainFault::NoAnchor)]);
    if !is_usable(certificate, holder) {
        findings.push(Finding::Chain(holder, ChainFault::Usage));
    }
    findings
}

struct Search<'s, 'a> {
    context: &'s ValidationContext<'a>,
    holder: Holder,
    times: Times,
    /// What was found of the best chain so far.
    best: Option<Vec<Finding>>,
    n_chains: usize,
}

impl Search<'_, '_> {
    /// Tries every issuer of the last certificate, until a chain holds or enough were tried.
    fn extend(&mut self, path: &mut Vec<&Certificate<'_>>, weak: &mut Vec<AlgorithmWords>) {
        let last = *path.last().expect("a path begins with the holder's certificate");
        if self.context.is_anchor(last) {
            self.n_chains += 1;
            let findings = self.faults(path, weak);
            if self.best.as_ref().is_none_or(|best| rank(&findings) < rank(best)) {
                self.best = Some(findings);
            }
            return;
        }
        if path.len() == DEEPEST {
            return;
        }
        let named = |other: &&Certificate<'_>| other.subject == last.issuer;
        let is_likely = |other: &&Certificate<'_>| {
            other.extensions.subject_key.is_some()
                && other.extensions.subject_key == last.extensions.authority_key
        };
        let (likely, others): (Vec<_>, Vec<_>) =
            self.context.certificates().iter().filter(named).partition(is_likely);
        for issuer in likely.into_iter().chain(others) {
            if self.best.as_ref().is_some_and(Vec::is_empty) || self.n_chains >= MOST_CHAINS {
                return;
            }
            if path.iter().any(|certificate| certificate.whole == issuer.whole) {
                continue;
            }
            let n_weak = weak.len();
            match issued(last, issuer, self.context) {
                Issued::Yes => (),
                Issued::Weakly(words) => weak.push(words),
                Issued::No => continue,
            }
            // A path of its own, since what was borrowed for this one may end sooner.
            let mut longer = path.clone();
            longer.push(issuer);
            self.extend(&mut longer, weak);
            weak.truncate(n_weak);
        }
    }

    /// What is wrong with a whole chain, from the holder's certificate to an anchor.
    fn faults(&self, path: &[&Certificate<'_>], weak: &[AlgorithmWords]) -> Vec<Finding> {
        let mut faults: Vec<ChainFault> = weak.iter().cloned().map(ChainFault::Weak).collect();
        for (depth, certificate) in path.iter().enumerate() {
            if let Some(oid) = certificate.extensions.unknown {
                faults.push(ChainFault::UnknownExtension(oid));
            }
            if depth == 0 {
                faults.extend(self.validity(certificate));
            } else if !covers(certificate, self.times.proven) {
                faults.push(ChainFault::IssuerOutOfValidity);
            }
            if depth > 0 && !may_issue(certificate, &path[1..depth], depth + 1 == path.len()) {
                faults.push(ChainFault::NotAuthority);
            }
            if let Some(issuer) = path.get(depth + 1) {
                faults.extend(self.revocation(certificate, issuer, depth == 0));
            }
        }
        faults.into_iter().map(|fault| Finding::Chain(self.holder, fault)).collect()
    }

    fn validity(&self, certificate: &Certificate<'_>) -> Option<ChainFault> {
        if self.times.proven < certificate.not_before {
            Some(ChainFault::NotYetValid(certificate.not_before))
        } else if self.times.proven > certificate.not_after {
            Some(ChainFault::Expired(certificate.not_after))
        } else {
            None
        }
    }

    fn revocation(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
        is_holder: bool,
    ) -> Option<ChainFault> {
        match revocation::status(certificate, issuer, self.times.proven, self.context) {
            RevocationStatus::Revoked(at) if at > self.times.proven => None,
            RevocationStatus::Revoked(at) if !is_holder => Some(ChainFault::IssuerRevoked(at)),
            RevocationStatus::Revoked(at)
                if self.times.claimed.is_some_and(|claimed| claimed >= at) =>
            {
                Some(ChainFault::Revoked(at))
            }
            RevocationStatus::Revoked(at) => Some(ChainFault::RevokedUnproven(at)),
            RevocationStatus::Unknown if self.context.policy.revocation == Revocation::Required => {
                Some(ChainFault::RevocationUnknown)
            }
            RevocationStatus::Unknown | RevocationStatus::Good => None,
        }
    }
}

/// Less is better.
fn rank(findings: &[Finding]) -> (u8, usize) {
    let worst = findings.iter().map(gravity).min();
    (worst.map_or(0, |gravity| 3 - gravity), findings.len())
}

/// Whether an issuer signed a certificate.
enum Issued {
    Yes,
    /// In a way that proves nothing.
    Weakly(AlgorithmWords),
    No,
}

fn issued(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    context: &ValidationContext<'_>,
) -> Issued {
    let signing = match Signing::of(&certificate.algorithm) {
        Ok(signing) => signing,
        Err(AlgorithmFault::Weak(name)) => return Issued::Weakly(AlgorithmWords::Digest(name)),
        Err(AlgorithmFault::Unknown(oid)) => return Issued::Weakly(AlgorithmWords::Unknown(oid)),
        Err(AlgorithmFault::Disagrees | AlgorithmFault::Malformed) => return Issued::No,
    };
    match context.verify(&issuer.key, signing, certificate.signed, certificate.signature) {
        Ok(()) => Issued::Yes,
        Err(SignatureFault::WeakKey(bits)) => Issued::Weakly(AlgorithmWords::Key(bits)),
        Err(SignatureFault::WeakDigest(digest)) => Issued::Weakly(digest.into()),
        Err(SignatureFault::Unknown(oid)) => Issued::Weakly(AlgorithmWords::Unknown(oid)),
        Err(SignatureFault::Broken | SignatureFault::OtherKey) => Issued::No,
    }
}

fn covers(certificate: &Certificate<'_>, moment: Moment) -> bool {
    (certificate.not_before..=certificate.not_after).contains(&moment)
}

/// Whether a certificate may issue those below it. Anchors of version 1 have no extensions that
/// could say so; that they are trusted says it.
fn may_issue(issuer: &Certificate<'_>, between: &[&Certificate<'_>], is_anchor: bool) -> bool {
    let extensions = &issuer.extensions;
    let n_between = between.iter().filter(|certificate| !certificate.is_self_issued()).count();
    let is_authority = extensions.is_authority || (is_anchor && extensions.are_absent);
    let is_short_enough = extensions
        .path_length
        .is_none_or(|most| usize::try_from(most).is_ok_and(|most| n_between <= most));
    let may_sign = extensions.usage.is_none_or(Usage::signs_certificates);
    is_authority && is_short_enough && may_sign
}

/// Whether the holder's certificate is for what it was used for.
fn is_usable(certificate: &Certificate<'_>, holder: Holder) -> bool {
    let extensions = &certificate.extensions;
    let signs = extensions.usage.is_none_or(Usage::signs_documents);
    let purposes = extensions.purposes.as_ref();
    signs
        && match holder {
            Holder::Signer | Holder::SealMaker => {
                purposes.is_none_or(|purposes| !purposes.are_foreign())
            }
            // RFC 3161, 2.3: this purpose, no other, and critical.
            Holder::TimeStamper => purposes
                .is_some_and(|purposes| purposes.are_critical && purposes.oids == [TIME_STAMPING]),
        }
}
