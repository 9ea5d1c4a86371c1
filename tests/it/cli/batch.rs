//! `hongtou batch`: files, manifest and messages, equal for any number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::cli::exit_codes::assert_exit;
use crate::fixture;

/// A temporary folder with an input.
struct Folder(TempDir);

impl Folder {
    fn with(lines: &[String]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.input(), lines.join("\n")).unwrap();
        folder
    }

    fn input(&self) -> PathBuf {
        self.0.path().join("in.ndjson")
    }

    fn output(&self) -> PathBuf {
        self.0.path().join("new/out")
    }

    fn batch(&self, threads: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_hongtou"))
            .arg("batch")
            .arg(self.input())
            .arg("-o")
            .arg(self.output())
            .args(["--threads", threads])
            .output()
            .unwrap()
    }

    fn manifest(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.output().join("manifest.ndjson")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every output file, sorted by name.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        files_in(&self.output())
    }
}

fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn numbered(serial: u32) -> String {
    seed_with("/document/document_number/serial", json!(serial))
}

fn seed_with(pointer: &str, value: Value) -> String {
    String::from_utf8(fixture::seed_with(pointer, value)).unwrap()
}

#[test]
fn lines_are_independent() {
    let wrong = seed_with("/scores/total/self_score", json!("109"));
    let lines = [numbered(1), wrong, String::new(), "{\"a\":".to_owned(), numbered(2)];
    let folder = Folder::with(&lines);
    let (out, err) = assert_exit(&folder.batch("2"), 1);
    assert!(out.starts_with("已生成2份，不符合规定1份，无法读取1份，程序出错0份；"), "{out}");
    assert!(err.contains("第2行未生成，错误"), "{err}");
    assert!(err.contains("第4行未生成，第5个字符处：内容不完整"), "{err}");

    let names: Vec<String> = folder.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["manifest.ndjson", "巴市民政〔2021〕1号.pdf", "巴市民政〔2021〕2号.pdf"]);
    let manifest = folder.manifest();
    let values = |key: &str| -> Vec<Value> { manifest.iter().map(|e| e[key].clone()).collect() };
    assert_eq!(values("line"), [1, 2, 4, 5]);
    assert_eq!(values("state"), ["filed", "refused", "refused", "filed"]);
    assert_eq!(manifest[2]["problem"]["type"], json!("/problems/unreadable-json"));
    let violation = &manifest[1]["problem"]["errors"][0];
    assert_eq!(violation["code"], json!("sum_mismatch"));
    assert_eq!(violation["pointer"], json!("/scores/total/self_score"));
    assert_eq!(manifest[2]["column"], json!(5));
}

#[test]
fn the_manifest_describes_each_file() {
    let folder = Folder::with(&[numbered(7)]);
    assert_exit(&folder.batch("1"), 0);
    let entry = &folder.manifest()[0];
    let pdf = fs::read(folder.output().join(entry["file"].as_str().unwrap())).unwrap();
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let expected = json!({
        "line": 1,
        "state": "filed",
        "document_number": "巴市民政〔2021〕7号",
        "file": "巴市民政〔2021〕7号.pdf",
        "pages": 12,
        "sha256": sha256,
        "warnings": [],
    });
    assert_eq!(entry, &expected);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_threads() {
    // A slow line first, so that later lines finish before it.
    let mut lines = vec![numbered(1)];
    lines.extend(["letter-2023-46", "notice-attachments"].map(|name| {
        let json: Value = serde_json::from_slice(&fixture::bytes("valid", name)).unwrap();
        json.to_string()
    }));
    lines.extend(["[]".to_owned(), numbered(1), numbered(1)]);
    let folders: Vec<Folder> = ["1", "2", "5"]
        .into_iter()
        .map(|threads| {
            let folder = Folder::with(&lines);
            assert_exit(&folder.batch(threads), 1);
            folder
        })
        .collect();
    let first = folders[0].files();
    assert_eq!(first.len(), 6);
    for folder in &folders[1..] {
        assert!(folder.files() == first);
    }
}

#[test]
fn a_repeated_number_overwrites_nothing() {
    let other = seed_with("/opening/0", json!("另一份报告。"));
    let folder = Folder::with(&[numbered(38), other]);
    let (_, err) = assert_exit(&folder.batch("2"), 0);
    let second = "巴市民政〔2021〕38号（第2行）.pdf";
    assert_eq!(err, format!("第2行与第1行发文字号相同，另存为{second}。\n"));
    let manifest = folder.manifest();
    assert_eq!(manifest[0]["file"], json!("巴市民政〔2021〕38号.pdf"));
    assert_eq!(manifest[1]["file"], json!(second));
    assert_eq!(manifest[1]["same_number_as_line"], json!(1));
    assert_ne!(manifest[0]["sha256"], manifest[1]["sha256"]);
}

#[test]
fn older_files_are_replaced_and_unrelated_ones_stay() {
    let folder = Folder::with(&[numbered(38)]);
    fs::create_dir_all(folder.output()).unwrap();
    for name in ["巴市民政〔2021〕38号.pdf", "manifest.ndjson", "other.txt"] {
        fs::write(folder.output().join(name), "old").unwrap();
    }
    assert_exit(&folder.batch("1"), 0);
    let old: Vec<String> = folder
        .files()
        .into_iter()
        .filter(|(_, bytes)| bytes == b"old")
        .map(|(name, _)| name)
        .collect();
    assert_eq!(old, ["other.txt"]);
}

#[test]
fn a_failed_batch_leaves_no_manifest() {
    let folder = Folder::with(&[numbered(38)]);
    // A folder has the name of the PDF.
    fs::create_dir_all(folder.output().join("巴市民政〔2021〕38号.pdf")).unwrap();
    let (out, err) = assert_exit(&folder.batch("1"), 2);
    assert_eq!(out, "");
    assert!(err.starts_with("无法写入"), "{err}");
    let entries = fs::read_dir(folder.output()).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["巴市民政〔2021〕38号.pdf"], "no temporary file remains");

    fs::remove_file(folder.input()).unwrap();
    let (_, err) = assert_exit(&folder.batch("1"), 2);
    assert_eq!(err, format!("无法读取{}：文件或目录不存在。\n", folder.input().display()));
}
