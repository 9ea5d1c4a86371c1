//! The Word copy (.docx) of a filing: the same texts and styles as its pages, for offices that edit it.

mod attached;
mod body;
mod closing;
mod colophon;
mod document;
mod lengths;
mod masthead;
mod package;
mod paragraph;
mod section;
mod styles;
mod table;

use std::fmt::Write as _;

use crate::render::page_data::PageData;
use crate::word_copy::document::Document;
pub use crate::word_copy::package::MARK;
use crate::word_copy::package::{Part, packed};

/// The Word copy of a filing. `texts` have no line ends (`Typesetter::unbroken_texts`). The same texts
/// give the same bytes.
pub fn word_copy(texts: &PageData) -> Vec<u8> {
    let document = document_xml(texts);
    let part = |path, xml| Part { path, xml };
    packed(&[
        part("[Content_Types].xml", package::content_types()),
        part("_rels/.rels", package::relationships()),
        part("docProps/core.xml", package::properties(&texts.metadata)),
        part("word/document.xml", document),
        part("word/_rels/document.xml.rels", package::document_relationships()),
        part("word/styles.xml", styles::styles()),
        part("word/settings.xml", package::settings(texts.mirrored)),
        part("word/header1.xml", section::header()),
        part("word/footer1.xml", section::footer(section::Side::Right)),
        part("word/footer2.xml", section::footer(section::Side::Left)),
        part("word/footer3.xml", section::letter_footer()),
    ])
}

fn document_xml(texts: &PageData) -> String {
    let mut document = Document::new(texts.form);
    masthead::write(texts, &mut document);
    body::write_title(texts, &mut document);
    body::write(&texts.body, &mut document);
    closing::write(texts, &mut document);
    for pages in &texts.attached {
        attached::write(pages, &mut document);
    }
    colophon::write(texts, &mut document);
    let mut xml = package::DECLARATION.to_owned();
    // Writing to a string cannot fail.
    let _ = write!(
        xml,
        "<w:document {}><w:body>{}</w:body></w:document>",
        package::NAMESPACES,
        document.finish()
    );
    xml
}
