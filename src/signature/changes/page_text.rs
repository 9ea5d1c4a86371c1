//! Extracts the text of pages, and whether they contain images.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use crate::signature::file::fields::{dictionary, items};

/// The maximum decompressed size of the content of a page with its form XObjects.
const MAX_CONTENT_BYTES: usize = 16 << 20;

/// The maximum decompressed size of the character map of a font.
const MAX_CMAP_BYTES: usize = 4 << 20;

/// The maximum number of operations on a page.
const MAX_OPERATIONS: usize = 2_000_000;

/// The maximum number of pages.
const MAX_PAGES: usize = 2_000;

/// Form XObjects nested deeper are ignored.
const MAX_FORM_DEPTH: usize = 8;

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Its width and height, in points.
    pub(crate) size: Option<(i64, i64)>,
    /// Its visible text without white space, in drawing order.
    pub(crate) text: String,
    /// Whether there is text whose characters cannot be determined.
    pub(crate) has_undecoded_text: bool,
    /// Whether it has an image.
    pub(crate) has_image: bool,
}

/// The pages of a document; `None` if they exceed the limits.
pub(crate) fn pages(document: &Document) -> Option<Vec<Page>> {
    let ids: Vec<ObjectId> = document.page_iter().take(MAX_PAGES + 1).collect();
    if ids.len() > MAX_PAGES {
        return None;
    }
    let mut fonts = BTreeMap::new();
    ids.into_iter().map(|id| page(document, id, &mut fonts)).collect()
}

/// Encodings by font object, because pages share fonts.
type Fonts<'a> = BTreeMap<ObjectId, Option<Encoding<'a>>>;

fn page<'a>(document: &'a Document, id: ObjectId, fonts: &mut Fonts<'a>) -> Option<Page> {
    let mut extraction = TextExtraction {
        document,
        fonts,
        page: Page { size: size(document, id), ..Page::default() },
        n_operations: 0,
        n_bytes: 0,
        enclosing: BTreeSet::new(),
    };
    let content = document.get_page_content_with_limit(id, MAX_CONTENT_BYTES).ok()?;
    let resources = inherited(document, id, b"Resources");
    extraction
        .content(&content, resources.and_then(|resources| dictionary(document, resources)))?;
    Some(extraction.page)
}

/// An entry of a page or the inherited one.
fn inherited<'a>(document: &'a Document, id: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node = document.get_dictionary(id).ok()?;
    for _ in 0..16 {
        if let Ok(value) = node.get(key) {
            return Some(value);
        }
        node = dictionary(document, node.get(b"Parent").ok()?)?;
    }
    None
}

fn size(document: &Document, id: ObjectId) -> Option<(i64, i64)> {
    let media_box = document.dereference(inherited(document, id, b"MediaBox")?).ok()?.1;
    let sides = media_box.as_array().ok()?.iter().map(|side| {
        let side = document.dereference(side).ok()?.1.as_float().ok()?;
        Some((side.round() as i64).clamp(-1_000_000, 1_000_000))
    });
    match sides.collect::<Option<Vec<i64>>>()?.as_slice() {
        [left, bottom, right, top] => Some(((right - left).abs(), (top - bottom).abs())),
        _ => None,
    }
}

/// The state of extracting a page.
struct TextExtraction<'a, 'f> {
    document: &'a Document,
    fonts: &'f mut Fonts<'a>,
    page: Page,
    n_operations: usize,
    n_bytes: usize,
    // The form XObjects around the current content.
    enclosing: BTreeSet<ObjectId>,
}

/// The text state.
#[derive(Clone, Copy, Default)]
struct TextState {
    font: Option<ObjectId>,
    is_invisible: bool,
}

