//! The row of a finding: its indication, code and sentence.

use std::borrow::Cow;

use crate::document::moment::Moment;
use crate::signature::verdict::indication::SubIndication as Sub;
use crate::signature::verdict::indication::{Indication, SubIndication};

/// The row of a finding.
pub struct Row {
    /// `None` if the signature can still pass.
    pub indication: Option<(Indication, SubIndication)>,
    /// A stable code, in `snake_case`.
    pub code: &'static str,
    /// A Chinese sentence for staff.
    pub detail: Cow<'static, str>,
}

impl Row {
    pub fn failed(sub: Sub, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { indication: Some((Indication::TotalFailed, sub)), code, detail: detail.into() }
    }

    pub fn indeterminate(
        sub: Sub,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { indication: Some((Indication::Indeterminate, sub)), code, detail: detail.into() }
    }

    /// A finding that does not change the indication.
    pub fn remark(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { indication: None, code, detail: detail.into() }
    }
}

/// The date in China Standard Time.
pub fn day(moment: Moment) -> String {
    let beijing = chrono::FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    let time = chrono::DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
    time.with_timezone(&beijing).format("%Y年%-m月%-d日").to_string()
}
