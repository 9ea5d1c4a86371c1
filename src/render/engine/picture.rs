//! Draws a page as a PNG, from the same frame that the PDF is exported from.

use std::num::NonZeroUsize;

use typst_layout::{Page, PagedDocument};
use typst_render::RenderOptions;

use crate::render::error::RenderError;

/// The width of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(u16);

/// The result of drawing a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The picture, or `None` if the filing has no such page.
    pub png: Option<Vec<u8>>,
    /// Number of pages of the filing.
    pub pages: usize,
}

impl Width {
    /// The usual width of a page on a screen.
    pub const USUAL: Self = Self(900);

    /// The least width at which characters can be told apart.
    pub const NARROWEST: u16 = 100;

    /// 290 dots per inch. Drawing a picture of this width takes 30 MB.
    pub const WIDEST: u16 = 2400;

    /// Returns `None` if the width is out of bounds.
    pub fn new(pixels: u16) -> Option<Self> {
        (Self::NARROWEST..=Self::WIDEST).contains(&pixels).then_some(Self(pixels))
    }
}

/// Draws a page, counted from 1.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn draw(
    document: &PagedDocument,
    page: NonZeroUsize,
    width: Width,
) -> Result<Drawn, RenderError> {
    let page = document.pages().get(page.get() - 1);
    let png = page.map(|page| png(page, width)).transpose()?;
    Ok(Drawn { png, pages: document.pages().len() })
}

fn png(page: &Page, width: Width) -> Result<Vec<u8>, RenderError> {
    let pixel_per_pt = f64::from(width.0) / page.frame.width().to_pt();
    let options = RenderOptions { pixel_per_pt: pixel_per_pt.into(), ..RenderOptions::default() };
    let drawn = typst_render::render(page, &options);
    // The page is filled with white first, so the alpha channel carries nothing.
    let dots: Vec<u8> = drawn.data().chunks_exact(4).flat_map(|dot| &dot[..3]).copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawn.width(), drawn.height());
    encoder.set_color(png::ColorType::Rgb);
    // Previews are interactive: compressing harder takes longer than sending the extra bytes.
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&dots)?;
    Ok(bytes)
}
