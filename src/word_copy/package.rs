//! The package of a Word file (ISO/IEC 29500-2): its parts, their types and relations, and the properties.

use std::io::{Cursor, Write as _};

use quick_xml::escape::escape;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::render::page_data::Metadata;

/// Says on every page, and in the properties of the file, that this is not the filing.
pub const MARK: &str = "供编辑";

/// What follows the mark.
pub(crate) const NOTICE: &str = "正式公文以PDF为准";

/// The first line of each part.
pub(crate) const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The namespaces of WordprocessingML.
pub(crate) const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A part of the package.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) path: &'static str,
    /// Its content.
    pub(crate) xml: String,
}

/// The parts as a ZIP file. All have the same time, so the bytes depend on the texts alone.
pub(crate) fn packed(parts: &[Part]) -> Vec<u8> {
    zipped(parts).expect("a ZIP of some megabytes is written to memory without errors")
}

fn zipped(parts: &[Part]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for Part { path, xml } in parts {
        zip.start_file(*path, options)?;
        zip.write_all(xml.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The types of the parts.
pub(crate) fn content_types() -> String {
    let types = [
        ("/word/document.xml", "document.main"),
        ("/word/styles.xml", "styles"),
        ("/word/settings.xml", "settings"),
        ("/word/header1.xml", "header"),
        ("/word/footer1.xml", "footer"),
        ("/word/footer2.xml", "footer"),
        ("/word/footer3.xml", "footer"),
    ];
    let overrides = types.map(|(part, name)| {
        format!("<Override PartName=\"{part}\" ContentType=\"{WORD_TYPE}.{name}+xml\"/>")
    });
    format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}\
         <Override PartName=\"/docProps/core.xml\" \
         ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>",
        overrides.concat()
    )
}

fn relations(relations: &[(&str, &str, &str)]) -> String {
    let relations = relations.iter().map(|(id, kind, target)| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
    });
    let relations: String = relations.collect();
    format!("{DECLARATION}<Relationships xmlns=\"{RELATIONSHIPS}\">{relations}</Relationships>")
}

/// The relations of the package.
pub(crate) fn relationships() -> String {
    relations(&[
        ("rId1", &format!("{OFFICE}/officeDocument"), "word/document.xml"),
        (
            "rId2",
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
            "docProps/core.xml",
        ),
    ])
}

/// The relations of the document. `section.rs` refers to the ids.
pub(crate) fn document_relationships() -> String {
    relations(&[
        ("rId1", &format!("{OFFICE}/styles"), "styles.xml"),
        ("rId2", &format!("{OFFICE}/settings"), "settings.xml"),
        ("rId3", &format!("{OFFICE}/header"), "header1.xml"),
        ("rId4", &format!("{OFFICE}/footer"), "footer1.xml"),
        ("rId5", &format!("{OFFICE}/footer"), "footer2.xml"),
        ("rId6", &format!("{OFFICE}/footer"), "footer3.xml"),
    ])
}

/// The properties of the file. It has no dates, so the same texts give the same bytes.
pub(crate) fn properties(metadata: &Metadata) -> String {
    let title = escape(&metadata.title);
    let authors = metadata.authors.join("、");
    let keywords = metadata.keywords.join("、");
    format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title>{title}</dc:title><dc:subject>{MARK}</dc:subject><dc:creator>{}</dc:creator>\
         <cp:keywords>{}</cp:keywords><dc:description>{}</dc:description>\
         <cp:category>{MARK}</cp:category><cp:contentStatus>{MARK}</cp:contentStatus></cp:coreProperties>",
        escape(&authors),
        escape(&keywords),
        escape(format!("{}。{NOTICE}", metadata.description)),
    )
}

/// The settings of the document.
pub(crate) fn settings(is_mirrored: bool) -> String {
    let mirrored = if is_mirrored { "<w:mirrorMargins/>" } else { "" };
    format!(
        "{DECLARATION}<w:settings {NAMESPACES}>{mirrored}<w:evenAndOddHeaders/>\
         <w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat>\
         <w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
         w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>"
    )
}
