//! Import circles: no file of a package imports itself, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::source::{Source, code_lines, is_identifier, sources};

/// The modules that each module imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_file_imports_itself_through_others() {
    for package in ["rules/src/", "signature/src/", "import/src/", "log/src/", "src/"] {
        let circle = circle(&imports(&sources(package, &["rs"]), package));
        assert_eq!(
            circle, None,
            "files of {package} import each other; move the shared code to a third file"
        );
    }
}

fn imports(files: &[Source], package: &str) -> Imports {
    let module = |file: &Source| module(&file.path[package.len()..]);
    let modules: BTreeSet<String> = files.iter().map(module).collect();
    let of_file = |file: &Source| {
        let own = module(file);
        let paths = paths(file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        let imported = paths.iter().filter_map(|path| resolve(&own, path, &modules));
        let others = imported.filter(|module| *module != own).collect();
        (own, others)
    };
    files.iter().map(of_file).collect()
}

/// The module path of a file: `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module(path: &str) -> String {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.strip_suffix("/mod").unwrap_or(path).replace('/', "::")
}

/// Every path in a source that begins with `crate` or `super`; groups are expanded.
fn paths(text: &str) -> Vec<String> {
    let code: String = code_lines(text).flat_map(|(_, line)| [line, "\n"]).collect();
    let mut found = Vec::new();
    for prefix in ["crate::", "super::"] {
        for (start, _) in code.match_indices(prefix) {
            if !code[..start].ends_with(|c: char| is_identifier(c) || c == ':' || c == '$') {
                path_at(&code[start..], String::new(), &mut found);
            }
        }
    }
    found
}

/// Reads one path or group and returns what follows it.
fn path_at<'c>(code: &'c str, before: String, found: &mut Vec<String>) -> &'c str {
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = path_at(rest.trim_start(), before.clone(), found).trim_start();
            match rest.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => rest = next,
                _ => break,
            }
        }
        return rest.trim_start_matches(',').trim_start().strip_prefix('}').unwrap_or(rest);
    }
    let end = code.find(|c: char| !is_identifier(c)).unwrap_or(code.len());
    let path = format!("{before}{}", &code[..end]);
    match code[end..].strip_prefix("::") {
        Some(rest) if rest.starts_with(|c: char| is_identifier(c) || c == '{') => {
            path_at(rest, format!("{path}::"), found)
        }
        _ => {
            found.push(path);
            &code[end..]
        }
    }
}

/// The module that a path refers to.
fn resolve(own: &str, path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut parts: Vec<&str> = own.split("::").collect();
    for part in path.split("::") {
        match part {
            "crate" => parts.clear(),
            "super" => drop(parts.pop()),
            "self" => {}
            _ => parts.push(part),
        }
    }
    (1..=parts.len()).rev().map(|n| parts[..n].join("::")).find(|path| modules.contains(path))
}

/// The first circle found, as the list of its modules.
fn circle(imports: &Imports) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| visit(module, imports, &mut Vec::new(), &mut done))
}

fn visit(
    module: &str,
    imports: &Imports,
    trail: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = trail.iter().position(|earlier| earlier == module) {
        return Some(trail[start..].to_vec());
    }
    if done.contains(module) {
        return None;
    }
    trail.push(module.to_owned());
    let found = imports
        .get(module)
        .and_then(|imported| imported.iter().find_map(|next| visit(next, imports, trail, done)));
    trail.pop();
    done.insert(module.to_owned());
    found
}

/// Paths and texts of files, and the expected circle.
type Case = (&'static [(&'static str, &'static str)], Option<&'static [&'static str]>);

#[test]
fn exactly_the_circles_are_found() {
    let cases: [Case; 6] = [
        (&[("a.rs", "use crate::b::B;"), ("b.rs", "fn f() { crate::a::f() }")], Some(&["a", "b"])),
        (
            &[("a/mod.rs", "use crate::a::b::{C, D};"), ("a/b.rs", "use super::E;")],
            Some(&["a", "a::b"]),
        ),
        (
            &[
                ("a.rs", "use crate::{x::{Y, z::Z}, b};"),
                ("b.rs", "use crate::c;"),
                ("c.rs", "use crate::a;"),
            ],
            Some(&["a", "b", "c"]),
        ),
        (&[("a/mod.rs", "pub mod b;"), ("a/b.rs", "use crate::a::E; pub(crate) fn f() {}")], None),
        (&[("a.rs", "// crate::b\n"), ("b.rs", "use crate::a;")], None),
        (&[("a.rs", "#[cfg(test)]\nmod tests { use crate::b; }"), ("b.rs", "use crate::a;")], None),
    ];
    for (files, expected) in cases {
        let file = |(path, text): &(&str, &str)| Source {
            path: format!("src/{path}"),
            text: (*text).to_owned(),
        };
        let files: Vec<Source> = files.iter().map(file).collect();
        let found = circle(&imports(&files, "src/"));
        assert_eq!(
            found.as_deref().map(|trail| trail.iter().map(String::as_str).collect()),
            expected.map(<[&str]>::to_vec),
            "{files:?}"
        );
    }
}
