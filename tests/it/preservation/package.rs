//! An exported archive is imported into an empty one byte for byte, and no damaged one is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::fixity::progress::{PARTS, Pace};
use hongtou::archive::objects::{Object, sha256};
use hongtou::archive::package::error::PackageError;
use hongtou::archive::renderers::{Content, FileRole, Renderer, RendererFile};
use hongtou::archive::retention::class::RetentionClass;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::log::entry::Entry;
use hongtou::log::note::keys::Algorithm;
use hongtou::log::receipt::Receipt;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::filings::{address, filed, get, send};
use crate::archive::log::{ORIGIN, keeper, key, policy, round};
use crate::archive::services;
use crate::cli::exit_codes::{assert_exit, hongtou, make_archive};
use crate::fixture;
use crate::house::source::files;
use crate::http::access::ManualClock;
use crate::http::batches::letter;
use crate::http::in_process::{TYPESETTER, app};
use crate::preservation::stock::{ACTOR, archive, file, file_with, record, sign};
use crate::signature::signer::{self, trust};

/// Damages a package.
type Damage = fn(&Path);

fn renderer() -> Renderer {
    let manifest = Bytes::from_static(b"{}");
    let version = "1.0.0".to_owned();
    Renderer { sha256: sha256(&manifest), manifest, version, files: Vec::new() }
}

/// An archive with a renderer, a signed copy, a withdrawn one, a retention, a hold and a fixity report.
pub(super) async fn stock(folder: &Path) -> Archive {
    let archive = archive(folder, 0).await.with_renderer(renderer());
    let source = String::from_utf8(fixture::bytes("valid", fixture::SEED)).unwrap();
    let first = file_with(&archive, 1, &source, "%PDF-1.7 one").await;
    sign(&archive, &first).await;
    let second = sign(&archive, &file(&archive, 2).await).await;
    let copy = second.signed.clone().unwrap();
    assert!(archive.withdraw_signed(&second, &copy.file, ACTOR).await.unwrap());
    archive.set_retention(&first.id, RetentionClass::Years30, "第3条", ACTOR).await.unwrap();
    archive.place_hold("诉讼", "函", std::slice::from_ref(&first.id), ACTOR).await.unwrap();
    let mut round = archive.fixity_round().await.unwrap();
    while round.next_part < PARTS {
        let pace = Pace { bytes_per_second: None };
        round = archive.check_next_part(round, pace).await.unwrap();
    }
    archive.finish_fixity_round(&round, ACTOR).await.unwrap();
    archive
}

/// The relative path and the bytes of every file.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let inside = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files(folder).iter().map(|path| (inside(path), fs::read(path).unwrap())).collect()
}

/// The files of a package without those that say when it was made.
fn timeless(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut content = content(folder);
    let of_export = ["audit_trail.ndjson", "log_pending.ndjson", "移交与接收登记表.xml"];
    let is_of_export = |path: &str| of_export.iter().any(|name| path.ends_with(name));
    content.retain(|(path, _)| path.starts_with("data/") && !is_of_export(path));
    content
}

#[tokio::test]
async fn an_exported_archive_is_restored_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let from = stock(&path("from")).await;
    let exported = from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    assert_eq!(exported.filings, 2);
    assert!(matches!(
        from.export(&path("bag"), &TYPESETTER, ACTOR).await,
        Err(PackageError::Exists)
    ));

    let to = archive(&path("to"), 0).await;
    let imported = to.import(&path("bag"), ACTOR).await.unwrap();
    assert_eq!(imported.filings, 2);
    for (place, bytes) in content(&path("from")) {
        assert!(fs::read(path("to").join(&place)).unwrap() == bytes, "{place}");
    }
    assert_eq!(content(&path("to")).len(), content(&path("from")).len());
    let (mut acts, earlier) = (
        to.trail(&TrailFilter::default(), 99).await.unwrap(),
        from.trail(&TrailFilter::default(), 99).await.unwrap(),
    );
    assert_eq!(acts.remove(0).act, "imported");
    assert_eq!(acts[acts.len() - earlier.len() + 1..], earlier[1..]);
    for row in from.trail(&TrailFilter::default(), 99).await.unwrap() {
        if row.act == "filing_kept" {
            assert_eq!(record(&to, &row.subject).await, record(&from, &row.subject).await);
        }
    }
    let again = to.export(&path("again"), &TYPESETTER, ACTOR).await.unwrap();
    assert_eq!(again, exported);
    assert!(timeless(&path("again")) == timeless(&path("bag")));
    assert!(matches!(to.import(&path("bag"), ACTOR).await, Err(PackageError::NotEmpty)));
}

