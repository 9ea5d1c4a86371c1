//! One paragraph of a Word file: its runs, of which some are bold, and its properties.

/// A paragraph while it is read.
#[derive(Debug, Default)]
pub struct Paragraph {
    /// The id of the style.
    pub style: Option<String>,
    /// The id of the list.
    pub list: Option<String>,
    /// The level in the list, from 0.
    pub level: Option<usize>,
    /// The alignment.
    pub align: Option<String>,
    /// The texts and whether they are bold. No two neighbours are equal.
    runs: Vec<(String, bool)>,
    is_bold: bool,
}

impl Paragraph {
    /// Starts a run, which is not bold until its properties say so.
    pub fn start_run(&mut self) {
        self.is_bold = false;
    }

    /// Sets the weight of the text that follows.
    pub fn set_bold(&mut self, is_bold: bool) {
        self.is_bold = is_bold;
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) {
        match self.runs.last_mut() {
            Some((last, is_bold)) if *is_bold == self.is_bold => last.push_str(text),
            _ => self.runs.push((text.to_owned(), self.is_bold)),
        }
    }

    /// The text without weights, on one line.
    pub fn plain(&self) -> String {
        let text: String = self.runs.iter().map(|(text, _)| text.as_str()).collect();
        text.replace('\n', "")
    }

    /// The text with `**` around what is bold, unless all of it is.
    pub fn marked(&self) -> String {
        let is_visible = |text: &str| !text.trim().is_empty();
        let is_mixed = self.runs.iter().any(|(text, is_bold)| *is_bold && is_visible(text))
            && self.runs.iter().any(|(text, is_bold)| !is_bold && is_visible(text));
        let mut marked = String::new();
        for (text, is_bold) in &self.runs {
            let text = text.replace('*', "\\*");
            let is_marked = is_mixed && *is_bold && is_visible(&text) && !text.contains('\n');
            if is_marked {
                marked.push_str("**");
            }
            marked.push_str(&text);
            if is_marked {
                marked.push_str("**");
            }
        }
        marked
    }

    /// The alignment as tables name it.
    pub fn align(&self) -> &'static str {
        match self.align.as_deref() {
            Some("center") => "center",
            Some("right" | "end") => "right",
            _ => "left",
        }
    }
}
