//! Generates the numbers of lists, which are not in the text of a Word file.

use std::collections::BTreeMap;

use hongtou_rules::document::numeral::chinese;
use quick_xml::events::Event;

use crate::source::error::ImportError;
use crate::source::word::xml::{attribute, events, local};

/// The levels of a list.
const LEVELS: usize = 9;

/// The largest number that is written in Chinese.
const LARGEST: usize = 9_999;

/// The lists of a file and how far each has counted.
#[derive(Debug, Default)]
pub struct Numbering {
    /// The definitions by their id.
    definitions: BTreeMap<String, Definition>,
    /// The definition of each list, by the id of the list.
    lists: BTreeMap<String, String>,
    /// The list and level of each style that has one.
    styles: BTreeMap<String, (String, usize)>,
    /// The counters of each definition.
    counters: BTreeMap<String, [Option<usize>; LEVELS]>,
}

#[derive(Debug, Default, Clone)]
struct Definition {
    levels: [Level; LEVELS],
}

#[derive(Debug, Default, Clone)]
struct Level {
    start: Option<usize>,
    format: String,
    /// The text with `%1` to `%9` for the numbers of the levels.
    text: String,
}

impl Numbering {
    /// Reads `numbering.xml` and the lists of `styles.xml`; either may be empty.
    ///
    /// # Errors
    /// Returns `ImportError::Damaged` if one of them is not XML.
    pub fn read(numbering: &str, styles: &str) -> Result<Self, ImportError> {
        let mut read = Self::default();
        if !numbering.is_empty() {
            read.read_lists(numbering)?;
        }
        if !styles.is_empty() {
            read.read_styles(styles)?;
        }
        Ok(read)
    }

    fn read_lists(&mut self, xml: &str) -> Result<(), ImportError> {
        let (mut definition, mut list, mut level) = (None, None, 0);
        events(xml, |event| {
            let (Event::Start(element) | Event::Empty(element)) = event else { return Ok(()) };
            let value = || attribute(element, "val").unwrap_or_default();
            match &*local(element) {
                "abstractNum" => {
                    definition = attribute(element, "abstractNumId");
                    list = None;
                }
                "num" => {
                    definition = None;
                    list = attribute(element, "numId");
                }
                "lvl" => {
                    let number = attribute(element, "ilvl").and_then(|level| level.parse().ok());
                    level = number.unwrap_or(LEVELS);
                }
                "abstractNumId" => {
                    if let Some(list) = list.clone() {
                        self.lists.insert(list, value());
                    }
                }
                name @ ("start" | "numFmt" | "lvlText") => {
                    let Some(definition) = definition.clone() else { return Ok(()) };
                    let levels = &mut self.definitions.entry(definition).or_default().levels;
                    let Some(level) = levels.get_mut(level) else { return Ok(()) };
                    match name {
                        "start" => level.start = value().parse().ok(),
                        "numFmt" => level.format = value(),
                        _ => level.text = value(),
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }

    fn read_styles(&mut self, xml: &str) -> Result<(), ImportError> {
        let (mut style, mut level) = (None, 0);
        events(xml, |event| {
            let (Event::Start(element) | Event::Empty(element)) = event else { return Ok(()) };
            match &*local(element) {
                "style" => (style, level) = (attribute(element, "styleId"), 0),
                "ilvl" => {
                    level = attribute(element, "val").and_then(|v| v.parse().ok()).unwrap_or(0);
                }
                "numId" => {
                    if let (Some(style), Some(list)) = (style.clone(), attribute(element, "val")) {
                        self.styles.insert(style, (list, level));
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }

    /// Counts a paragraph and returns its number; empty if it has none.
    pub fn next(
        &mut self,
        list: Option<&str>,
        level: Option<usize>,
        style: Option<&str>,
    ) -> String {
        let of_style = style.and_then(|style| self.styles.get(style)).cloned();
        let (list, level) = match (list, of_style) {
            (Some(list), of_style) => {
                (list.to_owned(), level.or_else(|| of_style.map(|(_, level)| level)).unwrap_or(0))
            }
            (None, Some(of_style)) => of_style,
            (None, None) => return String::new(),
        };
        let Some(definition) = self.lists.get(&list) else { return String::new() };
        let Some(Definition { levels }) = self.definitions.get(definition) else {
            return String::new();
        };
        let Some(own) = levels.get(level) else { return String::new() };
        let counters = self.counters.entry(definition.clone()).or_default();
        let start = own.start.unwrap_or(1);
        counters[level] = Some(counters[level].map_or(start, |count| count.saturating_add(1)));
        counters[level + 1..].fill(None);
        let mut text = own.text.clone();
        for (index, level) in levels.iter().enumerate() {
            let count = counters[index].or(level.start).unwrap_or(1);
            text = text.replace(&format!("%{}", index + 1), &written(&level.format, count));
        }
        if own.format == "bullet" || own.format == "none" { String::new() } else { text }
    }
}

fn written(format: &str, count: usize) -> String {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "chineseLegalSimplified"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "ideographTraditional"
            if (1..=LARGEST).contains(&count) =>
        {
            chinese(count)
        }
        _ => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Numbering;

    #[test]
    fn lists_count_by_level() {
        let xml = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
            </w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
        let styles = r#"<w:styles xmlns:w="w"><w:style w:styleId="2"><w:pPr><w:numPr>
            <w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style></w:styles>"#;
        let mut numbering = Numbering::read(xml, styles).unwrap();
        let mut next = |level| numbering.next(Some("7"), Some(level), None);
        let numbers = [next(0), next(1), next(1), next(2), next(0), next(1)];
        assert_eq!(numbers, ["一、", "（一）", "（二）", "1.", "二、", "（一）"]);
        assert_eq!(numbering.next(None, None, Some("2")), "（二）");
        assert_eq!(numbering.next(None, None, None), "");
    }
}
