//! Numbers headings, chapters and articles, and finds their level in the outline of the file.

use crate::document::block::{HeadingLevel, Numbering};
use crate::document::numeral::chinese;

/// The number of a heading and its level in the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// The number as printed.
    pub number: String,
    /// The level in the outline, counted from 1.
    pub depth: usize,
}

/// The levels of the outline, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Chapter,
    Section,
    Heading(HeadingLevel),
}

/// Numbers the headings of one text.
#[derive(Debug)]
pub(crate) struct Outline {
    numbering: Numbering,
    /// The level of the heading above the text in the outline; 0 if there is none.
    base: usize,
    counters: [usize; 4],
    chapters: usize,
    sections: usize,
    articles: usize,
    /// The current heading and its parents, from the top.
    open: Vec<Rank>,
}

impl Outline {
    /// Numbers text below a heading of the level `base`.
    pub(crate) fn new(base: usize, numbering: Numbering) -> Self {
        Self {
            numbering,
            base,
            counters: [0; 4],
            chapters: 0,
            sections: 0,
            articles: 0,
            open: Vec::new(),
        }
    }

    /// Sets how headings below the first level are counted from here on. The counters of these levels
    /// restart unless both ways are continuous.
    pub(crate) fn set_numbering(&mut self, numbering: Numbering) {
        if self.numbering == Numbering::ByHeading || numbering == Numbering::ByHeading {
            self.counters[1..].fill(0);
        }
        self.numbering = numbering;
    }

    /// Adds a heading. A heading level that is left out (B-7) is not counted, because the outline must
    /// not skip a level (PDF/UA-1, 7.4.2).
    pub(crate) fn heading(&mut self, level: HeadingLevel) -> Numbered {
        let depth = self.open(Rank::Heading(level));
        Numbered { number: self.item(level), depth }
    }

    /// Adds a numbered paragraph, which is not a part of the outline, and returns its number.
    pub(crate) fn item(&mut self, level: HeadingLevel) -> String {
        let index = level as usize;
        self.counters[index] += 1;
        if self.numbering == Numbering::ByHeading {
            self.counters[index + 1..].fill(0);
        }
        let count = self.counters[index];
        match level {
            HeadingLevel::First => format!("{}、", chinese(count)),
            HeadingLevel::Second => format!("（{}）", chinese(count)),
            HeadingLevel::Third => format!("{count}."),
            HeadingLevel::Fourth => format!("（{count}）"),
        }
    }

    /// Adds a chapter: `第一章　`.
    pub(crate) fn chapter(&mut self) -> Numbered {
        self.chapters += 1;
        self.sections = 0;
        self.restart_under_part();
        let number = format!("第{}章\u{3000}", chinese(self.chapters));
        Numbered { number, depth: self.open(Rank::Chapter) }
    }

    /// Adds a section of a chapter: `第一节　`.
    pub(crate) fn section(&mut self) -> Numbered {
        self.sections += 1;
        self.restart_under_part();
        let number = format!("第{}节\u{3000}", chinese(self.sections));
        Numbered { number, depth: self.open(Rank::Section) }
    }

    /// Adds an article, which is not a part of the outline, and returns its number: `第一条　`. Articles
    /// are counted through the whole text.
    pub(crate) fn article(&mut self) -> String {
        self.articles += 1;
        self.counters.fill(0);
        format!("第{}条\u{3000}", chinese(self.articles))
    }

    /// Restarts the numbers below a chapter or a section, unless they count through the whole text.
    fn restart_under_part(&mut self) {
        if self.numbering == Numbering::ByHeading {
            self.counters.fill(0);
        }
    }

    fn open(&mut self, rank: Rank) -> usize {
        self.open.retain(|open| *open < rank);
        self.open.push(rank);
        self.base + self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use crate::document::block::HeadingLevel::{self, First, Fourth, Second, Third};
    use crate::document::block::Numbering;

    fn shown(outline: &mut Outline, levels: &[HeadingLevel]) -> Vec<String> {
        let numbered = levels.iter().map(|level| outline.heading(*level));
        numbered.map(|heading| format!("{}{}", heading.number, heading.depth)).collect()
    }

    #[test]
    fn numbers_restart_under_each_heading_and_no_depth_is_skipped() {
        let mut outline = Outline::new(0, Numbering::ByHeading);
        let shown =
            shown(&mut outline, &[First, Third, Third, Second, Third, Fourth, First, Fourth]);
        assert_eq!(shown, ["一、1", "1.2", "2.2", "（一）2", "1.3", "（1）4", "二、1", "（1）2"]);
    }

    #[test]
    fn continuous_numbers_do_not_restart() {
        let mut outline = Outline::new(0, Numbering::Continuous);
        let shown = shown(&mut outline, &[First, Second, Third, First, Second, Third]);
        assert_eq!(shown, ["一、1", "（一）2", "1.3", "二、1", "（二）2", "2.3"]);
    }

    #[test]
    fn continuous_numbers_count_through_all_chapters() {
        let mut outline = Outline::new(1, Numbering::Continuous);
        let mut numbers = vec![outline.chapter().number, outline.item(First), outline.item(First)];
        numbers.extend([outline.chapter().number, outline.item(First)]);
        assert_eq!(numbers, ["第一章　", "一、", "二、", "第二章　", "三、"]);
    }

    #[test]
    fn articles_count_through_all_chapters_and_items_under_each_article() {
        let mut outline = Outline::new(1, Numbering::ByHeading);
        let mut numbers = vec![outline.chapter().number, outline.article()];
        numbers.extend([outline.item(Second), outline.item(Second), outline.article()]);
        numbers.extend([outline.item(Second), outline.chapter().number]);
        let section = outline.section();
        numbers.extend([section.number, outline.article()]);
        let expected = [
            "第一章　",
            "第一条　",
            "（一）",
            "（二）",
            "第二条　",
            "（一）",
            "第二章　",
            "第一节　",
            "第三条　",
        ];
        assert_eq!(numbers, expected);
        assert_eq!(section.depth, 3);
    }
}
