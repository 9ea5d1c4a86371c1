//! The width of each character on a line, and how much of it can be removed.

use crate::render::fonts::advances::Advances;
use crate::render::unbreakable::StyledChar;
use crate::validate::text::typeface::Typeface;

/// U+3000 IDEOGRAPHIC SPACE, as wide as a Chinese character.
pub(crate) const IDEOGRAPHIC_SPACE: char = '\u{3000}';

/// A character with its width and the blank parts that can be removed, in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub character: char,
    pub strong: bool,
    /// Whether it is in the text after a run-in heading. Typst shapes the two typefaces separately, so
    /// punctuation does not squeeze across them.
    pub follows_lead: bool,
    pub width: f64,
    /// The removable blank part at the left.
    pub left: f64,
    /// The removable blank part at the right.
    pub right: f64,
    /// Whether it is punctuation with a removable blank part.
    pub is_punctuation: bool,
    /// Whether justification adds space after this character, unless it ends the line.
    pub spreads: bool,
}

/// Which part of a punctuation mark is blank (GB/T 15834).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    None,
    Left,
    Right,
    Both,
}

impl Blank {
    fn of(character: char, width: f64) -> Self {
        match character {
            // Narrow quotation marks, as in Latin text, have no blank part.
            '”' | '’' if width == 1.0 => Self::Right,
            '“' | '‘' if width == 1.0 => Self::Left,
            '·' | '・' => Self::Both,
            '，' | '。' | '．' | '、' | '：' | '；' | '？' | '！' | '》' | '）' | '』' | '」'
            | '】' | '〗' | '〕' | '〉' | '］' | '｝' => Self::Right,
            '《' | '（' | '『' | '「' | '【' | '〖' | '〔' | '〈' | '［' | '｛' => {
                Self::Left
            }
            _ => Self::None,
        }
    }
}

impl Cell {
    fn new(styled_char: StyledChar, width: f64) -> Self {
        let StyledChar { character, strong } = styled_char;
        let blank = Blank::of(character, width);
        let (left, right) = match blank {
            Blank::None => (0.0, 0.0),
            Blank::Left => (width / 2.0, 0.0),
            Blank::Right => (0.0, width / 2.0),
            Blank::Both => (width / 4.0, width / 4.0),
        };
        let is_punctuation = blank != Blank::None;
        let spreads = is_punctuation || is_space(character) || is_cj(character);
        Self { character, strong, follows_lead: false, width, left, right, is_punctuation, spreads }
    }

    /// Squeezes the blank between two adjacent punctuation marks by half the width of the first, as Typst
    /// does (标点挤压).
    pub(crate) fn squeeze(&mut self, next: &mut Self) {
        let half = self.width / 2.0;
        let are_both_punctuation = self.is_punctuation
            && next.is_punctuation
            && self.strong == next.strong
            && self.follows_lead == next.follows_lead;
        if !are_both_punctuation || self.right + next.left < half {
            return;
        }
        let own = self.right.min(half);
        self.width -= own;
        self.right -= own;
        next.width -= half - own;
        next.left -= half - own;
        // Typst treats a quotation mark as Chinese only at full width, so a squeezed one squeezes no other.
        next.is_punctuation &= next.width == 1.0 || !is_quote(next.character);
    }

    /// At the start of a line, the ink touches the edge.
    pub(crate) fn begin(&mut self) {
        if self.right == 0.0 {
            self.width -= self.left;
            self.left = 0.0;
        }
    }

    /// At the end of a line, the ink touches the edge, and no space is added after it.
    pub(crate) fn end(&mut self) {
        if self.left == 0.0 {
            self.width -= self.right;
            self.right = 0.0;
        }
        self.spreads &= is_space(self.character);
    }
}

/// Spaces, after which Typst adds space to justify a line.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | IDEOGRAPHIC_SPACE)
}

fn is_quote(character: char) -> bool {
    matches!(character, '“' | '”' | '‘' | '’')
}

/// The cells of a paragraph. `None` if the width of a character depends on its neighbours.
pub(crate) fn cells_of(
    styled: &[StyledChar],
    face: Typeface,
    advances: &Advances,
) -> Option<Vec<Cell>> {
    if !advances.breaks_lines() {
        return None;
    }
    let mut cells = Vec::with_capacity(styled.len());
    for &styled_char in styled {
        if !stands_alone(styled_char.character) {
            return None;
        }
        let width = advances.of_character(face, styled_char.character)?;
        cells.push(Cell::new(styled_char, width));
    }
    Some(cells)
}

/// Chinese characters and kana, after which Typst adds space to justify a line.
pub(crate) fn is_cj(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}' | '々' | '〇' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// Characters with one glyph each that no neighbour changes. The only spaces are U+0020 and U+3000.
fn stands_alone(character: char) -> bool {
    is_cj(character)
        || matches!(character, ' '..='~'
            | '£' | '§' | '°' | '±' | '·' | '×' | '÷'
            | '\u{2010}' | '\u{2013}'..='\u{2019}' | '“' | '”' | '…' | '‰' | '′' | '″' | '※'
            | '℃' | '№' | '\u{2150}'..='\u{218b}' | '\u{2190}'..='\u{21ff}' | '\u{2200}'..='\u{22ff}'
            | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{26ff}'
            | IDEOGRAPHIC_SPACE..='\u{3020}' | '\u{3220}'..='\u{33ff}'
            | '\u{ff01}'..='\u{ff5e}' | '￥' | '￠' | '￡')
}
