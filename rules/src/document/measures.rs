//! The measures of the page, shared by the rules and the layout.
//!
//! Lengths are in micrometres and sizes of type in points, so that no rule needs floating point. The
//! templates read the same measures from `theme.typ`; `tests/it/pages/measures.rs` compares the two.

/// Width of the paper, A4 (PG-1).
pub const PAPER_WIDTH: u32 = 210_000;
/// Height of the paper, A4 (PG-1).
pub const PAPER_HEIGHT: u32 = 297_000;

/// From the upper edge of the page to the type area (PG-2).
pub const TOP_MARGIN: u32 = 37_000;
/// From the type area to the lower edge of the page (PG-5).
pub const BOTTOM_MARGIN: u32 = 35_000;
/// From the bound edge of the page to the type area (PG-3).
pub const BOUND_MARGIN: u32 = 28_000;
/// From the type area to the open edge of the page (PG-5).
pub const OPEN_MARGIN: u32 = 26_000;

/// Width of the type area (PG-4).
pub const AREA_WIDTH: u32 = 156_000;
/// Height of the type area (PG-4).
pub const AREA_HEIGHT: u32 = 225_000;

/// Characters of running text in a line (PG-7).
pub const CHARACTERS_PER_LINE: usize = 28;
/// Lines of running text on a page (PG-7).
pub const LINES_PER_PAGE: usize = 22;
/// Lines per page if the pitch yields most (B-18).
pub const FEWEST_LINES_PER_PAGE: usize = 20;

/// Width and height of a character of running text, 3号 (PG-8).
pub const CHARACTER: u32 = AREA_WIDTH / CHARACTERS_PER_LINE as u32;
/// From the lower edge of one line to that of the next (PG-7).
pub const LINE_PITCH: u32 = (AREA_HEIGHT - CHARACTER) / (LINES_PER_PAGE as u32 - 1);

/// Characters left blank at either end of the line with 发文字号 and 签发人 (H-12, H-13).
pub const SIDE_INSET: usize = 1;
/// Characters of 签发人： (H-13).
pub const SIGNATORY_LABEL: usize = 4;
/// Characters between two names of 签发人 in a row (H-14).
pub const SIGNATORY_GAP: usize = 1;

/// From the upper edge of the type area to the ink of 发文机关标志 (H-6).
pub const MARK_DROP: u32 = 35_000;
/// The sizes in points that the names of 发文机关标志 may have, from 初号 down (H-7, H-9).
pub const MARK_SIZES: [u32; 11] = [42, 39, 36, 33, 30, 27, 24, 22, 20, 18, 16];
/// The smallest of these sizes.
pub const SMALLEST_MARK: u32 = MARK_SIZES[MARK_SIZES.len() - 1];
/// Size in points of 文件 next to joint names (H-8).
pub const MARK_SUFFIX: u32 = 42;
/// From one joint name to the next at 初号 (H-8).
pub const MARK_PITCH: u32 = 20_200;
/// From joint names to 文件 (H-8).
pub const MARK_GAP: u32 = 10_500;
/// From 发文字号 to the red rule (H-16).
pub const RULE_GAP: u32 = 4_000;
/// Thickness of the red rule (H-17).
pub const RULE_STROKE: u32 = 500;

/// Size of 标题 in points, 2号 (B-1).
pub const TITLE_SIZE: u32 = 22;
/// From one line of 标题 to the next (B-2).
pub const TITLE_PITCH: u32 = 12_510;

/// Size of text in tables in points, 小四 (T-2).
pub const TABLE_SIZE: u32 = 12;
/// From the side of a cell to its text (T-2).
pub const TABLE_INSET: u32 = 1_500;
/// From one line of text in a cell to the next: half a line of running text (T-2).
pub const TABLE_PITCH: u32 = LINE_PITCH / 2;
/// The same on pages of the fewest lines (B-18).
pub const LARGEST_TABLE_PITCH: u32 =
    (AREA_HEIGHT - CHARACTER) / (FEWEST_LINES_PER_PAGE as u32 - 1) / 2;

/// Lines between the body and 署名, covered by the upper part of the seal (B-10, B-11).
pub const SEAL_LINES: u32 = 3;
/// From one row of seals to the next (B-12).
pub const SEAL_ROW: u32 = 9 * LINE_PITCH / 2;
/// Height of 签名章 (B-16).
pub const STAMP_HEIGHT: u32 = 13_100;

/// Converts a size in points to micrometres.
pub const fn points(size: u32) -> u32 {
    size * 25_400 / 72
}

/// The number of characters of a size in points that fit in a width.
pub const fn characters(width: u32, size: u32) -> usize {
    (width / points(size)) as usize
}
