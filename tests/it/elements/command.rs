//! A command 令 against section 7 of the layout rules (S1 10.2, F12).

use hongtou::render::typesetter::Typesetter;

use crate::elements::forms::{ONE_LINE, found, mark, pages, rules};
use crate::fixtures::seed::TYPESETTER;
use crate::pages::geometry::Faults;
use crate::pages::ruler::MeasuredPage;

/// A command of a city's government.
pub const ORDER: &str = "order-2023-12";

/// The violations in the command.
pub fn faults(typesetter: &Typesetter) -> Vec<String> {
    let mut faults = Faults::default();
    match pages(typesetter, ORDER) {
        Ok(pages) => {
            head(&pages[0], &mut faults);
            faults.holds("V-3", "the last page is even", pages.len() == 2);
            let rules = pages.last().map(|page| rules(page, false).len());
            faults.holds("V-1", "the colophon's rules", rules == Some(3));
        }
        Err(error) => faults.0.push(error),
    }
    faults.0
}

fn head(page: &MeasuredPage, faults: &mut Faults) {
    let mark = mark(page);
    faults.holds(
        "S1 10.2",
        format!("full name and 令: {}", mark.text),
        mark.text == "广元市人民政府令",
    );
    faults.near("S1 10.2", "upper edge of the mark", mark.top, 57.0, 0.1);
    faults.near("S1 10.2", "the mark in the middle", mark.centre, 106.0, 0.1);
    faults.holds("S1 10.2", "no red rule", rules(page, true).is_empty());
    let has_title = page.lines().iter().any(|line| (line.size() - 22.0).abs() < 0.5);
    faults.holds("S1 10.2", "no title", !has_title);
    let (Some((number, _)), Some((body, above))) = (found(page, "第12号"), found(page, "《广元市"))
    else {
        faults.holds("S1 10.2", "令号 and text are on page 1", false);
        return;
    };
    faults.holds("S1 10.2", "only 令号", number.text() == "第12号");
    faults.near("S1 10.2", "令号 in the middle", number.centre(), 106.0, 0.1);
    let gap = number.em_top() - mark.bottom;
    faults.near("S1 10.2", "two lines from the mark to 令号", gap, 2.0 * ONE_LINE, 0.1);
    let gap = body.em_top() - number.em_bottom();
    faults.near("S1 10.2", "two lines from 令号 to the text", gap, 2.0 * ONE_LINE, 0.1);
    let above = above.map(|line| line.text());
    faults.holds("S1 10.2", "nothing between", above.as_deref() == Some("第12号"));
}

#[test]
fn a_command_follows_every_rule() {
    assert_eq!(faults(&TYPESETTER), Vec::<String>::new());
}
