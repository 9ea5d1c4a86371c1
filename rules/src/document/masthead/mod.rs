//! 版头: form, direction, 份号, 密级 and 紧急程度.

pub mod number;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::measures;

/// 格式: the layout of GB/T 9704-2012 that a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "格式")]
pub enum Form {
    /// A report (报告), with or without scores.
    #[schemars(description = "报告，有评分或没有评分")]
    #[serde(rename = "report")]
    Report,
    /// Notices (通知) and other general documents.
    #[schemars(description = "通知等一般公文")]
    #[serde(rename = "notice")]
    Notice,
    /// A letter (信函格式).
    #[schemars(description = "信函格式")]
    #[serde(rename = "letter")]
    Letter,
    /// A command (命令（令）格式).
    #[schemars(description = "命令（令）格式")]
    #[serde(rename = "command")]
    Command,
    /// Minutes (纪要格式).
    #[schemars(description = "纪要格式")]
    #[serde(rename = "minutes")]
    Minutes,
}

/// 行文方向.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "行文方向")]
pub enum Direction {
    /// To a superior (上行文); has signatories (签发人).
    #[schemars(description = "上行文，有签发人")]
    #[serde(rename = "upward")]
    Upward,
    /// To subordinates (下行文).
    #[schemars(description = "下行文")]
    #[serde(rename = "downward")]
    Downward,
    /// Between agencies of equal rank or without a chain of command (平行文).
    #[schemars(description = "平行文")]
    #[serde(rename = "parallel")]
    Parallel,
}

impl Direction {
    /// The Chinese name that staff use.
    pub fn chinese_name(self) -> &'static str {
        match self {
            Self::Upward => "上行文",
            Self::Downward => "下行文",
            Self::Parallel => "平行文",
        }
    }
}

/// 份号: one to six Arabic digits, printed as six with leading zeros (H-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyNumber(u32);

impl CopyNumber {
    /// Creates a 份号 from the number of a copy, 1 to 999,999.
    pub fn new(number: i64) -> Option<Self> {
        u32::try_from(number).ok().filter(|n| (1..=999_999).contains(n)).map(Self)
    }
}

impl fmt::Display for CopyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// 密级, with 保密期限 in years if one is set (H-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classification {
    /// 绝密, 机密 or 秘密.
    pub level: SecrecyLevel,
    /// 保密期限 in whole years; `None` means the statutory term.
    pub years: Option<u8>,
}

/// 密级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "密级")]
pub enum SecrecyLevel {
    /// Top secret (绝密).
    #[schemars(description = "绝密.")]
    #[serde(rename = "绝密")]
    TopSecret,
    /// Secret (机密).
    #[schemars(description = "机密.")]
    #[serde(rename = "机密")]
    Secret,
    /// Confidential (秘密).
    #[schemars(description = "秘密.")]
    #[serde(rename = "秘密")]
    Confidential,
}

/// 紧急程度 of a paper document (H-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "紧急程度")]
pub enum Urgency {
    /// Extra urgent (特急).
    #[schemars(description = "特急.")]
    #[serde(rename = "特急")]
    ExtraUrgent,
    /// Urgent (加急).
    #[schemars(description = "加急.")]
    #[serde(rename = "加急")]
    Urgent,
}

impl SecrecyLevel {
    /// The two characters as printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::TopSecret => "绝密",
            Self::Secret => "机密",
            Self::Confidential => "秘密",
        }
    }
}

impl Urgency {
    /// The two characters as printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExtraUrgent => "特急",
            Self::Urgent => "加急",
        }
    }
}

/// The agencies whose names 发文机关标志 shows (H-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "发文机关标志所用的机关名称")]
pub enum MarkIssuers {
    /// All issuing agencies, the lead agency first.
    #[schemars(description = "全部发文机关，主办机关在前")]
    #[serde(rename = "all")]
    All,
    /// Only the lead agency (主办机关).
    #[schemars(description = "仅主办机关")]
    #[serde(rename = "lead")]
    Lead,
}

/// The suffix after the names of 发文机关标志 (H-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "机关名称之后的字样")]
pub enum MarkSuffix {
    /// 文件, as in general documents.
    #[schemars(description = "文件.")]
    #[serde(rename = "文件")]
    Document,
    /// 命令, as in commands.
    #[schemars(description = "命令.")]
    #[serde(rename = "命令")]
    Command,
    /// 令, as in commands.
    #[schemars(description = "令.")]
    #[serde(rename = "令")]
    Order,
    /// 纪要, as in minutes.
    #[schemars(description = "纪要.")]
    #[serde(rename = "纪要")]
    Minutes,
    /// 公告, as in announcements.
    #[schemars(description = "公告.")]
    #[serde(rename = "公告")]
    Proclamation,
    /// 通告, as in public notices.
    #[schemars(description = "通告.")]
    #[serde(rename = "通告")]
    PublicNotice,
    /// No suffix.
    #[schemars(description = "Nothing.")]
    #[serde(rename = "无")]
    Nothing,
}

impl MarkIssuers {
    /// The default of a form: a letter shows the lead agency only (S1 10.1).
    pub fn of(form: Form) -> Self {
        match form {
            Form::Letter => Self::Lead,
            Form::Report | Form::Notice | Form::Command | Form::Minutes => Self::All,
        }
    }
}

impl MarkSuffix {
    /// The default suffix of a form (H-5, S1 10.1 to 10.3).
    pub fn of(form: Form) -> Self {
        match form {
            Form::Report | Form::Notice => Self::Document,
            Form::Letter => Self::Nothing,
            Form::Command => Self::Order,
            Form::Minutes => Self::Minutes,
        }
    }

    /// The characters as printed, if any.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Document => Some("文件"),
            Self::Command => Some("命令"),
            Self::Order => Some("令"),
            Self::Minutes => Some("纪要"),
            Self::Proclamation => Some("公告"),
            Self::PublicNotice => Some("通告"),
            Self::Nothing => None,
        }
    }
}

/// 发文机关标志 (H-5 to H-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerMark {
    /// The names, the lead agency first; never empty. All have the same size.
    pub names: Vec<String>,
    /// The suffix after them.
    pub suffix: MarkSuffix,
}

impl IssuerMark {
    /// The most characters of a mark with one name and its suffix, at the smallest size (H-9).
    pub const LONGEST_ALONE: usize =
        measures::characters(measures::AREA_WIDTH, measures::SMALLEST_MARK);
}

/// The edge at which the pages are bound (PG-15).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "装订方式")]
pub enum Binding {
    /// The wider margin is at the left of every page. This is usual.
    #[default]
    #[schemars(description = format!("每页左侧{} mm", measures::BOUND_MARGIN / 1_000))]
    #[serde(rename = "left")]
    Left,
    /// The wider margin is at the left of odd pages and at the right of even ones.
    #[schemars(description = format!(
        "订口{} mm：单数页在左，双数页在右",
        measures::BOUND_MARGIN / 1_000
    ))]
    #[serde(rename = "mirrored")]
    Mirrored,
}
