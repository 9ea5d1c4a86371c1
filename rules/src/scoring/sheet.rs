//! The score sheet: sections, groups, indicators and components, with the points of each.

use crate::document::rich_text::RichText;
use crate::scoring::points::Points;

/// A score sheet whose sums are right at every level. Only `validate()` creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreSheet {
    /// 一级: never empty.
    pub sections: Vec<Section>,
    /// 总分.
    pub total: Score,
}

/// 分值 and 自评得分 of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// 分值; for a deduction the lowest score, below zero.
    pub max_points: Points,
    /// 自评得分.
    pub self_score: Points,
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
    /// The heading without its number and points.
    pub title: String,
    /// How the section counts towards the total.
    pub kind: SectionKind,
    /// The section's points.
    pub score: Score,
    /// What the section holds.
    pub parts: SectionParts,
}

/// A section holds either groups or indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionParts {
    /// （一）, （二） …
    Groups(Vec<Group>),
    /// 1., 2. … without groups between.
    Indicators(Vec<Indicator>),
}

/// （一）: a group of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The heading without its number and points.
    pub title: String,
    /// The group's points.
    pub score: Score,
    /// Never empty.
    pub indicators: Vec<Indicator>,
}

/// 1.: an indicator 指标.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The heading without its number and points.
    pub title: String,
    /// The indicator's points.
    pub score: Score,
    /// Parts whose points are printed inside the title, each named there; may be empty.
    pub components: Vec<Component>,
    /// The account of the work, paragraph by paragraph.
    pub narrative: Vec<RichText>,
    /// 扣分原因.
    pub reason: Option<String>,
    /// 佐证材料.
    pub evidence: Vec<String>,
}

/// A part of an indicator with points of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The words of the indicator's title after which the points are printed.
    pub name: String,
    /// The component's points.
    pub score: Score,
}

impl Section {
    /// Every indicator of the section in reading order.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        let (groups, direct): (&[Group], &[Indicator]) = match &self.parts {
            SectionParts::Groups(groups) => (groups, &[]),
            SectionParts::Indicators(indicators) => (&[], indicators),
        };
        groups.iter().flat_map(|group| &group.indicators).chain(direct)
    }
}
