//! Draws the pages of an editor's preview: small pictures, and a hash by which a client knows which
//! pages have changed.

use std::fmt;
use std::hash::{Hash, Hasher};

use typst::layout::{Frame, FrameItem};
use typst::utils::hash128;
use typst_layout::{Page, PagedDocument};

use crate::render::engine::picture::{Dots, Width, dots};
use crate::render::error::RenderError;

/// The red of the theme.
const RED: [u8; 3] = [240, 89, 62];

/// The number of greys, white and black included. With 16, a full page at the usual width takes
/// 8 % more bytes and looks the same.
const GREYS: u8 = 11;

/// The number of reds, white included.
const REDS: u8 = 16;

/// How far red and blue differ at least in a pixel that is drawn as red.
const LEAST_RED: u8 = 6;

/// Identifies what is drawn on a page, and the width of its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageHash(u128);

/// Which pictures are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The width of the pictures.
    pub width: Width,
    /// The pages, counted from 1.
    pub pages: Vec<usize>,
    /// The pages that the client has a picture of.
    pub have: Vec<PageHash>,
}

/// A page of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePicture {
    /// What identifies the picture.
    pub hash: PageHash,
    /// The height of the picture in pixels.
    pub height: u32,
    /// The picture, if it is wanted and the client has no picture of this page.
    pub png: Option<Vec<u8>>,
}

impl PageHash {
    /// Parses a hash as it is displayed.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash = text.len() == 32
            && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        is_hash.then(|| u128::from_str_radix(text, 16).ok())?.map(Self)
    }

    fn of(page: &Page, width: Width) -> Self {
        Self(hash128(&(width.pixels(), Visible(&page.frame))))
    }
}

impl fmt::Display for PageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What is drawn of a frame. Tags and labels are left out: they change with the text of other pages.
struct Visible<'a>(&'a Frame);

impl Hash for Visible<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.size().hash(state);
        for (position, item) in self.0.items() {
            match item {
                FrameItem::Tag(_) | FrameItem::Link(..) => continue,
                FrameItem::Group(group) => {
                    (0_u8, group.transform, &group.clip).hash(state);
                    Visible(&group.frame).hash(state);
                }
                FrameItem::Text(text) => (1_u8, text).hash(state),
                FrameItem::Shape(shape, _) => (2_u8, shape).hash(state),
                FrameItem::Image(image, size, _) => (3_u8, image, size).hash(state),
            }
            position.hash(state);
        }
        // So that the end of a group is not confused with the end of the frame around it.
        u8::MAX.hash(state);
    }
}

/// The pages of a document, with the pictures that are wanted.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn draw_pages(
    document: &PagedDocument,
    wanted: &Wanted,
) -> Result<Vec<PagePicture>, RenderError> {
    let pages = document.pages().iter().enumerate();
    pages.map(|(index, page)| picture(page, index + 1, wanted)).collect()
}

fn picture(page: &Page, number: usize, wanted: &Wanted) -> Result<PagePicture, RenderError> {
    let hash = PageHash::of(page, wanted.width);
    let is_drawn = wanted.pages.contains(&number) && !wanted.have.contains(&hash);
    let png = is_drawn.then(|| png(&dots(page, wanted.width))).transpose()?;
    Ok(PagePicture { hash, height: wanted.width.height_of(page), png })
}

/// Encodes a picture with a few greys and reds, which takes a quarter of the bytes of all colours.
fn png(dots: &Dots) -> Result<Vec<u8>, RenderError> {
    let shades: Vec<u8> = dots.rgba.chunks_exact(4).map(shade).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, dots.width, dots.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette());
    encoder.set_compression(png::Compression::Fast);
    // Rows of text resemble the row above. Without a filter the fast compression finds little.
    encoder.set_filter(png::Filter::Up);
    encoder.write_header()?.write_image_data(&shades)?;
    Ok(bytes)
}

/// The colours: white to black, then white to red.
fn palette() -> Vec<u8> {
    let shades = |colour: [u8; 3], n_shades: u8| {
        let shade = move |shade| colour.map(|value| 255 - part(255 - value, shade, n_shades - 1));
        (0..n_shades).flat_map(shade)
    };
    shades([0; 3], GREYS).chain(shades(RED, REDS)).collect()
}

/// `whole * dividend / divisor`, rounded. `dividend` is at most `divisor`.
fn part(whole: u8, dividend: u8, divisor: u8) -> u8 {
    let divisor = u16::from(divisor);
    ((u16::from(whole) * u16::from(dividend) + divisor / 2) / divisor) as u8
}

/// The colour of the palette that is nearest to a pixel.
fn shade(pixel: &[u8]) -> u8 {
    let (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
    let is_red = red.saturating_sub(blue) >= LEAST_RED;
    let (first, last, deepest) =
        if is_red { (GREYS, REDS - 1, 255 - RED[1]) } else { (0, GREYS - 1, 255) };
    first + part(last, (255 - green).min(deepest), deepest)
}

#[cfg(test)]
mod tests {
    use super::{GREYS, PageHash, RED, REDS, palette, shade};

    #[test]
    fn the_colours_of_the_palette_are_their_own_nearest() {
        let palette = palette();
        let colours: Vec<&[u8]> = palette.chunks(3).collect();
        let n_greys = usize::from(GREYS);
        assert_eq!(colours.len(), n_greys + usize::from(REDS));
        assert_eq!((colours[0], colours[n_greys - 1]), (&[255; 3][..], &[0; 3][..]));
        assert_eq!(colours.last(), Some(&&RED[..]));
        // The first red is white too.
        for (index, colour) in colours.into_iter().enumerate().filter(|(at, _)| *at != n_greys) {
            assert_eq!(usize::from(shade(colour)), index, "{colour:?}");
        }
    }

    #[test]
    fn every_grey_is_drawn_within_half_a_shade() {
        let palette = palette();
        for grey in 0..=u8::MAX {
            let drawn = palette[usize::from(shade(&[grey; 3])) * 3];
            assert!(drawn.abs_diff(grey) <= 13, "{grey} is drawn as {drawn}");
        }
    }

    #[test]
    fn only_displayed_hashes_are_parsed() {
        let hash = PageHash(0x0123_4567_89ab_cdef);
        assert_eq!(PageHash::parse(&hash.to_string()), Some(hash));
        let text = "0".repeat(32);
        for wrong in ["", "0", &text[1..], &format!("+{}", &text[1..]), &text.replace('0', "A")] {
            assert_eq!(PageHash::parse(wrong), None, "{wrong}");
        }
    }
}
