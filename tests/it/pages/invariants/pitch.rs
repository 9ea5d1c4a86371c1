//! PG-7: one line pitch for all text of a filing, and another than that of 22 lines per page only for a reason.

use crate::pages::invariants::{CELL, Frame, Row, is_page_number};
use crate::pages::ruler::{Line, MeasuredPage};

/// The lines per page that the standard recommends (PG-7).
const STANDARD: usize = 22;
/// The lines per page of the fallbacks (B-18, 5.2.3).
const OTHERS: [usize; 5] = [21, 20, 23, 24, 25];
const TOLERANCE: f64 = 0.05;

/// The line pitch of a filing.
#[derive(Debug, Clone, Copy)]
pub struct Pitch {
    /// The lines of a full page.
    pub lines: usize,
}

impl Pitch {
    /// The pitch that two lines of one paragraph have, or of two paragraphs if each has only one line. All
    /// other lines must have it too. Without such lines it is the standard's.
    pub fn of(paragraphs: &[Vec<Row>]) -> Self {
        let mut all = std::iter::once(STANDARD).chain(OTHERS).map(|lines| Self { lines });
        let within = || paragraphs.iter().flat_map(|rows| rows.windows(2));
        let within = || within().map(|pair| (&pair[0], &pair[1]));
        let rows: Vec<&Row> = paragraphs.iter().flatten().collect();
        let found = all.clone().find(|pitch| within().any(|pair| pitch.is_of(pair)));
        let found = found.or_else(|| {
            all.find(|pitch| rows.windows(2).any(|pair| pitch.is_of((pair[0], pair[1]))))
        });
        found.unwrap_or(Self { lines: STANDARD })
    }

    /// The distance of two baselines in millimetres.
    pub fn height(self) -> f64 {
        (225.0 - CELL) / (self.lines - 1) as f64
    }

    pub fn is_near(self, apart: f64) -> bool {
        (apart - self.height()).abs() <= TOLERANCE
    }

    fn is_of(self, (upper, lower): (&Row, &Row)) -> bool {
        upper.page == lower.page
            && is_text(&upper.line)
            && is_text(&lower.line)
            && self.is_near(lower.line.baseline - upper.line.baseline)
    }
}

fn is_text(line: &Line) -> bool {
    let place = line.glyphs[0].place;
    (15.0..17.0).contains(&line.size()) && place.paragraph.is_some() && place.table.is_none()
}

/// Every fault of the line pitch. Pages are in reading position.
pub fn faults(pages: &[MeasuredPage], pitch: Pitch, frame: &Frame) -> Vec<String> {
    let mut faults: Vec<String> =
        pages.iter().zip(1..).flat_map(|(page, number)| page_faults(page, number, pitch)).collect();
    faults.extend(reason_fault(pages, pitch, frame));
    faults
}

/// Lines of text that follow each other are one pitch apart, across paragraphs and headings.
fn page_faults(page: &MeasuredPage, page_number: usize, pitch: Pitch) -> Vec<String> {
    let lines: Vec<Line> = page.lines().into_iter().filter(|line| !is_page_number(line)).collect();
    let pairs = lines.windows(2).filter(|pair| is_text(&pair[0]) && is_text(&pair[1]));
    pairs
        .filter(|pair| !pitch.is_near(pair[1].baseline - pair[0].baseline))
        .map(|pair| {
            let apart = pair[1].baseline - pair[0].baseline;
            format!(
                "PG-7: page {page_number}: “{}” is {apart:.2} mm below “{}”, not {:.2}",
                pair[1].text(),
                pair[0].text(),
                pitch.height()
            )
        })
        .collect()
}

/// More lines than 22 save a sheet that the filing wants saved, or keep the closing with the text of page 1
/// (7.3.3). Fewer move text to the page of the closing (B-18), so it is not page 1.
fn reason_fault(pages: &[MeasuredPage], pitch: Pitch, frame: &Frame) -> Option<String> {
    let date = frame.date.as_ref()?;
    let is_date = |line: &Line| line.size() > 15.0 && line.text().ends_with(date.as_str());
    let closing = pages.iter().rposition(|page| page.lines().iter().any(is_date))?;
    let is_right = match pitch.lines {
        STANDARD => true,
        23.. => frame.fewer_sheets || closing == 0,
        _ => closing > 0,
    };
    (!is_right).then(|| format!("PG-7: {} lines per page without a reason", pitch.lines))
}
