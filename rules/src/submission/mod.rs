//! The posted JSON as types, published as a JSON Schema.

pub mod bounds;
pub mod posted_points;
pub mod cell;
pub mod block;
pub mod elements;
pub mod issued;
pub mod names;
pub mod project;
mod canonical;
pub mod read;
pub mod scores;
pub mod shape;
pub mod text;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::document::block::Numbering;
use crate::document::kind::DocumentKind;
use crate::document::masthead::{
    Binding, Direction, Form, MarkIssuers, MarkSuffix, SecrecyLevel, Urgency,
};
use crate::document::sign_off::Seal;
use crate::submission::elements::number::PostedNumber;
use crate::submission::elements::title::PostedTitle;
use crate::submission::issued::PostedIssued;
use crate::submission::project::PostedProjectTable;
use crate::submission::scores::PostedScores;
use crate::submission::text::{Lines, PostedText};

/// A filing as posted by a client; only its shape has been checked.
///
/// Unknown keys are refused. An optional key may be absent or null. In running text, `**…**` is
/// bold and `\*` an asterisk. `{total.self_score}`, `{total.max_points}` and `{total.grade}` insert the total and the
/// grade of the score sheet, `{section.1.self_score}` the score of its first section, and
/// `{attachment.1.self_score}` that of the project table in attachment 1. Nothing else is markup.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "一份公文的内容。未列出的键一律不接受；可省略的键也可写null。正文中“**……**”为加粗，“\\*”为星号，“{total.self_score}”“{total.max_points}”“{total.grade}”代入评分表的总分和等次，“{section.1.self_score}”代入第1部分的得分，“{attachment.1.self_score}”代入附件1项目自评表的得分，此外没有其他标记。"
)]
pub struct Submission {
    /// The elements of the document (公文要素) without its text.
    #[schemars(description = "公文要素：版头、主体、版记（不含正文）")]
    pub document: PostedDocument,
    /// The text before the scores: paragraphs, headings and tables.
    #[serde(default)]
    #[schemars(description = "评分之前的正文：段落、标题、表格，一项一段")]
    pub opening: Option<Vec<PostedText>>,
    /// The scores of the self-evaluation (绩效评价自评得分). A filing has either `scores` or `body`.
    #[serde(default)]
    #[schemars(description = "绩效评价自评得分；自评报告必填")]
    pub scores: Option<PostedScores>,
    /// The text of a document without scores: headings, paragraphs and tables.
    #[serde(default)]
    #[schemars(description = "没有评分的公文的正文：标题、段落、表格")]
    pub body: Option<Vec<PostedText>>,
    /// The text after the scores: paragraphs, headings and tables.
    #[serde(default)]
    #[schemars(description = "评分之后的正文：段落、标题、表格，一项一段")]
    pub closing: Option<Vec<PostedText>>,
    /// The text that the document issues, forwards or publishes (印发, 转发, 公布), or a list of several.
    /// Each is printed after the sign-off on a new page and is not an attachment.
    #[serde(default)]
    #[schemars(
        description = "所印发、转发、公布的文本，另面印在署名之后，不是附件；几个的，写成列表"
    )]
    pub issued: Option<PostedIssued>,
}

