//! How the text words points.

use crate::scoring::points::Points;

/// How the text words points. There is one word for the self score, which is always printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// The maximum points are worded as is usual at each level.
    ByLevel {
        /// The word before the self score.
        word: ScoreWord,
    },
    /// One word for the maximum points and one unit for all levels.
    Uniform {
        /// The word before the maximum points.
        max_word: MaxPointsWord,
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
    /// 自评分.
    #[schemars(description = "自评分")]
    #[serde(rename = "自评分")]
    SelfPoints,
    /// 得分.
    #[schemars(description = "得分")]
    #[serde(rename = "得分")]
    Score,
}

/// The word before the maximum points.
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
#[schemars(description = "分值之前的字样")]
pub enum MaxPointsWord {
    /// No word.
    #[default]
    #[schemars(description = "不印字样")]
    #[serde(rename = "none")]
    None,
    /// 分值.
    #[schemars(description = "分值")]
    #[serde(rename = "分值")]
    MaxPoints,
    /// 满分.
    #[schemars(description = "满分")]
    #[serde(rename = "满分")]
    FullMarks,
    /// 占比.
    #[schemars(description = "占比")]
    #[serde(rename = "占比")]
    Share,
    /// 考评分.
    #[schemars(description = "考评分")]
    #[serde(rename = "考评分")]
    Evaluation,
    /// 标准分.
    #[schemars(description = "标准分")]
    #[serde(rename = "标准分")]
    Standard,
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
            Self::SelfPoints => "自评分",
            Self::Score => "得分",
        }
    }

    /// The head of the column of self scores in the score table: a noun.
    pub fn column_head(self) -> &'static str {
        match self {
            Self::SelfCheckScore => "自查得分",
            Self::SelfScore | Self::SelfScored | Self::SelfEvaluated => "自评得分",
            Self::SelfPoints | Self::Score => self.text(),
        }
    }
}

impl MaxPointsWord {
    /// The word as printed.
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::MaxPoints => "分值",
            Self::FullMarks => "满分",
            Self::Share => "占比",
            Self::Evaluation => "考评分",
            Self::Standard => "标准分",
        }
    }

    /// The head of the column of maximum points in the score table.
    pub fn column_head(self) -> &'static str {
        if self == Self::None { Self::MaxPoints.text() } else { self.text() }
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
    /// The word before the self score.
    pub fn score_word(self) -> ScoreWord {
        match self {
            Self::ByLevel { word } | Self::Uniform { word, .. } => word,
        }
    }

    /// The unit of all points.
    pub fn unit(self) -> PointsUnit {
        match self {
            Self::ByLevel { .. } => PointsUnit::Points,
            Self::Uniform { unit, .. } => unit,
        }
    }

    /// The head of the column of maximum points in the score table.
    pub fn max_points_head(self) -> String {
        let word = match self {
            Self::ByLevel { .. } => MaxPointsWord::MaxPoints,
            Self::Uniform { max_word, .. } => max_word,
        };
        match self.unit() {
            PointsUnit::Points => word.column_head().to_owned(),
            PointsUnit::Percent => format!("{}（%）", word.column_head()),
        }
    }

    /// The head of the column of self scores in the score table.
    pub fn column_head(self) -> &'static str {
        self.score_word().column_head()
    }

    /// Points with their unit.
    pub fn with_unit(self, points: Points) -> String {
        format!("{points}{}", self.unit().text())
    }
}
