//! What pages say and show: their text, and whether they are pictures.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use crate::signature::file::fields::{dictionary, items};

/// What the content of one page and of what it draws may unpack to, and a font's table of
/// characters, in bytes.
const LONGEST_CONTENT: usize = 16 << 20;
const LONGEST_TABLE: usize = 4 << 20;

/// The most operations on one page, and the most pages.
const MOST_OPERATIONS: usize = 2_000_000;
const MOST_PAGES: usize = 2_000;

/// How deep drawings may lie within drawings.
const DEEPEST: usize = 8;

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Its width and height, in points.
    pub(crate) size: Option<(i64, i64)>,
    /// Its visible text without white space, in the order in which it is drawn.
    pub(crate) text: String,
    /// Whether text was drawn whose characters are unknown.
    pub(crate) has_unread_text: bool,
    /// Whether a picture is drawn.
    pub(crate) has_picture: bool,
}

/// The pages of a document; none where there is too much on them.
pub(crate) fn pages(document: &Document) -> Option<Vec<Page>> {
    let ids: Vec<ObjectId> = document.page_iter().take(MOST_PAGES + 1).collect();
    if ids.len() > MOST_PAGES {
        return None;
    }
    let mut fonts = BTreeMap::new();
    ids.into_iter().map(|id| page(document, id, &mut fonts)).collect()
}

/// Encodings by the object of their font, since pages share them.
type Fonts<'a> = BTreeMap<ObjectId, Option<Encoding<'a>>>;

fn page<'a>(document: &'a Document, id: ObjectId, fonts: &mut Fonts<'a>) -> Option<Page> {
    let mut walk = Walk {
        document,
        fonts,
        page: Page { size: size(document, id), ..Page::default() },
        n_operations: 0,
        n_bytes: 0,
        within: BTreeSet::new(),
    };
    let content = document.get_page_content_with_limit(id, LONGEST_CONTENT).ok()?;
    let resources = inherited(document, id, b"Resources");
    walk.content(&content, resources.and_then(|resources| dictionary(document, resources)))?;
    Some(walk.page)
}

/// A page's entry, or that of what it is a part of.
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

/// A walk through all that a page draws.
struct Walk<'a, 'f> {
    document: &'a Document,
    fonts: &'f mut Fonts<'a>,
    page: Page,
    n_operations: usize,
    n_bytes: usize,
    // The drawings that this one is within.
    within: BTreeSet<ObjectId>,
}

/// What the operators of text are about.
#[derive(Clone, Copy, Default)]
struct State {
    font: Option<ObjectId>,
    is_invisible: bool,
}

impl<'a> Walk<'a, '_> {
    /// Walks through content; none where it is too much.
    fn content(&mut self, content: &[u8], resources: Option<&'a Dictionary>) -> Option<()> {
        self.n_bytes += content.len();
        if self.n_bytes > LONGEST_CONTENT {
            return None;
        }
        let mut state = State::default();
        let mut saved = Vec::new();
        for operation in Content::decode_iter(content) {
            // What follows cannot be read by anyone.
            let Ok(operation) = operation else { break };
            self.n_operations += 1;
            if self.n_operations > MOST_OPERATIONS {
                return None;
            }
            match operation.operator.as_str() {
                "q" => saved.push(state),
                "Q" => state = saved.pop().unwrap_or_default(),
                "Tr" => state.is_invisible = operation.operands == [Object::Integer(3)],
                "Tf" => state.font = self.font(&operation, resources),
                "Tj" | "TJ" | "'" | "\"" if !state.is_invisible => self.show(&operation, state),
                "Do" => self.draw(&operation, resources)?,
                "BI" => self.page.has_picture = true,
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
            font.get_font_encoding_with_limit(document, LONGEST_TABLE).ok()
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

    fn show(&mut self, operation: &Operation, state: State) {
        let encoding = state.font.and_then(|font| self.fonts.get(&font)?.as_ref());
        let strings = operation.operands.iter().flat_map(|operand| match operand {
            Object::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        for bytes in strings.filter_map(|string| string.as_str().ok()).filter(|s| !s.is_empty()) {
            match encoding.map(|encoding| Document::decode_text(encoding, bytes)) {
                Some(Ok(text)) => self.page.text.extend(text.chars().filter(|c| is_ink(*c))),
                _ => self.page.has_unread_text = true,
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
            Ok(b"Image") => self.page.has_picture = true,
            Ok(b"Form") if self.within.len() < DEEPEST && self.within.insert(id) => {
                let content = drawing.decompressed_content_with_limit(LONGEST_CONTENT).ok()?;
                let own = drawing.dict.get(b"Resources").ok();
                let own = own.and_then(|own| dictionary(document, own)).or(resources);
                self.content(&content, own)?;
                self.within.remove(&id);
            }
            _ => {}
        }
        Some(())
    }
}

/// Whether a character leaves ink: tools write white space and marks of their own between words.
fn is_ink(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && character != '\u{FEFF}'
}

/// How many pages a document has.
pub(crate) fn n_pages(document: &Document) -> usize {
    document.page_iter().count()
}

/// Whether anything of a signature shows on its page, by what stands there for it.
pub(crate) fn shows(document: &Document, widgets: &[ObjectId]) -> bool {
    widgets.iter().any(|id| {
        document.get_dictionary(*id).is_ok_and(|widget| {
            let sides = items(document, widget, b"Rect").iter();
            let sides: Vec<_> = sides.filter_map(|side| side.as_float().ok()).collect();
            let [left, bottom, right, top] = sides[..] else { return false };
            widget.has(b"AP") && left != right && bottom != top
        })
    })
}
