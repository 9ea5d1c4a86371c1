//! Judges one signature.

use crate::document::moment::Moment;
use crate::signature::container::{Container, Evidence};
use crate::signature::trust::Trust;
use crate::signature::verdict::{Indication, Judgement, Reason, Scheme, SubIndication};

/// Judges a signature by what is trusted, with what the file brings along, at a moment.
///
/// A time stamp of the whole document (`Format::Rfc3161`) has its time in `Judgement::timestamp`;
/// where it holds, it is `Evidence::proven_at` for the signatures that it covers.
pub fn judge(
    _container: &Container<'_>,
    _evidence: &Evidence,
    _trust: &Trust,
    _at: Moment,
) -> Judgement {
    Judgement {
        indication: Indication::Indeterminate,
        sub_indication: Some(SubIndication::Generic),
        scheme: Scheme::Unknown,
        algorithm: None,
        signer: None,
        claimed_at: None,
        timestamp: None,
        reasons: vec![Reason {
            code: "unsupported_signature".to_owned(),
            detail: "本程序不能识别这一签名。".to_owned(),
        }],
    }
}
