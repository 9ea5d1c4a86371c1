//! 文件目录.XML and 移交与接收登记表 (档发〔2012〕7号), filled in as far as the program knows.

use crate::archive::package::metadata::{Packaged, Xml};
use crate::archive::package::writer::Contents;
use crate::render::engine::transfer_form::TransferForm;

/// The file of the form, in the root of the bag: it has the digest of the manifest, which a payload
/// file cannot have.
pub(crate) const FORM: &str = "移交与接收登记表.pdf";

/// The checks of both sides.
const CHECKS: [&str; 5] = ["准确性检验", "完整性检验", "可用性检验", "安全性检验", "载体外观检验"];

/// 内容描述.
const DESCRIPTION: &str = "电子公文及其元数据";

/// 移交载体类型.
const CARRIER: &str = "在线";

/// How many digits of a digest are printed together.
const GROUP: usize = 8;

/// 文件目录.XML, entry by entry.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    count: u64,
}

impl Directory {
    /// What is before the entries.
    pub(crate) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<文件目录>\n";

    /// What is after the entries.
    pub(crate) const END: &str = "</文件目录>\n";

    /// The next entry.
    pub(crate) fn entry(&mut self, packaged: &Packaged<'_>) -> String {
        let Packaged { filing, source, folder, file, .. } = packaged;
        self.count += 1;
        let mut xml = Xml(String::new());
        xml.open("文件");
        xml.text("顺序号", &self.count.to_string());
        xml.text("档号", "");
        xml.text("责任者", &filing.issuers.join("；"));
        xml.text("题名", &filing.title);
        xml.text("日期", &filing.document_date.replace('-', ""));
        let level = source["document"]["classification"]["level"].as_str();
        xml.text("密级", level.unwrap_or_default());
        xml.text("电子档案名称", &format!("电子档案/{folder}/{file}"));
        xml.text("备注", &filing.document_number);
        xml.close("文件");
        xml.0
    }
}

/// What a package contains in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Totals<'a> {
    /// The number of filings.
    pub(crate) filings: u64,
    /// The bytes of their files.
    pub(crate) bytes: u64,
    /// The id of the package.
    pub(crate) package: &'a str,
    /// The day in China on which it was made, `YYYY-MM-DD`.
    pub(crate) date: &'a str,
    /// The text of the newest checkpoint of the log.
    pub(crate) checkpoint: Option<&'a str>,
}

impl Totals<'_> {
    fn files(&self) -> String {
        format!("文件{}件，案卷0卷", self.filings)
    }

    fn bytes(&self) -> String {
        gigabytes(self.bytes)
    }

    /// The form as it is printed.
    pub(crate) fn form(&self, contents: &Contents) -> TransferForm {
        let checkpoint = self.checkpoint.unwrap_or_default().lines().map(str::to_owned);
        let mut parts = self.date.split('-').map(|part| part.parse().unwrap_or(1));
        TransferForm {
            date: std::array::from_fn(|_| parts.next().unwrap_or(1)),
            description: DESCRIPTION.to_owned(),
            files: self.files(),
            bytes: self.bytes(),
            carriers: format!("{}（1个包）", self.package),
            carrier_kind: CARRIER.to_owned(),
            checks: CHECKS.map(str::to_owned).into(),
            package: self.package.to_owned(),
            package_bytes: gigabytes(contents.bytes),
            digest: in_groups(&contents.manifest_sha256),
            checkpoint: checkpoint.collect(),
        }
    }
}

/// The form as XML.
pub(crate) fn form_xml(totals: &Totals<'_>) -> String {
    let mut xml = Xml::document("移交与接收登记表");
    xml.text("交接工作名称", "");
    xml.text("内容描述", DESCRIPTION);
    xml.text("移交电子档案数量", &totals.files());
    xml.text("移交数据量", &totals.bytes());
    xml.text("载体起止顺序号", totals.package);
    xml.text("移交载体类型、规格", CARRIER);
    for item in CHECKS {
        xml.text(item, "");
    }
    xml.text("数字摘要", "SHA-256、SHA-512，见manifest-sha256.txt、manifest-sha512.txt");
    for item in ["填表人", "审核人", "移交单位", "接收单位"] {
        xml.text(item, "");
    }
    xml.close("移交与接收登记表");
    xml.0
}

/// Bytes in GB with three decimals, rounded up.
fn gigabytes(bytes: u64) -> String {
    let thousandths = bytes.div_ceil(1_000_000);
    format!("{}.{:03}GB", thousandths / 1000, thousandths % 1000)
}

/// A digest in groups, so that people can compare it and a line can break in it.
fn in_groups(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().collect();
    let groups: Vec<String> = digits.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
