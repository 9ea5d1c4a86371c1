//! `hongtou archive move` from one folder to another.

use std::path::Path;
use std::process::Command;

use crate::archive::services;
use crate::cli::server::Server;

/// Runs a command with a data folder. Returns the exit code and both outputs.
fn hongtou(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn an_archive_is_moved_into_another_folder() {
    let (source, target) = (services::folder(), services::folder());
    let add = ["keys", "add", "--name", "报送系统", "--role", "admin"];
    assert_eq!(hongtou(&source, &add).0, 0);
    let to = target.to_str().unwrap();
    let go = ["archive", "move", "--to-data", to];
    {
        let _server = Server::start(&source, &["--require-keys"]);
        let (code, _, error) = hongtou(&source, &go);
        assert_eq!(code, 2);
        assert!(error.contains("正由另一个hongtou serve使用"), "{error}");
    }
    let (code, out, error) = hongtou(&source, &go);
    assert_eq!((code, &*error), (0, ""));
    assert!(out.starts_with("文件：已搬移并核对6%\n"), "{out}");
    assert!(out.contains("记录：api_keys，1行\n"), "{out}");
    assert!(out.ends_with("核对无误之前，请保留来源。\n"), "{out}");
    let (code, _, error) = hongtou(&source, &go);
    assert_eq!((code, &*error), (1, "此档案已全部搬入目标，无须再搬。\n"));
    let (_, list, _) = hongtou(&target, &["keys", "list"]);
    assert!(list.ends_with("共1个密钥。\n"), "{list}");
    assert_eq!(hongtou(&target, &add).0, 0, "the target is in use from now on");

    for (arguments, sentence) in [
        (&["archive", "move"][..], "缺少"),
        (&["archive", "move", "--to-database", "postgres://localhost/x"], "缺少"),
        (&["archive", "move", "--to-data", to, "--to-store", "ftp://x"], "取值“ftp://x”不正确"),
    ] {
        let (code, _, error) = hongtou(&source, arguments);
        assert_eq!(code, 2);
        assert!(error.contains(sentence), "{error}");
    }
}
