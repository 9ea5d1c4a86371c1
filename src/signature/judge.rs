//! Judges one signature.

use crate::signature::container::Container;
use crate::signature::verdict::{Indication, Judgement, Reason, Scheme, SubIndication};

/// Judges a signature.
pub fn judge(_container: &Container<'_>) -> Judgement {
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
