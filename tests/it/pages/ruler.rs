//! A ruler for laid-out pages: the position of every glyph and rule, in millimetres.

use typst::foundations::StyleChain;
use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Angle, Frame, FrameItem, Point, Size, Transform};
use typst::model::{HeadingElem, ParElem, TableCell, TableElem};
use typst::text::TextItem;
use typst::visualize::{Geometry, Paint, Shape};
use typst_layout::{Page, PagedDocument};

/// One printed glyph.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub text: String,
    /// Left edge of the advance, from the page's left edge.
    pub x: f64,
    /// Advance.
    pub width: f64,
    /// Baseline, from the page's upper edge.
    pub baseline: f64,
    /// Upper and lower edge of the ink.
    pub ink: (f64, f64),
    /// Left and right edge of the ink.
    pub ink_x: (f64, f64),
    /// Font size in points.
    pub size: f64,
    pub family: String,
    pub is_red: bool,
    /// Thickness of the outline that makes text strong (B-6); 0 without one.
    pub stroke: f64,
    /// The glyph's number in its font; 0 is the box of a missing character.
    pub id: u16,
    /// Whether its line runs up or down the sheet, as on a landscape page (T-1).
    pub is_rotated: bool,
    /// What the glyph belongs to.
    pub place: Place,
}

/// What a glyph belongs to, by the structure of the document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The paragraph, counted through the document.
    pub paragraph: Option<usize>,
    /// The depth of the heading in the outline.
    pub heading: Option<usize>,
    /// The table, counted through the document.
    pub table: Option<usize>,
    /// The cell of a table, counted through the document.
    pub cell: Option<usize>,
}

impl Glyph {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
}

/// A horizontal or vertical rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub thickness: f64,
    pub is_red: bool,
}

impl Rule {
    /// Whether it is one of the colophon, which are thicker than those of tables (V-1).
    pub fn is_of_colophon(&self) -> bool {
        !self.is_red && self.thickness > 0.22
    }
}

/// One line of text: glyphs on one baseline, left to right.
#[derive(Debug, Clone)]
pub struct Line {
    pub baseline: f64,
    pub glyphs: Vec<Glyph>,
}

impl Line {
    /// The characters, without word joiners.
    pub fn text(&self) -> String {
        let characters = self.glyphs.iter().flat_map(|glyph| glyph.text.chars());
        characters.filter(|c| *c != '\u{2060}').collect()
    }

    pub fn left(&self) -> f64 {
        self.glyphs.first().map_or(f64::NAN, |glyph| glyph.x)
    }

    pub fn right(&self) -> f64 {
        self.glyphs.last().map_or(f64::NAN, Glyph::right)
    }

    pub fn centre(&self) -> f64 {
        (self.left() + self.right()) / 2.0
    }

    /// The size of the first glyph, in points.
    pub fn size(&self) -> f64 {
        self.glyphs.first().map_or(f64::NAN, |glyph| glyph.size)
    }

    /// Upper edge of the em box, 0.88 em above the baseline.
    pub fn em_top(&self) -> f64 {
        self.baseline - 0.88 * self.size() * MM_PER_PT
    }

    /// Lower edge of the em box, 0.12 em below the baseline.
    pub fn em_bottom(&self) -> f64 {
        self.baseline + 0.12 * self.size() * MM_PER_PT
    }
}

/// A page with the positions of its glyphs and rules.
#[derive(Debug, Clone)]
pub struct MeasuredPage {
    pub width: f64,
    pub height: f64,
    pub glyphs: Vec<Glyph>,
    pub rules: Vec<Rule>,
}

pub const MM_PER_PT: f64 = 25.4 / 72.0;

impl MeasuredPage {
    /// A landscape page in reading position, without the page number, which is upright on the sheet.
    pub fn landscape(&self) -> Self {
        let mut page = self.clone();
        page.glyphs.retain(|glyph| !glyph.is_rotated);
        page.rules.retain(|rule| !rule.is_of_colophon());
        page
    }

    /// The page without landscape content.
    pub fn portrait(&self) -> Self {
        let mut page = self.clone();
        if page.glyphs.iter().any(|glyph| glyph.is_rotated) {
            page.glyphs.retain(|glyph| !glyph.is_rotated);
            page.rules.retain(Rule::is_of_colophon);
        }
        page
    }

    /// Glyphs grouped by baseline, from top to bottom.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for glyph in self.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()) {
            match lines.iter_mut().find(|line| (line.baseline - glyph.baseline).abs() < 0.3) {
                Some(line) => line.glyphs.push(glyph.clone()),
                None => {
                    lines.push(Line { baseline: glyph.baseline, glyphs: vec![glyph.clone()] });
                }
            }
        }
        lines.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
        for line in &mut lines {
            line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
        lines
    }
}

