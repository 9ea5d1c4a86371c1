//! The rows of the sheet 公文要素: labels, and where their values are in a submission.

/// The name of the sheet with the elements.
pub const ELEMENTS_SHEET: &str = "公文要素";

/// The name of the sheet with the scores.
pub const SCORES_SHEET: &str = "评分表";

/// The name of the sheet with a row for each unit, in a workbook of many documents.
pub const UNITS_SHEET: &str = "各单位";

/// The head of the column with the name of a unit.
pub const UNIT: &str = "单位";

/// The head of the column with the reasons, which the program writes and nobody has to remove.
pub const REASONS: &str = "未能生成的原因";

/// The most rows of the sheet with the scores in a workbook of many documents.
pub const SCORE_ROWS: u32 = 60_000;

/// The version of the template, in a hidden cell.
pub const VERSION: &str = "hongtou-template-1";

/// The heads of the columns of the sheet with the scores.
pub const SCORE_COLUMNS: [&str; 9] =
    ["部分", "类型", "类", "指标", "分值", "自评得分", "工作情况", "扣分原因", "佐证材料"];

/// The kinds of section, as shown and as in a submission.
pub const KINDS: Choices = &[("基本分", "base"), ("加分项", "bonus"), ("扣分项", "deduction")];

/// Values as shown and as in a submission.
pub type Choices = &'static [(&'static str, &'static str)];

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// One text.
    Text,
    /// A text, or a list of several; one per line.
    TextOrLines,
    /// A list, one entry per line.
    Lines,
    /// The titles of the attachments, one per line.
    Attachments,
    /// The title of the attachment that is the score table.
    ScoreTable,
    /// A whole number.
    Number,
    /// A date.
    Date,
    /// 是 or 否.
    Switch,
    /// One of several values.
    Choice(Choices),
}

/// A row of the sheet.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The label in the first column.
    pub label: &'static str,
    /// The keys to the value in a submission.
    pub path: &'static [&'static str],
    /// What the value is.
    pub content: Content,
    /// The remark in the third column.
    pub remark: &'static str,
}

const fn element(
    label: &'static str,
    path: &'static [&'static str],
    content: Content,
    remark: &'static str,
) -> Element {
    Element { label, path, content, remark }
}

const FORMS: Choices = &[
    ("报告", "report"),
    ("通知等", "notice"),
    ("信函", "letter"),
    ("命令", "command"),
    ("纪要", "minutes"),
];
const KINDS_OF_DOCUMENT: Choices = &[
    ("报告", "报告"),
    ("请示", "请示"),
    ("通知", "通知"),
    ("通报", "通报"),
    ("意见", "意见"),
    ("函", "函"),
    ("批复", "批复"),
    ("决定", "决定"),
    ("决议", "决议"),
    ("公告", "公告"),
    ("通告", "通告"),
    ("公报", "公报"),
    ("议案", "议案"),
    ("令", "令"),
    ("命令", "命令"),
    ("纪要", "纪要"),
];
const DIRECTIONS: Choices = &[("上行文", "upward"), ("下行文", "downward"), ("平行文", "parallel")];
const LEVELS: Choices = &[("绝密", "绝密"), ("机密", "机密"), ("秘密", "秘密")];
const URGENCIES: Choices = &[("特急", "特急"), ("加急", "加急")];
const SEALS: Choices =
    &[("加盖印章", "sealed"), ("不加盖印章", "unsealed"), ("签名章", "signature_stamp")];
const NUMBERINGS: Choices = &[
    ("连续编号", "continuous"),
    ("逐层重新编号", "by_heading"),
    ("第一层连续编号", "first_level_continuous"),
];
const BINDINGS: Choices = &[("左侧", "left"), ("双面", "mirrored")];
const PLACES: Choices = &[("正文", "text"), ("附件", "attachment")];
const MAX_WORDS: Choices = &[
    ("不印", "none"),
    ("分值", "分值"),
    ("满分", "满分"),
    ("占比", "占比"),
    ("考评分", "考评分"),
    ("标准分", "标准分"),
];
const SCORE_WORDS: Choices = &[
    ("自评得分", "自评得分"),
    ("自查得分", "自查得分"),
    ("自评得", "自评得"),
    ("自评", "自评"),
    ("自评分", "自评分"),
    ("得分", "得分"),
];
const UNITS: Choices = &[("分", "分"), ("%", "%")];
const NOT_APPLICABLE: Choices =
    &[("计满分", "full"), ("不计入", "excluded"), ("按比例折算", "proportional")];

