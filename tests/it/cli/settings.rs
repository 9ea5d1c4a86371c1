//! Settings: the precedence of flag, environment and file, and what is refused at the start.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::archive::services;

/// A settings file in a temporary folder.
struct File {
    folder: tempfile::TempDir,
}

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hongtou.toml"), text).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hongtou.toml")
    }
}

/// Runs `--check-config` and returns the exit code and the output.
fn checked(file: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .args(["serve", "--check-config", "--config"])
        .arg(file)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let message = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(message).unwrap())
}

#[test]
fn valid_settings_are_accepted() {
    let file = File::new(
        "# 监听本机\nlisten = \"127.0.0.1:0\"\nqueue = 8\nqueue-deadline = 3\ncache = 0\n\
         approval = true\ncors-origin = [\"https://a.example\", \"https://b.example\"]\nlog = \"warn\"\n",
    );
    assert_eq!(checked(&file.path(), &[], &[]), (0, "设置无误。\n".to_owned()));
}

#[test]
fn a_flag_overrides_the_environment_which_overrides_the_file() {
    // The error names the missing folder of fonts, so it shows which value took effect.
    let file = File::new("fonts = \"/of-the-file\"\n");
    let message = |name: &str| format!("无法使用所指定的字体：{name}：文件或目录不存在。\n");
    let environment = [("HONGTOU_FONTS", "/of-the-environment")];
    let flags = ["--fonts", "/of-the-flag"];
    assert_eq!(checked(&file.path(), &[], &[]), (2, message("/of-the-file")));
    assert_eq!(checked(&file.path(), &[], &environment), (2, message("/of-the-environment")));
    assert_eq!(checked(&file.path(), &flags, &environment), (2, message("/of-the-flag")));
}

#[test]
fn an_error_names_the_file_and_the_key() {
    let cases = [
        ("queu = 8\n", "中没有queu这项设置。"),
        ("config = \"x\"\n", "中没有config这项设置。"),
        ("check-config = true\n", "中没有check-config这项设置。"),
        ("threads = 2\n", "中没有threads这项设置。"),
        ("queue = \"many\"\n", "中queue的取值不正确。"),
        ("queue = -1\n", "中queue的取值不正确。"),
        ("queue = [1, 2]\n", "中queue的取值不正确。"),
        ("queue = 1.5\n", "中queue的取值不正确。"),
        ("renders = 0\n", "中renders的取值不正确。"),
        ("log-format = \"xml\"\n", "中log-format的取值不正确。"),
        ("listen = 8080\n", "中listen的取值不正确。"),
        ("database = \"mysql://localhost/x\"\n", "中database的取值不正确。"),
        ("store = \"/srv/objects\"\n", "中store的取值不正确。"),
        ("object-lock = \"on\"\n", "中object-lock的取值不正确。"),
        ("cors-origin = [\"a.example\"]\n", "中cors-origin的取值不正确。"),
        ("[serve]\nqueue = 8\n", "中没有serve这项设置。"),
        ("queue = 8\nlisten = \n", "第2行不是有效的TOML。"),
    ];
    for (text, sentence) in cases {
        let file = File::new(text);
        let message = format!("设置文件{}{sentence}\n", file.path().display());
        assert_eq!(checked(&file.path(), &[], &[]), (2, message), "{text}");
    }
}

#[test]
fn a_wrong_value_in_the_file_is_refused_even_if_a_flag_overrides_it() {
    let file = File::new("queue = \"many\"\n");
    let (code, message) = checked(&file.path(), &["--queue", "8"], &[]);
    assert_eq!(code, 2);
    assert!(message.ends_with("中queue的取值不正确。\n"), "{message}");
}

#[test]
fn a_missing_file_is_reported_in_chinese() {
    let message = "无法读取设置文件/nowhere.toml：文件或目录不存在。\n".to_owned();
    assert_eq!(checked(Path::new("/nowhere.toml"), &[], &[]), (2, message));
}

#[test]
fn schema_prints_the_json_schema_of_a_submission() {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou")).arg("schema").output().unwrap();
    let message: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(message, hongtou::submission::shape::json_schema());
}

#[test]
fn secrets_are_never_repeated() {
    let file = File::new("");
    let secret = "GEHEIM";
    for (variable, flag) in [
        ("HONGTOU_WEBHOOK_SECRET", "--webhook-secret"),
        ("HONGTOU_DATABASE", "--database"),
        ("HONGTOU_LOCAL_TOKEN", "--local-token"),
    ] {
        let from_environment = checked(&file.path(), &[], &[(variable, secret)]);
        let from_flag = checked(&file.path(), &[flag, secret], &[]);
        for (code, message) in [from_environment, from_flag] {
            assert_eq!(code, 2, "{message}");
            assert!(message.starts_with(flag), "{message}");
            assert!(message.contains("的取值不正确。") && !message.contains(secret), "{message}");
        }
    }
}

#[test]
fn listening_beyond_this_machine_without_tls_warns() {
    let warned = |arguments: &[&str]| {
        let data = services::folder();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hongtou"))
            .args(["serve", "--log", "error", "--data"])
            .arg(data)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut started = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut started).unwrap();
        assert!(started.starts_with("服务已启动："), "{started}");
        // The warning follows at once, before the first request.
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stderr).unwrap().starts_with("警告：其他机器可以连接0.0.0.0:")
    };
    assert!(warned(&["--listen", "0.0.0.0:0"]));
    assert!(!warned(&["--listen", "127.0.0.1:0"]));
    let url = ["--public-url", "https://hongtou.example"];
    assert!(!warned(&[&["--listen", "0.0.0.0:0"][..], &url].concat()));
}