/// The elements of the document (公文要素): masthead, addressees, closing and colophon.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "公文要素")]
pub struct PostedDocument {
    /// The layout (格式).
    #[schemars(description = "格式")]
    pub form: Form,
    /// The kind of document (文种); must match the word at the end of the title.
    #[serde(default)]
    #[schemars(description = "文种；须与标题末尾的文种一致")]
    pub document_kind: Option<DocumentKind>,
    /// The direction (行文方向).
    #[schemars(description = "行文方向")]
    pub direction: Direction,
    /// The issuing agencies (发文机关), the lead agency first.
    #[schemars(description = "发文机关，主办机关在前")]
    pub issuers: Vec<String>,
    /// The red mark (发文机关标志). By default it shows the names of all issuing agencies followed by
    /// 文件, 令 or 纪要; in a letter, only the name of the lead agency.
    #[serde(default)]
    #[schemars(
        description = "发文机关标志；不写则为全部发文机关名称加“文件”“令”或“纪要”，信函仅为主办机关名称"
    )]
    pub issuer_mark: Option<PostedMark>,
    /// The document number (发文字号); a command (令) prints only its serial number.
    #[schemars(description = "发文字号；命令（令）只印顺序号")]
    pub document_number: PostedNumber,
    /// The signatories (签发人), one per issuing agency if the direction is upward.
    #[serde(default)]
    #[schemars(description = "签发人；上行文每个发文机关一名")]
    pub signatories: Option<Vec<String>>,
    /// The copy number (份号), 1 to 999999.
    #[serde(default)]
    #[schemars(description = "份号，1至999999")]
    pub copy_number: Option<i64>,
    /// The classification and its term (密级和保密期限).
    #[serde(default)]
    #[schemars(description = "密级和保密期限")]
    pub classification: Option<PostedClassification>,
    /// The urgency (紧急程度).
    #[serde(default)]
    #[schemars(description = "紧急程度")]
    pub urgency: Option<Urgency>,
    /// The title (标题): a string without line breaks, or a list of up to 10 lines that are printed
    /// as they are and must fit into the type area, 20 characters. A command (令) does not print it.
    #[schemars(
        description = "标题：写为文本则不分行，由程序分行；写为列表则一项一行，至多10行，每行至多20字；命令（令）不印标题"
    )]
    pub title: PostedTitle,
    /// The note below the title (题注) without its brackets: when which meeting adopted the document.
    #[serde(default)]
    #[schemars(
        description = "标题之下的题注，不带括号，如“2024年3月1日××会议通过”；用于会议通过的决议、公报、决定等"
    )]
    pub note: Option<String>,
    /// The primary recipients (主送机关), separated by 、. If an entry lists several of a class with 、, entries
    /// are separated by ，. A ， inside an entry is printed: 各乡镇人民政府，县级各行政执法部门.
    #[serde(default)]
    #[schemars(
        description = "主送机关；同类机关可以写在一项里，用“、”分开，如“市级各部门、各直属机构”，这时各项之间印“，”，否则印“、”；两类机关各只有一项而要印“，”的，写在一项里，如“各乡镇人民政府，县级各行政执法部门”"
    )]
    pub primary_recipients: Option<Vec<String>>,
    /// The attachments (附件).
    #[serde(default)]
    #[schemars(description = "附件")]
    pub attachments: Option<Vec<PostedAttachment>>,
    /// The agencies that sign (发文机关署名), equal to `issuers`. Minutes and what a meeting adopted,
    /// such as resolutions, have none.
    #[serde(default)]
    #[schemars(description = "发文机关署名，与发文机关一致；纪要和会议通过的决议、公报等不署名")]
    pub sign_off: Option<Vec<String>>,
    /// How the document is signed. By default a command bears a signature stamp, minutes have
    /// no seal, and all other forms are sealed.
    #[serde(default)]
    #[schemars(description = "用印方式；不写则命令为签名章，纪要不用印，其余加盖印章")]
    pub seal: Option<Seal>,
    /// The positions (职务) printed before the signature stamps, one per entry of `sign_off`.
    #[serde(default)]
    #[schemars(description = "签名章前的职务，每个署名一项")]
    pub sign_off_positions: Option<Vec<String>>,
    /// The date of the document (成文日期), `YYYY-MM-DD`.
    #[schemars(description = "成文日期，YYYY-MM-DD")]
    pub document_date: String,
    /// The annotation (附注) without its brackets, or a list of annotations, one per line.
    #[serde(default)]
    #[schemars(
        schema_with = "Lines::schema",
        description = "附注，不带括号；几行的，写成列表，一项一行"
    )]
    pub annotation: Option<Lines>,
    /// The attendance lists of minutes (主持, 出席, 请假, 列席, 记录).
    #[serde(default)]
    #[schemars(description = "纪要的主持、出席、请假、列席、记录")]
    pub attendance: Option<PostedAttendance>,
    /// The copy recipients (抄送机关).
    #[serde(default)]
    #[schemars(description = "抄送机关")]
    pub copy_recipients: Option<Vec<String>>,
    /// Subordinates of the issuing agencies; an upward document must not be copied to them (条例,
    /// article 15).
    #[serde(default)]
    #[schemars(description = "发文机关的下级机关；上行文不得抄送下级机关（条例第十五条）")]
    pub subordinates: Option<Vec<String>>,
    /// How headings below the first level are counted. By default headings of the text are counted
    /// under the heading above them, and those of the score sheet through the whole sheet.
    #[serde(default)]
    #[schemars(
        description = "第二层以下标题的编号方式；不写则正文的标题在上一层标题之下编号，评分表的标题连续编号"
    )]
    pub numbering: Option<Numbering>,
    /// The binding edge.
    #[serde(default)]
    #[schemars(description = "装订方式")]
    pub binding: Option<Binding>,
    /// `true` saves a sheet of paper where that is possible, for example one with the colophon alone: the
    /// colophon is printed below the landscape table that ends the document, or 23 to 25 lines are set on
    /// each page (GB/T 9704-2012, 5.2.3). Has no effect on documents of more than 40 pages.
    #[serde(default)]
    #[schemars(
        description = "true表示能省一张纸时（如版记要另占一张），版记印在末面横排表格之下，或每面由22行增至23至25行（GB/T 9704—2012第5.2.3条：特定情况可以作适当调整）；40面以上的不调整"
    )]
    pub fewer_sheets: Option<bool>,
    /// The printing office (印发机关); not printed in a letter. Letters and published documents (公告,
    /// 通告, 令, 决议, 公报) may omit it.
    #[serde(default)]
    #[schemars(description = "印发机关；信函不印；信函和公告、通告、令、决议、公报可以不写")]
    pub printing_office: Option<String>,
    /// The printing date (印发日期), `YYYY-MM-DD`; omitted together with `printing_office`.
    #[serde(default)]
    #[schemars(description = "印发日期，YYYY-MM-DD；与印发机关同写同省")]
    pub printing_date: Option<String>,
}

