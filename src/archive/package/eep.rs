//! A filing as an EEP (电子文件封装包) of DA/T 48-2009: one XML file with its metadata and its files in
//! base64. `eep.xsd` has the order of the elements.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::archive::objects::{Object, Objects};
use crate::archive::package::error::PackageError;
use crate::archive::package::metadata::{
    Packaged, Xml, form_features, kind, list, renderer_note, retention_title, secrecy, storage,
};
use crate::archive::package::writer::Payload;
use crate::document::moment::Moment;

/// The XML Schema of the EEPs.
pub(crate) const SCHEMA: &str = include_str!("eep.xsd");

/// The path of the schema in a package, below `data/`.
pub(crate) const SCHEMA_PATH: &str = "其他/eep.xsd";

/// What 说明文件.TXT says about the EEPs.
pub(crate) const ABOUT: &str = "\
电子档案/年度/保管期限/公文/发文字号.eep 电子文件封装包（DA/T 48-2009），含该件的元数据，以及PDF、source.json、\
verdict.json的Base64；没有电子签名块和锁定签名；室编件号暂用文件目录.XML的顺序号，由档案人员改定。格式见其他/eep.xsd。\r\n";

/// The root element. The other names are those of the standard.
const ROOT: &str = "电子文件封装包";

const NAMESPACE: &str = "http://www.saac.gov.cn/standards/ERM/encapsulation";

/// The sentences that the standard prescribes.
const FORMAT: &str =
    "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成";
const ORIGINAL: &str = "本封装包包含电子文件数据及其元数据，原始封装，未经修改";
const ENCODING: &str = "本封装包中“编码数据”元素存储的是计算机文件二进制流的Base64编码，有关Base64编码规则参见\
IETF RFC 2045多用途邮件扩展（MIME）第一部分：互联网信息体格式。当提取和显现封装在编码数据元素中的计算机文件时，\
应对Base64编码进行反编码，并依据封装包中“反编码关键字”元素中记录的值还原计算机文件的扩展名";

/// The version of the standard.
const VERSION: &str = "2009";

/// The bytes in a line of base64: RFC 2045 allows 76 characters.
const BYTES_PER_LINE: usize = 57;

/// The lines that are encoded at a time.
const LINES: usize = 1024;

/// A filing that is encapsulated.
#[derive(Debug)]
pub(crate) struct Eep<'a> {
    /// The filing.
    pub(crate) packaged: &'a Packaged<'a>,
    /// Its 顺序号 in 文件目录.XML.
    pub(crate) item: u64,
    /// Its files by their names in the package.
    pub(crate) files: &'a [(&'a str, &'a Object)],
    /// The time of the export.
    pub(crate) at: Moment,
}

