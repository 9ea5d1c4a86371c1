//! An exported archive is imported into an empty one byte for byte, and no damaged one is.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::fixity::progress::{PARTS, Pace};
use hongtou::archive::package::error::PackageError;
use hongtou::archive::renderers::Renderer;
use hongtou::archive::retention::class::RetentionClass;

use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::fixture;
use crate::house::source::files;
use crate::preservation::stock::{ACTOR, archive, file, file_with, record, sign};

/// Damages a package.
type Damage = fn(&Path);

/// An archive with a renderer, a signed copy, a withdrawn one, a retention, a hold and a fixity report.
async fn stock(folder: &Path) -> Archive {
    let manifest = Bytes::from_static(b"{}");
    let sha256 = hongtou::archive::objects::sha256(&manifest);
    let version = "1.0.0".to_owned();
    let renderer = Renderer { sha256, manifest, version, files: Vec::new() };
    let archive = archive(folder, 0).await.with_renderer(renderer);
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
    content.retain(|(path, _)| path.starts_with("data/") && !path.ends_with("audit_trail.ndjson"));
    content
}

#[tokio::test]
async fn an_exported_archive_is_restored_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let from = stock(&path("from")).await;
    let exported = from.export(&path("bag"), ACTOR).await.unwrap();
    assert_eq!(exported.filings, 2);
    assert!(matches!(from.export(&path("bag"), ACTOR).await, Err(PackageError::Exists)));

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
    let again = to.export(&path("again"), ACTOR).await.unwrap();
    assert_eq!(again, exported);
    assert!(timeless(&path("again")) == timeless(&path("bag")));
    assert!(matches!(to.import(&path("bag"), ACTOR).await, Err(PackageError::NotEmpty)));
}

#[tokio::test]
async fn the_layout_and_the_metadata_are_those_of_the_standards() {
    let folder = tempfile::tempdir().unwrap();
    let bag = folder.path().join("bag");
    stock(&folder.path().join("from")).await.export(&bag, ACTOR).await.unwrap();
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
    let expected =
        ["source.json", "verdict.json", "元数据.xml", "原件.pdf", "巴市民政〔2021〕1号.pdf"];
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
    stock(&path("from")).await.export(&path("bag"), ACTOR).await.unwrap();
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

#[tokio::test]
async fn an_inspection_passes_only_what_it_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let from = archive(&path("from"), 0).await;
    let source = String::from_utf8(fixture::bytes("valid", fixture::SEED)).unwrap();
    let filing = file_with(&from, 1, &source, "%PDF-1.7 one").await;
    from.set_retention(&filing.id, RetentionClass::Years30, "第3条", ACTOR).await.unwrap();
    from.export(&path("bag"), ACTOR).await.unwrap();
    let bag = path("bag").to_str().unwrap().to_owned();
    let results = |out: &str| -> Vec<(String, String)> {
        let items: Vec<serde_json::Value> = serde_json::from_str(out).unwrap();
        let text = |item: &serde_json::Value, key: &str| item[key].as_str().unwrap().to_owned();
        items.iter().map(|item| (text(item, "code"), text(item, "result"))).collect()
    };
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--json", &bag]), 0);
    let passed: Vec<_> = results(&out).into_iter().filter(|(_, is)| is == "通过").collect();
    let codes: Vec<_> = passed.iter().map(|(code, _)| &**code).collect();
    let looked_at = [
        "1-4", "1-6", "1-10", "1-11", "1-12", "1-13", "1-14", "2-1", "2-2", "2-4", "2-7", "2-11",
        "3-1", "4-3",
    ];
    assert_eq!(codes, looked_at);
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--xml", &bag]), 0);
    assert!(out.contains("<编号>4-2</编号><名称>病毒感染检测</名称>"), "{out}");
    assert!(out.contains("<结果>未检测</结果>"), "{out}");

    fs::write(path("bag").join("data/extra.txt"), "x").unwrap();
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--json", &bag]), 1);
    let results = results(&out);
    let failed: Vec<_> =
        results.iter().filter(|(_, is)| is == "不通过").map(|(code, _)| &**code).collect();
    assert_eq!(failed, ["1-14", "2-7", "2-11", "4-3"]);
    assert!(results.iter().all(|(_, is)| is != "通过"), "nothing else was looked at");
}
