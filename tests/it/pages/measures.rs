//! `measures.rs` and `theme.typ` state the same measures.

use std::fmt::Write as _;

use hongtou::document::measures::{
    AREA_HEIGHT, AREA_WIDTH, BOTTOM_MARGIN, BOUND_MARGIN, CHARACTER, CHARACTERS_PER_LINE,
    LINE_PITCH, LINES_PER_PAGE, MARK_DROP, MARK_GAP, MARK_PITCH, MARK_SIZES, MARK_SUFFIX,
    OPEN_MARGIN, PAPER_HEIGHT, PAPER_WIDTH, RULE_GAP, RULE_STROKE, SEAL_LINES, SEAL_ROW,
    SIDE_INSET, SIGNATORY_GAP, SIGNATORY_LABEL, STAMP_HEIGHT, TABLE_INSET, TABLE_PITCH, TABLE_SIZE,
    TITLE_PITCH, TITLE_SIZE, TOP_MARGIN, points,
};
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;

use crate::fixtures::seed;

/// Expressions of `theme.typ` and the lengths of `measures.rs`, in micrometres.
fn lengths() -> Vec<(String, u32)> {
    let mark_sizes = MARK_SIZES.into_iter().enumerate();
    let mark_sizes =
        mark_sizes.map(|(step, size)| (format!("mark-sizes.at({step})"), points(size)));
    let lengths = [
        ("paper.width", PAPER_WIDTH),
        ("paper.height", PAPER_HEIGHT),
        ("margins.top", TOP_MARGIN),
        ("margins.bottom", BOTTOM_MARGIN),
        ("bound-margin", BOUND_MARGIN),
        ("open-margin", OPEN_MARGIN),
        ("area.width", AREA_WIDTH),
        ("area.height", AREA_HEIGHT),
        ("cell", CHARACTER),
        ("line-pitch", LINE_PITCH),
        ("mark-drop", MARK_DROP),
        ("mark-suffix", points(MARK_SUFFIX)),
        ("mark-pitch.em * mark-sizes.first()", MARK_PITCH),
        ("mark-gap", MARK_GAP),
        ("rule-gap", RULE_GAP),
        ("rule-stroke", RULE_STROKE),
        ("size-2", points(TITLE_SIZE)),
        ("title-pitch", TITLE_PITCH),
        ("table-size", points(TABLE_SIZE)),
        ("table-inset.x", TABLE_INSET),
        ("table-pitch", TABLE_PITCH),
        ("seal-row", SEAL_ROW),
        ("stamp.height", STAMP_HEIGHT),
    ];
    lengths.map(|(name, length)| (name.to_owned(), length)).into_iter().chain(mark_sizes).collect()
}

/// Expressions of `theme.typ` and the counts of `measures.rs`.
fn counts() -> Vec<(&'static str, usize)> {
    vec![
        ("cells-per-line", CHARACTERS_PER_LINE),
        ("lines-per-page", LINES_PER_PAGE),
        ("calc.round(side-inset / cell)", SIDE_INSET),
        ("calc.round(signatory-label / cell)", SIGNATORY_LABEL),
        ("calc.round(signatory-gap / cell)", SIGNATORY_GAP),
        ("calc.round(seal-places.first() / line-pitch)", SEAL_LINES as usize),
        ("mark-sizes.len()", MARK_SIZES.len()),
    ]
}

/// Typst evaluates the theme with these assertions at its end.
fn verdict(lengths: &[(String, u32)], counts: &[(&str, usize)]) -> Result<(), String> {
    let mut theme =
        std::fs::read_to_string(seed::folder().join("typst-templates/theme.typ")).unwrap();
    for (name, micrometres) in lengths {
        // Lengths of measures.rs are rounded down to whole micrometres, once for each division.
        let _ = writeln!(
            theme,
            "#assert(calc.abs(({name}) - {micrometres} * 0.001mm) < 0.003mm, message: \"{name}\")"
        );
    }
    for (name, count) in counts {
        let _ = writeln!(theme, "#assert({name} == {count}, message: \"{name}\")");
    }
    let typesetter = Typesetter::with_theme(FontSet::bundled(), &theme);
    let filing = seed::filing(&seed::json());
    typesetter.lay_out(&filing).map(drop).map_err(|error| error.to_string())
}

#[test]
fn the_theme_has_the_measures_of_the_program() {
    assert_eq!(verdict(&lengths(), &counts()), Ok(()));
}

#[test]
fn a_measure_that_differs_is_found() {
    let lengths = [("area.width".to_owned(), AREA_WIDTH + 10)];
    let error = verdict(&lengths, &[]).unwrap_err();
    assert!(error.contains("area.width"), "{error}");
    let error = verdict(&[], &[("lines-per-page", LINES_PER_PAGE + 1)]).unwrap_err();
    assert!(error.contains("lines-per-page"), "{error}");
}
