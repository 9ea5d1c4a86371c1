//! 版头: labels, 发文机关标志, 发文字号 with 签发人, and the red rule (H-1 to H-17).

use std::fmt::Write as _;

use crate::document::measures::{
    MARK_GAP, MARK_SIZES, MARK_SUFFIX, SIGNATORY_GAP, SIGNATORY_LABEL,
};
use crate::render::page_data::{Masthead, NumberPlace, PageData};
use crate::word_copy::document::Document;
use crate::word_copy::lengths::{
    AREA, LINE, MARK_ABOVE, NUMBER_ABOVE, characters, points, twips, width_of,
};
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::section::{LETTER_OVERHANG, border};
use crate::word_copy::styles::{Face, Style};

/// Height of a line of the mark, in ten-thousandths of its size (H-8).
const MARK_LINE: u32 = 13_633;
/// Thickness of the red rule in eighths of a point (H-17), and its distance in points (H-16).
const RULE: (u32, u32) = (12, 7);
/// Thickness of the double rules of a letter in eighths of a point.
const LETTER_RULE: u32 = 24;

/// Writes 版头.
pub(crate) fn write(texts: &PageData, document: &mut Document) {
    let masthead = &texts.masthead;
    match texts.form {
        "letter" => {
            mark(masthead, 0, &letter_rule(), document);
            letter_head(masthead, document);
        }
        "command" => {
            let above = labels(masthead, document, twips(20_000));
            mark(masthead, above, "", document);
            let number = Paragraph {
                above: Some(NUMBER_ABOVE),
                align: Some("center"),
                ..Paragraph::of(Style::Plain)
            };
            document.add(&number.text(&masthead.document_number));
            document.add(&Paragraph::of(Style::Plain));
        }
        _ => {
            let above = labels(masthead, document, MARK_ABOVE);
            mark(masthead, above, "", document);
            number_lines(masthead, document);
        }
    }
}

/// 份号, 密级 and 紧急程度. Returns what is left of the space above the mark, which they do not move (H-4).
fn labels(masthead: &Masthead, document: &mut Document, above: u32) -> u32 {
    for label in &masthead.labels {
        document.add(&Paragraph::of(Style::Label).text(label));
    }
    let lines = u32::try_from(masthead.labels.len()).unwrap_or_default();
    above.saturating_sub(lines * LINE)
}

/// 发文机关标志: a line, or a table of several names with 文件 beside them (H-8).
fn mark(masthead: &Masthead, above: u32, rule: &str, document: &mut Document) {
    let size = MARK_SIZES.get(masthead.mark_size).copied().unwrap_or(MARK_SUFFIX);
    let look = Look { size: Some(size), ..Look::default() };
    let suffix = masthead.suffix.as_deref().unwrap_or_default();
    let line = |above, align| Paragraph {
        above: Some(above),
        pitch: Some(points(size) * MARK_LINE / 10_000),
        align: Some(align),
        ..Paragraph::of(Style::Mark)
    };
    let [name] = masthead.mark_names.as_slice() else {
        if above > 0 {
            document.add(&Paragraph { pitch: Some(above), ..Paragraph::of(Style::Nothing) });
        }
        let names = masthead.mark_names.iter();
        let names: Vec<Paragraph> =
            names.map(|name| line(0, "distribute").run(name, look)).collect();
        let longest = masthead.mark_names.iter().map(|name| name.chars().count()).max();
        let widest = u32::try_from(longest.unwrap_or_default()).unwrap_or_default();
        document.add_table(&joint_mark(&names, widest * points(size) + 40, suffix));
        return;
    };
    let mark = Paragraph { borders: rule.to_owned(), ..line(above, "center") };
    let overhang = (!rule.is_empty()).then_some((-LETTER_OVERHANG, -LETTER_OVERHANG));
    document.add(&Paragraph { indents: overhang, ..mark }.run(&format!("{name}{suffix}"), look));
}

