//! Adjusts an exported file for printing: black in one ink, no scaling, both sides of the paper.
//!
//! Typst writes black as an ICC-based gray, which a press separates into four inks. GB/T 9704 (6.2) wants
//! black alone, so the gray becomes DeviceGray, which PDF/A allows beside an output intent. The page must
//! not be scaled, because the standard fixes every length, and it is printed on both sides (6.1).

use memchr::memmem;

/// Printing at the exact size, on both sides of the paper, for viewers that honour it.
const PRINT_SETTINGS: &[u8] = b"/PrintScaling/None/Duplex/DuplexFlipLongEdge";

const ICC_BASED: &[u8] = b"[/ICCBased ";
const DEVICE_GRAY: &[u8] = b"/DeviceGray";
const VIEWER_PREFERENCES: &[u8] = b"/ViewerPreferences<<";
const START_OF_XREF: &[u8] = b"\nstartxref\n";

/// Adjusts a file as `typst_pdf` writes it: a plain cross-reference table after the catalog, and no object
/// streams. Returns `None` if the file has another structure.
pub(crate) fn adjust(mut pdf: Vec<u8>) -> Option<Vec<u8>> {
    make_gray_a_device_color(&mut pdf)?;
    add_print_settings(&mut pdf)?;
    Some(pdf)
}

/// Replaces the ICC-based gray. The replacement is as long, so no offset changes.
fn make_gray_a_device_color(pdf: &mut [u8]) -> Option<()> {
    let found: Vec<usize> = memmem::find_iter(pdf, ICC_BASED).collect();
    for start in found {
        let length = pdf[start..].iter().position(|byte| *byte == b']')? + 1;
        let reference = &pdf[start + ICC_BASED.len()..start + length - 1];
        let object = std::str::from_utf8(reference).ok()?.strip_suffix(" 0 R")?;
        let profile = memmem::find(pdf, format!("\n{object} 0 obj\n<<").as_bytes())?;
        let dictionary = profile + memmem::find(&pdf[profile..], b">>")?;
        if memmem::find(&pdf[profile..dictionary], b"/N 1/").is_some() {
            pdf[start..start + length].fill(b' ');
            pdf[start..start + DEVICE_GRAY.len()].copy_from_slice(DEVICE_GRAY);
        }
    }
    Some(())
}

/// Adds the settings to the catalog. It is the last object, so only the table moves.
fn add_print_settings(pdf: &mut Vec<u8>) -> Option<()> {
    let preferences = memmem::rfind(pdf, VIEWER_PREFERENCES)? + VIEWER_PREFERENCES.len();
    let end_of_catalog = preferences + memmem::find(&pdf[preferences..], b"\nendobj\n")?;
    let after = pdf.get(end_of_catalog + b"\nendobj\n".len()..)?;
    let start = memmem::rfind(pdf, START_OF_XREF)? + START_OF_XREF.len();
    let digits = pdf[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let offset: usize = std::str::from_utf8(&pdf[start..start + digits]).ok()?.parse().ok()?;
    if !after.starts_with(b"xref\n") || !pdf.get(offset..)?.starts_with(b"xref\n") {
        return None;
    }
    let moved = (offset + PRINT_SETTINGS.len()).to_string();
    pdf.splice(start..start + digits, moved.into_bytes());
    pdf.splice(preferences..preferences, PRINT_SETTINGS.iter().copied());
    Some(())
}