impl Eep<'_> {
    /// Writes the package. Only one of the files is in memory at a time.
    pub(crate) async fn write(
        &self,
        objects: &Objects,
        payload: &mut Payload,
    ) -> Result<(), PackageError> {
        payload.write(self.head().as_bytes())?;
        let (pdfs, others): (Vec<_>, Vec<_>) =
            self.files.iter().partition(|(name, _)| name.ends_with(".pdf"));
        // The signed copy and what was signed are two texts (稿本) of one document.
        for (at, texts) in
            std::iter::once(pdfs).chain(others.into_iter().map(|one| vec![one])).enumerate()
        {
            let document = format!("修改0-文档{}", at + 1);
            let mut xml = Xml::default();
            xml.open("文档");
            xml.text("文档标识符", &document);
            xml.text("文档序号", &(at + 1).to_string());
            xml.text("文档主从声明", if at == 0 { "主文档" } else { "附属文档" });
            payload.write(xml.0.as_bytes())?;
            for (nth, (name, object)) in texts.into_iter().enumerate() {
                let id = format!("{document}-文档数据{}", nth + 1);
                payload.write(self.before_data(&id, name, object).as_bytes())?;
                write_base64(&objects.get(&object.sha256).await?, payload)?;
                payload.write("</编码数据>\n</编码>\n</文档数据>\n".as_bytes())?;
            }
            payload.write("</文档>\n".as_bytes())?;
        }
        payload.write(self.tail().as_bytes())
    }

    /// What is before the files.
    fn head(&self) -> String {
        let filing = self.packaged.filing;
        let mut xml = Xml::document(&format!("{ROOT} xmlns=\"{NAMESPACE}\""));
        xml.text("封装包格式描述", FORMAT);
        xml.text("版本", VERSION);
        xml.open(&format!("被签名对象 eep版本=\"{VERSION}\""));
        xml.text("封装包类型", "原始型");
        xml.text("封装包类型描述", ORIGINAL);
        xml.text("封装包创建时间", &self.at.to_string());
        xml.text("封装包创建单位", filing.lead_issuer());
        xml.open("封装内容");
        xml.open("文件实体块");
        xml.open("文件实体");
        xml.text("聚合层次", "文件");
        xml.open("来源");
        xml.text("立档单位名称", filing.lead_issuer());
        xml.close("来源");
        xml.text("电子文件号", &filing.id);
        xml.open("档号");
        xml.text("年度", &filing.year.to_string());
        xml.text("保管期限", retention_title(self.packaged.retention));
        xml.text("室编件号", &self.item.to_string());
        xml.close("档号");
        description(&mut xml, self.packaged);
        self.properties(&mut xml);
        xml.open("文件数据");
        xml.0
    }

    /// 形式特征 to 附注.
    fn properties(&self, xml: &mut Xml) {
        let filing = self.packaged.filing;
        let object = filing.signed.as_ref().map_or(&filing.pdf, |signed| &signed.file);
        form_features(xml, filing);
        storage(xml, object);
        xml.text("信息系统描述", concat!("hongtou ", env!("CARGO_PKG_VERSION")));
        renderer_note(xml, filing);
        xml.text("附注", "室编件号暂用本次导出的文件目录.XML的顺序号，由档案人员改定");
    }

    /// What is before the data of a file.
    fn before_data(&self, id: &str, name: &str, object: &Object) -> String {
        let kind = name.rsplit('.').next().unwrap_or_default();
        let mut xml = Xml::default();
        xml.open(&format!("文档数据 文档数据ID=\"{id}\""));
        xml.open(&format!("编码 编码ID=\"{id}-编码1\""));
        xml.open("电子属性");
        xml.text("格式信息", &kind.to_uppercase());
        xml.text("计算机文件名", name);
        xml.text("计算机文件大小", &object.bytes.to_string());
        let program = format!("hongtou {}", self.packaged.filing.template_version);
        xml.text("文档创建程序", &program);
        xml.close("电子属性");
        xml.text("编码描述", ENCODING);
        xml.text("反编码关键字", &format!("base64-{kind}"));
        xml.open(&format!("编码数据 编码数据ID=\"{id}-编码1-编码数据1\""));
        xml.0
    }

    /// What is behind the files.
    fn tail(&self) -> String {
        let filing = self.packaged.filing;
        let mut xml = Xml::default();
        for name in ["文件数据", "文件实体", "文件实体块"] {
            xml.close(name);
        }
        let made = ("生成", filing.posted_at, filing.posted_by.as_str());
        let signed = filing.signed.as_ref();
        let archived =
            signed.map(|signed| ("签署件归档", signed.archived_at, signed.archived_by.as_str()));
        let mut callers = Vec::new();
        xml.open("业务实体块");
        for (at, (act, time, by)) in std::iter::once(made).chain(archived).enumerate() {
            xml.open("业务实体");
            xml.text("业务标识符", &format!("业务{}", at + 1));
            // Without keys it is not known who did it: the lead agency is answerable.
            xml.text("机构人员标识符", if by.is_empty() { "机构1" } else { by });
            xml.text("文件标识符", &filing.id);
            xml.text("业务状态", "历史行为");
            xml.text("业务行为", act);
            xml.text("行为时间", &time.to_string());
            xml.close("业务实体");
            if !by.is_empty() && !callers.contains(&by) {
                callers.push(by);
            }
        }
        xml.close("业务实体块");
        xml.open("机构人员实体块");
        for (at, issuer) in filing.issuers.iter().enumerate() {
            agent(&mut xml, &format!("机构{}", at + 1), Some("单位"), issuer);
        }
        // A caller may be a person or a program.
        callers.into_iter().for_each(|caller| agent(&mut xml, caller, None, caller));
        for name in ["机构人员实体块", "封装内容", "被签名对象", ROOT] {
            xml.close(name);
        }
        xml.0
    }
}

/// 内容描述. The schema allows each element once, so lists are joined.
fn description(xml: &mut Xml, packaged: &Packaged<'_>) {
    let Packaged { filing, source, .. } = packaged;
    let document = &source["document"];
    let joined = |name| list(&document[name]).collect::<Vec<_>>().join("、");
    let optional = |xml: &mut Xml, name: &str, text: &str| {
        if !text.is_empty() {
            xml.text(name, text);
        }
    };
    xml.open("内容描述");
    xml.text("题名", &filing.title);
    optional(xml, "人名", &joined("signatories"));
    xml.text("文件编号", &filing.document_number);
    xml.text("责任者", &filing.issuers.join("；"));
    xml.text("日期", &filing.document_date);
    optional(xml, "文种", kind(packaged).unwrap_or_default());
    optional(xml, "紧急程度", document["urgency"].as_str().unwrap_or_default());
    optional(xml, "主送", &joined("primary_recipients"));
    optional(xml, "抄送", &joined("copy_recipients"));
    xml.text("密级", document["classification"]["level"].as_str().unwrap_or("非密"));
    optional(xml, "保密期限", &secrecy(document).unwrap_or_default());
    xml.close("内容描述");
}

fn agent(xml: &mut Xml, id: &str, kind: Option<&str>, name: &str) {
    xml.open("机构人员实体");
    xml.text("机构人员标识符", id);
    if let Some(kind) = kind {
        xml.text("机构人员类型", kind);
    }
    xml.text("机构人员名称", name);
    xml.close("机构人员实体");
}

/// Writes bytes in base64, in lines.
fn write_base64(content: &[u8], payload: &mut Payload) -> Result<(), PackageError> {
    for part in content.chunks(BYTES_PER_LINE * LINES) {
        let mut text = String::with_capacity(part.len() * 2);
        for line in part.chunks(BYTES_PER_LINE) {
            STANDARD.encode_string(line, &mut text);
            text.push('\n');
        }
        payload.write(text.as_bytes())?;
    }
    Ok(())
}
