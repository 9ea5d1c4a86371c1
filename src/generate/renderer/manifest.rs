//! The manifest of the renderer of this process: everything that decides the bytes of a filing.

use std::env::consts::{ARCH, OS};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::archive::objects::{Object, sha256};
use crate::archive::renderers::{Content, FileRole, Renderer, RendererFile};
use crate::render::engine::versions::LIBRARIES;
use crate::render::typesetter::Typesetter;

/// The commit that the program was built from, if the build named it.
const COMMIT: Option<&str> = option_env!("HONGTOU_COMMIT");

/// How much of the program is read at a time while it is hashed.
const CHUNK: usize = 1 << 20;

/// The manifest, with its members in the order of canonical JSON.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    commit: &'a str,
    dictionary: String,
    fonts: Vec<NamedFile<'a>>,
    libraries: Vec<Library<'a>>,
    programs: Vec<Program<'a>>,
    templates: Vec<NamedFile<'a>>,
    version: &'a str,
}

/// A file by its name and SHA-256.
#[derive(Debug, Serialize)]
struct NamedFile<'a> {
    file: &'a str,
    /// Whether the office provides it. It is kept, and never exported.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    own: bool,
    sha256: String,
}

/// A library that decides bytes of the PDF.
#[derive(Debug, Serialize)]
struct Library<'a> {
    name: &'a str,
    version: &'a str,
}

/// The program for one target.
#[derive(Debug, Serialize)]
struct Program<'a> {
    sha256: &'a str,
    target: &'a str,
}

/// The target that this program was built for, such as `x86_64-linux-gnu`.
pub fn target() -> String {
    let environment = if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "musl") {
        "-musl"
    } else {
        ""
    };
    format!("{ARCH}-{OS}{environment}")
}

/// The renderer of this process. `program` is its executable file, if that is to be kept, too.
///
/// # Errors
/// Returns the `io::Error` if the executable cannot be read.
pub fn renderer(typesetter: &Typesetter, program: Option<PathBuf>) -> io::Result<Renderer> {
    let program = program.map(|path| hashed(&path).map(|object| (path, object))).transpose()?;
    let hash = program.as_ref().map(|(_, object)| object.sha256.as_str());
    let (manifest, fonts) = describe(typesetter, hash);
    let own = |font: OwnFont<'_>| RendererFile {
        role: FileRole::Font,
        name: font.name.to_owned(),
        object: font.object,
        content: Content::Bytes(Bytes::copy_from_slice(font.bytes)),
    };
    let mut files: Vec<RendererFile> = fonts.into_iter().map(own).collect();
    files.extend(program.map(|(path, object)| RendererFile {
        role: FileRole::Program,
        name: target(),
        object,
        content: Content::File(path),
    }));
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Renderer { sha256: sha256(&manifest), manifest, version, files })
}

/// The renderer that is the same program with the fonts of an agency, whose files are `given`.
pub fn renderer_with_fonts(base: &Renderer, typesetter: &Typesetter, given: &[Bytes]) -> Renderer {
    let program = base.files.iter().find(|file| file.role == FileRole::Program);
    let (manifest, fonts) = describe(typesetter, program.map(|file| file.object.sha256.as_str()));
    let own = |font: OwnFont<'_>| {
        let of_agency = given.iter().find(|bytes| bytes.as_ref() == font.bytes);
        let of_server = || base.files.iter().find(|file| file.object == font.object);
        let content = match of_agency {
            Some(bytes) => Content::Bytes(bytes.clone()),
            None => of_server()?.content.clone(),
        };
        let (role, name) = (FileRole::Font, font.name.to_owned());
        Some(RendererFile { role, name, object: font.object, content })
    };
    let files = fonts.into_iter().filter_map(own).collect();
    Renderer { sha256: sha256(&manifest), manifest, version: base.version.clone(), files }
}

/// A font that the office provides.
struct OwnFont<'a> {
    name: &'a str,
    bytes: &'a [u8],
    object: Object,
}

/// The manifest of a typesetter and a program, and the fonts that the office provides.
fn describe<'a>(typesetter: &'a Typesetter, program: Option<&str>) -> (Bytes, Vec<OwnFont<'a>>) {
    let (mut fonts, mut own) = (Vec::new(), Vec::new());
    for font in typesetter.fonts().font_files() {
        let sha256 = sha256(font.bytes);
        if font.is_own {
            let object = Object { sha256: sha256.clone(), bytes: font.bytes.len() as u64 };
            own.push(OwnFont { name: font.name, bytes: font.bytes, object });
        }
        fonts.push(NamedFile { file: font.name, own: font.is_own, sha256 });
    }
    let target = target();
    let templates = typesetter.templates().into_iter();
    let templates = templates.map(|(file, text)| NamedFile {
        file,
        own: false,
        sha256: sha256(text.as_bytes()),
    });
    let manifest = Manifest {
        commit: COMMIT.unwrap_or("unknown"),
        dictionary: sha256(typesetter.dictionary().as_bytes()),
        fonts,
        libraries: LIBRARIES.map(|(name, version)| Library { name, version }).into(),
        programs: program.into_iter().map(|sha256| Program { sha256, target: &target }).collect(),
        templates: templates.collect(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let manifest =
        serde_json_canonicalizer::to_vec(&manifest).expect("a manifest has strings and lists only");
    (manifest.into(), own)
}

/// The SHA-256 and the length of a file.
fn hashed(path: &Path) -> io::Result<Object> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(Object { sha256: hex::encode(hash.finalize()), bytes });
        }
        hash.update(&chunk[..length]);
        bytes += length as u64;
    }
}
