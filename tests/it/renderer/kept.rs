//! Records name their renderer, its files are kept, and a kept build remakes what this one does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::objects::{Object, sha256};
use hongtou::archive::renderers::{Content, FileRole, Renderer, RendererFile};
use hongtou::generate::renderer::confinement::Limits;
use hongtou::generate::renderer::kept_builds::KeptBuilds;
use hongtou::generate::renderer::manifest::{renderer, target};
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::{Value, json};

use crate::archive::filings::{address, filed, get, send, server};
use crate::archive::services;
use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::http::in_process::{TYPESETTER, VALID, app};
use crate::renderer::confinement::confinement;
use crate::renderer::programs::printing;
use crate::signature::letter::LETTER;
use crate::signature::signer::sign;

/// A renderer of another version, with this program.
fn other(version: &str, program: &Path) -> Renderer {
    let manifest = Bytes::from(format!("{{\"version\":\"{version}\"}}"));
    let bytes = fs::read(program).unwrap();
    let file = RendererFile {
        role: FileRole::Program,
        name: target(),
        object: Object { sha256: sha256(&bytes), bytes: bytes.len() as u64 },
        content: Content::File(program.to_owned()),
    };
    let version = version.to_owned();
    Renderer { sha256: sha256(&manifest), manifest, version, files: vec![file] }
}

/// The letter as an earlier version made it, which this one cannot make.
fn earlier_letter() -> Vec<u8> {
    let named = format!("hongtou {}", env!("CARGO_PKG_VERSION"));
    let earlier = named.replace(|digit: char| digit.is_ascii_digit(), "9");
    let mut letter = LETTER.clone();
    for start in 0..letter.len() - named.len() {
        if letter[start..].starts_with(named.as_bytes()) {
            letter[start..start + named.len()].copy_from_slice(earlier.as_bytes());
        }
    }
    assert!(letter != *LETTER);
    letter
}

#[tokio::test]
async fn a_record_names_the_renderer_whose_files_are_kept() {
    let archive = services::empty().await;
    let old = filed(&server(&archive).await, VALID).await;
    assert_eq!(old["renderer"], Value::Null);

    let program = PathBuf::from(env!("CARGO_BIN_EXE_hongtou"));
    let own = renderer(&TYPESETTER, Some(program)).unwrap();
    let archive = archive.with_renderer(own.clone());
    let router = server(&archive).await;
    let filing = filed(&router, VALID.replace("\"serial\": 38", "\"serial\": 39")).await;
    assert_eq!(filing["renderer"], json!(own.sha256));
    let record = get(&router, &address(&filing), &[]).await.json();
    assert_eq!(record["renderer"], json!(own.sha256));
    assert_eq!(archive.objects.get(&own.sha256).await.unwrap(), own.manifest);

    for _ in 0..2 {
        archive.keep_renderer_files().await.unwrap();
    }
    let kept = archive.objects.get(&own.files[0].object.sha256).await.unwrap();
    assert_eq!(kept.len() as u64, own.files[0].object.bytes);
    let acts = archive.trail(&Default::default(), 9).await.unwrap();
    assert_eq!(acts.iter().filter(|entry| entry.act == "renderer_released").count(), 1);
    assert_eq!(archive.other_renderers(&target(), None, 9).await.unwrap(), [], "it is this one");
}

#[tokio::test]
async fn a_program_that_was_replaced_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    fs::write(&program, "one").unwrap();
    let archive = services::empty().await.with_renderer(other("1.0.0", &program));
    fs::write(&program, "other").unwrap();
    archive.keep_renderer_files().await.unwrap_err();
    let kept = archive.database.query("SELECT 1 AS one FROM renderer_files");
    assert!(kept.fetch_optional().await.unwrap().is_none());
}

async fn verify(app: &Arc<App>, file: &[u8]) -> Value {
    let pdf = [("content-type", "application/pdf")];
    send(&router(Arc::clone(app)), "POST", "/v1/verifications", &pdf, file.to_vec()).await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_build_remakes_its_filings() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.pdf");
    let earlier = earlier_letter();
    fs::write(&letter, &earlier).unwrap();
    let program = printing(&letter);

    let archive = services::empty().await;
    let with_builds = async |archive: &Archive| {
        let builds = KeptBuilds::new(confinement(Limits::default()));
        Arc::new(App { archive: archive.clone(), builds, ..app().await })
    };
    let served = with_builds(&archive).await;
    let verdict = verify(&served, &earlier).await;
    assert_eq!(verdict["remake"]["outcome"], json!("cannot_be_remade"), "no build is kept");

    archive.clone().with_renderer(other("9.9.9", &program)).keep_renderer_files().await.unwrap();
    for (file, kind) in [(earlier.clone(), "identical"), (sign(&earlier), "identical_signed")] {
        let verdict = verify(&served, &file).await;
        assert_eq!(verdict["remake"]["outcome"], json!("remade_by_other_build"), "{verdict}");
        assert_eq!(verdict["derivation"]["kind"], json!(kind));
    }
    let mut altered = earlier.clone();
    let at = altered.len() / 2;
    altered[at] ^= 1;
    let verdict = verify(&served, &altered).await;
    assert_eq!(verdict["remake"]["outcome"], json!("cannot_be_remade"));

    let builds = folder.path().join("builds");
    fs::create_dir(&builds).unwrap();
    fs::copy(&program, builds.join("hongtou-9.9.9")).unwrap();
    let [letter, builds] = [&letter, &builds].map(|path| path.to_str().unwrap());
    let (out, _) = assert_exit(&hongtou(&["verify", letter, "--builds", builds]), 0);
    let line = "已由另一版本的程序重新生成：由hongtou-9.9.9生成：文件与由所附数据重新生成的公文逐字节相同。\n";
    assert!(out.starts_with(line), "{out}");
    let (out, _) = assert_exit(&hongtou(&["verify", letter]), 1);
    assert!(out.starts_with("不能重新生成："), "{out}");
}
