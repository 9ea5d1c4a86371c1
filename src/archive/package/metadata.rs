//! The metadata of a filing in a package, by DA/T 46-2009 with the 18 items of GB/T 33480-2016.

use std::fmt::Write;

use quick_xml::escape::escape;
use serde_json::Value;

use crate::archive::filings::records::FilingRecord;
use crate::archive::objects::Object;
use crate::archive::retention::class::RetentionClass;
use crate::archive::retention::schedule::Retention;

/// A filing in a package.
#[derive(Debug)]
pub(crate) struct Packaged<'a> {
    /// Its record.
    pub(crate) filing: &'a FilingRecord,
    /// Its source.
    pub(crate) source: &'a Value,
    /// Its retention.
    pub(crate) retention: Option<&'a Retention>,
    /// The folder below `data/电子档案/`.
    pub(crate) folder: &'a str,
    /// The name of its file.
    pub(crate) file: &'a str,
}

/// An XML document that is being written, or a part of one.
#[derive(Debug, Default)]
pub(crate) struct Xml(pub(crate) String);

impl Xml {
    pub(crate) fn document(root: &str) -> Self {
        let mut xml = Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned());
        xml.open(root);
        xml
    }

    pub(crate) fn open(&mut self, name: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "<{name}>");
    }

    pub(crate) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escape(text));
    }

    fn texts<'t>(&mut self, name: &str, texts: impl IntoIterator<Item = &'t str>) {
        texts.into_iter().for_each(|text| self.text(name, text));
    }
}

/// 保管期限 before it is decided.
pub(crate) const UNDECIDED: &str = "未定";

/// The Chinese name of a retention.
pub(crate) fn retention_title(retention: Option<&Retention>) -> &'static str {
    match retention.map(|retention| retention.class) {
        Some(RetentionClass::Permanent) => "永久",
        Some(RetentionClass::Years30) => "30年",
        Some(RetentionClass::Years10) => "10年",
        None => UNDECIDED,
    }
}

/// 元数据.xml.
pub(crate) fn metadata(packaged: &Packaged<'_>) -> String {
    let mut xml = Xml::document("电子文件元数据");
    record_entity(&mut xml, packaged);
    business_entities(&mut xml, packaged.filing);
    for issuer in &packaged.filing.issuers {
        xml.open("机构人员实体");
        xml.text("机构人员类型", "单位");
        xml.text("机构人员名称", issuer);
        xml.close("机构人员实体");
    }
    document_items(&mut xml, packaged);
    xml.close("电子文件元数据");
    xml.0
}

/// 文件实体 of DA/T 46.
fn record_entity(xml: &mut Xml, packaged: &Packaged<'_>) {
    let Packaged { filing, source, retention, file, .. } = packaged;
    let document = &source["document"];
    xml.open("文件实体");
    xml.text("聚合层次", "文件");
    xml.open("来源");
    xml.texts("立档单位名称", filing.issuers.first().map(String::as_str));
    xml.close("来源");
    xml.text("电子文件号", &filing.id);
    xml.open("档号");
    xml.text("年度", &filing.year.to_string());
    xml.text("保管期限", retention_title(*retention));
    xml.close("档号");
    xml.open("内容描述");
    xml.text("题名", &filing.title);
    xml.texts("人名", list(&document["signatories"]));
    xml.text("文件编号", &filing.document_number);
    xml.texts("责任者", filing.issuers.iter().map(String::as_str));
    xml.text("日期", &filing.document_date);
    xml.texts("文种", kind(packaged));
    xml.texts("紧急程度", document["urgency"].as_str());
    xml.texts("主送", list(&document["primary_recipients"]));
    xml.texts("抄送", list(&document["copy_recipients"]));
    xml.text("密级", document["classification"]["level"].as_str().unwrap_or("非密"));
    xml.texts("保密期限", secrecy(document).as_deref());
    xml.close("内容描述");
    form_features(xml, filing);
    let object = filing.signed.as_ref().map_or(&filing.pdf, |signed| &signed.file);
    xml.open("电子属性");
    xml.text("格式信息", "PDF");
    xml.text("计算机文件名", file);
    xml.text("计算机文件大小", &object.bytes.to_string());
    xml.text("文档创建程序", &format!("hongtou {}", filing.template_version));
    xml.close("电子属性");
    storage(xml, object);
    renderer_note(xml, filing);
    xml.close("文件实体");
}

