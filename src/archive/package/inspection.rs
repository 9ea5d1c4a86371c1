//! 四性检测 (DA/T 70-2018) of a package, item by item. What was not looked at is never 通过.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use serde::Serialize;

use crate::archive::package::error::PackageError;
use crate::archive::package::reader::BagReader;

/// The result of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ItemResult {
    /// 通过.
    #[serde(rename = "通过")]
    Passed,
    /// 不通过.
    #[serde(rename = "不通过")]
    Failed,
    /// 未检测.
    #[serde(rename = "未检测")]
    NotChecked,
}

/// An item of the standard and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// 真实性, 完整性, 可用性 or 安全性.
    pub property: &'static str,
    /// The result.
    pub result: ItemResult,
    /// What is wrong, or why it was not checked; empty if it passed.
    pub remark: String,
}

/// The codes and names of the items, as far as they are known.
const ITEMS: [(&str, &str); 33] = [
    ("1-1", "固化信息有效性检测"),
    ("1-2", "元数据项数据长度检测"),
    ("1-3", "元数据项数据类型、格式检测"),
    ("1-4", "设定值域的元数据项值域符合度检测"),
    ("1-5", "元数据项数据值合理性检测"),
    ("1-6", "元数据项数据包含特殊字符检测"),
    ("1-7", "档号规范性检测"),
    ("1-8", "元数据项数据重复性检测"),
    ("1-10", "内容数据的电子属性一致性检测"),
    ("1-11", "元数据是否关联内容数据检测"),
    ("1-12", "说明文件和目录文件规范性检测"),
    ("1-13", "信息包目录结构规范性检测"),
    ("1-14", "信息包一致性检测"),
    ("2-1", "总件数相符性检测"),
    ("2-2", "总字节数相符性检测"),
    ("2-3", "元数据项完整性检测"),
    ("2-4", "元数据必填著录项目检测"),
    ("2-5", "过程信息完整性检测"),
    ("2-6", "连续性元数据项检测"),
    ("2-7", "内容数据完整性检测"),
    ("2-8", "附件数据完整性检测"),
    ("2-9", "归档范围检测"),
    ("2-10", "信息包元数据完整性检测"),
    ("2-11", "信息包内容数据完整性检测"),
    ("3-1", "信息包中元数据的可读性检测"),
    ("3-2", "目标数据库中的元数据可访问性检测"),
    ("3-3", "内容数据格式检测"),
    ("3-4", "内容数据的可读性检测"),
    ("3-8", "信息包中包含的内容数据格式合规性检测"),
    ("4-1", "系统环境中是否安装杀毒软件检测"),
    ("4-2", "病毒感染检测"),
    ("4-3", "载体中多余文件检测"),
    ("4-7", "操作过程安全性检测"),
];

/// The elements of the metadata that must not be empty.
const REQUIRED: [&str; 11] = [
    "聚合层次",
    "立档单位名称",
    "电子文件号",
    "年度",
    "保管期限",
    "题名",
    "责任者",
    "日期",
    "密级",
    "计算机文件名",
    "计算机文件大小",
];

/// The results of the items that were checked: the first thing that is wrong, or empty.
type Checked = BTreeMap<&'static str, String>;

/// Inspects a package.
///
/// # Errors
/// Returns `PackageError::NotAPackage` if there is no package in the folder, and `PackageError::Io` if
/// it cannot be read.
pub fn inspect(folder: &Path) -> Result<Vec<Item>, PackageError> {
    let checked = match BagReader::open(folder) {
        Ok(bag) => checks(&bag, folder)?,
        Err(PackageError::Damaged(what)) => {
            ["1-14", "2-7", "2-11", "4-3"].map(|code| (code, what.clone())).into()
        }
        Err(error) => return Err(error),
    };
    let item = |(code, name): (&'static str, &'static str)| {
        let property = match code.as_bytes()[0] {
            b'1' => "真实性",
            b'2' => "完整性",
            b'3' => "可用性",
            _ => "安全性",
        };
        let (result, remark) = match checked.get(code) {
            Some(fault) if fault.is_empty() => (ItemResult::Passed, String::new()),
            Some(fault) => (ItemResult::Failed, fault.clone()),
            None => (ItemResult::NotChecked, "本程序未作检测".to_owned()),
        };
        Item { code, name, property, result, remark }
    };
    Ok(ITEMS.map(item).into())
}

/// The items as XML.
pub fn to_xml(items: &[Item]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<四性检测>\n".to_owned();
    for Item { code, name, property, result, remark } in items {
        let result = match result {
            ItemResult::Passed => "通过",
            ItemResult::Failed => "不通过",
            ItemResult::NotChecked => "未检测",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            xml,
            "<检测项><编号>{code}</编号><名称>{name}</名称><类别>{property}</类别>\
             <结果>{result}</结果><备注>{}</备注></检测项>",
            escape(remark.as_str())
        );
    }
    xml += "</四性检测>\n";
    xml
}

