//! Checks the source against the house rules: size, rooms, layers, names and lengths.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::house::source::{code_lines, is_identifier, sources};
use crate::house::sql::sql;

/// The longest file, in lines.
const LONGEST: usize = 400;

/// The most files in one room (folder), without its `mod.rs`.
const LARGEST_ROOM: usize = 12;

/// The folders whose rooms are counted.
const WITH_ROOMS: [&str; 8] = [
    "src",
    "rules/src",
    "signature/src",
    "signature/tests/it",
    "import/src",
    "log/src",
    "tests/it",
    "web",
];

/// The packages that are one layer each, named like their folders.
const PACKAGES: [&str; 3] = ["signature", "import", "log"];

/// The layers: each may name itself and those before it.
const LAYERS: [&str; 16] = [
    "document",
    "scoring",
    "submission",
    "validate",
    "fix",
    "render",
    "word_copy",
    "signature",
    "import",
    "log",
    "archive",
    "generate",
    "jobs",
    "web",
    "http",
    "cli",
];

/// Names that only some layers may use. `*` matches any ending.
const OWNED: [(&str, &[&str]); 8] = [
    ("axum", &["http"]),
    ("StatusCode", &["http"]),
    ("sqlx", &["archive", "jobs"]),
    ("typst*", &["render"]),
    ("comemo", &["render"]),
    ("krilla", &["render"]),
    // Lengths and the numbers of spreadsheets are floats, scores are not.
    ("f32", &["render"]),
    ("f64", &["render", "import"]),
];

/// Names that do not say what a module does.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

/// Code that must not be committed.
const LEFT_BEHIND: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];

/// Script that must not be committed.
const SCRIPT_LEFT_BEHIND: [&str; 3] = ["console.log", "debugger", "innerHTML"];

/// What scripts of the page must not use, because old browsers lack it.
const TOO_NEW: [&str; 6] =
    [".at(", "Object.hasOwn(", "structuredClone(", "||=", "??=", ".findLast("];

/// Typst functions that would make a page depend on the clock or the environment.
const IMPURE: [&str; 2] = ["datetime.today", "sys.inputs"];

const UNITS: [&str; 5] = ["mm", "cm", "pt", "em", "in"];

/// The initials of the ids of layout rules, as in PG-3, H-6, B-1, V-2, N-4 and T-1.
const ID_INITIALS: [&str; 6] = ["PG", "H", "B", "V", "N", "T"];

/// This file contains the words that it forbids.
const THIS_FILE: &str = "tests/it/house/tidy.rs";
/// Files of other projects, unmodified.
const VENDOR: &str = "web/vendor/";
const THEME: &str = "typst-templates/theme.typ";

#[test]
fn the_source_follows_the_house_rules() {
    let faults: Vec<String> =
        ["src", "rules", "signature", "import", "log", "tests", "typst-templates", "web"]
            .into_iter()
            .flat_map(|folder| sources(folder, &["rs", "typ", "js", "mjs", "css"]))
            .filter(|file| !file.path.starts_with(VENDOR))
            .flat_map(|file| faults(&file.path, &file.text))
            .collect();
    assert!(faults.is_empty(), "house rules are broken:\n{}\n", faults.join("\n"));
}

#[test]
fn rooms_are_small() {
    let folders = WITH_ROOMS.into_iter();
    let paths: Vec<String> =
        folders.flat_map(|folder| sources(folder, &["rs", "js"])).map(|file| file.path).collect();
    let faults = crowded_rooms(&paths);
    assert!(faults.is_empty(), "house rules are broken:\n{}\n", faults.join("\n"));
}

/// The rooms with too many files.
fn crowded_rooms(paths: &[String]) -> Vec<String> {
    let mut rooms: BTreeMap<&str, usize> = BTreeMap::new();
    for (room, file) in paths.iter().filter_map(|path| path.rsplit_once('/')) {
        *rooms.entry(room).or_default() += usize::from(file != "mod.rs");
    }
    let crowded = rooms.into_iter().filter(|(_, n_files)| *n_files > LARGEST_ROOM);
    crowded
        .map(|(room, n_files)| format!("{room}: {n_files} files; {LARGEST_ROOM} at most"))
        .collect()
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
            sql(path, layer, text, &mut found);
        }
    } else if path.ends_with(".js") || path.ends_with(".mjs") {
        script(path, text, &mut found);
    } else if path.ends_with(".typ") {
        lengths(path, text, &mut found);
        impure(path, text, &mut found);
    }
    found
}

fn size(path: &str, text: &str, found: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!("{path}: {lines} lines; {LONGEST} at most, so split it by job"));
    }
}

