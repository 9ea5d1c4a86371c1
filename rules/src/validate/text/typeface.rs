//! The typefaces of the page, by their Chinese names.

/// A typeface of the page; `fonts/` or an agency's own fonts provide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Typeface {
    /// 仿宋: running text (PG-8).
    Fangsong,
    /// 楷体: second-level headings and 签发人 (B-6, H-13).
    Kaiti,
    /// 黑体: first-level headings, 密级, 紧急程度 (B-6, H-2).
    Heiti,
    /// 小标宋: mark and title (H-7, B-1).
    Biaosong,
    /// 宋体: page numbers (N-1).
    Songti,
}

impl Typeface {
    /// All typefaces.
    pub const ALL: [Self; 5] =
        [Self::Fangsong, Self::Kaiti, Self::Heiti, Self::Biaosong, Self::Songti];

    /// The Chinese name that staff use.
    pub fn chinese_name(self) -> &'static str {
        match self {
            Self::Fangsong => "仿宋",
            Self::Kaiti => "楷体",
            Self::Heiti => "黑体",
            Self::Biaosong => "小标宋",
            Self::Songti => "宋体",
        }
    }
}
