//! A side as a picture: the very frame that the PDF is written from, drawn as a PNG.

use std::num::NonZeroUsize;

use typst_layout::{Page, PagedDocument};
use typst_render::RenderOptions;

use crate::render::error::RenderError;

/// The width of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(u16);

/// What came of drawing a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The picture; none where the filing has no such side.
    pub png: Option<Vec<u8>>,
    /// Number of page sides.
    pub pages: usize,
}

impl Width {
    /// As wide as a page is on most screens.
    pub const USUAL: Self = Self(900);

    /// Below that no character can be told from another.
    pub const NARROWEST: u16 = 100;

    /// 290 dots an inch; a picture of that width takes 30 MB while it is drawn.
    pub const WIDEST: u16 = 2400;

    /// A width within these bounds.
    pub fn new(pixels: u16) -> Option<Self> {
        (Self::NARROWEST..=Self::WIDEST).contains(&pixels).then_some(Self(pixels))
    }
}

/// Draws a side, counted from 1.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn draw(
    document: &PagedDocument,
    side: NonZeroUsize,
    width: Width,
) -> Result<Drawn, RenderError> {
    let page = document.pages().get(side.get() - 1);
    let png = page.map(|page| png(page, width)).transpose()?;
    Ok(Drawn { png, pages: document.pages().len() })
}

fn png(page: &Page, width: Width) -> Result<Vec<u8>, RenderError> {
    let pixel_per_pt = f64::from(width.0) / page.frame.width().to_pt();
    let options = RenderOptions { pixel_per_pt: pixel_per_pt.into(), ..RenderOptions::default() };
    let drawn = typst_render::render(page, &options);
    // A page is white all over before anything is drawn on it, so nothing shows through.
    let dots: Vec<u8> = drawn.data().chunks_exact(4).flat_map(|dot| &dot[..3]).copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawn.width(), drawn.height());
    encoder.set_color(png::ColorType::Rgb);
    // Whoever types waits for it; a smaller file would take longer than its last bytes do.
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&dots)?;
    Ok(bytes)
}
