//! The styles of the Word copy: typefaces, sizes and lines, by the parts of a document.

use std::fmt::Write as _;

use crate::word_copy::lengths::{
    CHARACTER_SPACE, COLOPHON_LINE, LINE, TABLE_LINE, TITLE_ABOVE, TITLE_BELOW, TITLE_LINE,
    characters,
};
use crate::word_copy::package::{DECLARATION, NAMESPACES};

/// The red of the page (PG-10).
pub(crate) const RED: &str = "F0593E";

/// A typeface, by the name that offices install it under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Fangsong,
    Kaiti,
    Heiti,
    Biaosong,
    Songti,
}

impl Face {
    fn name(self) -> &'static str {
        match self {
            Self::Fangsong => "仿宋_GB2312",
            Self::Kaiti => "楷体_GB2312",
            Self::Heiti => "黑体",
            Self::Biaosong => "方正小标宋简体",
            Self::Songti => "宋体",
        }
    }

    /// The typeface of digits and Latin letters (PG-8).
    fn latin(self) -> &'static str {
        match self {
            Self::Fangsong | Self::Kaiti => "Times New Roman",
            Self::Heiti | Self::Biaosong | Self::Songti => self.name(),
        }
    }

    /// Writes the property of a run.
    pub(crate) fn write(self, xml: &mut String) {
        let (name, latin) = (self.name(), self.latin());
        let _ = write!(
            xml,
            "<w:rFonts w:hint=\"eastAsia\" w:ascii=\"{latin}\" w:eastAsia=\"{name}\" w:hAnsi=\"{latin}\" w:cs=\"{latin}\"/>"
        );
    }
}

/// A style of paragraphs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Running text without an indent.
    #[default]
    Plain,
    /// A paragraph of running text.
    Text,
    /// 份号, 密级和保密期限, 紧急程度, and the label of an attachment.
    Label,
    /// 发文机关标志.
    Mark,
    /// 标题.
    Title,
    /// 题注.
    Note,
    /// A heading, by the format of its number.
    Heading(usize),
    /// The heading of a chapter, or 表题.
    Centred,
    /// The text of a cell.
    Cell,
    /// The text of 表头.
    HeadCell,
    /// 版记.
    Colophon,
    /// The line that says what the file is for.
    Header,
    /// 页码.
    PageNumber,
    /// A paragraph that Word requires but nobody should see.
    Nothing,
}

/// How a style looks.
struct Look {
    name: &'static str,
    based_on: Option<Style>,
    face: Option<Face>,
    /// In half points.
    size: Option<u32>,
    align: Option<&'static str>,
    pitch: Option<u32>,
    /// Space above and below.
    spacing: Option<(u32, u32)>,
    is_indented: bool,
    color: Option<&'static str>,
    /// Whether it is on the grid of characters.
    is_on_grid: bool,
}

const ALL: [Style; 17] = [
    Style::Plain,
    Style::Text,
    Style::Label,
    Style::Mark,
    Style::Title,
    Style::Note,
    Style::Heading(1),
    Style::Heading(2),
    Style::Heading(3),
    Style::Heading(4),
    Style::Centred,
    Style::Cell,
    Style::HeadCell,
    Style::Colophon,
    Style::Header,
    Style::PageNumber,
    Style::Nothing,
];

