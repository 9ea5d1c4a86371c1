//! Measures what hongtou costs and prints medians and ratios as one table: `just bench [SECTION]...`.
//!
//! Measurements that are compared take turns, so that other load on the machine affects all of them.
//! Filings differ in their text, so that no cache of Typst helps. The sections are phases, floor, sizes,
//! tables, serve, cold and batch; the default is all.

#![expect(clippy::print_stdout, reason = "the bench prints its measurements")]

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

/// Measures and returns the rows of the table.
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
