//! The list of attachments, the attendance of minutes, 署名, 成文日期 and 附注 (B-9 to B-20).

use crate::document::measures::{SEAL_LINES, SEAL_ROW, STAMP_HEIGHT};
use crate::render::page_data::{AttachmentEntry, AttendanceRow, NameLines, PageData, SignOff};
use crate::word_copy::document::Document;
use crate::word_copy::lengths::{AREA, LINE, characters, twips, width_of};
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::styles::{Face, Style};

/// Width of 签名章 (B-16).
const STAMP_WIDTH: u32 = twips(41_300);
/// Between the middles of two seals, and from the left edge to the first of three (B-12).
const SEAL_PITCH: u32 = twips(47_100);
const SEAL_FIRST: u32 = twips(22_500);
/// Word may need a little more than the width of a text.
const SLACK: u32 = 40;

/// Writes what follows the text.
pub(crate) fn write(texts: &PageData, document: &mut Document) {
    write_list(&texts.attachment_list, document);
    attendance(&texts.attendance, document);
    write_signed(&texts.sign_off, &texts.annotation, document);
}

/// Writes 署名, 成文日期 and 附注.
pub(crate) fn write_signed(sign_off: &SignOff, annotation: &[String], document: &mut Document) {
    match sign_off {
        SignOff::Sealed { rows, date } => sealed(rows, date, document),
        SignOff::Unsealed { names, date } => unsealed(names, date, document),
        SignOff::Stamped { positions, date } => stamped(positions, date, document),
        SignOff::DateAlone { date } => {
            let line = Paragraph {
                above: Some(LINE),
                indents: Some((0, signed(characters(2)))),
                align: Some("right"),
                ..Paragraph::of(Style::Plain)
            };
            document.add(&line.text(date));
        }
        SignOff::Absent => {}
    }
    for line in annotation {
        document.add(&Paragraph::of(Style::Text).text(line));
    }
}

/// 附件： and the names, each with a hanging indent (B-9).
pub(crate) fn write_list(entries: &[AttachmentEntry], document: &mut Document) {
    let label = characters(3);
    // A number of two digits is as wide as the space of one.
    let digits = u32::try_from(entries.len().to_string().len()).unwrap_or(1);
    let number = characters(digits + 2) / 2;
    for (index, entry) in entries.iter().enumerate() {
        let number = if entry.number.is_some() { number } else { 0 };
        let hanging = if index == 0 { label + number } else { number };
        let left = characters(2) + label + number;
        let line = Paragraph {
            above: (index == 0).then_some(LINE),
            tabs: if number > 0 { vec![("left", left)] } else { Vec::new() },
            indents: Some((signed(left), 0)),
            hanging,
            ..Paragraph::of(Style::Plain)
        };
        let line = if index == 0 { line.text("附件：") } else { line };
        let line = match &entry.number {
            Some(number) => line.text(number).text("\t"),
            None => line,
        };
        document.add(&line.runs(&entry.title, Look::default()));
    }
}

/// 出席, 请假 and 列席 of minutes (10.3).
fn attendance(rows: &[AttendanceRow], document: &mut Document) {
    let label = Look { face: Some(Face::Heiti), ..Look::default() };
    for (index, row) in rows.iter().enumerate() {
        let line = Paragraph {
            above: (index == 0).then_some(LINE),
            indents: Some((signed(characters(5)), 0)),
            hanging: characters(3),
            ..Paragraph::of(Style::Plain)
        };
        document.add(&line.run(row.label, label).runs(&row.names, Look::default()));
    }
}

/// A line of the closing, which stays on the page of the next.
fn line(above: u32) -> Paragraph {
    Paragraph { keeps_next: true, above: Some(above), ..Paragraph::of(Style::Plain) }
}

fn signed(length: u32) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

fn widest(names: &[NameLines]) -> u32 {
    names.iter().flatten().map(|line| width_of(line)).max().unwrap_or_default()
}

