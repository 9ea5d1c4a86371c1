//! Makes Word files for the tests.

use std::io::{Cursor, Write};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::printed::{Line, number};

const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A ZIP file of some entries.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word file with the XML of a body.
pub fn with_body(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"{NAMESPACE}\"><w:body>{body}</w:body></w:document>"
    );
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

/// A Word file of printed lines. If `lists` is set, numbers are those of a list and not in the text.
pub fn docx(lines: &[Line], lists: bool) -> Vec<u8> {
    let mut body = String::new();
    for line in lines {
        match line {
            Line::Text(text) => body.push_str(&paragraph(text, "")),
            Line::Numbered(level, count, text) if lists => {
                // A list of its own for each number, because the number may restart anywhere.
                let list = format!(
                    "<w:pPr><w:numPr><w:ilvl w:val=\"{}\"/><w:numId w:val=\"{}\"/></w:numPr></w:pPr>",
                    level - 1,
                    level * 1000 + count
                );
                body.push_str(&paragraph(text, &list));
            }
            Line::Numbered(level, count, text) => {
                body.push_str(&paragraph(&format!("{}{text}", number(*level, *count)), ""));
            }
            Line::Table(table) => body.push_str(&self::table(table)),
        }
    }
    let document =
        format!("<w:document xmlns:w=\"{NAMESPACE}\"><w:body>{body}</w:body></w:document>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("word/numbering.xml", numbering(lines).as_bytes()),
    ])
}

/// One list for each number that occurs, which starts at it.
fn numbering(lines: &[Line]) -> String {
    let mut xml = format!("<w:numbering xmlns:w=\"{NAMESPACE}\">");
    let mut lists = String::new();
    let mut ids = std::collections::BTreeSet::new();
    for line in lines {
        let Line::Numbered(level, count, _) = line else { continue };
        let id = level * 1000 + count;
        if !ids.insert(id) {
            continue;
        }
        let format = if *level <= 2 { "chineseCountingThousand" } else { "decimal" };
        let text = ["%1、", "（%2）", "%3.", "（%4）"][level - 1];
        xml += &format!(
            "<w:abstractNum w:abstractNumId=\"{id}\"><w:lvl w:ilvl=\"{0}\"><w:start w:val=\"{count}\"/>\
             <w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl></w:abstractNum>",
            level - 1
        );
        lists += &format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{id}\"/></w:num>");
    }
    format!("{xml}{lists}</w:numbering>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn paragraph(text: &str, properties: &str) -> String {
    let mut runs = String::new();
    for (index, run) in text.split("**").enumerate() {
        let bold = if index % 2 == 1 { "<w:rPr><w:b/></w:rPr>" } else { "" };
        runs += &format!("<w:r>{bold}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(run));
    }
    format!("<w:p>{properties}{runs}</w:p>")
}

fn table(table: &Value) -> String {
    let columns = table["columns"].as_array().unwrap();
    let mut xml = String::from("<w:tbl><w:tblGrid>");
    for column in columns {
        match column["width"].as_u64() {
            Some(width) => xml += &format!("<w:gridCol w:w=\"{}\"/>", width * 500),
            None => xml += "<w:gridCol/>",
        }
    }
    xml += "</w:tblGrid>";
    let heads = table["head"].as_array().cloned().unwrap_or_default();
    let rows = heads.iter().map(|row| (true, row));
    let rows = rows.chain(table["rows"].as_array().unwrap().iter().map(|row| (false, row)));
    // For each column, the rows below that a cell still covers, and its span.
    let mut covered: Vec<(u64, u64)> = vec![(0, 1); columns.len()];
    for (is_head, row) in rows {
        xml += if is_head { "<w:tr><w:trPr><w:tblHeader/></w:trPr>" } else { "<w:tr>" };
        let mut cells = row.as_array().unwrap().iter();
        let mut column = 0;
        while column < columns.len() {
            if covered[column].0 > 0 {
                covered[column].0 -= 1;
                let span = covered[column].1;
                xml += &format!(
                    "<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/><w:vMerge/></w:tcPr><w:p/></w:tc>"
                );
                column += span as usize;
                continue;
            }
            let Some(cell) = cells.next() else { break };
            let text = cell.as_str().unwrap_or_else(|| cell["text"].as_str().unwrap());
            let span = cell["column_span"].as_u64().unwrap_or(1);
            let rows = cell["row_span"].as_u64().unwrap_or(1);
            let merge = if rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
            let align = columns[column]["align"].as_str().unwrap_or("center");
            let align = if is_head { "center" } else { align };
            let properties = format!("<w:pPr><w:jc w:val=\"{align}\"/></w:pPr>");
            xml += &format!(
                "<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/>{merge}</w:tcPr>{}</w:tc>",
                paragraph(text, &properties)
            );
            if rows > 1 {
                covered[column] = (rows - 1, span);
            }
            column += span as usize;
        }
        xml += "</w:tr>";
    }
    format!("{xml}</w:tbl>")
}