impl PostedDocument {
    /// The kind that is posted, or that the title ends with, or that the form is for.
    pub fn kind(&self) -> Option<DocumentKind> {
        let of_form = match self.form {
            Form::Minutes => Some(DocumentKind::Minutes),
            Form::Command => Some(DocumentKind::Order),
            Form::Report | Form::Notice | Form::Letter => None,
        };
        self.document_kind
            .or_else(|| DocumentKind::of_title(&self.title.text(&self.issuers)))
            .or(of_form)
    }
}

/// The classification and its term (密级和保密期限).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "密级和保密期限")]
pub struct PostedClassification {
    /// The level (密级).
    #[schemars(description = "密级")]
    pub level: SecrecyLevel,
    /// The term (保密期限), 1 to 30 years.
    #[serde(default)]
    #[schemars(description = "保密期限，1至30年")]
    pub years: Option<i64>,
}

/// An attachment (附件). It has at most one of `body`, `score_table`, `scores` and `project_table`;
/// without them it is only listed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "附件")]
pub struct PostedAttachment {
    /// The name of the attachment (附件名称).
    #[schemars(description = "附件名称")]
    pub title: String,
    /// The page orientation; by default `landscape` for the score table and `portrait`
    /// otherwise.
    #[serde(default)]
    #[schemars(description = "纸张方向；不写则为竖向")]
    pub orientation: Option<Orientation>,
    /// How the attachment is bound; `together` by default. An attachment without content that is bound
    /// separately is not part of the file.
    #[serde(default)]
    #[schemars(description = "装订；不写则与正文一起装订；没有内容而单独装订的，不在文件之中")]
    pub binding: Option<AttachmentBinding>,
    /// A cover page (封面) before the content: pairs of a label and a text, such as 部门名称 and 报告日期. An
    /// empty text leaves a line to be filled in by hand.
    #[serde(default)]
    #[schemars(
        description = "内容之前的封面：每项写成[名目，内容]，如部门名称、报告日期；内容为空的，留一条横线待填"
    )]
    pub cover: Option<Vec<Vec<String>>>,
    /// The text of the attachment: headings, paragraphs and tables.
    #[serde(default)]
    #[schemars(description = "附件的标题、段落、表格")]
    pub body: Option<Vec<PostedText>>,
    /// `true` generates the self-evaluation table (绩效评价自评表) from the score sheet.
    #[serde(default)]
    #[schemars(description = "true表示由评分表生成绩效评价自评表")]
    pub score_table: Option<bool>,
    /// A score sheet of its own, such as that of one project beside that of the whole department, which
    /// this attachment prints as a self-evaluation table. The text does not print it.
    #[serde(default)]
    #[schemars(
        description = "本附件自己的评分表（如部门整体之外某个项目的评分），生成绩效评价自评表，只印在本附件"
    )]
    pub scores: Option<PostedScores>,
    /// The self-evaluation table of a project (项目支出绩效自评表).
    #[serde(default)]
    #[schemars(description = "项目支出绩效自评表")]
    pub project_table: Option<PostedProjectTable>,
}

