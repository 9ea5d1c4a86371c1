//! The score sheet: sections and the entries below them, one to four levels, with the points of each.

use crate::document::block::HeadingLevel;
use crate::document::rich_text::RichText;
use crate::scoring::points::Points;
use crate::scoring::wording::Wording;

/// A score sheet with correct sums at every level. Only `validate()` creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreSheet {
    /// The first level; never empty.
    pub sections: Vec<Section>,
    /// 总分.
    pub total: Score,
    /// 等次, if the sheet defines grades.
    pub grade: Option<String>,
    /// Where the scores are printed.
    pub place: SheetPlace,
    /// How the text words the points.
    pub wording: Wording,
    /// Where the text prints the points of an entry without parts.
    pub points_place: PointsPlace,
    /// Whether the first paragraph of a narrative follows its heading on the same line.
    pub is_run_in: bool,
}

/// 分值 and 自评得分 of the total or of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// 分值; for a deduction the lowest score, below zero.
    pub max_points: Points,
    /// 自评得分.
    pub self_score: Points,
}

/// 分值 and 自评得分 of an entry of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryScore {
    /// 分值; for a deduction the lowest score, below zero.
    pub max_points: Points,
    /// 自评得分.
    pub self_score: SelfScore,
}

/// 自评得分 of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfScore {
    /// The points that the agency gives itself.
    Points(Points),
    /// 不涉及: the entry does not apply to the agency.
    NotApplicable,
}

/// Where the scores are printed.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[schemars(description = "得分印在何处")]
pub enum SheetPlace {
    /// In the text, and in the attached table if there is one.
    #[default]
    #[schemars(description = "印在正文；有自评表的，表中也印")]
    #[serde(rename = "text")]
    Text,
    /// Only in the score table.
    #[schemars(description = "只印在自评表中")]
    #[serde(rename = "attachment")]
    Attachment,
}

/// Where the text prints the points of an entry without parts.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[schemars(description = "下面没有分项的，得分写在何处")]
pub enum PointsPlace {
    /// After the heading.
    #[default]
    #[schemars(description = "接在标题之后")]
    #[serde(rename = "heading")]
    Heading,
    /// At the end of the last paragraph; after the heading if there is none.
    #[schemars(description = "写在末段之后；没有段落的，接在标题之后")]
    #[serde(rename = "end")]
    End,
}

/// How a section counts towards the total.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "部分的类别")]
pub enum SectionKind {
    /// Base points (基本分).
    #[schemars(description = "基本分")]
    #[serde(rename = "base")]
    Base,
    /// Bonus (加分项).
    #[schemars(description = "加分项")]
    #[serde(rename = "bonus")]
    Bonus,
    /// Deduction (扣分项): scores are between its negative `max_points` and 0.
    #[schemars(description = "扣分项：得分在其分值（负数）与0之间")]
    #[serde(rename = "deduction")]
    Deduction,
}

/// 一、: a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// How the section counts towards the total.
    pub kind: SectionKind,
    /// Its heading, points and parts.
    pub entry: Entry,
}

/// An entry of the sheet: a section, a group, an indicator 指标 or an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The level, which decides the kind of number.
    pub level: HeadingLevel,
    /// The heading without its number and points. Without one, the narrative is not empty and its first
    /// paragraph has the number.
    pub title: Option<String>,
    /// Whether ★ is printed before the heading.
    pub is_starred: bool,
    /// Its points, if it has points of its own.
    pub score: Option<EntryScore>,
    /// Components whose points are printed inside the title, each named there; may be empty.
    pub components: Vec<Component>,
    /// The description of the work, one entry per paragraph.
    pub narrative: Vec<RichText>,
    /// 扣分原因; only an entry without parts has one.
    pub reason: Option<String>,
    /// 佐证材料; only an entry without parts has them.
    pub evidence: Vec<String>,
    /// The entries below it, all of one level; may be empty.
    pub parts: Vec<Self>,
}

/// A part of an indicator with points of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The words of the indicator's title after which the points are printed.
    pub name: String,
    /// The component's points.
    pub score: EntryScore,
}

impl ScoreSheet {
    /// The number of levels of the deepest entry, 1 to 4.
    pub fn depth(&self) -> usize {
        self.sections.iter().map(|section| section.entry.depth()).max().unwrap_or(1)
    }
}

impl Entry {
    /// The number of levels of this entry and those below it.
    pub fn depth(&self) -> usize {
        1 + self.parts.iter().map(Self::depth).max().unwrap_or(0)
    }

    /// The entries without parts, in reading order: each is a row of the score table.
    pub fn leaves(&self) -> Vec<&Self> {
        if self.parts.is_empty() {
            vec![self]
        } else {
            self.parts.iter().flat_map(Self::leaves).collect()
        }
    }
}