impl<'a> TextExtraction<'a, '_> {
    /// Reads content; `None` if it exceeds the limits.
    fn content(&mut self, content: &[u8], resources: Option<&'a Dictionary>) -> Option<()> {
        self.n_bytes += content.len();
        if self.n_bytes > MAX_CONTENT_BYTES {
            return None;
        }
        let mut state = TextState::default();
        let mut saved = Vec::new();
        for operation in Content::decode_iter(content) {
            // No reader can read the rest.
            let Ok(operation) = operation else { break };
            self.n_operations += 1;
            if self.n_operations > MAX_OPERATIONS {
                return None;
            }
            match operation.operator.as_str() {
                "q" => saved.push(state),
                "Q" => state = saved.pop().unwrap_or_default(),
                "Tr" => state.is_invisible = operation.operands == [Object::Integer(3)],
                "Tf" => state.font = self.font(&operation, resources),
                "Tj" | "TJ" | "'" | "\"" if !state.is_invisible => self.show(&operation, state),
                "Do" => self.draw(&operation, resources)?,
                "BI" => self.page.has_image = true,
                _ => {}
            }
        }
        Some(())
    }

    fn font(
        &mut self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
    ) -> Option<ObjectId> {
        let id = self.resource(operation, resources, b"Font")?;
        let document = self.document;
        self.fonts.entry(id).or_insert_with(|| {
            let font = document.get_dictionary(id).ok()?;
            font.get_font_encoding_with_limit(document, MAX_CMAP_BYTES).ok()
        });
        Some(id)
    }

    fn resource(
        &self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
        kind: &[u8],
    ) -> Option<ObjectId> {
        let name = operation.operands.first()?.as_name().ok()?;
        let kind = dictionary(self.document, resources?.get(kind).ok()?)?;
        kind.get(name).ok()?.as_reference().ok()
    }

    fn show(&mut self, operation: &Operation, state: TextState) {
        let encoding = state.font.and_then(|font| self.fonts.get(&font)?.as_ref());
        let strings = operation.operands.iter().flat_map(|operand| match operand {
            Object::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        for bytes in strings.filter_map(|string| string.as_str().ok()).filter(|s| !s.is_empty()) {
            match encoding.map(|encoding| Document::decode_text(encoding, bytes)) {
                Some(Ok(text)) => self.page.text.extend(text.chars().filter(|c| is_printing(*c))),
                _ => self.page.has_undecoded_text = true,
            }
        }
    }

    fn draw(&mut self, operation: &Operation, resources: Option<&'a Dictionary>) -> Option<()> {
        let document = self.document;
        let drawing = self.resource(operation, resources, b"XObject");
        let Some((id, drawing)) =
            drawing.and_then(|id| Some((id, document.get_object(id).ok()?.as_stream().ok()?)))
        else {
            return Some(());
        };
        match drawing.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.page.has_image = true,
            Ok(b"Form") if self.enclosing.len() < MAX_FORM_DEPTH && self.enclosing.insert(id) => {
                let content = drawing.decompressed_content_with_limit(MAX_CONTENT_BYTES).ok()?;
                let own = drawing.dict.get(b"Resources").ok();
                let own = own.and_then(|own| dictionary(document, own)).or(resources);
                self.content(&content, own)?;
                self.enclosing.remove(&id);
            }
            _ => {}
        }
        Some(())
    }
}

/// Whether a character is visible. Tools add white space and control characters of their own.
fn is_printing(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && character != '\u{FEFF}'
}

/// The number of pages of a document.
pub(crate) fn n_pages(document: &Document) -> usize {
    document.page_iter().count()
}

/// Whether any of the widgets of a signature is visible on its page.
pub(crate) fn is_visible(document: &Document, widgets: &[ObjectId]) -> bool {
    widgets.iter().any(|id| {
        document.get_dictionary(*id).is_ok_and(|widget| {
            let sides = items(document, widget, b"Rect").iter();
            let sides: Vec<_> = sides.filter_map(|side| side.as_float().ok()).collect();
            let [left, bottom, right, top] = sides[..] else { return false };
            widget.has(b"AP") && left != right && bottom != top
        })
    })
}
