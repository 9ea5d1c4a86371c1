//! An agency's own fonts: preferred over the bundled ones, refused if they cannot be used.

use std::fs;
use std::path::Path;

use hongtou::render::fonts::font_set::{FontError, FontOrigin, FontSet};
use hongtou::render::typesetter::Typesetter;
use hongtou::validate::text::typeface::Typeface;
use memchr::memmem;
use tempfile::TempDir;

use crate::fixtures::seed;
use crate::pages::ruler::measure;

/// A family of the licensed list, with a name as long as the one it replaces.
const OWN: &str = "FangSong_GB2312 ";
const BUNDLED: &str = "Liberation Serif";

/// A bundled font under the name of another family, which may be shorter.
pub(crate) fn renamed(file: &str, from: &str, to: &str) -> Vec<u8> {
    let bytes = fs::read(seed::folder().join("fonts").join(file)).unwrap();
    let to = format!("{to:width$}", width = from.len());
    let named = replaced(&bytes, &utf16(from), &utf16(&to));
    replaced(&named, from.as_bytes(), to.as_bytes())
}

fn bundled_file() -> Vec<u8> {
    fs::read(seed::folder().join("fonts/LiberationSerif-Regular.ttf")).unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for position in memmem::find_iter(bytes, from) {
        out[position..position + to.len()].copy_from_slice(to);
    }
    out
}

/// A font with the name of a licensed family. Only its name table differs from the bundled file.
pub(crate) fn own_font() -> Vec<u8> {
    let named = replaced(&bundled_file(), &utf16(BUNDLED), &utf16(OWN));
    replaced(&named, BUNDLED.as_bytes(), OWN.as_bytes())
}

/// The same with OS/2 fsType set to “restricted licence embedding”.
pub(crate) fn forbidden_font() -> Vec<u8> {
    let mut font = own_font();
    let record = font.windows(4).position(|tag| tag == b"OS/2").unwrap();
    let offset = u32::from_be_bytes(font[record + 8..record + 12].try_into().unwrap()) as usize;
    font[offset + 8..offset + 10].copy_from_slice(&2_u16.to_be_bytes());
    font
}

fn folder_with(name: &str, bytes: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

fn error_of(folder: &Path) -> FontError {
    FontSet::with_folder(folder).unwrap_err()
}

#[test]
fn an_agencys_own_typeface_comes_before_the_bundled_ones() {
    let folder = folder_with("own.ttf", &own_font());
    let fonts = FontSet::with_folder(folder.path()).unwrap();
    let families = fonts.chosen_families();
    let fangsong = families.iter().find(|chosen| chosen.face == Typeface::Fangsong).unwrap();
    assert_eq!(fangsong.family, OWN.trim());
    assert!(fangsong.file.ends_with("own.ttf"), "{}", fangsong.file);
    let kaiti = families.iter().find(|chosen| chosen.face == Typeface::Kaiti).unwrap();
    assert_eq!(kaiti.family, "LXGW WenKai");
    // The font has no Chinese characters, so they come from the bundled chain.
    let laid_out = Typesetter::new(fonts).lay_out(&seed::filing(&seed::json())).unwrap();
    let pages = measure(&laid_out);
    let families: Vec<&str> = pages[1].glyphs.iter().map(|glyph| glyph.family.as_str()).collect();
    assert!(families.contains(&"Zhuque Fangsong (technical preview)"));
}

/// What an agency provides comes instead of the fonts of the server for the same typeface, and the same
/// files in one folder are the same fonts.
#[test]
fn the_fonts_of_an_agency_replace_those_of_the_server() {
    let of_server = renamed("LiberationSerif-Regular.ttf", BUNDLED, "SimHei");
    let folder = folder_with("b.ttf", &of_server);
    fs::write(
        folder.path().join("c.ttf"),
        renamed("LiberationSerif-Regular.ttf", BUNDLED, "FangSong"),
    )
    .unwrap();
    let server = FontSet::with_folder(folder.path()).unwrap();
    let of_agency = renamed("LiberationSerif-Regular.ttf", BUNDLED, "STFangsong");
    let agency = server.with_agency(vec![("a.ttf".to_owned(), of_agency.into())]).unwrap();
    let of = |fonts: &FontSet, face| {
        let all = fonts.chosen_families().into_iter();
        all.filter(|one| one.face == face).map(|one| (one.family, one.origin)).next().unwrap()
    };
    let cases = [
        (Typeface::Fangsong, "STFangsong", FontOrigin::Agency),
        (Typeface::Heiti, "SimHei", FontOrigin::Server),
        (Typeface::Kaiti, "LXGW WenKai", FontOrigin::BuiltIn),
    ];
    for (face, family, origin) in cases {
        assert_eq!(of(&agency, face), (family.to_owned(), origin));
    }
    assert_eq!(of(&server, Typeface::Fangsong), ("FangSong".to_owned(), FontOrigin::Server));
    let names = |fonts: &FontSet| {
        let own = fonts.font_files().into_iter().filter(|file| file.is_own);
        own.map(|file| file.name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&agency), ["a.ttf", "b.ttf"]);
}

#[test]
fn unusable_fonts_are_refused() {
    let folder = folder_with("own.ttf", &forbidden_font());
    assert!(matches!(error_of(folder.path()), FontError::EmbeddingForbidden { .. }));
    let folder = folder_with("broken.otf", b"no font at all");
    assert!(matches!(error_of(folder.path()), FontError::NotAFont { .. }));
    let missing = folder.path().join("missing");
    assert!(matches!(error_of(&missing), FontError::CannotRead { .. }));
}
