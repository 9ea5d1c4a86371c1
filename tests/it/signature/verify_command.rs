//! Tests `hongtou verify` and the trust settings.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::fixture;
use crate::signature::letter::LETTER;
use crate::signature::signer::{FieldOptions, Revision, prepare, root_certificate, sign};

/// A folder with the letter and a trust folder.
struct Folder {
    root: TempDir,
}

impl Folder {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("trust")).unwrap();
        fs::write(root.path().join("trust/root.cer"), root_certificate()).unwrap();
        fs::write(root.path().join("letter.pdf"), &*LETTER).unwrap();
        Self { root }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.root.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Verifies a file with the letter as the original and with the trust folder.
    fn verified(&self, file: &Path, more: &[&str], code: i32) -> (String, String) {
        let [letter, trust] = ["letter.pdf", "trust"].map(|name| self.root.path().join(name));
        let [letter, trust, file] =
            [&letter, &trust, file].map(|path| path.to_str().unwrap().to_owned());
        let known = ["verify", &file, "--original", &letter, "--trust", &trust];
        assert_exit(&hongtou(&[&known, more].concat()), code)
    }
}

const LENIENT: &[&str] = &["--revocation", "if-present", "--at", "2026-03-01T08:00:00+08:00"];

#[test]
fn a_signed_letter_passes_with_a_chinese_report() {
    let folder = Folder::new();
    let signed = folder.file("signed.pdf", &sign(&LETTER));
    let (out, err) = folder.verified(&signed, LENIENT, 0);
    for line in [
        "与原件的关系：原件未动，其后只有签署。",
        "  允许的追加（第2次修订）：签名。",
        "签名1（Signature1）：有效（TOTAL-PASSED）",
        "  签名者：CN=张三（颁发者：CN=试验根证书）",
        "  覆盖范围：整个文件",
        "  位置：第1页，在页面上不可见",
        "共1个签名。结论：通过。",
    ] {
        assert!(out.lines().any(|said| said.starts_with(line)), "{line} is not in\n{out}");
    }
    assert_eq!(err, "");
    let (out, _) = folder.verified(&signed, &[LENIENT, &["--json"]].concat(), 0);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["judged_at"], json!("2026-03-01T00:00:00.000Z"));
    assert_eq!(report["derivation"]["kind"], json!("identical_signed"));
    // Without `--revocation if-present`, the missing revocation information counts.
    let (out, _) = folder.verified(&signed, &LENIENT[2..], 1);
    assert!(out.contains("不能确定（INDETERMINATE/TRY_LATER）"), "{out}");
}

#[test]
fn the_page_of_a_seal_and_later_additions_are_listed() {
    let folder = Folder::new();
    let visible = FieldOptions { rect: "300 200 420 260", ..FieldOptions::default() };
    let prepared = prepare(&LETTER, &visible, |revision, signature| {
        let seal = revision
            .add("<</Subtype/Form/BBox[0 0 9 9]/Length 12>>stream\n0 0 9 9 re f\nendstream");
        revision.set(signature + 1, "AP", &format!("<</N {seal} 0 R>>"));
    });
    let byte_range = prepared.correct_byte_range();
    let mut later = Revision::on(&prepared.signed(byte_range));
    let info = later.before.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
    later.set(info, "ModDate", "(D:20260301000000Z)");
    let certificate = later.add("<</Length 4>>stream\n0000\nendstream");
    later.set(later.catalog(), "DSS", &format!("<</Certs[{certificate} 0 R]>>"));
    let file = folder.file("later.pdf", &later.written());
    let expected = [
        "  允许的追加（第2次修订）：签名。",
        "  允许的追加（第3次修订）：验证数据、修改日期等元数据。",
        "  位置：第1页，在页面上可见",
    ];
    let (with_original, _) = folder.verified(&file, LENIENT, 0);
    let trust = folder.root.path().join("trust");
    let alone = ["verify", file.to_str().unwrap(), "--trust", trust.to_str().unwrap()];
    let (alone, _) = assert_exit(&hongtou(&[&alone, LENIENT].concat()), 0);
    for line in expected {
        for out in [&with_original, &alone] {
            assert!(out.lines().any(|said| said == line), "{line} is not in\n{out}");
        }
    }
}

