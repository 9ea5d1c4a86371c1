//! The row of a finding: its verdict, code and sentence.

use std::borrow::Cow;

use crate::document::moment::Moment;
use crate::signature::verdict::indication::SubIndication as Sub;
use crate::signature::verdict::indication::{Indication, SubIndication};

/// One finding: its verdict, its stable code and its sentence for staff.
pub struct Row {
    pub verdict: Option<(Indication, SubIndication)>,
    pub code: &'static str,
    pub detail: Cow<'static, str>,
}

impl Row {
    pub fn failed(sub: Sub, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { verdict: Some((Indication::TotalFailed, sub)), code, detail: detail.into() }
    }

    pub fn indeterminate(
        sub: Sub,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { verdict: Some((Indication::Indeterminate, sub)), code, detail: detail.into() }
    }

    /// A finding that does not change the verdict.
    pub fn remark(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { verdict: None, code, detail: detail.into() }
    }
}

/// The date in China Standard Time.
pub fn day(moment: Moment) -> String {
    let beijing = chrono::FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    let time = chrono::DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
    time.with_timezone(&beijing).format("%Y年%-m月%-d日").to_string()
}
