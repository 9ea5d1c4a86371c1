//! B-18: 署名 and 成文日期 share their page with text.

use std::collections::BTreeSet;

use crate::pages::invariants::{BOTTOM, is_page_number};
use crate::pages::ruler::{Line, MeasuredPage};

/// The faults of the closing of a filing with these signers and this 成文日期.
pub fn faults(pages: &[MeasuredPage], signers: &[String], date: &str) -> Vec<String> {
    let is_date = |line: &Line| {
        let place = line.glyphs[0].place;
        line.size() > 15.0 && place.paragraph.is_none() && line.text().ends_with(date)
    };
    let Some(page_number) = pages.iter().rposition(|page| page.lines().iter().any(is_date)) else {
        return vec![format!("B-18: no {date} below the text")];
    };
    let lines = pages[page_number].lines();
    let is_text = |line: &Line| {
        let place = line.glyphs[0].place;
        place.paragraph.or(place.heading).or(place.table).is_some()
            || (line.size() > 15.0 && !is_signing(&line.text(), signers))
    };
    let above: Vec<&Line> = lines.iter().take_while(|line| !is_date(line)).collect();
    let has_text = above.iter().any(|line| is_text(line));
    let before = page_number.checked_sub(1).map(|before| &pages[before]);
    let has_no_room = before.is_some_and(|before| is_taller_table(before, &pages[page_number]));
    let may_be_alone = has_no_room || (page_number == 1 && is_one_line(&pages[0]));
    if !has_text && !may_be_alone {
        return vec![format!("B-18: page {}: the closing is alone", page_number + 1)];
    }
    let before = page_number.checked_sub(1).map(|page| pages[page].lines());
    let is_widow = before.is_some_and(|before| begins_with_widow(&before, &above));
    let widow = || format!("B-18: page {}: one line above the closing", page_number + 1);
    is_widow.then(widow).into_iter().collect()
}

/// Whether the text above the closing is only the last line of a paragraph, although another paragraph
/// would be left if the whole paragraph moved there.
fn begins_with_widow(before: &[Line], above: &[&Line]) -> bool {
    let paragraph = |line: &Line| line.glyphs[0].place.paragraph;
    let rows: Vec<usize> = above.iter().filter_map(|line| paragraph(line)).collect();
    let [widow] = rows[..] else { return false };
    let has_other_text = above.iter().any(|line| {
        let place = line.glyphs[0].place;
        place.table.is_some() || (paragraph(line).is_none() && line.text().starts_with("附件："))
    });
    let of_text: Vec<&Line> =
        before.iter().filter(|line| paragraph(line).is_some() && line.size() < 17.0).collect();
    let begin = of_text.iter().position(|line| paragraph(line) == Some(widow));
    // 主送机关 are not text.
    let is_text =
        |line: &Line| line.glyphs[0].place.heading.is_none() && !line.text().ends_with('：');
    let is_left = |begin: usize| begin.checked_sub(1).is_some_and(|last| is_text(of_text[last]));
    !has_other_text && begin.is_some_and(is_left)
}

/// Whether a page has only the head of a table and its last lines, which are taller than the room that the
/// closing leaves on its page: that of many agencies fills it.
fn is_taller_table(page: &MeasuredPage, closing: &MeasuredPage) -> bool {
    let of_text = |page: &MeasuredPage| -> Vec<Line> {
        page.lines().into_iter().filter(|line| !is_page_number(line)).collect()
    };
    let is_table = of_text(page).iter().all(|line| line.glyphs[0].place.table.is_some());
    let edges: Vec<f64> = page.rules.iter().map(|rule| rule.y).collect();
    let top = edges.iter().copied().fold(f64::INFINITY, f64::min);
    let bottom = edges.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = of_text(closing).iter().map(Line::em_bottom).fold(f64::NEG_INFINITY, f64::max);
    is_table && bottom - top > BOTTOM - lowest
}

/// Whether the text of page 1 is a single line, heading or row of a table below 主送机关. It must stay there (7.3.3).
fn is_one_line(page: &MeasuredPage) -> bool {
    let lines: Vec<Line> = page.lines().into_iter().filter(|line| !is_page_number(line)).collect();
    let places = lines.iter().map(|line| line.glyphs[0].place);
    let of_text = places.filter(|place| place.heading.is_none());
    let paragraphs: Vec<usize> = of_text.filter_map(|place| place.paragraph).collect();
    let all: BTreeSet<usize> = paragraphs.iter().copied().collect();
    let in_tables = lines.iter().filter(|line| line.glyphs[0].place.table.is_some());
    let table_lines = in_tables.count();
    // A head and a row of one line.
    if table_lines == 2 && paragraphs.len() <= 1 {
        return true;
    }
    let has_table = table_lines > 0;
    let in_headings = lines.iter().map(|line| line.glyphs[0].place);
    let in_headings = in_headings.filter(|place| place.heading.is_some());
    let headings: BTreeSet<usize> = in_headings.filter_map(|place| place.paragraph).collect();
    if paragraphs.len() <= 1 && headings.len() == 1 && !has_table {
        return true;
    }
    let last = paragraphs.last();
    let is_single = paragraphs.iter().filter(|paragraph| Some(*paragraph) == last).count() == 1;
    is_single && all.len() <= 2 && !has_table
}

/// Whether a line consists of names of 署名, complete or in part.
fn is_signing(text: &str, signers: &[String]) -> bool {
    let mut rest = text.to_owned();
    for name in signers {
        let printed: String = name.split_whitespace().collect();
        rest = rest.replace(&printed, "");
    }
    signers.iter().any(|name| name.contains(&rest))
}