/// Measures every page after a rotation by 90° clockwise: its left edge is at the top.
pub fn measure_rotated(document: &PagedDocument) -> Vec<MeasuredPage> {
    let mut structure = Structure::default();
    let rotated = |page: &Page| {
        let (width, height) = (page.frame.height(), page.frame.width());
        let rotation = Transform::translate(width, Abs::zero())
            .pre_concat(Transform::rotate(Angle::deg(90.0)));
        measured(page, Size::new(width, height), rotation, &mut structure)
    };
    document.pages().iter().map(rotated).collect()
}

fn measured(
    page: &Page,
    size: Size,
    transform: Transform,
    structure: &mut Structure,
) -> MeasuredPage {
    let (width, height) = (size.x.to_mm(), size.y.to_mm());
    let mut measured = MeasuredPage { width, height, glyphs: Vec::new(), rules: Vec::new() };
    walk(&page.frame, transform, structure, &mut measured);
    measured
}

/// Measures every page.
pub fn measure(document: &PagedDocument) -> Vec<MeasuredPage> {
    let mut structure = Structure::default();
    document
        .pages()
        .iter()
        .map(|page| measured(page, page.frame.size(), Transform::identity(), &mut structure))
        .collect()
}

/// The elements open at the current position. Pages contain the tags of elements in document order, so
/// an element that begins on one page may still be open on the next.
#[derive(Debug, Default)]
struct Structure {
    open: Vec<(Location, Place)>,
    begun: usize,
}

impl Structure {
    fn place(&self) -> Place {
        self.open.last().map(|&(_, place)| place).unwrap_or_default()
    }

    fn step(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                let mut place = self.place();
                let number = Some(self.begun);
                if element.is::<ParElem>() {
                    place.paragraph = number;
                } else if let Some(heading) = element.to_packed::<HeadingElem>() {
                    place.heading = Some(heading.resolve_level(StyleChain::default()).get());
                } else if element.is::<TableElem>() {
                    place.table = number;
                } else if element.is::<TableCell>() {
                    place.cell = number;
                } else {
                    return;
                }
                self.begun += 1;
                self.open.push((tag.location(), place));
            }
            Tag::End(location, ..) => self.open.retain(|(open, _)| open != location),
        }
    }
}

fn walk(frame: &Frame, transform: Transform, structure: &mut Structure, page: &mut MeasuredPage) {
    for (position, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => {
                walk(&group.frame, here.pre_concat(group.transform), structure, page);
            }
            FrameItem::Text(text) => glyphs(text, here, structure.place(), page),
            FrameItem::Shape(shape, _) => rule(shape, here, page),
            FrameItem::Tag(tag) => structure.step(tag),
            _ => {}
        }
    }
}

fn is_red(paint: &Paint) -> bool {
    let Paint::Solid(colour) = paint else { return false };
    let [red, green, blue, _] = colour.to_vec4_u8();
    (red, green, blue) == (240, 89, 62)
}

fn glyphs(item: &TextItem, transform: Transform, place: Place, page: &mut MeasuredPage) {
    let size = item.size;
    let mut pen = Abs::zero();
    for glyph in &item.glyphs {
        let origin = Point::new(pen + glyph.x_offset.at(size), Abs::zero()).transform(transform);
        let bounds = item.font.ttf().glyph_bounding_box(ttf_parser::GlyphId(glyph.id));
        let unit = size.to_mm() / item.font.units_per_em();
        let (top, bottom, left, right) = bounds.map_or((0.0, 0.0, 0.0, 0.0), |bounds| {
            (
                f64::from(bounds.y_max),
                f64::from(bounds.y_min),
                f64::from(bounds.x_min),
                f64::from(bounds.x_max),
            )
        });
        let (x, baseline) = (origin.x.to_mm(), origin.y.to_mm());
        page.glyphs.push(Glyph {
            text: item.text[glyph.range()].to_owned(),
            x,
            width: glyph.x_advance.at(size).to_mm(),
            baseline,
            ink: (baseline - top * unit, baseline - bottom * unit),
            ink_x: (x + left * unit, x + right * unit),
            size: size.to_pt(),
            family: item.font.font().info().family.clone(),
            is_red: is_red(&item.fill),
            stroke: item.stroke.as_ref().map_or(0.0, |stroke| stroke.thickness.to_mm()),
            id: glyph.id,
            is_rotated: transform.sx.get().abs() < 0.5,
            place,
        });
        pen += glyph.x_advance.at(size);
    }
}

fn rule(shape: &Shape, transform: Transform, page: &mut MeasuredPage) {
    let Geometry::Line(end) = shape.geometry else { return };
    let Some(stroke) = &shape.stroke else { return };
    let start = Point::zero().transform(transform);
    let end = end.transform(transform);
    page.rules.push(Rule {
        x: start.x.to_mm(),
        y: start.y.to_mm(),
        width: (end.x - start.x).to_mm(),
        height: (end.y - start.y).to_mm(),
        thickness: stroke.thickness.to_mm(),
        is_red: is_red(&stroke.paint),
    });
}
