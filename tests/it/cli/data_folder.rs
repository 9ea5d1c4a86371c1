//! The data folder belongs to one user and to one server at a time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::services;
use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::cli::server::Server;

const VALID: &str = include_str!("../../../fixtures/valid/bazhong-2021-38.json");

/// All files and folders below a folder, and itself.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(below(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn files_and_folders_are_closed_to_others() {
    let data = services::folder().join("data");
    // As an earlier version left it.
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(data.join("hongtou.sqlite"), "").unwrap();
    fs::set_permissions(data.join("hongtou.sqlite"), fs::Permissions::from_mode(0o644)).unwrap();
    let server = Server::start(&data, &[]);
    assert_eq!(server.post(&server.token, VALID), "HTTP/1.0 201 Created");
    let mut n_files = 0;
    for path in below(&data) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{} has {mode:o}", path.display());
        n_files += usize::from(path.is_file());
    }
    // The database with its log, the token, the lock, the source and the PDF.
    assert!(n_files >= 6, "{n_files} files");
}

#[test]
fn commands_that_need_an_archive_make_none() {
    let folder = services::folder();
    let (data, other) = (folder.join("missing"), folder.join("other"));
    let [shown, other] = [&data, &other].map(|path| path.to_str().unwrap());
    let vkey =
        "archive.bazhong.example/hongtou/1+12572341+Af2UqEmeHI7UoQlw+ZoBx9NfqizMTS25jk7298NwdqkK";
    let commands: [&[&str]; 12] = [
        &["archive", "check"],
        &["archive", "verify-log"],
        &["archive", "export", "--output", other],
        &["archive", "rotate-log-key"],
        &["archive", "move", "--to-data", other],
        &["archive", "request-cosignature"],
        &["archive", "add-cosignature", "-", "--witness", vkey],
        &["keys", "list"],
        &["keys", "revoke", "k"],
        &["sessions", "list"],
        &["sessions", "end", "s"],
        &["archive", "check", "--json"],
    ];
    for command in commands {
        let output = hongtou(&[command, &["--data", shown]].concat());
        let (_, err) = assert_exit(&output, 2);
        assert_eq!(
            err,
            format!("数据目录{shown}中没有档案，请核对--data所指的路径。\n"),
            "{command:?}"
        );
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let data = services::folder();
    let serve = || {
        Command::new(env!("CARGO_BIN_EXE_hongtou"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .output()
            .unwrap()
    };
    let first = Server::start(&data, &[]);
    let second = serve();
    assert_eq!(second.status.code(), Some(2));
    let message = String::from_utf8(second.stderr).unwrap();
    let path = data.display();
    assert_eq!(
        message,
        format!("数据目录{path}正由另一个hongtou serve使用，请先停止它，或以--data另指定目录。\n")
    );
    // The lock of a server that was killed is gone.
    drop(first);
    Server::start(&data, &[]);
}
