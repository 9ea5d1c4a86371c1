//! What is wrong with a submission: where, by which rule, and said for staff.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::validate::characters::visible;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "一处不符合规定或存疑的内容")]
pub struct Violation {
    /// JSON Pointer (RFC 6901) to the value at fault in the posted JSON.
    #[schemars(description = "所在之处（JSON Pointer，RFC 6901）")]
    pub pointer: String,
    /// The rule, by its stable name.
    #[schemars(description = "规则的代码，不会更改")]
    pub code: Code,
    /// A Chinese sentence for staff.
    #[schemars(description = "给经办人看的说明")]
    pub detail: String,
}

/// The rules, by the stable names that callers may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A key that the input format does not have.
    UnknownKey,
    /// A key that must be there and is not.
    MissingKey,
    /// A value of another JSON type, or not one of the listed values.
    WrongType,
    /// Text that must say something is empty or blank.
    TextEmpty,
    /// A list that needs an entry has none.
    ListEmpty,
    /// A list or a text beyond its limit.
    TooLong,
    /// A control, bidirectional, zero-width or private-use character.
    CharacterForbidden,
    /// A character no font of its face has.
    GlyphMissing,
    /// A number of points that is none, or has more than two decimals.
    PointsMalformed,
    /// A sum of money that is none, or a budget of nothing of which a rate is wanted.
    AmountMalformed,
    /// Sums that do not hold.
    SumMismatch,
    /// A score outside its bounds.
    ScoreOutOfRange,
    /// A deduction whose `max_points` is not below zero, or another entry's that is.
    MaxPointsSign,
    /// Points were lost and no reason is given (a warning).
    ReasonMissing,
    /// Text names a total other than the sheet's.
    TextTotalMismatch,
    /// Text asks for a total where there are no scores.
    TotalWithoutScores,
    /// Not exactly one of the keys of which one is wanted.
    OneOf,
    /// Rows of a table that do not fill its columns, or columns that share no width.
    TableShape,
    /// A section with both groups and indicators, or with neither.
    SectionParts,
    /// A component that the indicator's title does not name.
    ComponentNotInTitle,
    /// A date that is none.
    DateMalformed,
    /// Dates or years that contradict each other.
    DateOrder,
    /// 发文字号 of another form.
    DocumentNumberForm,
    /// A 发文机关 named twice.
    DuplicateIssuer,
    /// 上行文 without 签发人.
    SignatoryMissing,
    /// Not one 签发人 for each 发文机关.
    SignatoryCount,
    /// 上行文 not addressed to one superior.
    RecipientCount,
    /// 署名 other than the 发文机关.
    SignOffMismatch,
    /// 签发人职务 without a 签名章, or not one for each 署名.
    PositionCount,
    /// An attachment's name that brings its own number or a closing mark.
    AttachmentTitleForm,
    /// 份号 or 保密期限 outside its range.
    NumberOutOfRange,
    /// 文种 other than the word the title ends with, or none there.
    DocumentKind,
    /// 文种 and 行文方向 that do not go together (条例 8).
    KindDirection,
    /// 文种 and 格式 that do not go together (GB/T 9704 section 10).
    KindForm,
    /// An element that the form does not have, or lacks where the form needs it.
    FormElement,
    /// An agency named twice among 主送 and 抄送, or a 发文机关 among them.
    DuplicateRecipient,
    /// 上行文 copied to a subordinate (条例 15(1)).
    CopyToSubordinate,
    /// 上行文 addressed to a person (条例 15(5), a warning).
    RecipientPerson,
    /// 报告 that asks for a decision (条例 15(4), a warning).
    RequestInReport,
    /// 请示 whose 附注 names no contact (a warning).
    ContactMissing,
    /// 涉密公文 without 份号 (条例 9(1)).
    CopyNumberMissing,
    /// Punctuation that a title should not have (B-3, a warning).
    TitlePunctuation,
    /// A form or content that this version does not lay out.
    Unsupported,
    /// More was found than is listed.
    MoreFindings,
}

/// Everything found: errors stop a filing, warnings travel with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Findings {
    /// Broken rules that stop the filing, in the order of the document.
    #[schemars(description = "不符合规定之处，按内容的先后")]
    pub errors: Vec<Violation>,
    /// Doubts that do not stop it.
    #[schemars(description = "疑点；不影响生成")]
    pub warnings: Vec<Violation>,
}

impl Findings {
    /// Whether there is neither an error nor a warning.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// `pointer：detail〔code〕`, one line for a terminal.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An unknown key may hold anything, also what would command the terminal.
        let pointer: String = self.pointer.chars().map(visible).collect();
        let pointer = if pointer.is_empty() { "/" } else { &pointer };
        write!(f, "{pointer}：{}〔{}〕", self.detail, self.code)
    }
}