/// 形式特征.
pub(crate) fn form_features(xml: &mut Xml, filing: &FilingRecord) {
    xml.open("形式特征");
    xml.text("文件组合类型", "单件");
    xml.text("页数", &filing.pages.to_string());
    xml.text("语种", "汉语");
    xml.text("稿本", "正本");
    xml.close("形式特征");
}

/// 存储位置 of the main file, and 权限管理.
pub(crate) fn storage(xml: &mut Xml, object: &Object) {
    xml.open("存储位置");
    xml.text("当前位置", &format!("sha256:{}", object.sha256));
    xml.text("脱机载体编号", "在线");
    xml.close("存储位置");
    xml.open("权限管理");
    xml.text("控制标识", "未定");
    xml.close("权限管理");
}

/// 附注 with the name of the renderer.
pub(crate) fn renderer_note(xml: &mut Xml, filing: &FilingRecord) {
    xml.texts(
        "附注",
        filing.renderer.as_ref().map(|name| format!("排版程序 sha256:{name}")).as_deref(),
    );
}

/// 业务实体 of DA/T 46: what was done with the filing.
fn business_entities(xml: &mut Xml, filing: &FilingRecord) {
    let made = ("生成", filing.posted_at, &filing.posted_by);
    let signed = filing.signed.as_ref();
    let archived = signed.map(|signed| ("签署件归档", signed.archived_at, &signed.archived_by));
    for (act, at, by) in std::iter::once(made).chain(archived) {
        xml.open("业务实体");
        xml.text("业务状态", "历史行为");
        xml.text("业务行为", act);
        xml.text("行为时间", &at.to_string());
        xml.text("机构人员标识符", by);
        xml.close("业务实体");
    }
}

/// The 18 items of GB/T 33480, in its order.
fn document_items(xml: &mut Xml, packaged: &Packaged<'_>) {
    let Packaged { filing, source, .. } = packaged;
    let document = &source["document"];
    xml.open("公文元数据");
    xml.text("公文标识", &format!("urn:uuid:{}", filing.id));
    xml.texts("文种", kind(packaged));
    xml.texts("份号", document["copy_number"].as_i64().map(|number| number.to_string()).as_deref());
    let level = document["classification"]["level"].as_str();
    let secrecy = level.map(|level| match secrecy(document) {
        Some(term) => format!("{level}★{term}"),
        None => level.to_owned(),
    });
    xml.texts("密级和保密期限", secrecy.as_deref());
    xml.texts("紧急程度", document["urgency"].as_str());
    xml.text("发文机关标志", &mark(filing, document));
    xml.text("发文字号", &filing.document_number);
    xml.texts("签发人", list(&document["signatories"]));
    xml.text("标题", &filing.title);
    xml.texts("主送机关", list(&document["primary_recipients"]));
    let attachments = document["attachments"].as_array().into_iter().flatten();
    xml.texts("附件说明", attachments.filter_map(|attachment| attachment["title"].as_str()));
    xml.texts("发文机关或签发人署名", list(&document["sign_off"]));
    xml.text("成文日期", &filing.document_date);
    xml.texts("附注", list(&document["annotation"]));
    xml.texts("抄送机关", list(&document["copy_recipients"]));
    xml.texts("印发机关", document["printing_office"].as_str());
    xml.texts("印发日期", document["printing_date"].as_str());
    xml.text("发布层次", "未定");
    xml.close("公文元数据");
}

/// 文种: what the source says, or the last word of the title by 条例 8.
pub(crate) fn kind<'p>(packaged: &Packaged<'p>) -> Option<&'p str> {
    const KINDS: [&str; 15] = [
        "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示",
        "批复", "议案", "函", "纪要",
    ];
    let title = packaged.filing.title.as_str();
    let ending = KINDS.into_iter().find(|kind| title.ends_with(kind));
    packaged.source["document"]["document_kind"].as_str().or(ending)
}

/// 保密期限.
pub(crate) fn secrecy(document: &Value) -> Option<String> {
    document["classification"]["years"].as_i64().map(|years| format!("{years}年"))
}

fn mark(filing: &FilingRecord, document: &Value) -> String {
    match document["issuer_mark"]["text"].as_str() {
        Some(text) => text.to_owned(),
        None => filing.issuers.join("、"),
    }
}

/// A text or a list of texts.
pub(crate) fn list(value: &Value) -> impl Iterator<Item = &str> {
    let one = value.as_str().into_iter();
    one.chain(value.as_array().into_iter().flatten().filter_map(Value::as_str))
}
