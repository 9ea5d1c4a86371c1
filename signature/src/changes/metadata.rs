//! Compares the metadata: modification date and producer may change, the title and others may not.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object};

use crate::changes::change::{Addition, ChangeKind};
use crate::changes::comparison::Comparison;
use crate::file::fields::dictionary;
use crate::file::revisions::find;

/// Larger XMP metadata is not read.
const MAX_XMP_BYTES: usize = 4 << 20;

/// The entries of `/Info` and the XMP properties that every program sets when it writes a file.
const SET_BY_WRITERS: [&str; 8] = [
    "ModDate",
    "ModifyDate",
    "MetadataDate",
    "Producer",
    "InstanceID",
    "toolkit",
    "xmptk",
    "about",
];

/// Compares `/Info` and the XMP metadata.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    info(comparison);
    xmp(comparison);
}

fn info(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let empty = Dictionary::new();
    let (before, after) = (info_of(old), info_of(new));
    let id = old.trailer.get(b"Info").and_then(Object::as_reference).ok();
    let (before, after) = (before.unwrap_or(&empty), after.unwrap_or(&empty));
    id.into_iter().for_each(|id| comparison.check(id));
    let text = |info: &Dictionary, key: &[u8]| {
        info.get(key).and_then(Object::as_str).map(<[u8]>::to_vec).ok()
    };
    for key in Comparison::differing(before, after) {
        let is_text =
            [before, after].iter().all(|info| !info.has(key) || text(info, key).is_some());
        if is_text && SET_BY_WRITERS.iter().any(|name| name.as_bytes() == key) {
            comparison.add(Addition::Metadata);
        // The same text may be written as a literal or a hexadecimal string.
        } else if text(before, key).is_none() || text(before, key) != text(after, key) {
            comparison.change(&ChangeKind::Metadata, id);
        }
    }
}

fn info_of(document: &Document) -> Option<&Dictionary> {
    dictionary(document, document.trailer.get(b"Info").ok()?)
}

fn xmp(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let (before, after) = (properties(old), properties(new));
    let id = old.catalog().and_then(|catalog| catalog.get(b"Metadata")?.as_reference()).ok();
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, None) if has_same_metadata(old, new) => {
            // What looks like metadata but cannot be read is compared like any object.
            if !may_be_xmp(old) && !may_be_xmp(new) {
                id.into_iter().for_each(|id| comparison.check(id));
            }
            return;
        }
        _ => {
            comparison.change(&ChangeKind::Metadata, id);
            return;
        }
    };
    id.into_iter().for_each(|id| comparison.check(id));
    if before == after {
        return;
    }
    let mut differing = before.symmetric_difference(&after);
    if differing.all(|(name, _)| SET_BY_WRITERS.contains(&name.as_str())) {
        comparison.add(Addition::Metadata);
    } else {
        comparison.change(&ChangeKind::Metadata, id);
    }
}

/// Whether some reader could read the metadata. pyHanko encrypts them although it says that they are not
/// encrypted, so that nobody can.
fn may_be_xmp(document: &Document) -> bool {
    let metadata = document.catalog().and_then(|it| it.get_deref(b"Metadata", document));
    let Ok(stream) = metadata.and_then(Object::as_stream) else { return false };
    let bytes = stream.decompressed_content_with_limit(MAX_XMP_BYTES).ok();
    // Also in UTF-16 and UTF-32.
    let names = [b"RDF".as_slice(), b"R\0D\0F", b"R\0\0\0D\0\0\0F"];
    bytes.is_none_or(|bytes| names.iter().any(|name| find(&bytes, 0, name).is_some()))
}

/// Whether the catalogs refer to the same metadata, or both to none.
fn has_same_metadata(old: &Document, new: &Document) -> bool {
    let metadata = |document| Document::catalog(document).ok()?.get(b"Metadata").ok();
    metadata(old) == metadata(new)
}

/// The properties of the XMP metadata with their values; `None` if it is missing or unreadable.
fn properties(document: &Document) -> Option<BTreeSet<(String, String)>> {
    let metadata = document.catalog().ok()?.get_deref(b"Metadata", document).ok()?;
    let bytes = metadata.as_stream().ok()?.decompressed_content_with_limit(MAX_XMP_BYTES).ok()?;
    properties_of(&String::from_utf8(bytes).ok()?)
}

