//! The command line: exit codes and messages.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const VALID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/valid/bazhong-2021-38.json");

pub(crate) fn hongtou(arguments: &[&str]) -> Output {
    command(arguments).stdin(Stdio::null()).output().unwrap()
}

fn hongtou_reading(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    command.args(arguments);
    command
}

/// Asserts the exit code, and returns standard output and standard error.
#[track_caller]
pub(crate) fn assert_exit(output: &Output, code: i32) -> (String, String) {
    let out = String::from_utf8(output.stdout.clone()).unwrap();
    let err = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "out: {out}\nerr: {err}");
    (out, err)
}

/// Makes an archive without filings, which has one key.
#[track_caller]
pub(crate) fn make_archive(data: &str) {
    let add = ["keys", "add", "--data", data, "--name", "财政", "--role", "submit"];
    assert_exit(&hongtou(&add), 0);
}

/// The seed filing with a wrong total.
fn wrong_total() -> Vec<u8> {
    let mut filing: Value = serde_json::from_slice(&fs::read(VALID).unwrap()).unwrap();
    filing["scores"]["total"]["self_score"] = json!("109");
    filing.to_string().into_bytes()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn render_writes_the_pdf_and_reports_it() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("公文.pdf");
    fs::write(&pdf, "an older file").unwrap();
    let (out, err) = assert_exit(&hongtou(&["render", VALID, "-o", pdf.to_str().unwrap()]), 0);
    assert!(out.starts_with(&format!("已生成 {}（", pdf.display())), "{out}");
    assert!(out.contains("页，SHA-256 "), "{out}");
    assert_eq!(err, "");
    assert!(fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    assert_eq!(names_in(folder.path()), ["公文.pdf"], "no temporary file remains");
}

#[test]
fn render_reads_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let (from_file, from_stdin) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    assert_exit(&hongtou(&["render", VALID, "-o", from_file.to_str().unwrap()]), 0);
    let arguments = ["render", "-", "-o", from_stdin.to_str().unwrap()];
    assert_exit(&hongtou_reading(&arguments, &fs::read(VALID).unwrap()), 0);
    assert_eq!(fs::read(from_file).unwrap(), fs::read(from_stdin).unwrap());
}

#[test]
fn render_refuses_in_chinese_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("x.pdf");
    let arguments = ["render", "-", "-o", pdf.to_str().unwrap()];
    let (out, err) = assert_exit(&hongtou_reading(&arguments, &wrong_total()), 1);
    assert_eq!(out, "");
    assert!(err.starts_with("公文不符合规定，未生成。"), "{err}");
    assert!(err.contains("总分的自评得分："), "{err}");
    assert!(err.contains("〔sum_mismatch〕"), "{err}");

    let (_, err) = assert_exit(&hongtou_reading(&arguments, b"{"), 1);
    assert!(err.starts_with("第1行"), "{err}");
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn render_cannot_run_without_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/x.pdf");
    let (_, err) = assert_exit(&hongtou(&["render", VALID, "-o", missing.to_str().unwrap()]), 2);
    assert_eq!(err, format!("无法写入{}：文件或目录不存在。\n", missing.display()));

    let folder_itself = folder.path().join("folder");
    fs::create_dir(&folder_itself).unwrap();
    assert_exit(&hongtou(&["render", VALID, "-o", folder_itself.to_str().unwrap()]), 2);
    assert_eq!(names_in(folder.path()), ["folder"], "no temporary file remains");

    let (_, err) = assert_exit(&hongtou(&["render", "/nowhere.json", "-o", "/tmp/never.pdf"]), 2);
    assert_eq!(err, "无法读取/nowhere.json：文件或目录不存在。\n");
}

#[test]
fn check_prints_one_line_per_violation() {
    let (out, _) = assert_exit(&hongtou(&["check", VALID]), 0);
    assert_eq!(out, "符合规定，提醒0处。\n");

    let (out, _) = assert_exit(&hongtou_reading(&["check", "-"], &wrong_total()), 1);
    let line = out.lines().find(|line| line.starts_with("总分的自评得分："));
    assert!(line.is_some_and(|line| line.ends_with("〔sum_mismatch〕")), "{out}");
    assert!(out.lines().last().unwrap().starts_with("不符合规定：错误"), "{out}");
}

