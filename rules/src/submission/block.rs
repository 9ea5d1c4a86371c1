//! Blocks as posted: headings, paragraphs and tables of a body or an attachment.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::table::ColumnAlign;
use crate::submission::cell::PostedCell;

/// A block of text: a heading, a paragraph, both in one paragraph (a run-in heading), a chapter, a
/// section, an article, a list of names, a table or the score table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "正文的一块：标题、段落、标题与段落连成一段、章、节、条、名单、表格、自评表，居其一"
)]
pub struct PostedBlock {
    /// A heading; its number is generated.
    #[serde(default)]
    #[schemars(description = "标题；序号自动生成")]
    pub heading: Option<PostedHeading>,
    /// A paragraph. Beside `heading` it continues the line of the heading.
    #[serde(default)]
    #[schemars(description = "段落；与heading同写则接在标题之后，连成一段")]
    pub paragraph: Option<String>,
    /// The level of a paragraph that is numbered like a heading, from 1 to 4.
    #[serde(default)]
    #[schemars(description = "段落自动编号的层级：1为一、，2为（一），3为1.，4为（1）")]
    pub level: Option<i64>,
    /// The title of a chapter (章); its number is generated.
    #[serde(default)]
    #[schemars(description = "章的标题；“第一章”自动生成")]
    pub chapter: Option<String>,
    /// The title of a section of a chapter (节); its number is generated.
    #[serde(default)]
    #[schemars(description = "节的标题；“第一节”自动生成")]
    pub section: Option<String>,
    /// The text of an article (条); its number is generated.
    #[serde(default)]
    #[schemars(description = "条的内容；“第一条”自动生成")]
    pub article: Option<String>,
    /// A list of names (名单), such as the members of a leading group: the labels are in a column, and the
    /// names hang beside them.
    #[serde(default)]
    #[schemars(description = "名单，如领导小组成员：称谓在前成一列，姓名职务在后对齐")]
    pub roster: Option<Vec<PostedRosterGroup>>,
    /// A table.
    #[serde(default)]
    #[schemars(description = "表格")]
    pub table: Option<PostedTable>,
    /// `true` generates the self-evaluation table (绩效评价自评表) from the score sheet. Only in `opening`
    /// and `closing`.
    #[serde(default)]
    #[schemars(description = "true表示在此处由评分表生成绩效评价自评表；只用于正文开头和结尾")]
    pub score_table: Option<bool>,
}

impl PostedBlock {
    /// Whether the score table is generated here.
    pub fn has_score_table(&self) -> bool {
        self.score_table == Some(true)
    }

    /// Whether it has anything beside the score table.
    pub fn has_text_or_table(&self) -> bool {
        self.has_text() || self.roster.is_some() || self.table.is_some()
    }

    /// Whether it has a heading or a text.
    pub fn has_text(&self) -> bool {
        let Self { heading, paragraph, level, chapter, section, article, .. } = self;
        let texts = [paragraph, chapter, section, article];
        heading.is_some() || level.is_some() || texts.into_iter().any(Option::is_some)
    }
}

/// A heading.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "标题")]
pub struct PostedHeading {
    /// The level from 1 to 4, numbered 一、, （一）, 1. and （1）.
    #[schemars(description = "1为一、，2为（一），3为1.，4为（1）")]
    pub level: i64,
    /// The heading without its number.
    #[schemars(description = "标题，不带序号")]
    pub title: String,
}

/// People with the same label, such as 副组长, each printed on a line of its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "名单中称谓相同的几个人，每人另起一行")]
pub struct PostedRosterGroup {
    /// The label (称谓) without its colon, such as 组　长. Blanks inside it are printed.
    #[schemars(description = "称谓，如“组　长”“成　员”，不带冒号；其中的空格照印")]
    pub label: String,
    /// The names, each with what follows it, such as a position. Blanks between them are printed.
    #[schemars(description = "姓名，可以接着写职务，中间的空格照印；一项一行")]
    pub entries: Vec<String>,
}

/// A table. The head repeats on each page; rows are never split.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "表格；表头每页重复，行不拆开")]
pub struct PostedTable {
    /// The caption (表题), printed above the table.
    #[serde(default)]
    #[schemars(description = "表题，印在表格之上")]
    pub caption: Option<String>,
    /// The unit of its figures, such as 单位：万元, printed in small type at the right above the table.
    #[serde(default)]
    #[schemars(description = "表中数字的单位，如“单位：万元”，以小字印在表格右上方")]
    pub unit: Option<String>,
    /// The columns from left to right.
    #[schemars(description = "各列，从左到右")]
    pub columns: Vec<PostedColumn>,
    /// The rows of the head (表头).
    #[serde(default)]
    #[schemars(description = "表头")]
    pub head: Option<Vec<Vec<PostedCell>>>,
    /// The rows below the head. A cell that spans rows or columns is written once, in its first
    /// row and column.
    #[schemars(description = "表头之下的各行；跨行跨列的单元格只在其起始处写一次")]
    pub rows: Vec<Vec<PostedCell>>,
    /// Further parts of the same table below its rows, each with a head of its own, which repeats
    /// on each page of the part.
    #[serde(default)]
    #[schemars(description = "同一表格往下的其他部分，各有自己的表头，在该部分的每页重复")]
    pub sections: Option<Vec<PostedTablePart>>,
}

/// A part of a table below the first, on the same columns.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "表格中另有表头的一部分；各列与表格相同")]
pub struct PostedTablePart {
    /// The rows of the head (表头), at least one.
    #[schemars(description = "表头，至少一行")]
    pub head: Vec<Vec<PostedCell>>,
    /// The rows below the head.
    #[schemars(description = "表头之下的各行")]
    pub rows: Vec<Vec<PostedCell>>,
}

/// A column of a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "表格的一列")]
pub struct PostedColumn {
    /// Relative width, 1 to 100. Set it for all columns or for none; by default the widths follow
    /// the texts of the columns.
    #[serde(default)]
    #[schemars(description = "所占宽度的份数，1至100；各列都写或都不写，不写则按各列的文字分配")]
    pub width: Option<i64>,
    /// The alignment of the cells; `center` by default.
    #[serde(default)]
    #[schemars(description = "单元格的对齐方式；不写则居中")]
    pub align: Option<ColumnAlign>,
}