/// There are more rows than a statement reads, and they are in order only by all columns of the key.
#[tokio::test]
async fn every_row_of_a_long_table_is_exported_once() {
    let folder = tempfile::tempdir().unwrap();
    let bag = folder.path().join("bag");
    let from = stock(&folder.path().join("from")).await;
    let row = from.database.query("SELECT id FROM fixity_rounds").fetch_one().await.unwrap();
    let round: String = row.get("id");
    let rows = (0..450).map(|n| format!("('{round}', 'extra', 'name {}', '{n}', 1)", n % 3));
    let columns = "round_id, kind, name, subject, found_at";
    let rows = rows.collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO fixity_findings ({columns}) VALUES {rows}");
    from.database.query(AssertSqlSafe(sql)).execute().await.unwrap();
    let count = from.database.query("SELECT COUNT(*) AS n FROM fixity_findings");
    let count: i64 = count.fetch_one().await.unwrap().get("n");
    from.export(&bag, &TYPESETTER, ACTOR).await.unwrap();
    let records = bag.join("data/其他/records/fixity_findings.ndjson");
    let records = fs::read_to_string(records).unwrap();
    let different: BTreeSet<&str> = records.lines().collect();
    assert_eq!(records.lines().count(), usize::try_from(count).unwrap());
    assert_eq!(different.len(), records.lines().count());
}

#[tokio::test]
async fn the_layout_and_the_metadata_are_those_of_the_standards() {
    let folder = tempfile::tempdir().unwrap();
    let bag = folder.path().join("bag");
    stock(&folder.path().join("from")).await.export(&bag, &TYPESETTER, ACTOR).await.unwrap();
    let paths: Vec<String> = content(&bag).into_iter().map(|(path, _)| path).collect();
    for name in ["data/说明文件.TXT", "data/文件目录.XML", "data/其他/移交与接收登记表.xml"]
    {
        assert!(paths.iter().any(|path| path == name), "{name} in {paths:?}");
    }
    let of_first = "data/电子档案/2021/30年/巴市民政〔2021〕1号-";
    let mut files: Vec<&str> = paths
        .iter()
        .filter(|path| path.starts_with(of_first))
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    files.sort_unstable();
    // Nothing is signed into a log, so there are no receipts.
    let expected = [
        "renderer.json",
        "source.json",
        "verdict.json",
        "元数据.xml",
        "原件.pdf",
        "巴市民政〔2021〕1号.pdf",
    ];
    assert_eq!(files, expected);
    let metadata = paths.iter().find(|path| path.starts_with(of_first) && path.ends_with("xml"));
    let metadata = fs::read_to_string(bag.join(metadata.unwrap())).unwrap();
    for line in [
        "<聚合层次>文件</聚合层次>",
        "<保管期限>30年</保管期限>",
        "<文种>报告</文种>",
        "<主送机关>省民政厅</主送机关>",
        "<发布层次>未定</发布层次>",
    ] {
        assert!(metadata.contains(line), "{line} in {metadata}");
    }
    let mut reader = quick_xml::Reader::from_str(&metadata);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
}