fn first_line(path: &str, text: &str, found: &mut Vec<String>) {
    if !text.starts_with("//! ") {
        found.push(format!("{path}:1: has no first line `//!` that says its one job"));
    }
}

/// Scripts say their job, leave nothing behind and have only imports of files, with their endings.
fn script(path: &str, text: &str, found: &mut Vec<String>) {
    if !text.starts_with("// ") {
        found.push(format!("{path}:1: has no first line `//` that says its one job"));
    }
    for (number, line) in code_lines(text) {
        let is_page = path.starts_with("web/");
        for word in SCRIPT_LEFT_BEHIND.iter().filter(|word| is_page && line.contains(**word)) {
            found.push(format!("{path}:{number}: `{word}` is left behind"));
        }
        // The floor is Chromium 86; see `docs/decisions.md`.
        for word in TOO_NEW.iter().filter(|word| is_page && line.contains(**word)) {
            found.push(format!("{path}:{number}: Chromium 86 has no `{word}`"));
        }
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
            found.push(format!("{path}:{number}: a test must wait for an event, not for time"));
        }
    }
}

/// The package of a file that is one layer.
fn package_of(path: &str) -> Option<&'static str> {
    let (package, inside) = path.split_once('/')?;
    let package = PACKAGES.into_iter().find(|known| *known == package)?;
    inside.starts_with("src/").then_some(package)
}

/// The layer of a file; `lib.rs` and `main.rs` belong to none.
fn layer_of(path: &str) -> Option<&str> {
    if let Some(package) = package_of(path) {
        return Some(package);
    }
    let inside = path.strip_prefix("rules/").unwrap_or(path).strip_prefix("src/")?;
    let inside = inside.split('/').next()?;
    let layer = inside.strip_suffix(".rs").unwrap_or(inside);
    (layer != "lib" && layer != "main").then_some(layer)
}

fn layers(path: &str, layer: &str, text: &str, found: &mut Vec<String>) {
    let Some(own) = LAYERS.iter().position(|known| *known == layer) else {
        found.push(format!("{path}: `{layer}` is not one of the layers {}", LAYERS.join(", ")));
        return;
    };
    for (number, line) in code_lines(text) {
        // Paths from `crate::` stay inside a package that is one layer.
        let paths = line.match_indices("crate::").filter(|_| package_of(path).is_none());
        for (start, _) in paths {
            let named = identifier(&line[start + "crate::".len()..]);
            if !LAYERS[..=own].contains(&named) {
                let named = if named.is_empty() { "several modules at once" } else { named };
                found.push(format!("{path}:{number}: `{layer}` may not use {named}"));
            }
        }
        if line.contains("super::super::") {
            found.push(format!("{path}:{number}: use a path from `crate::`"));
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
                found.push(format!("{path}:{number}: only {owners} may use {word}"));
            }
        }
    }
}

/// Printed lengths are only in the theme, each with the id of its rule after or above it.
fn lengths(path: &str, text: &str, found: &mut Vec<String>) {
    let mut above = String::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        if let Some(length) = length_in(code) {
            if path != THEME {
                found.push(format!("{path}:{number}: {length} belongs in {THEME}"));
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
            found.push(format!("{path}:{}: `{word}`: a page depends only on its input", index + 1));
        }
    }
}

/// The first number with a unit of length in a line of Typst. A zero is not a length.
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

/// Whether a comment has the id of a rule (PG-3) or of a section on units (1.2).
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

/// The identifier at the start of a text, or the empty string.
fn identifier(text: &str) -> &str {
    text.split(|c: char| !is_identifier(c)).next().unwrap_or_default()
}

