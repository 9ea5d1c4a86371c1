//! The HTML of the page, with the addresses of the files that it loads.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use crate::web::assets::{ASSETS, VERSION};

const HTML: &str = include_str!("../../web/index.html");

/// The scripts of the first view. They and what they import are requested at once: otherwise a browser
/// finds each module only in the one that imports it. The other views load soon after (`shell/views.js`).
const FIRST: [&str; 2] = ["shell/main.js", "library/library.js"];

/// The page.
pub static PAGE: LazyLock<String> = LazyLock::new(|| {
    let styles = ASSETS.iter().map(|asset| asset.path).filter(|path| path.ends_with(".css"));
    let mut scripts = BTreeSet::new();
    FIRST.iter().for_each(|path| add_with_imports(path, &mut scripts));
    let styles = styles.map(|path| ("stylesheet", path.to_owned()));
    let scripts = scripts.into_iter().map(|path| ("modulepreload", path));
    let mut links = String::new();
    for (relation, path) in styles.chain(scripts) {
        // Writing to a string always succeeds.
        let _ = writeln!(links, "<link rel=\"{relation}\" href=\"/assets/{}/{path}\">", *VERSION);
    }
    HTML.replace("<!-- links -->\n", &links).replace("{version}", &VERSION)
});

/// Adds a script and all that it imports.
fn add_with_imports(path: &str, found: &mut BTreeSet<String>) {
    let asset = ASSETS.iter().find(|asset| asset.path == path);
    let Some(asset) = asset.filter(|_| found.insert(path.to_owned())) else { return };
    for line in asset.text.lines().filter(|line| line.starts_with("import ")) {
        if let Some(import) = line.split('\'').nth(1) {
            add_with_imports(&resolved(path, import), found);
        }
    }
}

/// The path of an import: `./name` in the same folder, `../folder/name` in another one.
fn resolved(from: &str, import: &str) -> String {
    let folder = from.split_once('/').map_or("", |(folder, _)| folder);
    match import.strip_prefix("../") {
        Some(other) => other.to_owned(),
        None => format!("{folder}/{}", import.trim_start_matches("./")),
    }
}

#[cfg(test)]
mod tests {
    use super::PAGE;
    use crate::web::assets::VERSION;

    #[test]
    fn the_page_requests_the_scripts_of_the_first_view_at_once() {
        let has = |path: &str| PAGE.contains(&format!("\"/assets/{}/{path}\"", *VERSION));
        for path in [
            "shell/main.js",
            "shell/views.js",
            "shell/api.js",
            "vendor/standalone.module.js",
            "library/library.js",
            "library/draft-rows.js",
            "drafts/store.js",
            "style/page.css",
        ] {
            assert!(has(path), "{path}");
        }
        assert!(!has("editor/view.js") && !has("admin/admin.js"), "{}", *PAGE);
        assert!(!PAGE.contains("{version}") && !PAGE.contains("<!--"), "{}", *PAGE);
    }
}
