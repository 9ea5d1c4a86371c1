//! Holds the source to the house rules: size, layers, words and lengths.

use std::fmt::Write;

use crate::house::source::{code_lines, is_identifier, sources};

/// The longest file, in lines.
const LONGEST: usize = 400;

/// The layers: each may name itself and those before it.
const LAYERS: [&str; 13] = [
    "document",
    "scoring",
    "submission",
    "validate",
    "fix",
    "render",
    "signature",
    "archive",
    "generate",
    "jobs",
    "http",
    "web",
    "cli",
];

/// Names that belong to some layers alone. One that ends in `*` stands for all that begin so.
const OWNED: [(&str, &[&str]); 8] = [
    ("axum", &["http"]),
    ("StatusCode", &["http"]),
    ("sqlx", &["archive", "jobs"]),
    ("typst*", &["render"]),
    ("comemo", &["render"]),
    ("krilla", &["render"]),
    // Lengths are floats; scores never are.
    ("f32", &["render"]),
    ("f64", &["render"]),
];

/// Names that say nothing about what a module does.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

const LEFT_BEHIND: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];

/// What would let a clock or an environment into a page.
const IMPURE: [&str; 2] = ["datetime.today", "sys.inputs"];

const UNITS: [&str; 5] = ["mm", "cm", "pt", "em", "in"];

/// The initials of the ids that the layout's rules go by: PG-3, H-6, B-1, V-2, N-4, T-1.
const ID_INITIALS: [&str; 6] = ["PG", "H", "B", "V", "N", "T"];

/// This file names what it forbids.
const THIS_FILE: &str = "tests/it/house/tidy.rs";
const THEME: &str = "typst-templates/theme.typ";

#[test]
fn the_source_is_tidy() {
    let faults: Vec<String> = ["src", "rules", "tests", "typst-templates"]
        .into_iter()
        .flat_map(|folder| sources(folder, &["rs", "typ"]))
        .flat_map(|file| faults(&file.path, &file.text))
        .collect();
    assert!(faults.is_empty(), "house rules are broken:\n{}\n", faults.join("\n"));
}

/// Every rule that a file breaks, each with its place.
fn faults(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    size(path, text, &mut found);
    if path.ends_with(".rs") {
        first_line(path, text, &mut found);
        module_name(path, &mut found);
        left_behind(path, text, &mut found);
        if let Some(layer) = layer_of(path) {
            layers(path, layer, text, &mut found);
            owned_names(path, layer, text, &mut found);
        }
    } else if path.ends_with(".typ") {
        lengths(path, text, &mut found);
        impure(path, text, &mut found);
    }
    found
}

fn size(path: &str, text: &str, found: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!("{path}: {lines} lines; {LONGEST} at most, so split it by its jobs"));
    }
}

fn first_line(path: &str, text: &str, found: &mut Vec<String>) {
    if !text.starts_with("//! ") {
        found.push(format!("{path}:1: begins with no `//!` line that says its one job"));
    }
}

fn module_name(path: &str, found: &mut Vec<String>) {
    let parts = path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
        found.push(format!("{path}: `{part}` does not say what the module does"));
    }
}

fn left_behind(path: &str, text: &str, found: &mut Vec<String>) {
    if path == THIS_FILE {
        return;
    }
    for (number, line) in code_lines(text) {
        for word in LEFT_BEHIND.iter().filter(|word| line.contains(**word)) {
            found.push(format!("{path}:{number}: `{word}` is left behind"));
        }
        if path.starts_with("tests/") && line.contains("sleep(") {
            found.push(format!("{path}:{number}: a test waits for what happens, not for time"));
        }
    }
}

/// The module a file belongs to; `lib.rs` and `main.rs` belong to none.
fn layer_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("rules/").unwrap_or(path).strip_prefix("src/")?;
    let inside = inside.split('/').next()?;
    let layer = inside.strip_suffix(".rs").unwrap_or(inside);
    (layer != "lib" && layer != "main").then_some(layer)
}

fn layers(path: &str, layer: &str, text: &str, found: &mut Vec<String>) {
    let Some(own) = LAYERS.iter().position(|known| *known == layer) else {
        found.push(format!("{path}: `{layer}` is none of the layers {}", LAYERS.join(", ")));
        return;
    };
    for (number, line) in code_lines(text) {
        for (start, _) in line.match_indices("crate::") {
            let named = identifier(&line[start + "crate::".len()..]);
            if !LAYERS[..=own].contains(&named) {
                let named = if named.is_empty() { "several modules at once" } else { named };
                found.push(format!("{path}:{number}: `{layer}` may not name {named}"));
            }
        }
        if line.contains("super::super::") {
            found.push(format!("{path}:{number}: write the path from `crate::`"));
        }
    }
}

fn owned_names(path: &str, layer: &str, text: &str, found: &mut Vec<String>) {
    for (number, line) in code_lines(text) {
        for word in identifiers(line) {
            let owned = OWNED.iter().find(|(name, _)| match name.strip_suffix('*') {
                Some(beginning) => word.starts_with(beginning),
                None => word == *name,
            });
            if let Some((_, owners)) = owned.filter(|(_, owners)| !owners.contains(&layer)) {
                let owners = owners.join(" and ");
                found.push(format!("{path}:{number}: {word} belongs to {owners} alone"));
            }
        }
    }
}

