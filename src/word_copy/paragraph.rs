//! Paragraphs and runs as WordprocessingML. Word requires the properties in this order.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::render::page_data::text::{LINE_END, TextRun};
use crate::word_copy::styles::{Face, Style};

/// U+2060 WORD JOINER, which only the layout of the pages needs.
const JOINER: char = '\u{2060}';

/// A paragraph that is being written. What is `None` or empty is as in its style.
#[derive(Debug, Default, Clone)]
pub(crate) struct Paragraph {
    /// Its style.
    pub(crate) style: Style,
    /// Whether it stays on the page of the next.
    pub(crate) keeps_next: bool,
    /// Whether it begins a page.
    pub(crate) begins_page: bool,
    /// Its borders, as XML.
    pub(crate) borders: String,
    /// Its tab stops: the kind and the position.
    pub(crate) tabs: Vec<(&'static str, u32)>,
    /// Space above.
    pub(crate) above: Option<u32>,
    /// The height of each line.
    pub(crate) pitch: Option<u32>,
    /// The left and right indents.
    pub(crate) indents: Option<(i32, i32)>,
    /// How far the other lines hang behind the first.
    pub(crate) hanging: u32,
    /// The alignment.
    pub(crate) align: Option<&'static str>,
    /// The level in the outline, counted from 1.
    pub(crate) outline: Option<usize>,
    /// The section that ends with it, as XML.
    pub(crate) section: String,
    /// Its runs, as XML.
    pub(crate) runs: String,
}

/// How a run differs from the style of its paragraph.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Look {
    /// Its typeface.
    pub(crate) face: Option<Face>,
    /// Its size in points.
    pub(crate) size: Option<u32>,
    /// Whether it is bold.
    pub(crate) is_strong: bool,
    /// Whether it is underlined.
    pub(crate) is_underlined: bool,
}

impl Paragraph {
    /// An empty paragraph.
    pub(crate) fn of(style: Style) -> Self {
        Self { style, ..Self::default() }
    }

    /// Adds a text in the look of the style.
    pub(crate) fn text(self, text: &str) -> Self {
        self.run(text, Look::default())
    }

    /// Adds a text.
    pub(crate) fn run(mut self, text: &str, look: Look) -> Self {
        run(&mut self.runs, text, look);
        self
    }

    /// Adds runs of the page.
    pub(crate) fn runs(mut self, runs: &[TextRun], look: Look) -> Self {
        for same in runs.chunk_by(|a, b| a.strong == b.strong) {
            let text: String = same.iter().map(|run| run.text.as_str()).collect();
            run(&mut self.runs, &text, Look { is_strong: same[0].strong, ..look });
        }
        self
    }

    /// Adds XML, such as a field.
    pub(crate) fn xml(mut self, xml: &str) -> Self {
        self.runs.push_str(xml);
        self
    }

    /// Writes the paragraph.
    pub(crate) fn write(&self, xml: &mut String) {
        xml.push_str("<w:p><w:pPr>");
        let _ = write!(xml, "<w:pStyle w:val=\"{}\"/>", self.style.id());
        for (is_on, name) in [(self.keeps_next, "keepNext"), (self.begins_page, "pageBreakBefore")]
        {
            if is_on {
                let _ = write!(xml, "<w:{name}/>");
            }
        }
        if !self.borders.is_empty() {
            let _ = write!(xml, "<w:pBdr>{}</w:pBdr>", self.borders);
        }
        if !self.tabs.is_empty() {
            xml.push_str("<w:tabs>");
            for (kind, position) in &self.tabs {
                let _ = write!(xml, "<w:tab w:val=\"{kind}\" w:pos=\"{position}\"/>");
            }
            xml.push_str("</w:tabs>");
        }
        self.write_spacing(xml);
        if let Some(align) = self.align {
            let _ = write!(xml, "<w:jc w:val=\"{align}\"/>");
        }
        if let Some(level) = self.outline {
            let _ = write!(xml, "<w:outlineLvl w:val=\"{}\"/>", level.saturating_sub(1).min(8));
        }
        let _ = write!(xml, "{}</w:pPr>{}</w:p>", self.section, self.runs);
    }

    fn write_spacing(&self, xml: &mut String) {
        if self.above.is_some() || self.pitch.is_some() {
            xml.push_str("<w:spacing");
            if let Some(above) = self.above {
                let _ = write!(xml, " w:before=\"{above}\"");
            }
            if let Some(pitch) = self.pitch {
                let _ = write!(xml, " w:line=\"{pitch}\" w:lineRule=\"exact\"");
            }
            xml.push_str("/>");
        }
        if let Some((left, right)) = self.indents {
            let first = if self.hanging > 0 { "hanging" } else { "firstLine" };
            // An indent of the style in characters would take precedence.
            let _ = write!(
                xml,
                "<w:ind w:left=\"{left}\" w:right=\"{right}\" w:firstLineChars=\"0\" w:{first}=\"{}\"/>",
                self.hanging
            );
        }
    }
}

/// Writes a run. Line ends of the page are dropped; `\n` stays a line end, `\t` is a tab.
fn run(xml: &mut String, text: &str, look: Look) {
    let text: String = text.chars().filter(|c| is_kept(*c)).collect();
    if text.is_empty() {
        return;
    }
    xml.push_str("<w:r><w:rPr>");
    match look.face {
        Some(face) => face.write(xml),
        None => xml.push_str("<w:rFonts w:hint=\"eastAsia\"/>"),
    }
    if look.is_strong {
        xml.push_str("<w:b/>");
    }
    if let Some(size) = look.size {
        let _ = write!(xml, "<w:sz w:val=\"{0}\"/><w:szCs w:val=\"{0}\"/>", 2 * size);
    }
    if look.is_underlined {
        xml.push_str("<w:u w:val=\"single\"/>");
    }
    xml.push_str("</w:rPr>");
    for part in text.split_inclusive(['\n', '\t']) {
        let shown = part.trim_end_matches(['\n', '\t']);
        if !shown.is_empty() {
            let _ = write!(xml, "<w:t xml:space=\"preserve\">{}</w:t>", escape(shown));
        }
        match part.chars().next_back() {
            Some('\n') => xml.push_str("<w:br/>"),
            Some('\t') => xml.push_str("<w:tab/>"),
            _ => {}
        }
    }
    xml.push_str("</w:r>");
}

/// Whether a character is printed and may be in XML.
fn is_kept(c: char) -> bool {
    match c {
        LINE_END | JOINER | '\u{FFFE}' | '\u{FFFF}' => false,
        '\n' | '\t' => true,
        c => !c.is_control(),
    }
}
