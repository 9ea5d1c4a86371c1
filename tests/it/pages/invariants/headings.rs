//! Section 9: headings stay with what follows them.

use crate::pages::invariants::pitch::Pitch;
use crate::pages::invariants::{BOTTOM, is_page_number};
use crate::pages::ruler::{Line, MeasuredPage};

/// At least one line follows a heading on the same page, unless the heading has no text and
/// a heading of the same or a higher level follows.
pub fn faults(pages: &[MeasuredPage], date: Option<&str>, pitch: Pitch) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, pair) in pages.windows(2).enumerate() {
        let (lines, follows) = (pair[0].lines(), pair[1].lines());
        let Some(last) = lines.iter().rfind(|line| !is_page_number(line)) else { continue };
        let next = follows.first().and_then(|line| line.glyphs[0].place.heading);
        let Some(depth) = last.glyphs[0].place.heading else { continue };
        // It may end an attachment: another attachment or the colophon follows.
        let goes_on = |line: &Line| line.size() > 15.0 && !line.text().contains("附件");
        if !follows.first().is_some_and(goes_on) {
            continue;
        }
        // Page 1 must show text (7.3.3), if only the headings that begin it.
        if index == 0 && !shows_text_below_headings(&lines) {
            continue;
        }
        if date.is_some_and(|date| fills_page(&follows, date, &lines, pitch)) {
            continue;
        }
        if next.is_none_or(|next| next > depth) {
            faults.push(format!("9: page {}: ends with the heading “{}”", index + 1, last.text()));
        }
    }
    faults
}

/// Whether a few lines of text and the closing leave no room on their page for the heading above them.
fn fills_page(lines: &[Line], date: &str, above: &[Line], pitch: Pitch) -> bool {
    let text = lines.iter().filter(|line| line.glyphs[0].place.paragraph.is_some());
    let Some(end) = lines.iter().find(|line| line.text().ends_with(date)) else { return false };
    let of_heading = |line: &&Line| is_page_number(line) || line.glyphs[0].place.heading.is_some();
    let heading = above.iter().rev().take_while(of_heading).filter(|line| !is_page_number(line));
    let height = heading.count() as f64 * pitch.height();
    text.count() <= FEW_LINES && end.em_bottom() + height > BOTTOM
}

/// The lines that move with the closing.
const FEW_LINES: usize = 3;

/// Whether there is text other than headings and 主送机关.
fn shows_text_below_headings(lines: &[Line]) -> bool {
    let first = lines.iter().position(|line| line.glyphs[0].place.heading.is_some());
    let below = lines.iter().skip(first.unwrap_or(0)).filter(|line| !is_page_number(line));
    below.map(|line| line.glyphs[0].place).any(|place| place.heading.is_none())
}