/// The names below each other, and 文件 in the middle of their height.
fn joint_mark(names: &[Paragraph], width: u32, suffix: &str) -> String {
    let look = Look { size: Some(MARK_SUFFIX), ..Look::default() };
    let beside = twips(MARK_GAP) + 2 * points(MARK_SUFFIX) + 40;
    let pitch = points(MARK_SUFFIX) * MARK_LINE / 10_000;
    let mut xml = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>\
         <w:gridCol w:w=\"{width}\"/><w:gridCol w:w=\"{beside}\"/></w:tblGrid>",
        width + beside
    );
    for (index, name) in names.iter().enumerate() {
        let _ = write!(xml, "<w:tr><w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>");
        name.write(&mut xml);
        let merge = if index == 0 { " w:val=\"restart\"" } else { "" };
        let _ = write!(
            xml,
            "</w:tc><w:tc><w:tcPr><w:tcW w:w=\"{beside}\" w:type=\"dxa\"/><w:vMerge{merge}/>\
             <w:vAlign w:val=\"center\"/></w:tcPr>"
        );
        let text = if index == 0 { suffix } else { "" };
        Paragraph { pitch: Some(pitch), align: Some("right"), ..Paragraph::of(Style::Mark) }
            .run(text, look)
            .write(&mut xml);
        xml.push_str("</w:tc></w:tr>");
    }
    xml.push_str("</w:tbl>");
    xml
}

fn letter_rule() -> String {
    border("bottom", "thickThinSmallGap", LETTER_RULE, 11)
}

/// The labels of a letter at the left, 发文字号 at the right of the first.
fn letter_head(masthead: &Masthead, document: &mut Document) {
    let first = masthead.labels.first().map(String::as_str).unwrap_or_default();
    let line = Paragraph { tabs: vec![("right", AREA)], ..Paragraph::of(Style::Plain) };
    let label = Look { face: Some(Face::Heiti), ..Look::default() };
    document.add(&line.run(first, label).text("\t").text(&masthead.document_number));
    for label in masthead.labels.iter().skip(1) {
        document.add(&Paragraph::of(Style::Label).text(label));
    }
}

/// 发文字号 and 签发人, with the red rule below the last line.
fn number_lines(masthead: &Masthead, document: &mut Document) {
    let number = &masthead.document_number;
    let mut lines = match masthead.number_place {
        NumberPlace::Centred => {
            let line = Paragraph { align: Some("center"), ..Paragraph::of(Style::Plain) };
            vec![line.text(number)]
        }
        NumberPlace::Beside => signatories(&masthead.signatories, Some(number)),
        NumberPlace::Below => {
            let mut lines = signatories(&masthead.signatories, None);
            let line =
                Paragraph { tabs: vec![("left", characters(1))], ..Paragraph::of(Style::Plain) };
            lines.push(line.text("\t").text(number));
            lines
        }
    };
    if let Some(first) = lines.first_mut() {
        first.above = Some(NUMBER_ABOVE);
    }
    if let Some(last) = lines.last_mut() {
        last.borders = border("bottom", "single", RULE.0, RULE.1);
    }
    lines.iter().for_each(|line| document.add(line));
}

/// 签发人 in columns, and 发文字号 on the last line. A line has tab stops, because a rule below it would
/// have its indents.
fn signatories(rows: &[Vec<String>], number: Option<&str>) -> Vec<Paragraph> {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| {
        let names = rows.iter().filter_map(|row| row.get(column));
        names.map(|name| width_of(name)).max().unwrap_or_default()
    };
    let count = |count: usize| characters(u32::try_from(count).unwrap_or_default());
    let widths: Vec<u32> = (0..columns).map(widest).collect();
    let gaps = count(SIGNATORY_GAP) * u32::try_from(columns.saturating_sub(1)).unwrap_or_default();
    let names: u32 = widths.iter().sum::<u32>() + gaps;
    // Where the names begin, one character from the right (H-13).
    let mut next = AREA.saturating_sub(characters(1) + names);
    let label = next.saturating_sub(count(SIGNATORY_LABEL));
    let mut tabs = vec![("left", label)];
    for width in widths {
        tabs.push(("left", next));
        next += width + count(SIGNATORY_GAP);
    }
    let kaiti = Look { face: Some(Face::Kaiti), ..Look::default() };
    let last = rows.len().saturating_sub(1);
    let line = |(index, row): (usize, &Vec<String>)| {
        let mut line = Paragraph { tabs: tabs.clone(), ..Paragraph::of(Style::Plain) };
        let mut is_past_label = false;
        if let Some(number) = number.filter(|_| index == last) {
            line.tabs.insert(0, ("left", characters(1)));
            line = line.text("\t").text(number);
            is_past_label = characters(1) + width_of(number) >= label;
        }
        line = match index {
            0 => line.text("\t签发人："),
            _ if is_past_label => line.text("\t"),
            _ => line.text("\t\t"),
        };
        line.run(&row.join("\t"), kaiti)
    };
    rows.iter().enumerate().map(line).collect()
}
