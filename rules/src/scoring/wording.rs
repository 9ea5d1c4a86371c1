//! How the text words points: the words of each level, or one wording for the whole document.

use crate::scoring::points::Points;

/// How the text words points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wording {
    /// Each level has its own words, and full marks are printed once.
    #[default]
    ByLevel,
    /// One word and one unit for all levels; the self score is always printed.
    Uniform {
        /// The word before the self score.
        word: ScoreWord,
        /// The unit.
        unit: PointsUnit,
    },
}

/// The word before the self score.
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
#[schemars(description = "自评得分之前的字样")]
pub enum ScoreWord {
    /// 自评得分.
    #[default]
    #[schemars(description = "自评得分")]
    #[serde(rename = "自评得分")]
    SelfScore,
    /// 自查得分.
    #[schemars(description = "自查得分")]
    #[serde(rename = "自查得分")]
    SelfCheckScore,
    /// 自评得.
    #[schemars(description = "自评得")]
    #[serde(rename = "自评得")]
    SelfScored,
    /// 自评.
    #[schemars(description = "自评")]
    #[serde(rename = "自评")]
    SelfEvaluated,
}

/// The unit of points.
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
#[schemars(description = "得分的单位")]
pub enum PointsUnit {
    /// 分.
    #[default]
    #[schemars(description = "分")]
    #[serde(rename = "分")]
    Points,
    /// %.
    #[schemars(description = "%")]
    #[serde(rename = "%")]
    Percent,
}

impl ScoreWord {
    /// The word as printed.
    pub fn text(self) -> &'static str {
        match self {
            Self::SelfScore => "自评得分",
            Self::SelfCheckScore => "自查得分",
            Self::SelfScored => "自评得",
            Self::SelfEvaluated => "自评",
        }
    }

    /// The head of the column of self scores in the score table: a noun.
    pub fn column_head(self) -> &'static str {
        match self {
            Self::SelfCheckScore => "自查得分",
            Self::SelfScore | Self::SelfScored | Self::SelfEvaluated => "自评得分",
        }
    }
}

impl PointsUnit {
    /// The unit as printed.
    pub fn text(self) -> &'static str {
        match self {
            Self::Points => "分",
            Self::Percent => "%",
        }
    }
}

impl Wording {
    /// The unit of all points.
    pub fn unit(self) -> PointsUnit {
        match self {
            Self::ByLevel => PointsUnit::Points,
            Self::Uniform { unit, .. } => unit,
        }
    }

    /// The head of the column of self scores in the score table.
    pub fn column_head(self) -> &'static str {
        match self {
            Self::ByLevel => ScoreWord::SelfScore.column_head(),
            Self::Uniform { word, .. } => word.column_head(),
        }
    }

    /// Points with their unit.
    pub fn with_unit(self, points: Points) -> String {
        format!("{points}{}", self.unit().text())
    }
}
