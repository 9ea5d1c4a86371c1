//! Attachments with content: the label, title and text of each (B-21 to B-23).

use crate::document::OfficialDocument;
use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::document::block::Numbering;
use crate::document::table::Table;
use crate::render::compose::tables::{self, Widths};
use crate::render::compose::text::blocks;
use crate::render::compose::text::body_parts::allow_breaks_between_siblings;
use crate::render::compose::text::outline::Outline;
use crate::render::compose::{project_table, score_table};
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::page_data::AttachedPages;
use crate::render::page_data::BodyPart;
use crate::render::title;
use crate::render::type_area::TypeArea;
use crate::validate::filing::{Attached, AttachedContent, Filing};

/// The title of an attachment is a heading of the first level in the outline (PDF/UA-1, 7.4.2).
pub(crate) const TITLE_DEPTH: usize = 1;

/// The attachments in order. Each table takes the next item of `fits`. The pages of the last one leave
/// a strip free, `strip` thousandths of the type area.
pub(crate) fn pages_of<'f>(
    filing: &Filing,
    strip: u32,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<AttachedPages> {
    let document = filing.document();
    let last = filing.content().attached.last().map(|attached| attached.index);
    let pages = |attached: &Attached| {
        let strip = if last == Some(attached.index) { strip } else { 0 };
        let area = TypeArea::of(attached.orientation).without_strip(strip);
        AttachedPages {
            label: Some(label(document, attached)),
            title: title::lines_of(&document.attachments[attached.index], &document.issuers),
            note: None,
            landscape: attached.orientation == Orientation::Landscape,
            strip,
            cover: attached
                .cover
                .iter()
                .map(|(label, text)| [label.clone(), text.clone()])
                .collect(),
            body: body(filing, attached, area, fits, advances),
            attachment_list: Vec::new(),
            elements: None,
        }
    };
    filing.content().attached.iter().map(pages).collect()
}

/// `附件`, followed by its number if there are several. An attachment that is bound separately has 发文字号
/// before it.
fn label(document: &OfficialDocument, attached: &Attached) -> String {
    let label = match document.attachments.len() {
        1 => "附件".to_owned(),
        _ => format!("附件{}", attached.index + 1),
    };
    match attached.binding {
        AttachmentBinding::Together => label,
        AttachmentBinding::Separate => format!("{}{label}", document.document_number.printed()),
    }
}

fn body<'f>(
    filing: &Filing,
    attached: &Attached,
    area: TypeArea,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let mut fitted =
        |parts: Vec<Table>| tables::parts_of(parts, Widths::OfEachPart, area, fits, advances);
    match &attached.content {
        AttachedContent::Blocks(blocks) => {
            let numbering = filing.content().numbering.unwrap_or(Numbering::ByHeading);
            let outline = &mut Outline::new(TITLE_DEPTH, numbering);
            let parts = blocks::parts_of(blocks, area, outline, fits, advances);
            allow_breaks_between_siblings(parts)
        }
        AttachedContent::ScoreTable => filing
            .content()
            .scores()
            .map(|sheet| fitted(vec![score_table::table_of(sheet)]))
            .unwrap_or_default(),
        AttachedContent::OwnScores(sheet) => fitted(vec![score_table::table_of(sheet)]),
        AttachedContent::ProjectTable(project) => fitted(project_table::tables_of(project).into()),
    }
}
