//! The files that the page loads, and their version.

use std::sync::LazyLock;

use crate::archive::objects::sha256;

/// A file that the page loads.
#[derive(Debug)]
pub struct Asset {
    /// Its folder and name.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The first digits of the hash of all files. It is part of their addresses, so that browsers may
/// keep a file for as long as they like.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String =
        ASSETS.iter().map(|asset| format!("{}\n{}\n", asset.path, asset.text)).collect();
    sha256(all.as_bytes())[..16].to_owned()
});

macro_rules! assets {
    ($($path:literal),+ $(,)?) => {
        &[
            $(Asset { path: $path, text: include_str!(concat!("../../web/", $path)) },)+
            // The seed filing, as an example to open.
            Asset {
                path: "example/report.json",
                text: include_str!("../../fixtures/valid/bazhong-2021-38.json"),
            },
        ]
    };
}

/// All files. A test compares them with the folder.
pub static ASSETS: &[Asset] = assets![
    "admin/acts.js",
    "admin/admin.js",
    "admin/agencies.js",
    "admin/audit.js",
    "admin/fonts.js",
    "admin/health.js",
    "admin/keys.js",
    "admin/roles.js",
    "admin/sessions.js",
    "batches/batch.js",
    "batches/batches.js",
    "batches/units.js",
    "clipboard/pasted.js",
    "clipboard/tidied.js",
    "clipboard/word-html.js",
    "drafts/approval.js",
    "drafts/conflict.js",
    "drafts/differences.js",
    "drafts/number.js",
    "drafts/opening.js",
    "drafts/server.js",
    "drafts/store.js",
    "drafts/sync.js",
    "editor/editing.js",
    "editor/finish.js",
    "editor/mend.js",
    "editor/problems.js",
    "editor/shortcuts.js",
    "editor/view.js",
    "fields/field.js",
    "fields/keys.js",
    "fields/list-field.js",
    "fields/paragraphs.js",
    "fields/places.js",
    "fields/row-form.js",
    "fields/text.js",
    "form/attachments.js",
    "form/blocks.js",
    "form/foot.js",
    "form/form.js",
    "form/forwarded.js",
    "form/grid.js",
    "form/head.js",
    "form/issued.js",
    "form/score-details.js",
    "form/score-settings.js",
    "form/scores.js",
    "library/begin.js",
    "library/draft-row.js",
    "library/draft-rows.js",
    "library/import.js",
    "library/inspection.js",
    "library/library.js",
    "library/names.js",
    "library/new-document.js",
    "library/record.js",
    "library/search.js",
    "library/signed.js",
    "model/blocks.js",
    "model/file-name.js",
    "model/history.js",
    "model/insertions.js",
    "model/kinds.js",
    "model/placeholders.js",
    "model/pointer.js",
    "model/points.js",
    "model/project.js",
    "model/roster.js",
    "model/scores.js",
    "model/table.js",
    "preview/loop.js",
    "preview/pages.js",
    "preview/places.js",
    "project/pairs.js",
    "project/project-table.js",
    "project/records.js",
    "shell/api.js",
    "shell/dates.js",
    "shell/dialog.js",
    "shell/header.js",
    "shell/main.js",
    "shell/memo.js",
    "shell/route.js",
    "shell/sign-in.js",
    "shell/views.js",
    "style/editor.css",
    "style/icon.svg",
    "style/library.css",
    "style/page.css",
    "vendor/standalone.module.js",
];

#[cfg(test)]
mod tests {
    use super::{ASSETS, VERSION};

    /// The paths of scripts that a script imports at once or later.
    fn imports(text: &str) -> impl Iterator<Item = &str> {
        let quoted = text.split("'.").skip(1).filter_map(|rest| rest.split('\'').next());
        quoted.filter(|path| path.ends_with(".js"))
    }

    #[test]
    fn every_script_is_imported() {
        assert_eq!(VERSION.len(), 16);
        let named: Vec<&str> = ASSETS.iter().flat_map(|asset| imports(asset.text)).collect();
        for asset in ASSETS.iter().filter(|asset| asset.path.ends_with(".js")) {
            let name = asset.path.rsplit('/').next().unwrap();
            let is_imported = named.iter().any(|path| path.ends_with(&format!("/{name}")));
            assert!(is_imported || asset.path == "shell/main.js", "{}", asset.path);
        }
    }
}
