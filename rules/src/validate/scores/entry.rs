//! One view of the posted entries of all four levels: sections, groups, indicators and items.

use crate::document::block::HeadingLevel;
use crate::submission::posted_points::PostedPoints;
use crate::submission::scores::{
    PostedComponent, PostedGroup, PostedIndicator, PostedItem, PostedScores, PostedSection,
};
use crate::validate::limits;

/// An entry as posted.
#[derive(Debug, Clone, Copy)]
pub struct PostedEntry<'p> {
    /// The level.
    pub level: HeadingLevel,
    /// The heading, if it has one.
    pub title: Option<&'p str>,
    /// 分值.
    pub max_points: Option<&'p PostedPoints>,
    /// 自评得分.
    pub self_score: Option<&'p PostedPoints>,
    /// Whether ★ is printed before the heading.
    pub is_starred: bool,
    /// The components of an indicator.
    pub components: &'p [PostedComponent],
    /// The description of the work.
    pub narrative: &'p [String],
    /// 扣分原因.
    pub reason: Option<&'p str>,
    /// 佐证材料.
    pub evidence: &'p [String],
    below: Below<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Below<'p> {
    Section { groups: &'p [PostedGroup], indicators: &'p [PostedIndicator] },
    Group(&'p [PostedIndicator]),
    Indicator(&'p [PostedItem]),
    Item,
}

/// The keys that all posted entries share.
macro_rules! posted_entry {
    ($posted:expr, $level:expr, $title:expr, $components:expr, $below:expr) => {
        PostedEntry {
            level: $level,
            title: $title,
            max_points: $posted.max_points.as_ref(),
            self_score: $posted.self_score.as_ref(),
            is_starred: $posted.starred.unwrap_or_default(),
            components: $components,
            narrative: $posted.narrative.as_deref().unwrap_or_default(),
            reason: $posted.reason.as_deref(),
            evidence: $posted.evidence.as_deref().unwrap_or_default(),
            below: $below,
        }
    };
}

impl<'p> From<&'p PostedSection> for PostedEntry<'p> {
    fn from(posted: &'p PostedSection) -> Self {
        let below = Below::Section {
            groups: posted.groups.as_deref().unwrap_or_default(),
            indicators: posted.indicators.as_deref().unwrap_or_default(),
        };
        posted_entry!(posted, HeadingLevel::First, Some(&posted.title), &[], below)
    }
}

impl<'p> From<&'p PostedGroup> for PostedEntry<'p> {
    fn from(posted: &'p PostedGroup) -> Self {
        let below = Below::Group(posted.indicators.as_deref().unwrap_or_default());
        posted_entry!(posted, HeadingLevel::Second, Some(&posted.title), &[], below)
    }
}

impl<'p> From<&'p PostedIndicator> for PostedEntry<'p> {
    fn from(posted: &'p PostedIndicator) -> Self {
        let below = Below::Indicator(posted.items.as_deref().unwrap_or_default());
        let components = posted.components.as_deref().unwrap_or_default();
        posted_entry!(posted, HeadingLevel::Third, posted.title.as_deref(), components, below)
    }
}

impl<'p> From<&'p PostedItem> for PostedEntry<'p> {
    fn from(posted: &'p PostedItem) -> Self {
        posted_entry!(posted, HeadingLevel::Fourth, posted.title.as_deref(), &[], Below::Item)
    }
}

impl<'p> PostedEntry<'p> {
    /// The entries below this one and their key. A section with both groups and indicators, which is
    /// refused elsewhere, returns its groups.
    pub fn parts(&self) -> (&'static str, Vec<Self>) {
        match self.below {
            Below::Section { groups: [], indicators } | Below::Group(indicators) => {
                ("indicators", indicators.iter().map(Self::from).collect())
            }
            Below::Section { groups, .. } => ("groups", groups.iter().map(Self::from).collect()),
            Below::Indicator(items) => ("items", items.iter().map(Self::from).collect()),
            Below::Item => ("items", Vec::new()),
        }
    }

    /// What a sentence calls it: its heading, or its text.
    pub fn name(&self) -> &'p str {
        let text = || self.narrative.first().map(String::as_str);
        self.title.or_else(text).unwrap_or_default()
    }

    /// Whether this is a section with both groups and indicators.
    pub fn has_two_kinds_of_parts(&self) -> bool {
        matches!(self.below, Below::Section { groups: [_, ..], indicators: [_, ..] })
    }

    /// The number of levels of this entry and those below it.
    fn depth(&self) -> usize {
        let (_, parts) = self.parts();
        1 + parts.iter().map(Self::depth).max().unwrap_or(0)
    }

    /// The number of entries without parts in this subtree, each a row of the score table.
    fn leaves(&self) -> usize {
        let (_, parts) = self.parts();
        parts.iter().map(Self::leaves).sum::<usize>().max(1)
    }
}

/// The number of cells of the score table: a row for each entry without parts, and a column for each
/// level before those of the results. A sheet of fewer than three levels counts like one of three.
pub fn count_of_cells(posted: &PostedScores) -> usize {
    let entries = posted.sections.iter().map(PostedEntry::from);
    let levels = entries.map(|entry| entry.depth()).max().unwrap_or_default().max(3);
    count_of_leaves(posted) * (levels + limits::SCORE_RESULT_COLUMNS)
}

/// The number of entries without parts, each a row of the score table.
pub fn count_of_leaves(posted: &PostedScores) -> usize {
    posted.sections.iter().map(|section| PostedEntry::from(section).leaves()).sum()
}
