//! The lower bound for any program that makes this file: shape its text once, subset the used glyphs of
//! each typeface once, deflate its streams once, and nothing else.
//!
//! The crates and the compression level are those of Typst and krilla. Work that a process does once for
//! all filings (reading fonts, shape plans, the colour profile) does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hongtou::generate::generate;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;
use hongtou::submission::read::Posted;
use hongtou::validate::filing::Filing;
use hongtou::validate::validate;
use lopdf::{Document, Object, ObjectId};
use rustybuzz::{BufferFlags, Direction, Language, ShapePlan, UnicodeBuffer};
use subsetter::GlyphRemapper;
use typst::layout::{Frame, FrameItem};
use typst::text::FontInstance;

use crate::clock::Times;
use crate::filings::other_seed;
use crate::phases::{FILINGS, WARMING};
use crate::table::{Row, ms};

/// The compression level of krilla.
const LEVEL: u32 = 6;

/// A stretch of text in one typeface.
struct Stretch {
    font: FontInstance,
    plan: Arc<ShapePlan>,
    text: String,
}

pub fn rows(typesetter: &Typesetter) -> Vec<Row> {
    let worker = WorkerThread::start().expect("the bench needs a thread");
    worker.run(|| measured(typesetter))
}

fn measured(typesetter: &Typesetter) -> Vec<Row> {
    let [mut ours, mut shape, mut subset, mut deflate, mut floor] =
        std::array::from_fn(|_| Times::default());
    for round in 0..FILINGS + WARMING {
        let body = other_seed();
        let mut time = Times::default();
        let made = time.add(|| generate(&body, typesetter)).expect("it is accepted");
        let pages = typesetter.lay_out(&filing(&body, typesetter)).expect("it is laid out");
        let stretches = stretches(pages.pages().iter().map(|page| &page.frame));
        let streams = streams(&made.pdf);
        let [mut shaping, mut subsetting, mut deflating] =
            std::array::from_fn(|_| Times::default());
        let used = shaping.add(|| shaped(&stretches));
        let subsets = subsetting.add(|| subsetted(&used));
        deflating
            .add(|| subsets.iter().chain(&streams).map(|bytes| deflated(bytes)).sum::<usize>());
        if round < WARMING {
            continue;
        }
        ours.push(time.median());
        shape.push(shaping.median());
        subset.push(subsetting.median());
        deflate.push(deflating.median());
        floor.push(shaping.median() + subsetting.median() + deflating.median());
    }
    let (ours, floor) = (ours.median(), floor.median());
    let part = |what: &str, times: &Times| {
        Row::new(what, ms(times.median())).ratio(format!("{:.2}", times.median() / floor))
    };
    vec![
        Row::heading(format!("the lower bound, {FILINGS} different filings, one thread")),
        part("shape the text once", &shape),
        part("subset each typeface once", &subset),
        part("deflate the streams once", &deflate),
        Row::new("lower bound", ms(floor)).ratio("1"),
        Row::new("hongtou", ms(ours)).ratio(format!("{:.2}", ours / floor)).goal("at most 1.5"),
    ]
}

fn filing(body: &[u8], typesetter: &Typesetter) -> Filing {
    let posted = Posted::read(body).expect("the filing is JSON");
    validate(posted, typesetter.coverage()).expect("it is accepted").filing
}

/// The text of the pages, split only where the typeface changes.
fn stretches<'f>(frames: impl Iterator<Item = &'f Frame>) -> Vec<Stretch> {
    let mut texts: Vec<(FontInstance, String)> = Vec::new();
    frames.for_each(|frame| gather(frame, &mut texts));
    let mut plans: BTreeMap<(*const u8, String), Arc<ShapePlan>> = BTreeMap::new();
    texts
        .into_iter()
        .map(|(font, text)| {
            let buffer = buffer(&text);
            let key = (font.data().as_ptr(), format!("{:?}", buffer.script()));
            let plan = plans.entry(key).or_insert_with(|| {
                let (direction, script) = (buffer.direction(), Some(buffer.script()));
                let language = buffer.language();
                Arc::new(ShapePlan::new(font.rusty(), direction, script, language.as_ref(), &[]))
            });
            Stretch { plan: Arc::clone(plan), font, text }
        })
        .collect()
}

fn gather(frame: &Frame, texts: &mut Vec<(FontInstance, String)>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => gather(&group.frame, texts),
            FrameItem::Text(text) => match texts.last_mut() {
                Some((font, before)) if *font == text.font => before.push_str(&text.text),
                _ => texts.push((text.font.clone(), text.text.to_string())),
            },
            _ => {}
        }
    }
}

fn buffer(text: &str) -> UnicodeBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_language("zh-CN".parse::<Language>().expect("it is a language"));
    buffer.set_direction(Direction::LeftToRight);
    buffer.guess_segment_properties();
    buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
    buffer
}

/// The glyphs of each font that the shaped text uses.
fn shaped(stretches: &[Stretch]) -> Vec<(&FontInstance, GlyphRemapper)> {
    let mut used: Vec<(&FontInstance, GlyphRemapper)> = Vec::new();
    for Stretch { font, plan, text } in stretches {
        let glyphs = rustybuzz::shape_with_plan(font.rusty(), plan, buffer(text));
        let place = used.iter().position(|(known, _)| *known == font).unwrap_or_else(|| {
            used.push((font, GlyphRemapper::new()));
            used.len() - 1
        });
        for glyph in glyphs.glyph_infos() {
            used[place].1.remap(u16::try_from(glyph.glyph_id).expect("a font has fewer glyphs"));
        }
    }
    used
}

fn subsetted(used: &[(&FontInstance, GlyphRemapper)]) -> Vec<Vec<u8>> {
    let subset = |(font, glyphs): &(&FontInstance, GlyphRemapper)| {
        subsetter::subset_with_variations(font.data(), font.index(), &[], glyphs)
            .expect("the font was subset before")
    };
    used.iter().map(subset).collect()
}

/// The contents of the deflated streams, except for fonts, which are subset again, and the colour
/// profile.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let document = Document::load_mem(pdf).expect("it is a PDF");
    let dictionaries = document.objects.values().filter_map(|object| object.as_dict().ok());
    let fonts: BTreeSet<ObjectId> = dictionaries
        .filter_map(|dictionary| dictionary.get(b"FontFile2").and_then(Object::as_reference).ok())
        .collect();
    let is_fixed = |id: &ObjectId| fonts.contains(id);
    let numbered = document.objects.iter().filter(|(id, _)| !is_fixed(id));
    numbered
        .filter_map(|(_, object)| object.as_stream().ok())
        .filter(|stream| !stream.dict.has(b"N") || stream.dict.has_type(b"ObjStm"))
        .filter_map(|stream| stream.decompressed_content().ok())
        .collect()
}

fn deflated(bytes: &[u8]) -> usize {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it").len()
}