#[tokio::test]
async fn a_damaged_package_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    stock(&path("from")).await.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let data = content(&path("bag"));
    let damages: [(&str, Damage); 5] = [
        ("a flipped bit", |bag| {
            let pdf = files(bag).into_iter().find(|path| path.ends_with("原件.pdf")).unwrap();
            let mut bytes = fs::read(&pdf).unwrap();
            bytes[3] ^= 1;
            fs::write(pdf, bytes).unwrap();
        }),
        ("a lost file", |bag| fs::remove_file(bag.join("data/说明文件.TXT")).unwrap()),
        ("an extra file", |bag| fs::write(bag.join("data/x"), "x").unwrap()),
        ("a changed manifest", |bag| {
            let manifest = bag.join("manifest-sha256.txt");
            let text = fs::read_to_string(&manifest).unwrap();
            fs::write(manifest, text.lines().skip(1).collect::<Vec<_>>().join("\n")).unwrap();
        }),
        ("a path out of the bag", |bag| {
            let manifest = bag.join("manifest-sha256.txt");
            let text = fs::read_to_string(&manifest).unwrap();
            fs::write(manifest, format!("{text}{}  ../x\n", "0".repeat(64))).unwrap();
        }),
    ];
    for (index, (name, damage)) in damages.iter().enumerate() {
        let bag = path(&format!("damaged-{index}"));
        for (place, bytes) in &data {
            let place = bag.join(place);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, bytes).unwrap();
        }
        damage(&bag);
        let objects = path(&format!("to-{index}"));
        let to = archive(&objects, 0).await;
        let refused = to.import(&bag, ACTOR).await;
        assert!(
            matches!(refused, Err(PackageError::Damaged(_) | PackageError::NotAPackage(_))),
            "{name}: {refused:?}"
        );
        assert_eq!(content(&objects), [], "{name}");
    }
}

#[tokio::test]
async fn the_commands_export_and_import() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    make_archive(&path("from"));
    let export = ["archive", "export", "--data", &path("from"), "--output", &path("bag")];
    let (out, _) = assert_exit(&hongtou(&export), 0);
    assert_eq!(out, "已导出公文0件，共0字节。\n");
    let (_, err) = assert_exit(&hongtou(&export), 1);
    assert!(err.ends_with("已经存在，请另行指定。\n"), "{err}");
    let import = ["archive", "import", "--data", &path("to"), &path("bag")];
    let (out, _) = assert_exit(&hongtou(&import), 0);
    assert_eq!(out, "已导入公文0件，文件0个。\n");
    let nothing = ["archive", "import", "--data", &path("to"), &path("from")];
    let (_, err) = assert_exit(&hongtou(&nothing), 1);
    assert!(err.contains("不是导出的档案：bagit.txt"), "{err}");
}

/// A filing with a signature, a verdict with its evidence, and receipts.
pub(super) async fn proven(folder: &Path) -> (Archive, Vec<u8>) {
    let archive = archive(folder, 0).await.with_renderer(renderer());
    let app = App { archive: archive.clone(), trust: Arc::new(trust()), ..app().await };
    let router = router(Arc::new(app));
    let filing = filed(&router, letter(1)).await;
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let signed = signer::sign(&pdf);
    let path = format!("{}/signed", address(&filing));
    let headers = [("content-type", "application/pdf")];
    let put = send(&router, "PUT", &path, &headers, signed.clone()).await;
    assert_eq!(put.status, 201);
    let keeper = keeper(&archive).await;
    round(&keeper).await;
    (archive, signed)
}

