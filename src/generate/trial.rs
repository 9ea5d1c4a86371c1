//! Makes a filing with a font before an agency may use it: a font that cannot be embedded would stop all
//! filings of the agency.

use crate::generate::generate;
use crate::render::fonts::uploaded::UploadedFont;
use crate::render::typesetter::Typesetter;

/// A filing with every typeface.
const TRIAL: &str = include_str!("trial.json");

/// Whether a filing can be made with a font in addition to those of the server.
pub fn can_make_filing(of_server: &Typesetter, font: &UploadedFont) -> bool {
    let files = vec![(format!("trial.{}", font.suffix), font.bytes.clone())];
    let Ok(fonts) = of_server.fonts().with_agency(files) else { return false };
    match generate(TRIAL.as_bytes(), &of_server.with_fonts(fonts)) {
        Ok(_) => true,
        Err(error) => {
            tracing::warn!(?error, "a filing cannot be made with an uploaded font");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TRIAL;
    use crate::generate::accept;
    use crate::render::fonts::font_set::FontSet;

    #[test]
    fn the_trial_is_a_valid_filing() {
        accept(TRIAL.as_bytes(), FontSet::bundled().coverage()).unwrap();
    }
}