const EACH_LINE: &str = "一行一个（按Alt+Enter换行）";
const PARAGRAPHS: &str = "一行一段（按Alt+Enter换行）";

/// The rows in their order.
pub const ELEMENTS: [Element; 37] = [
    element("格式", &["document", "form"], Content::Choice(FORMS), "必填"),
    element(
        "文种",
        &["document", "document_kind"],
        Content::Choice(KINDS_OF_DOCUMENT),
        "须与标题末尾一致",
    ),
    element("行文方向", &["document", "direction"], Content::Choice(DIRECTIONS), "必填"),
    element("发文机关", &["document", "issuers"], Content::Lines, EACH_LINE),
    element(
        "机关代字",
        &["document", "document_number", "agency_code"],
        Content::Text,
        "如：巴市民政",
    ),
    element("年份", &["document", "document_number", "year"], Content::Number, "如：2021"),
    element("发文顺序号", &["document", "document_number", "serial"], Content::Number, "如：38"),
    element("签发人", &["document", "signatories"], Content::Lines, EACH_LINE),
    element("份号", &["document", "copy_number"], Content::Number, "不要的不填"),
    element(
        "密级",
        &["document", "classification", "level"],
        Content::Choice(LEVELS),
        "不要的不填",
    ),
    element("保密期限", &["document", "classification", "years"], Content::Number, "年数，1至30"),
    element("紧急程度", &["document", "urgency"], Content::Choice(URGENCIES), "不要的不填"),
    element("标题", &["document", "title"], Content::Text, "必填"),
    element("题注", &["document", "note"], Content::Text, "不带括号"),
    element("主送机关", &["document", "primary_recipients"], Content::Lines, EACH_LINE),
    element("附件", &["document", "attachments"], Content::Attachments, EACH_LINE),
    element(
        "自评表附件",
        &["document", "attachments"],
        Content::ScoreTable,
        "由评分表生成的那个附件的名称",
    ),
    element("署名", &["document", "sign_off"], Content::Lines, EACH_LINE),
    element("用印", &["document", "seal"], Content::Choice(SEALS), "不填则加盖印章"),
    element("职务", &["document", "sign_off_positions"], Content::Lines, "签名章前的职务"),
    element("成文日期", &["document", "document_date"], Content::Date, "如：2021-12-22"),
    element("附注", &["document", "annotation"], Content::TextOrLines, "不带括号"),
    element("抄送机关", &["document", "copy_recipients"], Content::Lines, EACH_LINE),
    element("下级机关", &["document", "subordinates"], Content::Lines, EACH_LINE),
    element("编号方式", &["document", "numbering"], Content::Choice(NUMBERINGS), "一般不填"),
    element("装订", &["document", "binding"], Content::Choice(BINDINGS), "一般不填"),
    element("印发机关", &["document", "printing_office"], Content::Text, ""),
    element("印发日期", &["document", "printing_date"], Content::Date, "如：2021-12-22"),
    element("开头", &["opening"], Content::Lines, PARAGRAPHS),
    element("正文", &["body"], Content::Lines, "没有评分的公文填写；一行一段"),
    element("结尾", &["closing"], Content::Lines, PARAGRAPHS),
    element("得分印在", &["scores", "placement"], Content::Choice(PLACES), "不填则印在正文"),
    element(
        "分值字样",
        &["scores", "wording", "max_points"],
        Content::Choice(MAX_WORDS),
        "一般不填",
    ),
    element(
        "得分字样",
        &["scores", "wording", "self_score"],
        Content::Choice(SCORE_WORDS),
        "一般不填",
    ),
    element("得分单位", &["scores", "wording", "unit"], Content::Choice(UNITS), "一般不填"),
    element("工作情况接排", &["scores", "run_in"], Content::Switch, "填“是”则接在标题之后"),
    element(
        "不涉及的计法",
        &["scores", "not_applicable"],
        Content::Choice(NOT_APPLICABLE),
        "有“不涉及”时必填",
    ),
];