#[test]
fn failures_are_explained() {
    let folder = Folder::new();
    let signed = sign(&LETTER);
    let mut revision = Revision::on(&signed);
    revision.set(revision.catalog(), "OpenAction", "<</S/JavaScript/JS(x)>>");
    let altered = folder.file("altered.pdf", &revision.written());
    let (out, _) = folder.verified(&altered, LENIENT, 1);
    assert!(out.contains("改动（第3次修订"), "{out}");
    assert!(out.contains("（changed_after_signing）"), "{out}");
    assert!(out.ends_with("结论：未通过。\n"), "{out}");

    let alone = folder.file("signed.pdf", &signed);
    let (out, _) = assert_exit(&hongtou(&["verify", alone.to_str().unwrap()]), 1);
    assert!(out.contains("没有设置信任的证书"), "{out}");
    assert!(out.contains("INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND"), "{out}");

    let (out, _) = folder.verified(&folder.file("same.pdf", &LETTER), LENIENT, 0);
    assert!(out.starts_with("与原件的关系：与原件完全相同。"), "{out}");
}

#[test]
fn the_original_is_remade_from_the_attached_source() {
    let folder = Folder::new();
    let verify = |name: &str, file: &[u8], more: &[&str], code| {
        let file = folder.file(name, file);
        let trust = folder.root.path().join("trust");
        let known = ["verify", file.to_str().unwrap(), "--trust", trust.to_str().unwrap()];
        assert_exit(&hongtou(&[&known, LENIENT, more].concat()), code).0
    };
    let unsigned = verify("unsigned.pdf", &LETTER, &[], 0);
    let expected = "已重新生成：文件与由所附数据重新生成的公文逐字节相同。\n\
                    与原件的关系：与原件完全相同。";
    assert!(unsigned.starts_with(expected), "{unsigned}");
    let end = "\n文件是本系统生成的原件，尚未签署。结论：通过。\n";
    assert!(unsigned.ends_with(end), "{unsigned}");

    let signed = verify("signed.pdf", &sign(&LETTER), &[], 0);
    let expected = format!("已重新生成：文件的前{}字节与由所附数据", LETTER.len());
    assert!(signed.starts_with(&expected), "{signed}");
    assert!(signed.contains("与原件的关系：原件未动，其后只有签署。"), "{signed}");

    let changed = std::fs::read(fixture::folder("handed-in").join("letter-changed.pdf")).unwrap();
    let changed = verify("changed.pdf", &changed, &["--json"], 1);
    let report: Value = serde_json::from_str(&changed).unwrap();
    assert_eq!(report["remake"]["outcome"], json!("cannot_be_remade"));
    assert_eq!(report["derivation"], Value::Null);
    let scan = std::fs::read(fixture::folder("handed-in").join("scan.pdf")).unwrap();
    let scan = verify("scan.pdf", &scan, &[], 1);
    assert!(scan.starts_with("不能重新生成：文件没有附生成所用的数据（source.json）"), "{scan}");
    assert!(scan.ends_with("\n文件没有签名。结论：未通过。\n"), "{scan}");
}

#[test]
fn unusable_arguments_are_reported() {
    let folder = Folder::new();
    let (_, err) = folder.verified(&folder.file("note.txt", b"note"), &[], 2);
    assert_eq!(err, "无法核验：文件不以“%PDF-”开头，不是PDF。\n");
    let (_, err) = folder.verified(Path::new("/nowhere.pdf"), &[], 2);
    assert_eq!(err, "无法读取/nowhere.pdf：文件或目录不存在。\n");
    let signed = folder.file("signed.pdf", &LETTER);
    let (_, err) = folder.verified(&signed, &["--at", "tomorrow"], 2);
    assert!(err.starts_with("--at <时间>的取值“tomorrow”不正确。"), "{err}");
    folder.file("trust/note.txt", b"note");
    let (_, err) = folder.verified(&signed, &[], 2);
    let note = folder.root.path().join("trust/note.txt");
    let sentence = format!(
        "无法使用所指定的信任列表：{}中有证书和吊销列表以外的内容，或没有内容。\n",
        note.display()
    );
    assert_eq!(err, sentence);
    let trust = folder.root.path().join("trust");
    let serve = ["serve", "--check-config", "--trust", trust.to_str().unwrap()];
    assert_eq!(assert_exit(&hongtou(&serve), 2).1, sentence);
    let (_, err) = assert_exit(&hongtou(&["serve", "--check-config", "--trust", "/nowhere"]), 2);
    assert_eq!(err, "无法读取/nowhere：文件或目录不存在。\n");
}