fn properties_of(text: &str) -> Option<BTreeSet<(String, String)>> {
    let mut found = BTreeSet::new();
    // The open elements, the innermost last.
    let mut open: Vec<String> = Vec::new();
    let (_, mut rest) = text.split_once('<')?;
    loop {
        let (markup, after) = split_markup(rest)?;
        let (content, next) = match after.split_once('<') {
            Some((content, next)) => (content, Some(next)),
            None => (after, None),
        };
        if let Some(name) = markup.strip_prefix('/') {
            if open.pop().as_deref() != Some(name.trim()) {
                return None;
            }
        } else if !markup.starts_with(['?', '!']) {
            let is_empty = markup.ends_with('/');
            let tag = markup.trim_end_matches('/');
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            found.extend(attributes_of(name, attributes));
            if !is_empty {
                open.push(name.to_owned());
            }
        }
        let content = content.trim();
        if !content.is_empty() {
            let mut named = open.iter().rev().filter(|name| !name.starts_with("rdf:"));
            found.insert((
                named.next().map_or("", |name| local(name)).to_owned(),
                content.to_owned(),
            ));
        }
        match next {
            Some(next) => rest = next,
            None => return Some(found),
        }
    }
}

/// Splits markup, without its brackets, from what follows: a tag, a comment or a processing instruction.
/// `None` for other markup: the text of a CDATA section would be content.
fn split_markup(text: &str) -> Option<(&str, &str)> {
    // The marks at both ends have no character in common: `<!-->` does not end a comment.
    let end = |begin: &str, mark: &str| {
        let at = begin.len() + text[begin.len()..].find(mark)?;
        Some((&text[..at], &text[at + mark.len()..]))
    };
    if text.starts_with("!--") {
        return end("!--", "-->");
    }
    if text.starts_with('?') {
        return end("?", "?>");
    }
    if text.starts_with('!') {
        return None;
    }
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return Some((&text[..at], &text[at + 1..])),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// The attributes of a tag, without namespace declarations and `rdf:parseType`.
fn attributes_of(element: &str, text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim();
        let Some(quote) = after.trim_start().chars().next().filter(|c| ['"', '\''].contains(c))
        else {
            break;
        };
        let mut parts = after.trim_start()[1..].splitn(2, quote);
        let value = parts.next().unwrap_or_default();
        rest = parts.next().unwrap_or_default();
        // A URI may be the content of a property or its `rdf:resource`.
        let property = if name == "rdf:resource" { element } else { name };
        if !name.starts_with("xmlns") && name != "rdf:parseType" {
            found.push((local(property).to_owned(), value.to_owned()));
        }
    }
    found
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::properties_of;

    #[test]
    fn equal_properties_may_be_written_differently() {
        let ours = "<?xpacket begin=\"\"?><x:m xmlns:x=\"x\"><rdf:D rdf:about=\"\"><dc:title><rdf:Alt>\
            <rdf:li xml:lang=\"x\">标题</rdf:li></rdf:Alt></dc:title><pdf:Keywords>38号</pdf:Keywords>\
            <s:uri>http://a/</s:uri></rdf:D></x:m>";
        let theirs = "<x:m xmlns:x='x'>\n<rdf:D rdf:about='' ns3:Keywords='38号'><dc:title>\
            <rdf:Alt><rdf:li xml:lang=\"x\">标题</rdf:li></rdf:Alt></dc:title>\
            <s:uri rdf:resource='http://a/'/></rdf:D></x:m>";
        assert_eq!(properties_of(ours), properties_of(theirs));
        assert_eq!(properties_of(ours).unwrap().len(), 5);
        let other = theirs.replace("标题", "另一标题");
        assert_ne!(properties_of(ours), properties_of(&other));
        assert_eq!(properties_of("<a><b></a></b>"), None);
    }

    #[test]
    fn markup_does_not_hide_properties() {
        let plain = properties_of("<t:title>A</t:title>");
        for same in [
            "<!-- <t:title>B</t:title> --><t:title>A</t:title>",
            "<?x <t:title>B</t:title> ?><t:title>A</t:title>",
        ] {
            assert_eq!(properties_of(same), plain, "{same}");
        }
        for other in [
            "<t:title>A<![CDATA[B]]></t:title>",
            "<!DOCTYPE x><t:title>A</t:title>",
            "<t:title x='>'>A</t:title>",
            "<!-- <t:title>A</t:title> --><t:other>B</t:other>",
            "<!-- <t:title>A</t:title>",
            "<!--><t:title>A</t:title>-->",
            "<?><t:title>A</t:title>?>",
        ] {
            assert_ne!(properties_of(other), plain, "{other}");
        }
    }
}
