//! The area of a page that text and tables fill.

use crate::document::attachment::Orientation;
use crate::document::measures::{AREA_HEIGHT, AREA_WIDTH};

/// Width and height in micrometres, in reading position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypeArea {
    pub width: u32,
    pub height: u32,
}

impl TypeArea {
    /// The whole type area of a portrait page (PG-4).
    pub(crate) const PORTRAIT: Self = Self { width: AREA_WIDTH, height: AREA_HEIGHT };

    /// The whole type area. That of a landscape page is as wide as the sheet's is high (T-1).
    pub(crate) fn of(orientation: Orientation) -> Self {
        match orientation {
            Orientation::Portrait => Self::PORTRAIT,
            Orientation::Landscape => Self { width: AREA_HEIGHT, height: AREA_WIDTH },
        }
    }

    /// The area without the strip of a landscape page that the colophon takes, in thousandths of the
    /// width.
    pub(crate) fn without_strip(self, thousandths: u32) -> Self {
        Self { width: self.width - self.width * thousandths / 1000, ..self }
    }
}