impl PostedAttachment {
    /// Whether the score table is generated here.
    pub fn has_score_table(&self) -> bool {
        self.score_table == Some(true)
    }
}

impl Submission {
    /// Whether an attachment is the score table, or the text has it.
    pub fn prints_score_table(&self) -> bool {
        let mut attachments = self.document.attachments.iter().flatten();
        attachments.any(PostedAttachment::has_score_table) || self.score_tables_in_text() > 0
    }

    /// How many times the text has the score table.
    pub fn score_tables_in_text(&self) -> usize {
        let texts = self.opening.iter().chain(&self.closing).flatten();
        texts.filter(|text| text.has_score_table()).count()
    }
}

/// The red mark (发文机关标志).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "发文机关标志")]
pub struct PostedMark {
    /// The agencies whose names it shows; all by default, in a letter the lead agency.
    #[serde(default)]
    #[schemars(description = "所用的机关名称；不写则为全部发文机关")]
    pub issuers: Option<MarkIssuers>,
    /// A text to print in place of the names, such as the name of the minutes.
    #[serde(default)]
    #[schemars(description = "以此文字代替机关名称，如纪要名称")]
    pub text: Option<String>,
    /// The text after the names; depends on the form by default.
    #[serde(default)]
    #[schemars(description = "机关名称之后的字样；不写则依格式而定")]
    pub suffix: Option<MarkSuffix>,
}

/// The attendance lists of minutes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "主持、出席、请假、列席、记录")]
pub struct PostedAttendance {
    /// In the chair (主持), printed first.
    #[serde(default)]
    #[schemars(description = "主持，印在出席之前")]
    pub chair: Option<Vec<String>>,
    /// Present (出席).
    #[schemars(description = "出席")]
    pub present: Vec<String>,
    /// Absent with leave (请假).
    #[serde(default)]
    #[schemars(description = "请假")]
    pub absent: Option<Vec<String>>,
    /// Observers (列席).
    #[serde(default)]
    #[schemars(description = "列席")]
    pub observers: Option<Vec<String>>,
    /// Who takes the minutes (记录), printed last.
    #[serde(default)]
    #[schemars(description = "记录，印在最后")]
    pub recorder: Option<Vec<String>>,
}