/// Printed lengths stand in the theme alone, each with the id of its rule behind or above it.
fn lengths(path: &str, text: &str, found: &mut Vec<String>) {
    let mut above = String::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        if let Some(length) = length_in(code) {
            if path != THEME {
                found.push(format!("{path}:{number}: {length} belongs into {THEME}"));
            } else if !has_id(comment) && !has_id(&above) {
                found.push(format!("{path}:{number}: {length} names no rule, such as PG-3"));
            }
        }
        if code.trim().is_empty() && !comment.is_empty() {
            let _ = writeln!(above, "{comment}");
        } else {
            above.clear();
        }
    }
}

fn impure(path: &str, text: &str, found: &mut Vec<String>) {
    for (index, line) in text.lines().enumerate() {
        for word in IMPURE.iter().filter(|word| line.contains(**word)) {
            found.push(format!("{path}:{}: `{word}`: a page says only its input", index + 1));
        }
    }
}

/// The first number with a unit of length in a line of Typst; a plain zero is no length.
fn length_in(code: &str) -> Option<String> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let words = code.split(|c: char| !(is_number(c) || c.is_ascii_alphabetic() || c == '_'));
    words
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .find(|word| {
            let (number, unit) =
                word.split_at(word.find(|c: char| !is_number(c)).unwrap_or(word.len()));
            UNITS.contains(&unit) && number != "0"
        })
        .map(str::to_owned)
}

/// Whether a comment names a rule (PG-3) or a section on units (1.2).
fn has_id(comment: &str) -> bool {
    comment.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).any(|word| {
        let word = word.trim_end_matches('.');
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let rule = word.split_once('-');
        let section = word.split_once('.');
        rule.is_some_and(|(initials, rest)| ID_INITIALS.contains(&initials) && is_digits(rest))
            || section.is_some_and(|(chapter, rest)| is_digits(chapter) && is_digits(rest))
    })
}

fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !is_identifier(c)).filter(|word| !word.is_empty())
}

/// The identifier that a text begins with; empty where it begins with none.
fn identifier(text: &str) -> &str {
    text.split(|c: char| !is_identifier(c)).next().unwrap_or_default()
}

/// Each rule finds what it forbids; a rule that cannot fail would guard nothing.
#[test]
fn each_rule_can_fail() {
    let long = format!("//! A file.\n{}", "\n".repeat(LONGEST));
    let cases = [
        ("src/render/long.rs", long.as_str(), "401 lines"),
        ("src/render/x.rs", "use std::fs;\n", "no `//!` line"),
        ("src/render/utils.rs", "//! Tools.\n", "`utils` does not say"),
        ("tests/it/common/mod.rs", "//! Shared.\n", "`common` does not say"),
        ("src/render/x.rs", "//! X.\nfn f() { todo!() }\n", "x.rs:2: `todo!` is left behind"),
        ("tests/it/x.rs", "//! X.\n#[ignore = \"slow\"]\n", "`#[ignore` is left behind"),
        ("tests/it/x.rs", "//! X.\nstd::thread::sleep(second);\n", "waits for what happens"),
        ("src/shop/mod.rs", "//! X.\n", "`shop` is none of the layers"),
        (
            "src/scoring/x.rs",
            "//! X.\nuse crate::render::typesetter::Typesetter;\n",
            "may not name render",
        ),
        ("src/generate.rs", "//! X.\nuse crate::http::in_process::App;\n", "may not name http"),
        ("src/http/x.rs", "//! X.\nuse crate::{generate, cli};\n", "several modules at once"),
        ("src/http/x/y.rs", "//! X.\nuse super::super::z;\n", "from `crate::`"),
        ("src/cli/x.rs", "//! X.\nuse axum::Router;\n", "axum belongs to http alone"),
        ("src/validate/x.rs", "//! X.\nStatusCode::OK\n", "StatusCode belongs to http alone"),
        ("src/http/x.rs", "//! X.\nuse sqlx::Pool;\n", "belongs to archive and jobs alone"),
        ("src/http/x.rs", "//! X.\ntypst_pdf::pdf(&d)\n", "typst_pdf belongs to render alone"),
        ("src/scoring/x.rs", "//! X.\nlet half: f64;\n", "f64 belongs to render alone"),
        ("typst-templates/x.typ", "#v(-1.5em)\n", "1.5em belongs into"),
        (THEME, "// PG-3\n#let a = 1mm\n#let b = 2mm\n", "theme.typ:3: 2mm names no rule"),
        ("typst-templates/x.typ", "#datetime.today()\n", "a page says only its input"),
        (THEME, "#let x = sys.inputs.x\n", "a page says only its input"),
    ];
    for (path, text, expected) in cases {
        let found = faults(path, text);
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "{path} with {text:?} should break one rule, “{expected}”, and breaks {found:?}"
        );
    }
}

/// What the rules allow, where a careless rule would not.
#[test]
fn no_rule_overreaches() {
    let cases = [
        ("src/main.rs", "//! X.\nhongtou::cli::run();\n"),
        ("src/http/serve.rs", "//! X.\nuse crate::generate::generate;\nsleep(DEADLINE).await;\n"),
        (
            "src/validate/x.rs",
            "//! X.\n/// Not axum's StatusCode, no todo!\nuse crate::scoring::y;\n",
        ),
        ("typst-templates/x.typ", "#v(0pt) // 3mm\n#set text(weight: 400, size: theme.size-2)\n"),
        (THEME, "// 1.2, the pitch.\n#let a = 1mm\n#let b = (x: 2mm) // PG-1\n#let c = 2 * a\n"),
    ];
    for (path, text) in cases {
        assert_eq!(faults(path, text), Vec::<String>::new(), "{path} with {text:?}");
    }
}
