//! Every path, item and link in the documents exists.

use crate::house::source::{Source, files, is_identifier, relative, root, sources};

/// A word in backticks with one of these suffixes is a file of the repository.
const SOURCES: [&str; 5] = [".rs", ".typ", ".md", ".py", ".sql"];

/// A word in backticks with one of these suffixes can also be a file at run time, such as `data.json`.
const DATA: [&str; 3] = [".json", ".toml", ".ndjson"];

/// What precedes the name of an item in its definition.
const DEFINITIONS: [&str; 9] =
    ["fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ", "mod ", "pub "];

/// The paths, the code and the manifest that documents may name.
struct Repository {
    paths: Vec<String>,
    code: Vec<Source>,
    manifest: String,
}

#[test]
fn documents_name_only_what_exists() {
    let repository = Repository::read();
    let faults: Vec<String> = documents().iter().flat_map(|text| repository.faults(text)).collect();
    assert!(faults.is_empty(), "documents refer to what does not exist:\n{}\n", faults.join("\n"));
}

fn documents() -> Vec<Source> {
    let of_the_project = |document: &Source| {
        ["fixtures/", "fonts/"].iter().all(|folder| !document.path.starts_with(folder))
    };
    sources(".", &["md"]).into_iter().filter(of_the_project).collect()
}

impl Repository {
    fn read() -> Self {
        let paths = files(root()).iter().map(|path| relative(path)).collect();
        let folders = ["src", "rules", "signature", "import", "log", "tests", "benches"];
        let code = folders.iter().flat_map(|folder| sources(folder, &["rs"])).collect();
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        Self { paths, code, manifest }
    }

    /// The names and links of a document that do not exist, each with the document's path.
    fn faults(&self, document: &Source) -> Vec<String> {
        let text = outside_fences(&document.text);
        let spans = text.split('`').skip(1).step_by(2);
        let missing = spans.filter(|span| !self.has(span)).map(|span| format!("`{span}`"));
        let links = links(&text).into_iter().filter(|link| !has_target(document, link));
        let all = missing.chain(links.map(|link| format!("({link})")));
        all.map(|fault| format!("{}: {fault}", document.path)).collect()
    }

    /// Whether a word in backticks exists. Words that name neither a file nor an item always pass.
    fn has(&self, span: &str) -> bool {
        let is_name = |c: char| is_identifier(c) || "./-:".contains(c);
        let name = span.strip_suffix("()").unwrap_or(span);
        if name.is_empty() {
            return false;
        }
        if name.starts_with(['/', '.', '-']) || !name.chars().all(is_name) {
            return true;
        }
        if name.contains("::") {
            return self.has_item(name);
        }
        if name.ends_with('/') || SOURCES.iter().any(|suffix| name.ends_with(suffix)) {
            return self.has_path(name);
        }
        if DATA.iter().any(|suffix| name.ends_with(suffix)) {
            return self.has_path(name) || self.code.iter().any(|file| file.text.contains(name));
        }
        name == span || self.code.iter().any(|file| defines(&file.text, name))
    }

    /// A path may be relative to any folder.
    fn has_path(&self, name: &str) -> bool {
        let inside = format!("/{name}");
        self.paths.iter().any(|path| {
            let path = format!("/{path}");
            if name.ends_with('/') { path.contains(&inside) } else { path.ends_with(&inside) }
        })
    }

    /// An item is defined in the file of its module; `Type::member` in the file of the type.
    fn has_item(&self, name: &str) -> bool {
        let parts: Vec<&str> = name.split("::").collect();
        if self.manifest.contains(&format!("\n{} ", parts[0].replace('_', "-"))) {
            return true;
        }
        (1..=parts.len()).any(|n| {
            let module = format!("/{}", parts[..n].join("/"));
            let is_module = |path: &str| {
                let path = path.strip_suffix(".rs").unwrap_or(path);
                path.strip_suffix("/mod").unwrap_or(path).ends_with(&module)
            };
            let mut inside = self.code.iter().filter(|file| is_module(&file.path));
            inside.any(|file| parts[n..].iter().all(|part| defines(&file.text, part)))
        })
    }
}

fn has_target(document: &Source, link: &str) -> bool {
    if link.starts_with("https://") {
        return true;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = match document.path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{file}"),
        None => file.to_owned(),
    };
    let path = if file.is_empty() { document.path.clone() } else { path };
    let path = root().join(path);
    if path.is_dir() {
        return anchor.is_empty();
    }
    let Ok(text) = std::fs::read(path) else { return false };
    let text = String::from_utf8_lossy(&text);
    anchor.is_empty() || text.lines().any(|line| anchor_of(line).as_deref() == Some(anchor))
}

/// Whether a source defines a name as an item, a field, a variant or a method.
fn defines(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + name.len()..]);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let is_whole = !after.starts_with(is_identifier);
        let is_variant = line.trim().is_empty() && after.starts_with([',', '(', ' ', '\n']);
        is_whole && (is_variant || DEFINITIONS.iter().any(|word| line.ends_with(word)))
    })
}

/// A document without its fenced code blocks.
fn outside_fences(text: &str) -> String {
    let mut is_outside = true;
    let mut outside = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_outside = !is_outside;
        } else if is_outside {
            outside.push_str(line);
            outside.push('\n');
        }
    }
    outside
}

/// The targets of the links in a document.
fn links(text: &str) -> Vec<&str> {
    text.match_indices("](").filter_map(|(start, _)| text[start + 2..].split(')').next()).collect()
}

/// The anchor of a heading.
fn anchor_of(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let is_allowed = |c: &char| c.is_alphanumeric() || "-_ ".contains(*c);
    Some(heading.to_lowercase().chars().filter(is_allowed).collect::<String>().replace(' ', "-"))
}

#[test]
fn missing_names_and_links_are_found() {
    let repository = Repository {
        paths: vec!["src/a/b.rs".to_owned(), "docs/c.md".to_owned()],
        code: vec![Source {
            path: "src/a/b.rs".to_owned(),
            text: "pub struct Known {\n    pub field: u8,\n}\npub fn run() {}\n\"data.json\""
                .to_owned(),
        }],
        manifest: "\ntypst-pdf = 1\n".to_owned(),
    };
    let existing = [
        "b.rs",
        "a/b.rs",
        "src/",
        "a/",
        "c.md",
        "a::b::Known",
        "b::Known",
        "b::Known::field",
        "run()",
        "b::run()",
        "data.json",
        "typst_pdf::pdf",
        "word",
        "GET /v1",
        "/etc/x.toml",
        "--x",
    ];
    let missing = [
        "",
        "x.rs",
        "b/b.rs",
        "b/",
        "d.md",
        "a::Known",
        "b::Other",
        "b::Known::other",
        "walk()",
        "other.json",
        "axum::x",
    ];
    assert!(existing.iter().all(|span| repository.has(span)));
    let found: Vec<&str> = missing.into_iter().filter(|span| repository.has(span)).collect();
    assert_eq!(found, Vec::<&str>::new());
    let document = |text: &str| Source { path: "README.md".to_owned(), text: text.to_owned() };
    assert_eq!(repository.faults(&document("`b.rs` `` `x.rs` [x](no.md)")).len(), 3);
    assert_eq!(repository.faults(&document("[x](LICENSE-MIT)\n```\n`x.rs`\n```\n")).len(), 0);
}
