//! The Python scripts import only what their shared modules define.

use std::fs;

use crate::house::source::{Source, relative, root, sources};

/// The folder of the modules that the scripts share.
const SHARED: &str = "tests/system/support";

#[test]
fn scripts_import_what_exists() {
    let shared = sources(SHARED, &["py"]);
    let scripts = sources(".", &["py"]).into_iter().chain([services()]);
    let faults: Vec<String> = scripts.flat_map(|script| missing(&script, &shared)).collect();
    assert!(faults.is_empty(), "imports of names that do not exist:\n{}\n", faults.join("\n"));
}

/// The one script without a suffix.
fn services() -> Source {
    let path = root().join(".ci/services");
    Source { path: relative(&path), text: fs::read_to_string(&path).expect("it is UTF-8") }
}

/// The names that a script imports from shared modules without such a definition.
fn missing(script: &Source, shared: &[Source]) -> Vec<String> {
    let imports = script.text.lines().filter_map(|line| line.strip_prefix("from support"));
    let pairs = imports.filter_map(|line| line.split_once(" import "));
    let names = pairs.flat_map(|(module, names)| {
        names.split(", ").map(move |name| (module.trim_start_matches('.'), name))
    });
    names
        .filter(|(module, name)| !defines(shared, module, name))
        .map(|(module, name)| format!("{}: {module} has no {name}", script.path))
        .collect()
}

/// Whether the shared modules have the name: a module of their folder, or a definition at the
/// start of a line of a module.
fn defines(shared: &[Source], module: &str, name: &str) -> bool {
    let text = |module: &str| {
        let path = format!("{SHARED}/{module}.py");
        shared.iter().find(|source| source.path == path).map(|source| &source.text)
    };
    if module.is_empty() {
        return text(name).is_some();
    }
    let starts = [format!("def {name}("), format!("class {name}"), format!("{name} =")];
    text(module).is_some_and(|text| {
        text.lines().any(|line| starts.iter().any(|start| line.starts_with(start)))
    })
}
