//! Reads the files that the house rules check.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository, by its path from the root.
#[derive(Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with one of these extensions, sorted by path.
pub fn sources(folder: &str, suffixes: &[&str]) -> Vec<Source> {
    let is_wanted = |path: &PathBuf| {
        path.extension().is_some_and(|suffix| suffixes.iter().any(|wanted| suffix == *wanted))
    };
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file is UTF-8");
        Source { path: relative(&path), text }
    };
    files(&root().join(folder).components().collect::<PathBuf>())
        .into_iter()
        .filter(is_wanted)
        .map(read)
        .collect()
}

/// Every file below a folder, sorted by path, without build folders and hidden folders (except
/// `.ci`).
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder exists");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        !(path.is_dir() && (name == "target" || name.starts_with('.') && name != ".ci"))
    });
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// A path relative to the root, with `/` as separator.
pub fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).expect("files are below the root");
    path.to_str().expect("file names are UTF-8").to_owned()
}

/// The lines that are not comments, numbered from 1.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a character can be part of a Rust identifier.
pub fn is_identifier(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
