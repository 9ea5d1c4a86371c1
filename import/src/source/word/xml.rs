//! Reads the XML of Office files without entities of its own.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::source::error::ImportError;

/// The deepest nesting of elements. Documents of Word have some dozens.
const DEPTH: usize = 256;

/// Calls a function with each event of a text.
///
/// # Errors
/// Returns `ImportError::Damaged` if the text is not XML, has a document type, which could define
/// entities, or is nested too deeply, and the errors of the function.
pub fn events(
    xml: &str,
    mut each: impl FnMut(&Event<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let xml = xml.strip_prefix('\u{FEFF}').unwrap_or(xml);
    let mut reader = Reader::from_str(xml);
    let mut depth: usize = 0;
    loop {
        let event = reader.read_event().map_err(|_| ImportError::Damaged)?;
        match event {
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof | Event::DocType(_) => return Err(ImportError::Damaged),
            Event::Start(_) if depth == DEPTH => return Err(ImportError::Damaged),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        each(&event)?;
    }
}

/// The name of an element without its prefix.
pub fn local(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// An attribute by its name without a prefix.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The value of a switch such as `<w:b/>` or `<w:b w:val="0"/>`.
pub fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// The character of a reference such as `&amp;` or `&#20013;`; other entities have none.
pub fn character(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => Some(c),
        _ => match &*reference.xml10_content() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        },
    }
}
