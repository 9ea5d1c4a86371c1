//! Checks the metadata of a filing against its file.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::archive::package::inspection::items::Checks;
use crate::archive::package::metadata::UNDECIDED;
use crate::document::moment::Moment;

/// The elements that must not be empty.
const REQUIRED: [&str; 10] = [
    "聚合层次",
    "立档单位名称",
    "电子文件号",
    "年度",
    "题名",
    "责任者",
    "日期",
    "密级",
    "计算机文件名",
    "计算机文件大小",
];

/// The items that this file looks at.
pub(crate) const LOOKED_AT: [&str; 7] = ["1-3", "1-4", "1-6", "1-10", "1-11", "2-4", "2-5"];

/// The elements of an XML document that have no children, each with its text.
pub(crate) type Elements = Vec<(String, String)>;

/// What the metadata says about a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content {
    length: usize,
    is_pdf: bool,
}

impl Content {
    /// The content of a file.
    pub(crate) fn of(file: &[u8]) -> Self {
        Self { length: file.len(), is_pdf: file.starts_with(b"%PDF-") }
    }
}

/// Where the inspected filing is, which says what must have been decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// In the archive. Its 保管期限 is decided when it is 归档; before, it has none to be judged.
    Kept,
    /// In a package for transfer (移交), which needs a 保管期限.
    Packaged,
}

/// Checks metadata. `place` names the filing in remarks, `read` describes the file of a name.
pub(crate) fn check_metadata(
    elements: &Elements,
    step: Step,
    place: &str,
    read: impl FnOnce(&str) -> Option<Content>,
    checks: &mut Checks,
) {
    let value = |name: &str| {
        let found = elements.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    };
    if let Some(name) = REQUIRED.iter().find(|name| value(name).is_empty()) {
        checks.fail("2-4", &format!("{place}：{name}"));
    }
    check_retention(value("保管期限"), step, place, checks);
    if !["非密", "秘密", "机密", "绝密"].contains(&value("密级")) {
        checks.fail("1-4", &format!("{place}：密级“{}”", value("密级")));
    }
    if elements.iter().any(|(_, text)| text.chars().any(char::is_control)) {
        checks.fail("1-6", place);
    }
    if let Some((name, text)) = elements.iter().find(|(name, text)| !has_format(name, text)) {
        checks.fail("1-3", &format!("{place}：{name}“{text}”"));
    }
    if value("业务行为").is_empty() || value("行为时间").is_empty() {
        checks.fail("2-5", &format!("{place}：业务行为"));
    }
    let file = value("计算机文件名");
    match read(file) {
        Some(Content { length, is_pdf }) => {
            if value("计算机文件大小") != length.to_string() {
                checks.fail("1-10", &format!("{place}：{file}"));
            }
            if !is_pdf {
                checks.fail("3-3", &format!("{place}：{file}不是PDF"));
            }
        }
        None => checks.fail("1-11", &format!("{place}：{file}")),
    }
}

/// Checks 保管期限, which must be there and one of three.
fn check_retention(retention: &str, step: Step, place: &str, checks: &mut Checks) {
    match (retention, step) {
        ("永久" | "30年" | "10年", _) => {}
        (UNDECIDED, Step::Kept) => checks.skip(&["1-4", "2-4"], "尚未定保管期限，定后再检测"),
        ("" | UNDECIDED, _) => {
            checks.fail("1-4", &format!("{place}：没有保管期限"));
            checks.fail("2-4", &format!("{place}：保管期限"));
        }
        (other, _) => checks.fail("1-4", &format!("{place}：保管期限“{other}”")),
    }
}

/// Whether the text of an element has the format of its type.
fn has_format(name: &str, text: &str) -> bool {
    let is_number = || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name {
        "年度" => text.len() == 4 && is_number(),
        "页数" | "计算机文件大小" => is_number(),
        "日期" | "成文日期" => format!("{text}T00:00:00Z").parse::<Moment>().is_ok(),
        "行为时间" => text.parse::<Moment>().is_ok(),
        _ => true,
    }
}

/// The elements of a document. Returns `None` for malformed XML.
pub(crate) fn elements(xml: &[u8]) -> Option<Elements> {
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
