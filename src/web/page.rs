//! The HTML of the page, with the addresses of the files that it loads.

use std::fmt::Write;
use std::sync::LazyLock;

use crate::web::assets::{ASSETS, VERSION};

const HTML: &str = include_str!("../../web/index.html");

/// The page.
pub static PAGE: LazyLock<String> = LazyLock::new(|| {
    let mut links = String::new();
    for asset in ASSETS {
        let relation = match asset.path.rsplit_once('.') {
            Some((_, "css")) => "stylesheet",
            // All at once: otherwise a browser finds each module only in the one that imports it.
            Some((_, "js")) => "modulepreload",
            _ => continue,
        };
        // Writing to a string always succeeds.
        let _ = writeln!(
            links,
            "<link rel=\"{relation}\" href=\"/assets/{}/{}\">",
            *VERSION, asset.path
        );
    }
    HTML.replace("<!-- links -->\n", &links).replace("{version}", &VERSION)
});