#[tokio::test]
async fn receipts_evidence_and_the_log_are_exported_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, signed) = proven(&path("from")).await;
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let files = content(&path("bag"));
    let named = |ending: &str| -> &[u8] {
        let found = files.iter().find(|(path, _)| path.ends_with(ending));
        &found.unwrap_or_else(|| panic!("{ending}")).1
    };
    for (receipt, file) in
        [("/receipt.tlog-proof", &*signed), ("/原件.tlog-proof", named("/原件.pdf"))]
    {
        let receipt = Receipt::parse(str::from_utf8(named(receipt)).unwrap()).unwrap();
        receipt.verify(&policy("quorum none")).unwrap();
        let entry = Entry::parse(&receipt.entry).unwrap();
        assert!(entry.object(file).is_some(), "{entry:?}");
        let is_rendered = entry.act == "filing_kept";
        assert_eq!(entry.renderer, is_rendered.then(|| renderer().sha256));
    }
    assert_eq!(named("/renderer.json"), renderer().manifest);
    let evidence: Value = serde_json::from_slice(named("/evidence.json")).unwrap();
    let list = [evidence["trust_list"].clone()];
    let items = ["certificates", "revocation_lists"].map(|name| evidence[name].clone());
    let items = items.iter().flat_map(|items| items.as_array().unwrap());
    let mut n_items = 0;
    for name in list.iter().chain(items) {
        let name = name.as_str().unwrap();
        assert_eq!(sha256(named(&format!("其他/objects/{name}"))), name);
        n_items += 1;
    }
    assert_eq!(n_items, 1 + trust().certificates().count() + trust().crls().count());

    let to = archive(&path("to"), 0).await;
    to.import(&path("bag"), ACTOR).await.unwrap();
    assert!(content(&path("to")) == content(&path("from")), "also the files of the log");
    let name = sha256(&signed);
    assert_eq!(to.receipt(&name).await.unwrap(), from.receipt(&name).await.unwrap());
    let key = key(ORIGIN, 1).verifier(Algorithm::Ed25519);
    let report = to.verify_log(&key, |_, _| ()).await.unwrap();
    assert_eq!((report.checkpoints, report.faults.len()), (1, 0), "{report:?}");
    assert!(matches!(to.import(&path("bag"), ACTOR).await, Err(PackageError::NotEmpty)));
    // The log goes on with its key, after what is restored.
    assert!(round(&keeper(&to).await).await.published > Some(report.entries));
}

#[tokio::test]
async fn fonts_of_the_agency_are_not_exported() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let font = Bytes::from_static(b"a font");
    let object = Object::of(&font).await;
    let name = object.sha256.clone();
    let content_of = |role, name: &str, bytes: &Bytes, object: &Object| RendererFile {
        role,
        name: name.to_owned(),
        object: object.clone(),
        content: Content::Bytes(bytes.clone()),
    };
    let program = Bytes::from_static(b"a program");
    let program_object = Object::of(&program).await;
    let files = vec![
        content_of(FileRole::Font, "own.ttf", &font, &object),
        content_of(FileRole::Program, "x86_64-linux-gnu", &program, &program_object),
    ];
    let archive = archive(&path("from"), 0).await.with_renderer(Renderer { files, ..renderer() });
    archive.keep_renderer_files().await.unwrap();
    assert_eq!(archive.objects.get(&name).await.unwrap(), font);
    archive.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let exported = content(&path("bag"));
    assert!(exported.iter().all(|(_, bytes)| *bytes != font));
    assert!(exported.iter().any(|(_, bytes)| *bytes == program));
}

#[tokio::test]
async fn the_transfer_form_is_beside_the_metadata_of_the_bag() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, _) = proven(&path("from")).await;
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let form = fs::read(path("bag").join("移交与接收登记表.pdf")).unwrap();
    let tags = fs::read_to_string(path("bag").join("tagmanifest-sha256.txt")).unwrap();
    assert!(tags.contains(&format!("{}  移交与接收登记表.pdf\n", sha256(&form))), "{tags}");
    let document = lopdf::Document::load_mem(&form).unwrap();
    let text = document.extract_text(&[1, 2]).unwrap();
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert_eq!(document.get_pages().len(), 2);
    let manifest = sha256(&fs::read(path("bag").join("manifest-sha256.txt")).unwrap());
    let words = ["移交电子档案数量", "文件1件，案卷0卷", "可用性检验", "接收单位", ORIGIN];
    for words in words.into_iter().chain([manifest.as_str()]) {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[tokio::test]
async fn the_day_of_an_export_is_that_in_china() {
    let folder = tempfile::tempdir().unwrap();
    let bag = folder.path().join("bag");
    let clock = ManualClock::new();
    // 2027-01-15T16:30Z.
    clock.advance(8 * 60 * 60 + 30 * 60);
    let archive = services::at(&services::folder(), clock).await;
    archive.export(&bag, &TYPESETTER, ACTOR).await.unwrap();
    let info = fs::read_to_string(bag.join("bag-info.txt")).unwrap();
    assert!(info.contains("Bagging-Date: 2027-01-16\n"), "{info}");
}
