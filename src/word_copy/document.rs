//! The body of a Word file while it is written, part by part and section by section.

use crate::word_copy::lengths::{AREA, LANDSCAPE_AREA};
use crate::word_copy::paragraph::Paragraph;
use crate::word_copy::section::section;
use crate::word_copy::styles::Style;

/// The body of a document.
#[derive(Debug)]
pub(crate) struct Document {
    xml: String,
    is_letter: bool,
    is_first_section: bool,
    is_landscape: bool,
    /// Whether the last element is a table, which must not touch the next.
    ends_with_table: bool,
    /// Whether nothing is on the page yet.
    is_new_page: bool,
}

impl Document {
    /// An empty document of a form.
    pub(crate) fn new(form: &str) -> Self {
        Self {
            xml: String::new(),
            is_letter: form == "letter",
            is_first_section: true,
            is_landscape: false,
            ends_with_table: false,
            is_new_page: true,
        }
    }

    /// Whether the document is a letter.
    pub(crate) fn is_letter(&self) -> bool {
        self.is_letter
    }

    /// The width of the type area.
    pub(crate) fn width(&self) -> u32 {
        if self.is_landscape { LANDSCAPE_AREA } else { AREA }
    }

    /// Adds a paragraph.
    pub(crate) fn add(&mut self, paragraph: &Paragraph) {
        paragraph.write(&mut self.xml);
        self.ends_with_table = false;
        self.is_new_page = false;
    }

    /// Adds a table. Two tables in a row would become one.
    pub(crate) fn add_table(&mut self, xml: &str) {
        if self.ends_with_table {
            Paragraph::of(Style::Nothing).write(&mut self.xml);
        }
        self.xml.push_str(xml);
        self.ends_with_table = true;
        self.is_new_page = false;
    }

    /// Continues on a new page of an orientation. Returns whether the next paragraph has to begin it.
    pub(crate) fn turn_to(&mut self, is_landscape: bool) -> bool {
        if self.is_landscape == is_landscape {
            return !self.is_new_page;
        }
        let section = section(self.is_first_section, self.is_landscape, self.is_letter);
        Paragraph { section, ..Paragraph::of(Style::Nothing) }.write(&mut self.xml);
        self.is_first_section = false;
        self.is_landscape = is_landscape;
        self.ends_with_table = false;
        self.is_new_page = true;
        false
    }

    /// Continues on a new page.
    pub(crate) fn break_page(&mut self) {
        self.add(&Paragraph { begins_page: true, ..Paragraph::of(Style::Nothing) });
        self.is_new_page = true;
    }

    /// The XML of the body.
    pub(crate) fn finish(mut self) -> String {
        // A table must not end a document.
        if self.ends_with_table {
            Paragraph::of(Style::Nothing).write(&mut self.xml);
        }
        self.xml.push_str(&section(self.is_first_section, self.is_landscape, self.is_letter));
        self.xml
    }
}