/// Each rule finds what it forbids.
#[test]
fn each_rule_can_fail() {
    let long = format!("//! A file.\n{}", "\n".repeat(LONGEST));
    let cases = [
        ("src/render/long.rs", long.as_str(), "401 lines"),
        ("src/render/x.rs", "use std::fs;\n", "no first line `//!`"),
        ("src/render/utils.rs", "//! Tools.\n", "`utils` does not say"),
        ("tests/it/common/mod.rs", "//! Shared.\n", "`common` does not say"),
        ("src/render/x.rs", "//! X.\nfn f() { todo!() }\n", "x.rs:2: `todo!` is left behind"),
        ("tests/it/x.rs", "//! X.\n#[ignore = \"slow\"]\n", "`#[ignore` is left behind"),
        ("tests/it/x.rs", "//! X.\nstd::thread::sleep(second);\n", "wait for an event"),
        ("src/shop/mod.rs", "//! X.\n", "`shop` is not one of the layers"),
        (
            "src/scoring/x.rs",
            "//! X.\nuse crate::render::typesetter::Typesetter;\n",
            "may not use render",
        ),
        ("src/generate.rs", "//! X.\nuse crate::http::in_process::App;\n", "may not use http"),
        ("src/http/x.rs", "//! X.\nuse crate::{generate, cli};\n", "several modules at once"),
        ("src/http/x/y.rs", "//! X.\nuse super::super::z;\n", "from `crate::`"),
        ("src/cli/x.rs", "//! X.\nuse axum::Router;\n", "only http may use axum"),
        ("src/validate/x.rs", "//! X.\nStatusCode::OK\n", "only http may use StatusCode"),
        ("src/http/x.rs", "//! X.\nuse sqlx::Pool;\n", "only archive and jobs may use sqlx"),
        ("src/http/x.rs", "//! X.\ntypst_pdf::pdf(&d)\n", "only render may use typst_pdf"),
        ("src/scoring/x.rs", "//! X.\nlet half: f64;\n", "only render and import may use f64"),
        ("typst-templates/x.typ", "#v(-1.5em)\n", "1.5em belongs in"),
        ("src/http/x.rs", "//! X.\n.query(\"SELECT 1\")\n", "SQL belongs to archive and jobs"),
        ("src/cli/x.rs", "//! X.\n\"DELETE FROM filings\"\n", "SQL belongs to archive and jobs"),
        (
            "src/archive/filings/x.rs",
            "//! X.\nuse sqlx::AnyPool;\n",
            "AnyPool belongs to src/archive",
        ),
        ("src/jobs/x.rs", "//! X.\nSqlitePoolOptions::new()\n", "SqlitePoolOptions belongs to"),
        ("src/jobs/x.rs", "//! X.\nsqlx::query(sql)\n", "a query runs through `Database`"),
        (THEME, "// PG-3\n#let a = 1mm\n#let b = 2mm\n", "theme.typ:3: 2mm names no rule"),
        ("typst-templates/x.typ", "#datetime.today()\n", "a page depends only on its input"),
        (THEME, "#let x = sys.inputs.x\n", "a page depends only on its input"),
        ("web/form/x.js", "export const x = 1;\n", "no first line `//`"),
        ("web/form/x.js", "// X.\nconsole.log(x);\n", "`console.log` is left behind"),
        ("web/form/x.js", "// X.\nlist.at(-1);\n", "Chromium 86 has no `.at(`"),
    ];
    for (path, text, expected) in cases {
        let found = faults(path, text);
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "{path} with {text:?} should break one rule, “{expected}”, and breaks {found:?}"
        );
    }
}

/// Correct code that a careless rule would report.
#[test]
fn allowed_code_breaks_no_rule() {
    let cases = [
        ("src/main.rs", "//! X.\nhongtou::cli::run();\n"),
        ("src/http/serve.rs", "//! X.\nuse crate::generate::generate;\nsleep(DEADLINE).await;\n"),
        (
            "src/validate/x.rs",
            "//! X.\n/// Not axum's StatusCode, no todo!\nuse crate::scoring::y;\n",
        ),
        ("src/jobs/queue.rs", "//! X.\nuse sqlx::{PgPool, SqlitePool};\nsqlx::query(sql)\n"),
        ("src/archive/database/x.rs", "//! X.\nlet pool: AnyPool;\n"),
        ("src/jobs/x.rs", "//! X.\ndatabase.query(\"SELECT 1\")\n"),
        ("src/http/x.rs", "//! X.\n// Not SELECT 1.\nlet x = \"INSTA_UPDATE x\";\n"),
        ("typst-templates/x.typ", "#v(0pt) // 3mm\n#set text(weight: 400, size: theme.size-2)\n"),
        (THEME, "// 1.2, the pitch.\n#let a = 1mm\n#let b = (x: 2mm) // PG-1\n#let c = 2 * a\n"),
    ];
    for (path, text) in cases {
        assert_eq!(faults(path, text), Vec::<String>::new(), "{path} with {text:?}");
    }
}

#[test]
fn crowded_rooms_are_found() {
    let files = |n: usize| -> Vec<String> {
        let numbered = (0..n).map(|number| format!("src/http/x/file_{number}.rs"));
        numbered.chain(["src/http/x/mod.rs".to_owned()]).collect()
    };
    assert_eq!(crowded_rooms(&files(LARGEST_ROOM)), Vec::<String>::new());
    let expected = ["src/http/x: 13 files; 12 at most"];
    assert_eq!(crowded_rooms(&files(LARGEST_ROOM + 1)), expected);
}