/// Checks a package whose files have the bytes of the manifest.
fn checks(bag: &BagReader, folder: &Path) -> Result<Checked, PackageError> {
    let mut checked: Checked =
        ["1-14", "2-7", "2-11", "4-3"].map(|code| (code, String::new())).into();
    for code in ["1-4", "1-6", "1-10", "1-11", "1-12", "1-13", "2-1", "2-2", "2-4", "3-1"] {
        checked.insert(code, String::new());
    }
    let files: BTreeMap<&str, &str> = bag.files().collect();
    for path in ["data/说明文件.TXT", "data/文件目录.XML"] {
        if !files.contains_key(path) {
            fail(&mut checked, "1-12", path);
        }
    }
    if let Some(path) = files.keys().find(|path| !is_in_layout(path)) {
        fail(&mut checked, "1-13", path);
    }
    let directory = bag.read("data/文件目录.XML").unwrap_or_default();
    let entries = elements(&directory).unwrap_or_else(|| {
        fail(&mut checked, "1-12", "文件目录.XML");
        Vec::new()
    });
    let listed = entries.iter().filter(|(name, _)| name == "顺序号").count();
    let metadata: Vec<&str> =
        files.keys().copied().filter(|path| path.ends_with("/元数据.xml")).collect();
    if listed != metadata.len() {
        fail(&mut checked, "2-1", &format!("目录{listed}件，实有{}件", metadata.len()));
    }
    let oxum = std::fs::read_to_string(folder.join("bag-info.txt")).unwrap_or_default();
    let mut bytes = 0;
    for path in files.keys() {
        bytes += std::fs::metadata(folder.join(path))?.len();
    }
    if !oxum.contains(&format!("Payload-Oxum: {bytes}.{}\n", files.len())) {
        fail(&mut checked, "2-2", &format!("实有{bytes}字节、{}个文件", files.len()));
    }
    for path in metadata {
        check_filing(bag, path, &mut checked)?;
    }
    Ok(checked)
}

/// Checks the metadata of a filing against its file.
fn check_filing(bag: &BagReader, path: &str, checked: &mut Checked) -> Result<(), PackageError> {
    let Some(elements) = elements(&bag.read(path)?) else {
        fail(checked, "3-1", path);
        return Ok(());
    };
    let value = |name: &str| {
        let found = elements.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    };
    if let Some(name) = REQUIRED.iter().find(|name| value(name).is_empty()) {
        fail(checked, "2-4", &format!("{path}：{name}"));
    }
    if !["永久", "30年", "10年"].contains(&value("保管期限")) {
        fail(checked, "1-4", &format!("{path}：保管期限“{}”", value("保管期限")));
    }
    if !["非密", "秘密", "机密", "绝密"].contains(&value("密级")) {
        fail(checked, "1-4", &format!("{path}：密级“{}”", value("密级")));
    }
    if elements.iter().any(|(_, text)| text.chars().any(char::is_control)) {
        fail(checked, "1-6", path);
    }
    let folder = path.strip_suffix("元数据.xml").unwrap_or(path);
    let file = format!("{folder}{}", value("计算机文件名"));
    match bag.read(&file) {
        Ok(content) => {
            if value("计算机文件大小") != content.len().to_string() {
                fail(checked, "1-10", &file);
            }
            if !content.starts_with(b"%PDF-") {
                fail(checked, "3-3", &file);
            }
        }
        Err(_) => fail(checked, "1-11", &file),
    }
    Ok(())
}

/// Keeps the first fault of an item.
fn fail(checked: &mut Checked, code: &'static str, fault: &str) {
    let first = checked.entry(code).or_default();
    if first.is_empty() {
        fault.clone_into(first);
    }
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

/// The elements without children, each with its text. Returns `None` for malformed XML.
fn elements(xml: &[u8]) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(str::from_utf8(xml).ok()?);
    let (mut found, mut open, mut text) = (Vec::new(), String::new(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return Some(found),
            Event::Start(start) => {
                start.name().0.clone_into(&mut open);
                text.clear();
            }
            Event::Text(part) => text += &part.into_inner(),
            Event::GeneralRef(name) => {
                text += quick_xml::escape::resolve_predefined_entity(&name.into_inner())?;
            }
            Event::End(end) if end.name().0 == open => {
                found.push((std::mem::take(&mut open), std::mem::take(&mut text)));
            }
            _ => {}
        }
    }
}
