//! Compiles the programs that stand for kept builds.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

/// The folder of the compiled programs.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// A program that tries what its input says; see `programs/hostile.rs`.
pub(crate) static HOSTILE: LazyLock<PathBuf> = LazyLock::new(|| compiled("hostile", Path::new("")));

/// A program that writes this filing for every input.
pub(crate) fn printing(filing: &Path) -> PathBuf {
    compiled("printing", filing)
}

fn compiled(name: &str, filing: &Path) -> PathBuf {
    let source = format!("{}/tests/it/renderer/programs/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    let program = FOLDER.path().join(name);
    let compiler = option_env!("RUSTC").unwrap_or("rustc");
    let status = Command::new(compiler)
        .args(["--edition", "2024", "-C", "opt-level=1", "-o"])
        .args([&program, Path::new(&source)])
        .env("FILING", filing)
        .status();
    assert!(status.unwrap().success(), "{source} does not compile");
    program
}
