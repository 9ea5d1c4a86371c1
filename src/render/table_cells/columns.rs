//! The room that the columns of a table have on a page.

use crate::document::measures::{self, points};
use crate::document::table::Cell;
use crate::render::fonts::advances::Advances;
use crate::render::type_area::TypeArea;
use crate::validate::text::typeface::Typeface;

/// The two insets of a cell, rounded up to hundredths of a character.
const INSETS: u32 = (2 * measures::TABLE_INSET * 100).div_ceil(points(measures::TABLE_SIZE));
/// The same in hundredths of a half character.
pub(crate) const INSETS_IN_HALVES: u32 = 2 * INSETS;

/// Half a character, the unit of columns.
pub(crate) const HALF: usize = 1_000;

/// The width of a character in thousandths of a half one, rounded up.
pub(crate) type CharWidth<'a> = &'a dyn Fn(char) -> usize;

/// The advances of a typeface as widths of characters in cells.
pub(crate) fn char_width(advances: &Advances, face: Typeface) -> impl Fn(char) -> usize {
    move |character| {
        let em = advances.of_character(face, character).unwrap_or(1.0);
        (2.0 * HALF as f64 * em).ceil() as usize
    }
}

/// The type area of a page, in units of a table's text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageRoom {
    /// Its width in tenths of a character, rounded down.
    tenths: u32,
    /// Its height in half lines of the grid, if the pitch is the largest.
    pub half_lines: usize,
    /// Whether the texts of cells are broken into lines.
    breaks_lines: bool,
}

impl PageRoom {
    pub(crate) fn of(area: TypeArea) -> Self {
        Self {
            tenths: 10 * area.width / points(measures::TABLE_SIZE),
            half_lines: (area.height / measures::LARGEST_TABLE_PITCH) as usize,
            breaks_lines: true,
        }
    }

    /// The same room for texts that stay on one line.
    pub(crate) fn unbroken(self) -> Self {
        Self { breaks_lines: false, ..self }
    }

    /// Its width in hundredths of a half character.
    pub(crate) fn width(self) -> u32 {
        20 * self.tenths
    }

    /// The width for the text of a cell without its indent, in thousandths of a half character.
    pub(crate) fn of_cell(self, cell: &Cell, shares: &[u32]) -> usize {
        if !self.breaks_lines {
            return usize::MAX;
        }
        let total: u32 = shares.iter().sum();
        let share: u32 = shares[cell.column..cell.column + cell.column_span].iter().sum();
        let characters = f64::from(self.tenths) / 10.0 * f64::from(share) / f64::from(total)
            - f64::from(INSETS) / 100.0
            - cell.indent as f64;
        (2.0 * HALF as f64 * characters).floor().max(1.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::PageRoom;
    use crate::render::type_area::TypeArea;

    #[test]
    fn a_page_of_the_fewest_lines_has_the_least_room() {
        // Of 225 mm: with 20 lines a page, half a line is 5.77 mm.
        assert_eq!(PageRoom::of(TypeArea::PORTRAIT).half_lines, 38);
    }
}
