//! The texts that the document issues, with their own attachments (印发, 转发, 公布).

use crate::document::block::{Block, Numbering};
use crate::render::compose::attached::TITLE_DEPTH;
use crate::render::compose::attachment_list;
use crate::render::compose::text::blocks;
use crate::render::compose::text::body_parts::allow_breaks_between_siblings;
use crate::render::compose::text::outline::Outline;
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::page_data::{AttachedPages, BodyPart};
use crate::render::title;
use crate::render::type_area::TypeArea;
use crate::validate::filing::{Filing, IssuedText};

/// The pages of each issued text, followed by those of its attachments. Each table takes the next item of
/// `fits`.
pub(crate) fn pages_of<'f>(
    filing: &Filing,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<AttachedPages> {
    let numbering = filing.content().numbering.unwrap_or(Numbering::ByHeading);
    let mut body = |blocks: &[Block]| -> Vec<BodyPart> {
        let outline = &mut Outline::new(TITLE_DEPTH, numbering);
        let parts = blocks::parts_of(blocks, TypeArea::PORTRAIT, outline, fits, advances);
        allow_breaks_between_siblings(parts)
    };
    let issuers = &filing.document().issuers;
    let texts = filing.content().issued.iter();
    texts.flat_map(|issued| pages_of_text(issued, issuers, &mut body)).collect()
}

fn pages_of_text(
    issued: &IssuedText,
    issuers: &[String],
    body: &mut impl FnMut(&[Block]) -> Vec<BodyPart>,
) -> Vec<AttachedPages> {
    let titles: Vec<String> =
        issued.attachments.iter().map(|attachment| attachment.title.clone()).collect();
    let mut pages = vec![AttachedPages {
        label: None,
        title: title::lines_of(&issued.title, issuers),
        note: issued.note.as_ref().map(|note| format!("（{note}）")),
        landscape: false,
        strip: 0,
        cover: Vec::new(),
        body: body(&issued.body),
        attachment_list: attachment_list(&titles),
    }];
    let with_text = issued.attachments.iter().enumerate().filter(|(_, one)| !one.body.is_empty());
    pages.extend(with_text.map(|(index, attachment)| AttachedPages {
        label: Some(match titles.len() {
            1 => "附件".to_owned(),
            _ => format!("附件{}", index + 1),
        }),
        title: title::lines_of(&attachment.title, issuers),
        note: None,
        landscape: false,
        strip: 0,
        cover: Vec::new(),
        body: body(&attachment.body),
        attachment_list: Vec::new(),
    }));
    pages
}
