//! `hongtou keys`, and its effect on a running server.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::archive::services;
use crate::cli::exit_codes::make_archive;
use crate::cli::server::Server;

/// The maximum number of requests until a server has noticed the first key.
const MAX_REQUESTS: usize = 1_000_000;

/// Runs `hongtou keys` on a data folder. Returns the exit code and both outputs.
fn keys(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .arg("keys")
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Adds a key and returns its id and token.
fn add(data: &Path, arguments: &[&str]) -> (String, String) {
    let (code, out, err) = keys(data, &[&["add", "--name", "报送系统"], arguments].concat());
    assert_eq!((code, &*err), (0, ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], "密钥只显示这一次，请妥善保存：");
    let token = lines[2].to_owned();
    let id = token.split('_').nth(1).unwrap().to_owned();
    assert!(lines[0].starts_with(&format!("已添加密钥{id}（报送系统；角色：")), "{out}");
    (id, token)
}

/// The bytes of all files of a data folder.
fn files(data: &Path) -> Vec<u8> {
    let entries = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).flat_map(|path| fs::read(path).unwrap()).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn keys_are_added_listed_and_revoked() {
    let data = services::folder();
    let (id, token) = add(&data, &["--role", "read,submit", "--agency", "巴中市民政局"]);
    let (admin, _) = add(&data, &["--role", "admin"]);
    let (code, listed, _) = keys(&data, &["list"]);
    assert_eq!(code, 0);
    assert!(
        listed.starts_with(&format!(
            "{id}  报送系统  角色：提交、查阅  机关：巴中市民政局  有效  从未使用\n{admin}  报送系统  角色：管理  机关：不限"
        )),
        "{listed}"
    );
    assert!(listed.ends_with("共2个密钥。\n"));
    let secret = token.split('_').nth(2).unwrap();
    assert!(!listed.contains(secret));
    let stored = files(&data);
    assert!(contains(&stored, &id) && !contains(&stored, secret), "only the SHA-256 is stored");
    let (code, out, _) = keys(&data, &["revoke", &id]);
    assert_eq!((code, out), (0, format!("已撤销密钥{id}。\n")));
    let (code, out, _) = keys(&data, &["revoke", &id]);
    assert!(code == 0 && out.starts_with(&format!("密钥{id}已于2")), "{out}");
    let (_, listed, _) = keys(&data, &["list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["roles"], json!(["submit", "read"]));
    assert!(listed[0]["revoked_at"].is_string());
    assert_eq!(listed[1]["revoked_at"], Value::Null);
}

#[test]
fn errors_of_keys_are_reported_in_chinese() {
    let data = services::folder();
    make_archive(data.to_str().unwrap());
    let add = ["add", "--name", "报送系统"];
    let cases: [(&[&str], i32, &str); 9] = [
        (&["revoke", "nobody"], 1, "没有编号为nobody的密钥。\n"),
        (
            &[&add[..], &["--role", "admin", "--agency", "巴中市民政局"]].concat(),
            1,
            "管理角色可查看各机关的操作记录，不能限定机关。\n",
        ),
        (&[&add[..], &["--role", ""]].concat(), 1, "请以--role指定至少一个角色。\n"),
        (&[&add[..], &["--role", "king"]].concat(), 2, "--role <角色>的取值“king”不正确。"),
        (&add, 2, "缺少--role <角色>。"),
        (&["add", "--name", " ", "--role", "read"], 2, "--name <名称>的取值“ ”不正确。"),
        (
            &[&add[..], &["--role", "read", "--expires", "2020-01-01"]].concat(),
            1,
            "--expires的日期已过。\n",
        ),
        (
            &[&add[..], &["--role", "read", "--expires", "soon"]].concat(),
            2,
            "--expires <日期>的取值“soon”不正确。",
        ),
        (&["lend"], 2, "没有lend这个命令。"),
    ];
    for (arguments, expected, message) in cases {
        let (code, out, err) = keys(&data, arguments);
        assert_eq!((code, &*out), (expected, ""), "{arguments:?}: {err}");
        assert!(err.starts_with(message), "{arguments:?}: {err}");
    }
}

/// The status of `GET /v1/me` with this header line.
fn status(address: &str, header: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head =
        format!("GET /v1/me HTTP/1.1\r\nHost: {address}\r\n{header}Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_running_server_applies_changes_of_keys() {
    let data = services::folder();
    let mut server = Server::start(&data, &[]);
    let address = server.address.clone();
    let url = format!("http://{address}/auth/local?token={}", server.token);
    assert_eq!(server.read_line(), format!("尚无密钥，请在浏览器打开：{url}\n"));
    let file = data.join("local-token");
    let third = server.read_line();
    assert!(third.contains(&*file.display().to_string()), "{third}");
    assert_eq!(fs::read_to_string(&file).unwrap().trim_end(), server.token);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let local = format!("Authorization: Bearer {}\r\n", server.token);
    assert_eq!(status(&address, &local), "200");
    assert_eq!(status(&address, ""), "401");
    let (id, token) = add(&data, &["--role", "read"]);
    let refused_after = (0..MAX_REQUESTS).position(|_| status(&address, &local) == "401");
    let authorization = format!("Authorization: Bearer {token}\r\n");
    let with_key = status(&address, &authorization);
    assert_eq!(keys(&data, &["revoke", &id]).0, 0);
    let after = status(&address, &authorization);
    assert!(refused_after.is_some());
    assert_eq!((&*with_key, &*after), ("200", "401"));
}

#[test]
fn a_server_that_requires_keys_has_no_local_token() {
    let data = services::folder();
    let mut server = Server::start(&data, &["--require-keys"]);
    assert_eq!(server.read_line(), "尚无密钥，一概不答复。添加密钥：hongtou keys add\n");
    let local = format!("Authorization: Bearer {}\r\n", server.token);
    assert_eq!(status(&server.address, &local), "401");
    assert!(!data.join("local-token").exists());
}

#[test]
fn a_key_shows_its_last_day_and_sessions_are_ended() {
    let data = services::folder();
    let (_, token) = add(&data, &["--role", "read", "--expires", "2098-12-31"]);
    let (_, listed, _) = keys(&data, &["list"]);
    assert!(listed.contains("有效期至2098-12-31T16:00:00.000Z"), "{listed}");
    let server = Server::start(&data, &[]);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /auth/key HTTP/1.0\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let cookie = answer.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
    let cookie = format!("Cookie: {cookie}\r\n");
    assert_eq!(status(&server.address, &cookie), "200");
    let sessions = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
        let output = command.arg("sessions").args(arguments).arg("--data").arg(&data).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (_, listed) = sessions(&["list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(sessions(&["end", id]), (Some(0), "已结束1个会话。\n".to_owned()));
    assert_eq!(sessions(&["end", id]), (Some(1), String::new()));
    assert_eq!(sessions(&["list"]), (Some(0), "共0个会话。\n".to_owned()));
    assert_eq!(status(&server.address, &cookie), "401");
}
