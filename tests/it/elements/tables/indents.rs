//! The unit above a table, the indents of its cells, and the empty rows of a project table (T-2).

use crate::elements::forms::{LEFT, RIGHT, found, pages};
use crate::elements::tables::layout::{edges, row_rules};
use crate::fixtures::seed::TYPESETTER;
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Glyph, MM_PER_PT, MeasuredPage};

/// One character of a table.
const CHARACTER: f64 = 12.0 * MM_PER_PT;

/// From the rule to the text.
const INSET: f64 = 1.5;

fn glyph<'p>(pages: &'p [MeasuredPage], text: &str) -> &'p Glyph {
    let of_tables = |glyph: &&Glyph| (11.0..13.5).contains(&glyph.size) && glyph.text == text;
    let mut glyphs = pages.iter().flat_map(|page| &page.glyphs);
    glyphs.find(of_tables).unwrap_or_else(|| panic!("no {text} in the table"))
}

#[test]
fn parts_below_a_total_are_indented_and_the_unit_is_at_the_right() {
    let pages = pages(&TYPESETTER, "table-unit-and-indents").unwrap();
    let page = &pages[0];
    let mut faults = Faults::default();
    for (text, characters) in [("城", 0.0), ("其", 1.0), ("农", 4.0)] {
        let left = LEFT + INSET + characters * CHARACTER;
        faults.near("T-2", &format!("left edge of {text}"), glyph(&pages, text).x, left, 0.05);
    }
    // The last cell of the third row takes two lines with the same indent.
    let column = glyph(&pages, "含").x;
    let glyphs = pages.iter().flat_map(|page| &page.glyphs);
    let below = glyphs.filter(|glyph| (glyph.x - column).abs() < 0.05).count();
    faults.holds("T-2", format!("{below} lines hang at the indent"), below >= 2);
    let (unit, above) = found(page, "单位：").unwrap();
    faults.near("T-2", "right edge of the unit", unit.right(), RIGHT, 0.1);
    faults.near("T-2", "size of the unit", unit.size(), 12.0, 0.05);
    faults.holds("T-2", "below the caption", above.unwrap().text().contains("城乡低保情况"));
    let gap = edges(page).into_iter().find(|y| *y > unit.baseline).map(|y| y - unit.em_bottom());
    let gap = gap.unwrap_or(f64::NAN);
    faults.holds("T-2", format!("{gap} mm from the unit to the table"), (0.5..8.0).contains(&gap));
    row_rules(page, &mut faults);
    assert_eq!(faults.0, Vec::<String>::new());
}

#[test]
fn an_empty_row_of_a_project_table_has_no_points() {
    let pages = pages(&TYPESETTER, "project-table-empty-row").unwrap();
    let row = pages.iter().find_map(|page| found(page, "经济效益")).map(|(line, _)| line.text());
    let row = row.expect("the empty row is printed");
    assert!(!row.contains(|c: char| c.is_ascii_digit()), "{row}");
}
