//! 文种: the fifteen kinds of document of the 条例, article 8.

pub mod elements;

use serde::{Deserialize, Serialize};

/// A kind of document; 命令 and 令 are one kind with two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "文种（条例第八条）")]
pub enum DocumentKind {
    /// Resolution (决议).
    #[schemars(description = "决议.")]
    #[serde(rename = "决议")]
    Resolution,
    /// Decision (决定).
    #[schemars(description = "决定.")]
    #[serde(rename = "决定")]
    Decision,
    /// Command (命令).
    #[schemars(description = "命令.")]
    #[serde(rename = "命令")]
    Command,
    /// Order (令).
    #[schemars(description = "令.")]
    #[serde(rename = "令")]
    Order,
    /// Communique (公报).
    #[schemars(description = "公报.")]
    #[serde(rename = "公报")]
    Communique,
    /// Proclamation (公告).
    #[schemars(description = "公告.")]
    #[serde(rename = "公告")]
    Proclamation,
    /// Public notice (通告).
    #[schemars(description = "通告.")]
    #[serde(rename = "通告")]
    PublicNotice,
    /// Opinion (意见).
    #[schemars(description = "意见.")]
    #[serde(rename = "意见")]
    Opinion,
    /// Notice (通知).
    #[schemars(description = "通知.")]
    #[serde(rename = "通知")]
    Notice,
    /// Circular (通报).
    #[schemars(description = "通报.")]
    #[serde(rename = "通报")]
    Circular,
    /// Report (报告).
    #[schemars(description = "报告.")]
    #[serde(rename = "报告")]
    Report,
    /// Request (请示).
    #[schemars(description = "请示.")]
    #[serde(rename = "请示")]
    Request,
    /// Reply (批复).
    #[schemars(description = "批复.")]
    #[serde(rename = "批复")]
    Reply,
    /// Bill (议案).
    #[schemars(description = "议案.")]
    #[serde(rename = "议案")]
    Bill,
    /// Letter (函).
    #[schemars(description = "函.")]
    #[serde(rename = "函")]
    Letter,
    /// Minutes (纪要).
    #[schemars(description = "纪要.")]
    #[serde(rename = "纪要")]
    Minutes,
}

impl DocumentKind {
    /// Every kind; if one name ends with another, the longer comes first.
    pub const ALL: [Self; 16] = [
        Self::Resolution,
        Self::Decision,
        Self::Command,
        Self::Order,
        Self::Communique,
        Self::Proclamation,
        Self::PublicNotice,
        Self::Opinion,
        Self::Notice,
        Self::Circular,
        Self::Report,
        Self::Request,
        Self::Reply,
        Self::Bill,
        Self::Letter,
        Self::Minutes,
    ];

    /// The kind as titles name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolution => "决议",
            Self::Decision => "决定",
            Self::Command => "命令",
            Self::Order => "令",
            Self::Communique => "公报",
            Self::Proclamation => "公告",
            Self::PublicNotice => "通告",
            Self::Opinion => "意见",
            Self::Notice => "通知",
            Self::Circular => "通报",
            Self::Report => "报告",
            Self::Request => "请示",
            Self::Reply => "批复",
            Self::Bill => "议案",
            Self::Letter => "函",
            Self::Minutes => "纪要",
        }
    }
    /// Finds the kind that a title ends with. A remark in brackets after it, such as （试行）, is skipped.
    pub fn of_title(title: &str) -> Option<Self> {
        let mut title = title.trim_end();
        while let Some((before, _)) = title.strip_suffix('）').and_then(|t| t.rsplit_once('（')) {
            title = before.trim_end();
        }
        Self::ALL.into_iter().find(|kind| title.ends_with(kind.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentKind;

    #[test]
    fn the_title_ends_with_its_kind() {
        let cases = [
            ("关于报送自评情况的报告", Some(DocumentKind::Report)),
            ("关于印发社会救助工作意见的通知（试行）", Some(DocumentKind::Notice)),
            ("广元市人民政府令（第12号）", Some(DocumentKind::Order)),
            ("关于嘉奖抗震救灾先进单位的命令", Some(DocumentKind::Command)),
            ("关于征求意见的复函", Some(DocumentKind::Letter)),
            ("2021年工作总结", None),
            ("（函）", None),
        ];
        for (title, kind) in cases {
            assert_eq!(DocumentKind::of_title(title), kind, "{title}");
        }
    }
}