#[test]
fn check_prints_json() {
    let (out, _) = assert_exit(&hongtou(&["check", VALID, "--json"]), 0);
    let valid: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(valid, json!({"valid": true, "errors": [], "warnings": []}));

    let (out, _) = assert_exit(&hongtou_reading(&["check", "-", "--json"], &wrong_total()), 1);
    let refused: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(refused["valid"], json!(false));
    assert!(!refused["errors"].as_array().unwrap().is_empty());

    let (out, _) = assert_exit(&hongtou_reading(&["check", "-", "--json"], b"{"), 1);
    let unreadable: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(unreadable["valid"], json!(false));
    assert_eq!(unreadable["unreadable"]["line"], json!(1));
}

#[test]
fn fix_lists_its_mends() {
    let folder = tempfile::tempdir().unwrap();
    let (wrong, fixed) = (folder.path().join("wrong.json"), folder.path().join("fixed.json"));
    let valid = fs::read_to_string(VALID).unwrap();
    let posted = valid.replace("\"省民政厅\"", "\"主送：省\u{2EA0}政厅：\"");
    assert_ne!(posted, valid);
    fs::write(&wrong, &posted).unwrap();
    let said_line = "第1个主送机关：“\u{2EA0}”改为“民”；删去“主送：”；删去“：”\n";
    let report = format!("{said_line}已改正1处；其余问题请用hongtou check检查。\n");

    let path = wrong.to_str().unwrap();
    let arguments = ["fix", path, "-o", fixed.to_str().unwrap()];
    assert_eq!(assert_exit(&hongtou(&arguments), 0), (report.clone(), String::new()));
    assert_eq!(fs::read_to_string(&fixed).unwrap(), valid);
    assert_eq!(fs::read_to_string(&wrong).unwrap(), posted);

    let from_stdin = hongtou_reading(&["fix", "-"], posted.as_bytes());
    assert_eq!(assert_exit(&from_stdin, 0), (valid.clone(), report.clone()));

    assert_eq!(assert_exit(&hongtou(&["fix", path, "--in-place"]), 0).0, report);
    assert_eq!(fs::read_to_string(&wrong).unwrap(), valid);
    let (out, _) = assert_exit(&hongtou(&["fix", path, "--in-place"]), 0);
    assert_eq!(out, "没有可以自动改正之处；其余问题请用hongtou check检查。\n");

    let (_, err) = assert_exit(&hongtou_reading(&["fix", "-"], b"{"), 1);
    assert!(err.starts_with("第1行"), "{err}");
    assert_exit(&hongtou(&["fix", path, "--in-place", "-o", path]), 2);
}

#[test]
fn fonts_lists_every_typeface_with_its_file() {
    let (out, _) = assert_exit(&hongtou(&["fonts"]), 0);
    let mut lines = out.lines();
    assert_eq!(
        lines.next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["字体", "字族", "文件"]
    );
    for face in ["仿宋", "楷体", "黑体", "小标宋", "宋体"] {
        assert!(out.lines().any(|line| line.starts_with(face)), "{face} is missing:\n{out}");
    }
    assert!(out.contains("数字和字母一律使用 Liberation Serif"), "{out}");

    let (_, err) = assert_exit(&hongtou(&["fonts", "--fonts", "/nowhere"]), 2);
    assert_eq!(err, "无法使用所指定的字体：/nowhere：文件或目录不存在。\n");
}

#[test]
fn wrong_arguments_are_reported_in_chinese() {
    let cases: [(&[&str], &str); 7] = [
        (&["bogus"], "没有bogus这个命令。"),
        (&["render", "x.json"], "缺少--output <PDF文件>。"),
        (&["check"], "缺少<文件>。"),
        (&["check", "x.json", "--bogus"], "没有--bogus这个参数。"),
        (&["serve", "--queue", "many"], "--queue <个数>的取值“many”不正确。"),
        (&["serve", "--log", "http=loud"], "--log <级别>的取值“http=loud”不正确。"),
        (&["serve", "--listen"], "--listen <地址:端口>缺少取值。"),
    ];
    for (arguments, sentence) in cases {
        let (out, err) = assert_exit(&hongtou(arguments), 2);
        assert_eq!(out, "");
        assert_eq!(err, format!("{sentence}运行hongtou --help查看用法。\n"));
    }
}

#[test]
fn help_is_chinese() {
    for arguments in [
        &["--help"][..],
        &["serve", "-h"],
        &["render", "-h"],
        &["check", "-h"],
        &["batch", "-h"],
        &["verify", "-h"],
    ] {
        let (out, _) = assert_exit(&hongtou(arguments), 0);
        for english in ["Usage", "Options", "OPTIONS", "Commands", "Arguments", "Print", "default"]
        {
            assert!(!out.contains(english), "{english} in\n{out}");
        }
    }
}
