//! The manifest names everything that decides the bytes of a filing.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hongtou::archive::objects::sha256;
use hongtou::archive::renderers::FileRole;
use hongtou::generate::renderer::manifest::renderer;
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use serde_json::{Value, json};

use crate::fixtures::seed;
use crate::http::in_process::TYPESETTER;

#[test]
fn templates_fonts_and_the_program_are_named() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_hongtou"));
    let bytes = fs::read(&program).unwrap();
    let renderer = renderer(&TYPESETTER, Some(program)).unwrap();
    assert_eq!(renderer.sha256, sha256(&renderer.manifest));
    let manifest: Value = serde_json::from_slice(&renderer.manifest).unwrap();
    let canonical = serde_json_canonicalizer::to_vec(&manifest).unwrap();
    assert_eq!(renderer.manifest, canonical);
    assert_eq!(manifest["version"], json!(env!("CARGO_PKG_VERSION")));
    let templates = manifest["templates"].as_array().unwrap();
    for (folder, list, n_files) in
        [("typst-templates", templates, 19), ("fonts", manifest["fonts"].as_array().unwrap(), 6)]
    {
        assert_eq!(list.len(), n_files, "{folder}");
        for file in list {
            let path = seed::folder().join(folder).join(file["file"].as_str().unwrap());
            assert_eq!(file["sha256"], json!(sha256(&fs::read(path).unwrap())), "{file}");
            assert_eq!(file["own"], Value::Null);
        }
    }
    let words = fs::read(seed::folder().join("dictionary/words.txt")).unwrap();
    assert_eq!(manifest["dictionary"], json!(sha256(&words)));
    assert_eq!(manifest["programs"][0]["sha256"], json!(sha256(&bytes)));
    let [file] = &renderer.files[..] else { panic!("one file: the program") };
    assert_eq!((file.role, file.object.bytes), (FileRole::Program, bytes.len() as u64));
}

#[test]
fn an_agencys_own_fonts_are_kept_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let font = seed::folder().join("fonts/LiberationSerif-Regular.ttf");
    fs::copy(&font, folder.path().join("own.ttf")).unwrap();
    let typesetter = Typesetter::new(FontSet::with_folder(folder.path()).unwrap());
    let own = renderer(&typesetter, None).unwrap();
    let manifest: Value = serde_json::from_slice(&own.manifest).unwrap();
    let sha256 = sha256(&fs::read(font).unwrap());
    let expected = json!({"file": "own.ttf", "own": true, "sha256": sha256});
    assert_eq!(manifest["fonts"][0], expected);
    assert_eq!(manifest["programs"], json!([]));
    let [file] = &own.files[..] else { panic!("one file: the font") };
    assert_eq!((file.role, &*file.name, &file.object.sha256), (FileRole::Font, "own.ttf", &sha256));
    assert_ne!(own.sha256, renderer(&TYPESETTER, None).unwrap().sha256);
}

/// Cargo's features decide which library deflates, and so the bytes of every PDF.
#[test]
fn streams_are_deflated_by_the_named_library() {
    let text: Vec<u8> = (0..40_000_u32).map(|n| (n * n / 7 % 61) as u8 + b' ').collect();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&text).unwrap();
    let deflated = encoder.finish().unwrap();
    assert_eq!(
        (deflated.len(), &*sha256(&deflated)),
        (713, "59cc0761e199dd9bb668ee196ee29da1c6682d1db726a841116b751fce33f109")
    );
}
