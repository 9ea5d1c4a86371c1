//! Whether page 1 has room for text below the masthead and the title (GB/T 9704-2012, 7.3.3).

use crate::document::OfficialDocument;
use crate::document::masthead::Form;
use crate::document::measures::{
    AREA_HEIGHT, CHARACTER, CHARACTERS_PER_LINE, LINE_PITCH, MARK_DROP, MARK_SIZES, RULE_GAP,
    RULE_STROKE, SIDE_INSET, SIGNATORY_GAP, SIGNATORY_LABEL, TITLE_PITCH, TITLE_SIZE, points,
};
use crate::document::title::{WIDEST, width_of};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;

/// Two lines from lower edge to upper edge: below the mark and above the title (H-10, B-1).
const TWO_LINES: u32 = 20_780;
/// The double rule below the mark of a letter, with the gaps above and below it (section 10.1).
const LETTER_RULE: u32 = 12_000;
/// The labels of a letter are below each other: 份号, 密级, 紧急程度.
const LETTER_LABELS: usize = 3;

/// Refuses a document whose masthead and title fill page 1. The layout shows the lead agency alone in
/// the mark, pairs 签发人 and moves long lists of 主送机关 to the colophon before it comes to that.
pub fn has_room(check: &mut Checker<'_>, place: &Place<'_>, document: &OfficialDocument) {
    // More 签发人 than the limit are refused as such.
    if document.form == Form::Command || document.signatories.len() > limits::ISSUERS {
        return;
    }
    let used = head(document) + title(document) + addressees(document);
    if used + CHARACTER <= AREA_HEIGHT {
        return;
    }
    let detail = format!(
        "版头、签发人和标题占满了首页（约{}毫米，版心高{}毫米），首页排不下正文，\
         不合GB/T 9704—2012第7.3.3条，请缩短标题。",
        used / 1_000,
        AREA_HEIGHT / 1_000
    );
    check.error(&place.key("title"), Code::TooLong, detail);
}

/// The masthead when it is lowest.
fn head(document: &OfficialDocument) -> u32 {
    let mark = points(MARK_SIZES[0]);
    if document.form == Form::Letter {
        return mark + LETTER_RULE + lines(LETTER_LABELS);
    }
    let rows = signatory_rows(&document.signatories);
    MARK_DROP + mark + TWO_LINES + lines(rows) + RULE_GAP + RULE_STROKE
}

/// The most lines of 签发人 with 发文字号, after the layout has paired them (H-12 to H-14).
fn signatory_rows(signatories: &[String]) -> usize {
    let width = |name: &String| name.chars().count().max(3);
    let widest = signatories.iter().map(width).max().unwrap_or_default();
    let pair = SIGNATORY_LABEL + 2 * widest + SIGNATORY_GAP;
    let count = signatories.len();
    if pair <= CHARACTERS_PER_LINE - 2 * SIDE_INSET { count.div_ceil(2) + 1 } else { count + 1 }
}

/// The title with the space above and below it, and 题注. The layout may use a line more than the fewest
/// for better breaks.
fn title(document: &OfficialDocument) -> u32 {
    let count = match document.title_lines.len() {
        0 => match width_of(&document.title).div_ceil(WIDEST) {
            0 | 1 => 1,
            fewest => fewest + 1,
        },
        posted => posted,
    };
    let note = document.note.as_ref().map_or(0, |note| {
        TITLE_PITCH - points(TITLE_SIZE)
            + lines((note.chars().count() + 2).div_ceil(CHARACTERS_PER_LINE))
    });
    TWO_LINES + pitches(count, TITLE_PITCH, points(TITLE_SIZE)) + note + LINE_PITCH
}

/// 主送机关, if they are one line: a longer list can move to the colophon (B-4, V-5).
fn addressees(document: &OfficialDocument) -> u32 {
    let length: usize =
        document.primary_recipients.iter().map(|name| name.chars().count() + 1).sum();
    if (1..=CHARACTERS_PER_LINE).contains(&length) { LINE_PITCH } else { 0 }
}

/// Lines of running text below each other.
fn lines(count: usize) -> u32 {
    pitches(count, LINE_PITCH, CHARACTER)
}

fn pitches(count: usize, pitch: u32, height: u32) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX / 2 / pitch) * pitch + height
}