impl Style {
    /// The id of the style in the file.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Plain => "Normal",
            Self::Text => "Text",
            Self::Label => "Label",
            Self::Mark => "Mark",
            Self::Title => "Title",
            Self::Note => "Note",
            Self::Heading(1) => "Heading1",
            Self::Heading(2) => "Heading2",
            Self::Heading(3) => "Heading3",
            Self::Heading(_) => "Heading4",
            Self::Centred => "Centred",
            Self::Cell => "Cell",
            Self::HeadCell => "HeadCell",
            Self::Colophon => "Colophon",
            Self::Header => "Header",
            Self::PageNumber => "Footer",
            Self::Nothing => "Nothing",
        }
    }

    /// Its name in the list of styles, and its look. Word knows some names in English.
    #[expect(clippy::too_many_lines, reason = "a table with one row per style")]
    fn look(self) -> Look {
        let plain = Look {
            name: "Normal",
            based_on: Some(Self::Plain),
            face: None,
            size: None,
            align: None,
            pitch: None,
            spacing: None,
            is_indented: false,
            color: None,
            is_on_grid: true,
        };
        let heading = |name, face| Look { name, based_on: Some(Self::Text), face, ..plain };
        match self {
            Self::Plain => {
                Look { based_on: None, face: Some(Face::Fangsong), size: Some(32), ..plain }
            }
            Self::Text => Look { name: "公文正文", is_indented: true, ..plain },
            Self::Label => Look { name: "公文标识", face: Some(Face::Heiti), ..plain },
            Self::Mark => Look {
                name: "发文机关标志",
                face: Some(Face::Biaosong),
                size: Some(84),
                align: Some("center"),
                color: Some(RED),
                is_on_grid: false,
                ..plain
            },
            Self::Title => Look {
                name: "Title",
                face: Some(Face::Biaosong),
                size: Some(44),
                align: Some("center"),
                pitch: Some(TITLE_LINE),
                spacing: Some((TITLE_ABOVE, TITLE_BELOW)),
                is_on_grid: false,
                ..plain
            },
            Self::Note => Look {
                name: "题注",
                face: Some(Face::Kaiti),
                align: Some("center"),
                spacing: Some((0, TITLE_BELOW)),
                ..plain
            },
            Self::Heading(1) => heading("heading 1", Some(Face::Heiti)),
            Self::Heading(2) => heading("heading 2", Some(Face::Kaiti)),
            Self::Heading(3) => heading("heading 3", None),
            Self::Heading(_) => heading("heading 4", None),
            Self::Centred => {
                Look {
                    name: "章节标题", face: Some(Face::Heiti), align: Some("center"), ..plain
                }
            }
            Self::Cell => Look {
                name: "表格文字",
                size: Some(24),
                pitch: Some(TABLE_LINE),
                is_on_grid: false,
                ..plain
            },
            Self::HeadCell => Look {
                name: "表头",
                based_on: Some(Self::Cell),
                face: Some(Face::Heiti),
                align: Some("center"),
                ..plain
            },
            Self::Colophon => Look {
                name: "版记",
                size: Some(28),
                pitch: Some(COLOPHON_LINE),
                is_on_grid: false,
                ..plain
            },
            Self::Header => Look {
                name: "header",
                face: Some(Face::Songti),
                size: Some(18),
                align: Some("right"),
                pitch: Some(240),
                color: Some("808080"),
                is_on_grid: false,
                ..plain
            },
            Self::PageNumber => Look {
                name: "footer",
                face: Some(Face::Songti),
                size: Some(28),
                pitch: Some(320),
                is_on_grid: false,
                ..plain
            },
            Self::Nothing => {
                Look { name: "隐行", size: Some(2), pitch: Some(20), is_on_grid: false, ..plain }
            }
        }
    }

    fn write(self, xml: &mut String) {
        let Look { name, based_on, face, size, align, pitch, spacing, .. } = self.look();
        let Look { is_indented, color, is_on_grid, .. } = self.look();
        let default = if self == Self::Plain { " w:default=\"1\"" } else { "" };
        let _ = write!(
            xml,
            "<w:style w:type=\"paragraph\"{default} w:styleId=\"{}\"><w:name w:val=\"{name}\"/>",
            self.id()
        );
        if let Some(parent) = based_on {
            let _ = write!(xml, "<w:basedOn w:val=\"{}\"/>", parent.id());
        }
        xml.push_str("<w:qFormat/><w:pPr>");
        if self == Self::Plain {
            xml.push_str(PLAIN);
        }
        if !is_on_grid {
            xml.push_str("<w:snapToGrid w:val=\"0\"/>");
        }
        if pitch.is_some() || spacing.is_some() {
            let (above, below) = spacing.unwrap_or_default();
            let pitch = pitch.unwrap_or(LINE);
            let _ = write!(
                xml,
                "<w:spacing w:before=\"{above}\" w:after=\"{below}\" w:line=\"{pitch}\" w:lineRule=\"exact\"/>"
            );
        }
        if is_indented {
            let indent = characters(2);
            let _ = write!(xml, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"{indent}\"/>");
        }
        if let Some(align) = align {
            let _ = write!(xml, "<w:jc w:val=\"{align}\"/>");
        }
        xml.push_str("</w:pPr><w:rPr>");
        if let Some(face) = face {
            face.write(xml);
        }
        if let Some(color) = color {
            let _ = write!(xml, "<w:color w:val=\"{color}\"/>");
        }
        if self == Self::Plain {
            let _ = write!(xml, "<w:spacing w:val=\"{CHARACTER_SPACE}\"/>");
        }
        if let Some(size) = size {
            let _ = write!(xml, "<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
        }
        xml.push_str("</w:rPr></w:style>");
    }
}

/// No gaps around digits, no line breaks moved for single lines.
const PLAIN: &str = "<w:widowControl w:val=\"0\"/><w:overflowPunct w:val=\"0\"/>\
                     <w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>";

/// The styles of the file. By default, text is 三号仿宋 in exact lines without gaps around digits.
pub(crate) fn styles() -> String {
    let mut xml =
        format!("{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>");
    Face::Fangsong.write(&mut xml);
    xml.push_str(
        "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>",
    );
    let _ = write!(
        xml,
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{PLAIN}<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{LINE}\" w:lineRule=\"exact\"/>\
         <w:jc w:val=\"both\"/></w:pPr></w:pPrDefault></w:docDefaults>"
    );
    for style in ALL {
        style.write(&mut xml);
    }
    xml.push_str("</w:styles>");
    xml
}
