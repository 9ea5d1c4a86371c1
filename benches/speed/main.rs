//! What hongtou costs, as one table of medians and of ratios within one run: `just bench [SECTION]...`.
//!
//! What is held against each other takes turns, so that what else the machine does falls on all of
//! it alike; filings differ in their text, so that no memo of the typesetting engine helps. Sections:
//! phases, floor, sizes, tables, serve, cold, batch; without a name, all.

#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

mod filings;
mod clock;
mod table;
mod phases;
mod floor;
mod sizes;
mod serve;
mod cold;
mod batch;

use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;

use crate::table::Row;

/// Measures one thing after the other into rows.
type Section = fn(&Typesetter) -> Vec<Row>;

const SECTIONS: [(&str, Section); 7] = [
    ("phases", phases::rows),
    ("floor", floor::rows),
    ("sizes", sizes::of_text),
    ("tables", sizes::of_tables),
    ("serve", serve::rows),
    ("cold", cold::rows),
    ("batch", batch::rows),
];

fn main() {
    let named: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let known = |name: &String| SECTIONS.iter().any(|(section, _)| section == name);
    assert!(named.iter().all(known), "sections: {}", SECTIONS.map(|(name, _)| name).join(", "));
    let typesetter = Typesetter::new(FontSet::bundled());
    println!("{}", table::HEAD);
    for (_, section) in
        SECTIONS.iter().filter(|(name, _)| named.is_empty() || named.iter().any(|n| n == name))
    {
        for row in section(&typesetter) {
            println!("{row}");
        }
    }
}
