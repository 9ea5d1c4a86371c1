//! The checks of a text: it is not empty, within its limit, and printable.

use std::collections::BTreeSet;

use crate::document::block::HeadingLevel;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::{breaks_line, forbidden, is_combining, visible};
use crate::validate::text::lookalikes::right_character;
use crate::validate::text::typeface::Typeface;

/// The rules of one kind of text.
#[derive(Debug, Clone, Copy)]
pub struct TextRule {
    /// The maximum number of characters.
    limit: usize,
    /// The least weight towards the limit of the filing.
    least: usize,
    /// The typefaces in which it is printed.
    faces: &'static [Typeface],
    /// The advice for a line break.
    instead_of_break: &'static str,
}

const ONE_LINE: &str = "这里不能换行，请连成一行。";

impl TextRule {
    /// 标题 (B-1).
    pub const TITLE: Self = Self::one_line(limits::TITLE, &[Typeface::Biaosong]);
    /// 发文机关: printed in the mark (H-7) and in the sign-off.
    pub const ISSUER: Self =
        Self::one_line(limits::NAME, &[Typeface::Biaosong, Typeface::Fangsong]);
    /// The text of 发文机关标志 (H-7).
    pub const MARK: Self = Self::one_line(limits::NAME, &[Typeface::Biaosong]);
    /// 签发人 (H-13).
    pub const SIGNATORY: Self = Self::one_line(limits::SIGNATORY, &[Typeface::Kaiti]);
    /// A label of a list of names.
    pub const ROSTER_LABEL: Self = Self::one_line(limits::ROSTER_LABEL, &[Typeface::Fangsong]);
    /// Any other name of an agency or a part, printed as running text.
    pub const NAME: Self = Self::one_line(limits::NAME, &[Typeface::Fangsong]);
    /// The name of an agency below the title, in the typeface of 题注.
    pub const NAME_BELOW_TITLE: Self = Self::one_line(limits::NAME, &[Typeface::Kaiti]);
    /// An entry of 主送 or 抄送 (B-4, V-4).
    pub const RECIPIENT: Self = Self::one_line(limits::RECIPIENT, &[Typeface::Fangsong]);
    /// 题注 below the title.
    pub const NOTE: Self = Self::one_line(limits::TITLE, &[Typeface::Kaiti]);
    /// A heading of the first level (B-6).
    pub const SECTION_TITLE: Self = Self::heading(&[Typeface::Heiti]);
    /// A heading of the second level (B-6).
    pub const GROUP_TITLE: Self = Self::heading(&[Typeface::Kaiti]);
    /// A heading of the third or fourth level, and the title of an attachment.
    pub const HEADING: Self = Self::heading(&[Typeface::Fangsong]);
    /// Any other line.
    pub const LINE: Self = Self::one_line(limits::TITLE, &[Typeface::Fangsong]);
    /// A paragraph (B-5).
    pub const PARAGRAPH: Self = Self {
        limit: limits::PARAGRAPH,
        least: limits::LEAST_PARAGRAPH,
        faces: &[Typeface::Fangsong],
        instead_of_break: "段落内不能换行，请分成多段。",
    };

    /// The cell of a table (T-2).
    pub const CELL: Self = Self::one_line(limits::CELL, &[Typeface::Fangsong]);
    /// The cell of a table's head, and its 表题 (T-2).
    pub const HEAD_CELL: Self = Self::one_line(limits::TITLE, &[Typeface::Heiti]);

    /// The rule for a heading of a level, which determines the typeface (B-6).
    pub fn heading_of(level: HeadingLevel) -> Self {
        match level {
            HeadingLevel::First => Self::SECTION_TITLE,
            HeadingLevel::Second => Self::GROUP_TITLE,
            HeadingLevel::Third | HeadingLevel::Fourth => Self::HEADING,
        }
    }

