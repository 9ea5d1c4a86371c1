//! Lengths of the Word copy in twips, twentieths of a point.
//!
//! They are those of the page where Word lays out like it. Word centres the text of a line in its height,
//! while the page puts it at the foot; so margins and gaps are less by that.

use crate::document::measures::{self, AREA_WIDTH, CHARACTER, MARK_DROP, TABLE_INSET, TITLE_PITCH};

/// Converts micrometres.
pub(crate) const fn twips(micrometres: u32) -> u32 {
    (micrometres * 36 + 317) / 635
}

/// Converts points.
pub(crate) const fn points(size: u32) -> u32 {
    size * 20
}

/// Converts characters of running text.
pub(crate) const fn characters(count: u32) -> u32 {
    twips(count * CHARACTER)
}

/// The width of a text in running type.
pub(crate) fn width_of(text: &str) -> u32 {
    let halves = crate::render::lines::width::half_characters(text);
    u32::try_from(halves).map_or(AREA, |halves| twips(halves.saturating_mul(CHARACTER / 2)))
}

/// The width of the type area.
pub(crate) const AREA: u32 = twips(AREA_WIDTH);
/// The width of the type area of a landscape page.
pub(crate) const LANDSCAPE_AREA: u32 = PAPER_HEIGHT - TOP - BOTTOM;

/// Height of a page.
pub(crate) const PAPER_HEIGHT: u32 = 16_838;
/// Width of a page.
pub(crate) const PAPER_WIDTH: u32 = 11_906;
/// From the upper edge of the page to the first line (GB/T 33476.2: 34.58 mm).
pub(crate) const TOP: u32 = 1_960;
/// From the last line to the lower edge of the page (GB/T 33476.2: 32.58 mm).
pub(crate) const BOTTOM: u32 = 1_847;
/// From the bound edge to the type area.
pub(crate) const BOUND: u32 = twips(measures::BOUND_MARGIN);
/// From the type area to the open edge.
pub(crate) const OPEN: u32 = PAPER_WIDTH - BOUND - AREA;

/// From one line of running text to the next: 22 lines fill the page.
pub(crate) const LINE: u32 = (PAPER_HEIGHT - TOP - BOTTOM) / 22;
/// From one line of 标题 to the next.
pub(crate) const TITLE_LINE: u32 = twips(TITLE_PITCH);
/// From one line of a cell to the next.
pub(crate) const TABLE_LINE: u32 = LINE / 2;
/// From one line of 版记 to the next.
pub(crate) const COLOPHON_LINE: u32 = twips(7_880);

/// How much closer characters of 三号 are than their width, so that a line has 28 of them. A grid of
/// characters would do the same in Word, but other programs give each of them two cells.
pub(crate) const CHARACTER_SPACE: i32 = -5;

/// Above 发文机关标志.
pub(crate) const MARK_ABOVE: u32 = twips(MARK_DROP) - 64;
/// Above 发文字号.
pub(crate) const NUMBER_ABOVE: u32 = 820;
/// Above 标题.
pub(crate) const TITLE_ABOVE: u32 = 960;
/// Below 标题.
pub(crate) const TITLE_BELOW: u32 = 340;

/// From the side of a cell to its text.
pub(crate) const CELL_SIDE: u32 = twips(TABLE_INSET);
/// From the upper or lower side of a cell to its lines: a row of one line is as high as two.
pub(crate) const CELL_ABOVE: u32 = TABLE_LINE / 2;

/// One character of a table, 小四.
pub(crate) const CELL_CHARACTER: u32 = points(12);

/// One character of 版记, 四号.
pub(crate) const SMALL: u32 = points(14);