/// With room for seals: names in the middles of their seals, the last above the date (B-10 to B-12).
fn sealed(rows: &[Vec<NameLines>], date: &str, document: &mut Document) {
    let columns = rows.first().map_or(0, Vec::len);
    let on_axis: Vec<NameLines> = match columns {
        1 => rows.iter().flatten().cloned().collect(),
        _ => rows.last().and_then(|row| row.last()).cloned().into_iter().collect(),
    };
    let half = widest(&on_axis) / 2 + SLACK;
    let axis = AREA - (characters(4) + width_of(date) / 2).max(half).min(AREA / 2);
    for (index, names) in rows.iter().enumerate() {
        let is_last = index + 1 == rows.len();
        let middles = match (columns, is_last) {
            (1, _) => vec![axis],
            (_, true) => anchored(names, axis),
            (_, false) => spread_out(columns),
        };
        let height = names.iter().map(Vec::len).max().unwrap_or_default();
        let lines = u32::try_from(height).unwrap_or_default();
        let above = match index {
            0 => (SEAL_LINES * LINE).saturating_sub(lines.saturating_sub(1) * LINE),
            _ => twips(SEAL_ROW).saturating_sub(lines * LINE),
        };
        for position in 0..height {
            // Names of fewer lines are at the foot of their row.
            let of_name = |name: &NameLines| {
                let above = height - name.len();
                position.checked_sub(above).map(|index| name[index].clone()).unwrap_or_default()
            };
            let texts: Vec<String> = names.iter().map(of_name).collect();
            document.add(&at_middles(&middles, &texts, if position == 0 { above } else { 0 }));
        }
    }
    document.add(&Paragraph { keeps_next: false, ..at_middles(&[axis], &[date.to_owned()], 0) });
}

/// Texts on one line, each with its middle at a distance from the left edge.
fn at_middles(middles: &[u32], texts: &[String], above: u32) -> Paragraph {
    if let ([middle], [text]) = (middles, texts) {
        // A centred paragraph is easier to edit than a tab stop.
        let left = signed(2 * middle) - signed(AREA);
        let indents = Some((left.max(0), (-left).max(0)));
        return Paragraph { indents, align: Some("center"), ..line(above) }.text(text);
    }
    let tabs = middles.iter().map(|middle| ("center", *middle)).collect();
    let text: String = texts.iter().map(|text| format!("\t{text}")).collect();
    Paragraph { tabs, ..line(above) }.text(&text)
}

/// The last row of seals: the last name is above the date (B-12).
fn anchored(names: &[NameLines], axis: u32) -> Vec<u32> {
    let count = u32::try_from(names.len()).unwrap_or_default();
    let room = match count {
        0 | 1 => 0,
        count => axis.saturating_sub(SEAL_FIRST) / (count - 1),
    };
    let pitch = SEAL_PITCH.min(room).max(widest(names) + characters(1));
    (0..count).map(|index| axis.saturating_sub((count - 1 - index) * pitch)).collect()
}

fn spread_out(columns: usize) -> Vec<u32> {
    let count = u32::try_from(columns).unwrap_or(1).max(1);
    (0..count).map(|index| (2 * index + 1) * AREA / (2 * count)).collect()
}

/// Without seals: names two characters from the right, the date two characters right of their start
/// (B-14, B-15).
fn unsealed(names: &[NameLines], date: &str, document: &mut Document) {
    let (width, date_width) = (widest(names), width_of(date));
    let indent = characters(2);
    let inset = if date_width > width { 2 * indent + date_width - width } else { indent };
    let left = AREA.saturating_sub(inset + width);
    for (index, name) in names.iter().enumerate() {
        for (position, text) in name.iter().enumerate() {
            let above = if (index, position) == (0, 0) { LINE } else { 0 };
            let is_spread = names.len() > 1 && name.len() == 1;
            let right = if is_spread { AREA.saturating_sub(left + width + SLACK) } else { 0 };
            let name = Paragraph {
                indents: Some((signed(left), signed(right))),
                align: Some(if is_spread { "distribute" } else { "left" }),
                ..line(above)
            };
            document.add(&name.text(text));
        }
    }
    let left = (left + indent).min(AREA.saturating_sub(date_width + SLACK));
    let date_line = Paragraph {
        keeps_next: false,
        indents: Some((signed(left), 0)),
        align: Some("left"),
        ..line(0)
    };
    document.add(&date_line.text(date));
}

/// With room for 签名章: 职务 two characters left of it (B-16).
fn stamped(positions: &[NameLines], date: &str, document: &mut Document) {
    let width = widest(positions);
    let right = characters(2) + STAMP_WIDTH + characters(4);
    let left = AREA.saturating_sub(right + width);
    let half = (twips(STAMP_HEIGHT) - LINE) / 2;
    for (index, lines) in positions.iter().enumerate() {
        for (position, text) in lines.iter().enumerate() {
            let above = match (index, position) {
                (0, 0) => 2 * LINE + half,
                (_, 0) => 2 * half + LINE / 2,
                _ => 0,
            };
            let name =
                Paragraph { indents: Some((signed(left), 0)), align: Some("left"), ..line(above) };
            document.add(&name.text(text));
        }
    }
    let date_line = Paragraph {
        keeps_next: false,
        indents: Some((0, signed(characters(4)))),
        align: Some("right"),
        ..line(half + LINE)
    };
    document.add(&date_line.text(date));
}
