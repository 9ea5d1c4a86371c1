//! Reads the paragraphs and tables of a Word file (.docx).

mod numbering;
mod paragraph;
mod tables;
mod xml;

use quick_xml::events::{BytesStart, Event};

use crate::source::archive::Archive;
use crate::source::error::ImportError;
use crate::source::limits::LINES;
use crate::source::piece::{Content, Piece, Place};
use crate::source::word::numbering::Numbering;
use crate::source::word::paragraph::Paragraph;
use crate::source::word::tables::Tables;
use crate::source::word::xml::{attribute, events, is_on, local};

/// The most paragraphs inside each other, as in text boxes.
const NESTED: usize = 16;

/// The paragraphs and tables of a Word file.
///
/// # Errors
/// Returns `ImportError` if the file is damaged, encrypted or too large.
pub fn pieces(file: &[u8]) -> Result<Vec<Piece>, ImportError> {
    let mut archive = Archive::open(file)?;
    let document = archive.text("word/document.xml")?.ok_or(ImportError::Damaged)?;
    let styles = archive.text("word/styles.xml")?.unwrap_or_default();
    let numbering = archive.text("word/numbering.xml")?.unwrap_or_default();
    let mut reader = Reader::new(Numbering::read(&numbering, &styles)?);
    events(&document, |event| reader.event(event))?;
    if reader.pieces.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(reader.pieces)
}

/// The state while the elements of a document are read.
struct Reader {
    numbering: Numbering,
    pieces: Vec<Piece>,
    paragraphs: usize,
    tables: usize,
    /// The open paragraphs; a text box is inside another paragraph.
    open: Vec<Paragraph>,
    table: Tables,
    /// How deep in text that is deleted, moved away or a duplicate for old programs.
    skipped: usize,
    in_properties: bool,
    in_text: bool,
}

impl Reader {
    fn new(numbering: Numbering) -> Self {
        Self {
            numbering,
            pieces: Vec::new(),
            paragraphs: 0,
            tables: 0,
            open: Vec::new(),
            table: Tables::default(),
            skipped: 0,
            in_properties: false,
            in_text: false,
        }
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), ImportError> {
        match event {
            Event::Start(element) => self.start(element)?,
            Event::Empty(element) => {
                self.start(element)?;
                self.end(&local(element))?;
            }
            Event::End(element) => {
                self.end(element.local_name().as_ref())?;
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(c) = xml::character(reference) {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), ImportError> {
        let name = local(element);
        if self.skipped > 0 || matches!(&*name, "moveFrom" | "Fallback" | "del") {
            // `del` inside the properties of a paragraph only marks its end.
            self.skipped += 1;
            return Ok(());
        }
        match &*name {
            "p" if self.open.len() >= NESTED => return Err(ImportError::Damaged),
            "p" => self.open.push(Paragraph::default()),
            "pPr" => self.in_properties = true,
            "t" => self.in_text = true,
            "tbl" | "tr" | "tc" => self.table.start(&name)?,
            "gridCol" | "gridSpan" | "vMerge" | "tblHeader" => {
                self.table.property(&name, attribute(element, "val"), attribute(element, "w"));
            }
            _ => self.property(&name, element),
        }
        Ok(())
    }

    /// A property or a character of the innermost paragraph.
    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(paragraph) = self.open.last_mut() else { return };
        let value = attribute(element, "val");
        match name {
            "r" => paragraph.start_run(),
            "b" if !self.in_properties => paragraph.set_bold(is_on(value.as_deref())),
            "pStyle" => paragraph.style = value,
            "ilvl" => paragraph.level = value.and_then(|value| value.parse().ok()),
            "numId" => paragraph.list = value,
            "jc" if self.in_properties => paragraph.align = value,
            "tab" if !self.in_properties => paragraph.push("  "),
            "br" | "cr" => paragraph.push("\n"),
            "noBreakHyphen" => paragraph.push("-"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text
            && self.skipped == 0
            && let Some(paragraph) = self.open.last_mut()
        {
            paragraph.push(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ImportError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "p" => {
                if let Some(paragraph) = self.open.pop() {
                    self.end_paragraph(paragraph)?;
                }
            }
            "pPr" => self.in_properties = false,
            "t" => self.in_text = false,
            "tbl" | "tr" | "tc" => {
                if let Some(table) = self.table.end(name)? {
                    self.tables += 1;
                    let place = Place::Table(self.tables);
                    self.push(place, 0, Content::Table(table))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self, paragraph: Paragraph) -> Result<(), ImportError> {
        let number = self.numbering.next(
            paragraph.list.as_deref(),
            paragraph.level,
            paragraph.style.as_deref(),
        );
        if self.table.is_open() {
            self.table.text(&format!("{number}{}", paragraph.plain()), paragraph.align());
            return Ok(());
        }
        self.paragraphs += 1;
        let text = format!("{number}{}", paragraph.marked());
        for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
            let blanks = line.chars().take_while(|c| c.is_whitespace());
            let indent = blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
            let text = Content::Text(line.trim().to_owned());
            self.push(Place::Paragraph(self.paragraphs), indent, text)?;
        }
        Ok(())
    }

    fn push(&mut self, place: Place, indent: usize, content: Content) -> Result<(), ImportError> {
        if self.pieces.len() >= LINES {
            return Err(ImportError::TooMuch { what: "正文", limit: LINES, unit: "段" });
        }
        let may_be_broken = false;
        self.pieces.push(Piece { place, indent, gap: false, may_be_broken, content });
        Ok(())
    }
}
