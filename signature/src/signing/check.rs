//! Checks that a signature is one of a prepared file, without its trust.

use hongtou_rules::document::moment::Moment;

use crate::cms::container::ValidationData;
use crate::cms::validation::validate_signature;
use crate::signing::prepared::PreparedPdf;
use crate::verdict::indication::{Indication, Reason, SubIndication};
use crate::x509::trust::Trust;

/// Checks that a CMS container or a seal signs a prepared file: its digest is that of the file, and its
/// value verifies with the key of its certificate. Whether the certificate is trusted is left to the
/// verdict on the signed file.
///
/// # Errors
/// Returns what is wrong with the signature, the most severe first.
pub fn check(prepared: &PreparedPdf, signature: &[u8], now: Moment) -> Result<(), Vec<Reason>> {
    let container = prepared.container(signature);
    // Without trusted certificates, no chain ends. Any other result comes from the signature itself.
    let trust = Trust::default();
    let result = validate_signature(&container, &ValidationData::default(), None, &trust, now);
    let is_only_untrusted = result.indication == Indication::Indeterminate
        && result.sub_indication == Some(SubIndication::NoCertificateChainFound);
    if is_only_untrusted || result.indication == Indication::TotalPassed {
        Ok(())
    } else {
        Err(result.reasons)
    }
}
