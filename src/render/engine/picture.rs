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

    /// The number of pixels.
    pub fn pixels(self) -> u16 {
        self.0
    }

    /// The height of a picture of a page.
    pub(crate) fn height_of(self, page: &Page) -> u32 {
        let size = page.frame.size();
        let pixel_per_pt = (f64::from(self.0) / size.x.to_pt()) as f32;
        // As `typst_render` rounds; a page is at most a few thousand pixels high.
        (pixel_per_pt * size.y.to_pt() as f32).round().max(1.0) as u32
    }
}

/// The pixels of a drawn page.
pub(crate) struct Dots {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Four bytes a pixel. The page is filled with white first, so the last one carries nothing.
    pub(crate) rgba: Vec<u8>,
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

/// Draws the pixels of a page.
pub(crate) fn dots(page: &Page, width: Width) -> Dots {
    let pixel_per_pt = f64::from(width.0) / page.frame.width().to_pt();
    let options = RenderOptions { pixel_per_pt: pixel_per_pt.into(), ..RenderOptions::default() };
    let drawn = typst_render::render(page, &options);
    Dots { width: drawn.width(), height: drawn.height(), rgba: drawn.take() }
}

fn png(page: &Page, width: Width) -> Result<Vec<u8>, RenderError> {
    let Dots { width, height, rgba } = dots(page, width);
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|dot| &dot[..3]).copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    // Previews are interactive: compressing harder takes longer than sending the extra bytes.
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(bytes)
}