    /// The typefaces in which the text is printed.
    pub fn faces(&self) -> &'static [Typeface] {
        self.faces
    }

    const fn one_line(limit: usize, faces: &'static [Typeface]) -> Self {
        Self { limit, least: 0, faces, instead_of_break: ONE_LINE }
    }

    const fn heading(faces: &'static [Typeface]) -> Self {
        Self { least: limits::LEAST_HEADING, ..Self::one_line(limits::TITLE, faces) }
    }
}

impl Checker<'_> {
    /// Checks a text and returns it trimmed. Returns `None` after an error.
    pub fn text(&mut self, place: &Place<'_>, posted: &str, rule: &TextRule) -> Option<String> {
        let trimmed = bare(posted);
        if trimmed.chars().all(char::is_whitespace) {
            self.error(place, Code::TextEmpty, format!("{}不能为空，请填写。", place.label()));
            return None;
        }
        // The length is checked first; a text beyond its limit is not checked further.
        let length = posted.chars().count();
        if length > rule.limit {
            let detail =
                format!("{}有{length}字，超过上限{}字，请删减。", place.label(), rule.limit);
            self.error(place, Code::TooLong, detail);
            return None;
        }
        let weight: usize = posted.chars().map(limits::weight_of).sum();
        if !self.has_room_for(weight.max(rule.least)) {
            return None;
        }
        let is_printable = self.characters(place, posted, rule);
        is_printable.then(|| trimmed.to_owned())
    }

    /// Checks an optional text, which may be absent.
    pub fn optional_text(
        &mut self,
        place: &Place<'_>,
        posted: Option<&str>,
        rule: &TextRule,
    ) -> Option<Option<String>> {
        match posted {
            Some(posted) => self.text(place, posted, rule).map(Some),
            None => Some(None),
        }
    }

    /// Checks each text of a list. Returns `None` after an error.
    pub fn texts(
        &mut self,
        place: &Place<'_>,
        posted: &[String],
        rule: &TextRule,
    ) -> Option<Vec<String>> {
        if !self.list_fits(place, posted.len(), limits::LIST) {
            return None;
        }
        let checked = posted.iter().enumerate();
        every(checked.map(|(index, text)| self.text(&place.item(index), text, rule)))
    }

    /// Checks the limit of a list. The entries of a list over its limit are not checked.
    pub fn list_fits(&mut self, place: &Place<'_>, entries: usize, limit: usize) -> bool {
        let fits = entries <= limit;
        if !fits {
            let detail = format!("{}共{entries}项，超过上限{limit}项，请删减。", place.label());
            self.error(place, Code::TooLong, detail);
        }
        fits
    }

    /// Adds cells to the tables of the filing and checks their limit and that of the filing.
    /// Reports the first excess only.
    pub fn cells_fit(&mut self, place: &Place<'_>, cells: usize) -> bool {
        let had_room = self.cells <= limits::CELLS;
        self.cells += cells;
        let has_room = self.cells <= limits::CELLS;
        if had_room && !has_room {
            let detail =
                format!("各表合计超过上限{}格，请删减；此后的表格未再检查。", limits::CELLS);
            self.error(place, Code::TooLong, detail);
        }
        has_room && self.has_room_for(cells * limits::LEAST_CELL)
    }

    /// Adds a text to the filing and checks its limit; reports the first excess only.
    pub(crate) fn has_room_for(&mut self, weight: usize) -> bool {
        let had_room = self.weight <= limits::FILING;
        self.weight += weight;
        let has_room = self.weight <= limits::FILING;
        if had_room && !has_room {
            let detail = format!(
                "全文超过上限{}字（数字、字母和符号每个按{}字，外文字母和数学符号每个按{}字，短段按{}字、标题按{}字、\
                 表格每格按{}字起算，每行文字另加{}字），请删减；此后的文字未再检查。",
                limits::FILING,
                limits::OTHER_CHARACTER,
                limits::FOREIGN_CHARACTER,
                limits::LEAST_PARAGRAPH,
                limits::LEAST_HEADING,
                limits::LEAST_CELL,
                limits::TABLE_LINE
            );
            self.error(&Place::ROOT, Code::TooLong, detail);
        }
        has_room
    }

    /// Checks that every character is allowed and in the fonts. Reports each that is not.
    fn characters(&mut self, place: &Place<'_>, posted: &str, rule: &TextRule) -> bool {
        let text: Vec<char> = posted.chars().collect();
        let mut at_fault = BTreeSet::new();
        for (index, &c) in text.iter().enumerate() {
            let Some((code, detail)) = self.fault(&text, index, rule) else { continue };
            if at_fault.insert(c) && at_fault.len() <= limits::CHARACTERS_LISTED {
                self.error(place, code, format!("{}{detail}", context(&text, index)));
            }
        }
        if at_fault.len() > limits::CHARACTERS_LISTED {
            let detail = format!(
                "{}另有{}种不能使用或无法印出的字符，未逐一列出。",
                place.label(),
                at_fault.len() - limits::CHARACTERS_LISTED
            );
            self.error(place, Code::MoreFindings, detail);
        }
        let is_stacked = self.stacked_marks(place, &text);
        at_fault.is_empty() && !is_stacked
    }

    fn fault(&self, text: &[char], index: usize, rule: &TextRule) -> Option<(Code, String)> {
        let c = text[index];
        let code_point = || format!("U+{:04X}", u32::from(c));
        let position = index + 1;
        if let Some(kind) = forbidden(c) {
            let advice = if breaks_line(c) {
                rule.instead_of_break
            } else {
                "不能使用，请删去或改写。"
            };
            let detail = format!("中的第{position}个字符是{kind}（{}），{advice}", code_point());
            return Some((Code::CharacterForbidden, detail));
        }
        let is_missing = |face: &&Typeface| !is_blank(c) && !self.coverage.has(**face, c);
        // A lookalike is refused elsewhere, with the right character.
        if !rule.faces.iter().any(|face| is_missing(&face)) || right_character(c).is_some() {
            return None;
        }
        let missing = rule.faces.iter().filter(is_missing).map(|face| face.chinese_name());
        let missing: Vec<&str> = missing.collect();
        let detail = format!(
            "中的“{c}”（{}，第{position}个字符）在{}及其后备字体中没有字形，无法印出。",
            code_point(),
            missing.join("、")
        );
        Some((Code::GlyphMissing, detail))
    }

    /// Checks the number of combining marks after each character, which slow down the layout.
    fn stacked_marks(&mut self, place: &Place<'_>, text: &[char]) -> bool {
        let mut run = 0;
        for (index, &c) in text.iter().enumerate() {
            run = if is_combining(c) { run + 1 } else { 0 };
            if run > limits::COMBINING_MARKS {
                let start = index + 1 - run;
                let total = text[start..].iter().take_while(|c| is_combining(**c)).count();
                let detail = format!(
                    "{}从第{}个字符起连用{total}个组合符号（首个为U+{:04X}），最多{}个，否则排版耗时过长；\
                     请删去多余的。",
                    place.label(),
                    start + 1,
                    u32::from(text[start]),
                    limits::COMBINING_MARKS
                );
                self.error(place, Code::CharacterForbidden, detail);
                return true;
            }
        }
        false
    }
}

/// Collects all values, or returns `None` if one is missing; always visits every value.
pub fn every<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut all = Some(Vec::new());
    for value in values {
        match (value, &mut all) {
            (Some(value), Some(all)) => all.push(value),
            _ => all = None,
        }
    }
    all
}

/// Trims a text. Nothing else is changed.
pub fn bare(posted: &str) -> &str {
    posted.trim_matches(is_blank)
}

/// Whether the character needs no glyph, because the templates print a space.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}')
}

/// The character with up to four neighbours on each side, in quotes.
fn context(text: &[char], index: usize) -> String {
    const NEIGHBOURS: usize = 4;
    let start = index.saturating_sub(NEIGHBOURS);
    let end = (index + 1 + NEIGHBOURS).min(text.len());
    let around: String = text[start..end].iter().map(|c| visible(*c)).collect();
    format!("“{around}”")
}
