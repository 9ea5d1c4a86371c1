//! 四性检测 of a package.

use std::collections::BTreeSet;
use std::path::Path;

use crate::archive::package::error::PackageError;
use crate::archive::package::inspection::items::{Checks, Item};
use crate::archive::package::inspection::metadata::{
    Content, LOOKED_AT, Step, check_metadata, elements,
};
use crate::archive::package::reader::BagReader;

/// The items that the comparison of all files with the manifests decides.
const BY_MANIFEST: [&str; 4] = ["1-14", "2-7", "2-11", "4-3"];

/// Inspects a package.
///
/// # Errors
/// Returns `PackageError::NotAPackage` if there is no package in the folder, and `PackageError::Io` if
/// it cannot be read.
pub fn inspect(folder: &Path) -> Result<Vec<Item>, PackageError> {
    let (mut checks, mut files) = (Checks::default(), BTreeSet::new());
    let bag = BagReader::open(folder, |file| {
        files.insert(file.path.clone());
    });
    match bag {
        Ok(bag) => check(&bag, &files, folder, &mut checks)?,
        Err(PackageError::Damaged(what)) => {
            BY_MANIFEST.into_iter().for_each(|code| checks.fail(code, &what));
        }
        Err(error) => return Err(error),
    }
    Ok(checks.items())
}

/// Checks a package whose files have the bytes of the manifest.
fn check(
    bag: &BagReader,
    files: &BTreeSet<String>,
    folder: &Path,
    checks: &mut Checks,
) -> Result<(), PackageError> {
    checks.look_at(&BY_MANIFEST, "");
    checks.look_at(&LOOKED_AT, "");
    checks.look_at(&["1-12", "1-13", "2-1", "2-2", "3-1"], "");
    for path in ["data/说明文件.TXT", "data/文件目录.XML"] {
        if !files.contains(path) {
            checks.fail("1-12", path);
        }
    }
    if let Some(path) = files.iter().find(|path| !is_in_layout(path)) {
        checks.fail("1-13", path);
    }
    let directory = bag.read("data/文件目录.XML").unwrap_or_default();
    let entries = elements(&directory).unwrap_or_else(|| {
        checks.fail("1-12", "文件目录.XML");
        Vec::new()
    });
    let listed = entries.iter().filter(|(name, _)| name == "顺序号").count();
    let metadata: Vec<&String> =
        files.iter().filter(|path| path.ends_with("/元数据.xml")).collect();
    if listed != metadata.len() {
        checks.fail("2-1", &format!("目录{listed}件，实有{}件", metadata.len()));
    }
    let oxum = std::fs::read_to_string(folder.join("bag-info.txt")).unwrap_or_default();
    let mut bytes = 0;
    for path in files {
        bytes += std::fs::metadata(folder.join(path))?.len();
    }
    if !oxum.contains(&format!("Payload-Oxum: {bytes}.{}\n", files.len())) {
        checks.fail("2-2", &format!("实有{bytes}字节、{}个文件", files.len()));
    }
    for path in metadata {
        let Some(elements) = elements(&bag.read(path)?) else {
            checks.fail("3-1", path);
            continue;
        };
        let folder = path.strip_suffix("元数据.xml").unwrap_or(path);
        let read = |name: &str| {
            let file = bag.read(&format!("{folder}{name}")).ok()?;
            Some(Content::of(&file))
        };
        check_metadata(&elements, Step::Packaged, path, read, checks);
    }
    Ok(())
}

/// Whether a payload file is where 档发〔2012〕7号 has it.
fn is_in_layout(path: &str) -> bool {
    let path = path.strip_prefix("data/").unwrap_or(path);
    match path.split_once('/') {
        None => matches!(path, "说明文件.TXT" | "文件目录.XML"),
        Some(("电子档案", rest)) => rest.split('/').count() == 4,
        Some((folder, _)) => folder == "其他",
    }
}
