//! Violations: the place, the rule, and a sentence for staff.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::validate::findings::place_name::place_name;

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
#[schemars(description = "规则的代码")]
pub enum Code {
    /// A key that the input format does not have.
    #[schemars(description = "格式中没有的键")]
    #[serde(rename = "unknown_key")]
    UnknownKey,
    /// A required key is missing.
    #[schemars(description = "缺少必填的键")]
    #[serde(rename = "missing_key")]
    MissingKey,
    /// A value of another JSON type, or not one of the listed values.
    #[schemars(description = "值的类型不对，或不在所列的值之中")]
    #[serde(rename = "wrong_type")]
    WrongType,
    /// A required text is empty or blank.
    #[schemars(description = "必须有内容的文字为空")]
    #[serde(rename = "text_empty")]
    TextEmpty,
    /// A list that needs at least one entry is empty.
    #[schemars(description = "至少要有一项的列表为空")]
    #[serde(rename = "list_empty")]
    ListEmpty,
    /// A list or a text exceeds its limit.
    #[schemars(description = "列表或文字超出长度限制")]
    #[serde(rename = "too_long")]
    TooLong,
    /// A control, bidirectional, zero-width or private-use character.
    #[schemars(description = "控制符、双向控制符、零宽字符或私用区字符")]
    #[serde(rename = "character_forbidden")]
    CharacterForbidden,
    /// A character that no font of its typeface has.
    #[schemars(description = "字体中没有的字符")]
    #[serde(rename = "glyph_missing")]
    GlyphMissing,
    /// A radical or compatibility ideograph in place of a common character.
    #[schemars(description = "部首或兼容字符，应改为常用的字")]
    #[serde(rename = "character_lookalike")]
    CharacterLookalike,
    /// A lost character: `?`, `□`, 锟斤拷 (a warning in running text).
    #[schemars(description = "文字丢失或成为乱码（正文中为疑点）")]
    #[serde(rename = "character_lost")]
    CharacterLost,
    /// Several names in one entry (a warning in lists of attendance and of agencies with blanks).
    #[schemars(description = "几个名称写在了一项里（出席人员名单、以空格分开的机关为疑点）")]
    #[serde(rename = "several_in_one")]
    SeveralInOne,
    /// Points that are not a number or have more than two decimals.
    #[schemars(description = "分数的写法不对，或多于两位小数")]
    #[serde(rename = "points_malformed")]
    PointsMalformed,
    /// A malformed sum of money.
    #[schemars(description = "金额的写法不对")]
    #[serde(rename = "amount_malformed")]
    AmountMalformed,
    /// A budget of 0 for which a rate is required, or a rate that is too high (above 100 % a warning).
    #[schemars(description = "预算为零而要算执行率，或执行率过高（略高于100%为疑点）")]
    #[serde(rename = "execution_rate")]
    ExecutionRate,
    /// Content of a project table that does not match its columns.
    #[schemars(description = "项目支出绩效自评表的内容与它的列不符")]
    #[serde(rename = "project_columns")]
    ProjectColumns,
    /// A total that differs from the sum of its parts.
    #[schemars(description = "合计不一致")]
    #[serde(rename = "sum_mismatch")]
    SumMismatch,
    /// A score outside its bounds.
    #[schemars(description = "得分超出范围")]
    #[serde(rename = "score_out_of_range")]
    ScoreOutOfRange,
    /// The `max_points` of a deduction are not negative, or those of another entry are.
    #[schemars(description = "扣分项的分值不小于零，或其他项的分值小于零")]
    #[serde(rename = "max_points_sign")]
    MaxPointsSign,
    /// Points were lost without a reason (a warning).
    #[schemars(description = "有扣分而没有写原因（疑点）")]
    #[serde(rename = "reason_missing")]
    ReasonMissing,
    /// Full marks although the target was missed or much of the budget was not spent (a warning).
    #[schemars(description = "没有达到指标值，或预算执行率低，却得满分（疑点）")]
    #[serde(rename = "target_missed")]
    TargetMissed,
    /// A reason or evidence that is not printed because no score table is attached, or blanks at the
    /// beginning of a paragraph (a warning).
    #[schemars(description = "扣分原因、佐证材料或段首的空格不会印出（疑点）")]
    #[serde(rename = "not_printed")]
    NotPrinted,
    /// The text states a total that differs from that of the sheet.
    #[schemars(description = "文字中的总分与评分表不一致")]
    #[serde(rename = "text_total_mismatch")]
    TextTotalMismatch,
    /// Parts in the text that do not add up to their whole (a warning).
    #[schemars(description = "文字中其中各项与总数不一致（疑点）")]
    #[serde(rename = "text_parts_mismatch")]
    TextPartsMismatch,
    /// A rate in the text that differs from its figures (a warning).
    #[schemars(description = "文字中的比率与旁边的数字不一致（疑点）")]
    #[serde(rename = "text_rate_mismatch")]
    TextRateMismatch,
    /// A change in the text that differs from its figures (a warning).
    #[schemars(description = "文字中的增减与旁边的数字不一致（疑点）")]
    #[serde(rename = "text_change_mismatch")]
    TextChangeMismatch,
    /// A total in the text that differs from the sum of its list (a warning).
    #[schemars(description = "文字中的合计与所列各项不一致（疑点）")]
    #[serde(rename = "text_sum_mismatch")]
    TextSumMismatch,
    /// The same fact with different figures in two paragraphs (a warning).
    #[schemars(description = "文字中同一事项的数字前后不一（疑点）")]
    #[serde(rename = "text_fact_mismatch")]
    TextFactMismatch,
    /// A figure in the text that differs from the attached project table (a warning).
    #[schemars(description = "文字中的数字与项目支出绩效自评表不一致（疑点）")]
    #[serde(rename = "text_table_mismatch")]
    TextTableMismatch,
    /// The text inserts a total, but the filing has no scores.
    #[schemars(description = "没有评分表而文字要代入总分")]
    #[serde(rename = "total_without_scores")]
    TotalWithoutScores,
    /// An unknown placeholder in braces.
    #[schemars(description = "花括号中的名称不认识，或写在不代入总分的地方")]
    #[serde(rename = "placeholder_unknown")]
    PlaceholderUnknown,
    /// Asterisks that are read as strong text but seem to be placeholders for figures (a warning).
    #[schemars(description = "成对的星号会成为加粗记号，像是待填的数字（疑点）")]
    #[serde(rename = "strong_marks")]
    StrongMarks,
    /// An attachment without content although others have content (a warning).
    #[schemars(description = "有的附件有内容，有的没有（疑点）")]
    #[serde(rename = "attachment_empty")]
    AttachmentEmpty,
    /// The last paragraph ends with a colon and nothing follows (a warning).
    #[schemars(description = "正文以冒号结尾，后面没有内容（疑点）")]
    #[serde(rename = "text_unfinished")]
    TextUnfinished,
    /// Not exactly one of several alternative keys.
    #[schemars(description = "几个键中应当恰有一个")]
    #[serde(rename = "one_of")]
    OneOf,
    /// A row of a table that does not fill its columns, or an unusable width of the columns.
    #[schemars(description = "表格的行没有填满各列，或列宽不成比例")]
    #[serde(rename = "table_shape")]
    TableShape,
    /// A section with both groups and indicators, or with neither.
    #[schemars(description = "部分之下既有组又有指标，或都没有")]
    #[serde(rename = "section_parts")]
    SectionParts,
    /// 扣分原因 or 佐证材料 of an entry with parts, which is not printed.
    #[schemars(description = "下面有分项的项目写了扣分原因或佐证材料")]
    #[serde(rename = "reason_above_parts")]
    ReasonAboveParts,
    /// Entries that do not apply, without a rule for the sums.
    #[schemars(description = "有“不涉及”而没有写计分办法")]
    #[serde(rename = "not_applicable_rule")]
    NotApplicableRule,
    /// Grades with the same threshold, or no grade for the total of the sheet.
    #[schemars(description = "等次的起点分重复，或总分低于各等次的起点分")]
    #[serde(rename = "grade_bounds")]
    GradeBounds,
    /// Scores that are printed only in the attached table, but there is no such table or no text.
    #[schemars(description = "得分只印在附件，而没有附件的自评表，或没有正文")]
    #[serde(rename = "score_placement")]
    ScorePlacement,
    /// A component whose name is not in the title of its indicator.
    #[schemars(description = "指标的标题中没有该组成的字样")]
    #[serde(rename = "component_not_in_title")]
    ComponentNotInTitle,
    /// A malformed date.
    #[schemars(description = "日期的写法不对")]
    #[serde(rename = "date_malformed")]
    DateMalformed,
    /// Dates or years that contradict each other (a warning at the turn of a year).
    #[schemars(description = "日期或年份相互矛盾（年初年末为疑点）")]
    #[serde(rename = "date_order")]
    DateOrder,
    /// A malformed 发文字号.
    #[schemars(description = "发文字号的写法不对")]
    #[serde(rename = "document_number_form")]
    DocumentNumberForm,
    /// A duplicate 发文机关.
    #[schemars(description = "发文机关重复")]
    #[serde(rename = "duplicate_issuer")]
    DuplicateIssuer,
    /// 上行文 without 签发人.
    #[schemars(description = "上行文没有签发人")]
    #[serde(rename = "signatory_missing")]
    SignatoryMissing,
    /// The number of 签发人 differs from that of 发文机关.
    #[schemars(description = "签发人与发文机关不是一一对应")]
    #[serde(rename = "signatory_count")]
    SignatoryCount,
    /// 上行文 not addressed to one superior (a warning for a report to 党委 and 政府).
    #[schemars(description = "上行文的主送机关不是一个（报告同送党委和政府为疑点）")]
    #[serde(rename = "recipient_count")]
    RecipientCount,
    /// 署名 that differs from the 发文机关 (a warning for short names and 代章).
    #[schemars(description = "署名与发文机关不一致（全称与简称、代章为疑点）")]
    #[serde(rename = "sign_off_mismatch")]
    SignOffMismatch,
    /// 签发人职务 without a 签名章, or not one for each 署名.
    #[schemars(description = "没有签名章而写了职务，或职务与署名不是一一对应")]
    #[serde(rename = "position_count")]
    PositionCount,
    /// The name of an attachment with 附件, a number or a closing mark.
    #[schemars(description = "附件名称自带“附件”二字、序号或末尾标点")]
    #[serde(rename = "attachment_title_form")]
    AttachmentTitleForm,
    /// Text that the program prints too: the number of a heading, 主送：, 印发 (a warning for whole
    /// paragraphs and for numbers that may cite an article).
    #[schemars(
        description = "程序自动印出的序号、字样又写了一遍（整段相同的、可能是引用条文的为疑点）"
    )]
    #[serde(rename = "printed_twice")]
    PrintedTwice,
    /// 份号 or 保密期限 is out of range.
    #[schemars(description = "份号或保密期限超出范围")]
    #[serde(rename = "number_out_of_range")]
    NumberOutOfRange,
    /// 文种 differs from the last word of the title, or is missing there.
    #[schemars(description = "文种与标题末尾不一致，或标题末尾没有文种")]
    #[serde(rename = "document_kind")]
    DocumentKind,
    /// 文种 and 行文方向 that do not go together (条例 8).
    #[schemars(description = "文种与行文方向不符（条例第八条）")]
    #[serde(rename = "kind_direction")]
    KindDirection,
    /// 文种 and 格式 that do not go together (GB/T 9704 section 10).
    #[schemars(description = "文种与格式不符（GB/T 9704第10章）")]
    #[serde(rename = "kind_form")]
    KindForm,
    /// An element that the form does not have, or a missing element that the form requires.
    #[schemars(description = "该格式没有的要素，或缺少该格式必需的要素")]
    #[serde(rename = "form_element")]
    FormElement,
    /// An element that the kind does not have, or lacks where the kind needs it.
    #[schemars(description = "该文种没有的要素，或缺少该文种必需的要素")]
    #[serde(rename = "kind_element")]
    KindElement,
    /// An agency that is listed twice in 主送 and 抄送, or a 发文机关 in them (a warning within an entry
    /// of several).
    #[schemars(
        description = "主送和抄送机关重复，或其中有发文机关（写在几个机关一项之中的为疑点）"
    )]
    #[serde(rename = "duplicate_recipient")]
    DuplicateRecipient,
    /// 上行文 copied to a subordinate (条例 15(1)).
    #[schemars(description = "上行文抄送下级机关（条例第十五条）")]
    #[serde(rename = "copy_to_subordinate")]
    CopyToSubordinate,
    /// 上行文 addressed to a person (条例 15(5), a warning).
    #[schemars(description = "上行文主送个人（条例第十五条，疑点）")]
    #[serde(rename = "recipient_person")]
    RecipientPerson,
    /// 报告 that asks for a decision (条例 15(4), a warning).
    #[schemars(description = "报告中夹带请示事项（条例第十五条，疑点）")]
    #[serde(rename = "request_in_report")]
    RequestInReport,
    /// 请示 whose 附注 names no contact (a warning).
    #[schemars(description = "请示的附注没有联系人（疑点）")]
    #[serde(rename = "contact_missing")]
    ContactMissing,
    /// 涉密公文 without 份号 (条例 9(1)).
    #[schemars(description = "涉密公文没有份号（条例第九条）")]
    #[serde(rename = "copy_number_missing")]
    CopyNumberMissing,
    /// Punctuation that a title should not have (B-3, a warning).
    #[schemars(description = "标题中不宜使用的标点（疑点）")]
    #[serde(rename = "title_punctuation")]
    TitlePunctuation,
    /// Marks or figures that do not conform to GB/T 15834, or a cited 发文字号 in other brackets (a warning).
    #[schemars(
        description = "标点、数字的写法与GB/T 15834不符，或引用的发文字号不用六角括号（疑点）"
    )]
    #[serde(rename = "punctuation")]
    Punctuation,
    /// A form or content that this version does not support.
    #[schemars(description = "本版本不排的格式或内容")]
    #[serde(rename = "unsupported")]
    Unsupported,
    /// There are more findings than listed.
    #[schemars(description = "还有更多，未全部列出")]
    #[serde(rename = "more_findings")]
    MoreFindings,
}

/// All findings. A filing with errors is refused; one with warnings is accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Findings {
    /// Errors, for which the filing is refused, in the order of the document.
    #[schemars(description = "不符合规定之处，按内容的先后")]
    pub errors: Vec<Violation>,
    /// Warnings, with which the filing is accepted.
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

/// `place：detail〔code〕`, one line for a terminal.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}〔{}〕", place_name(&self.pointer), self.detail, self.code)
    }
}
