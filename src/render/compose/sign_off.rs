//! 署名 in rows and lines: how many seals stand side by side, where a long name breaks (B-10 to B-16).

use crate::document::OfficialDocument;
use crate::document::measures::CHARACTERS_PER_LINE;
use crate::document::sign_off::Signing;
use crate::render::lines::width::half_characters;
use crate::render::page_data::{NameLines, SignOff};

/// The most seals in one row (B-12, F8), and the widest name that leaves room for as many, in half
/// characters. Two wider names stand side by side, still wider ones alone.
const SEALS_A_ROW: [(usize, usize); 2] = [(3, 14), (2, 24)];
/// The most rows of seals that leave a line of text on their side (B-18).
const MOST_ROWS: usize = 4;
/// The widest line of a name alone, in half characters: a line but for a character on each side.
const WIDEST_NAME: usize = 2 * (CHARACTERS_PER_LINE - 2);
/// The widest line of a 职务 beside its 签名章, in half characters (B-16).
const WIDEST_POSITION: usize = CHARACTERS_PER_LINE;

/// The lines of 附件说明 and the closing that leave room for two lines of text on a side (B-18).
const MOST_LINES_CARRIED: usize = 17;
/// Half characters of one line of an attachment's name, after 附件： and the number (B-9).
const ATTACHMENT_LINE: usize = 2 * (CHARACTERS_PER_LINE - 7);

/// Ends of words after which a long name breaks well.
const BREAK_AFTER: [&str; 13] = [
    "委员会",
    "人民政府",
    "领导小组",
    "工作",
    "管理局",
    "办公厅",
    "公司",
    "中心",
    "总局",
    "省",
    "市",
    "局",
    "厅",
];

/// 署名, or 职务, and 成文日期 as printed.
pub(crate) fn sign_off(document: &OfficialDocument) -> SignOff {
    let date = document.document_date.to_string();
    match &document.signing {
        Signing::Sealed => SignOff::Sealed { rows: seal_rows(&document.sign_off), date },
        Signing::Unsealed => {
            let names = document.sign_off.iter().map(|name| lines_of(name, WIDEST_NAME));
            SignOff::Unsealed { names: names.collect(), date }
        }
        Signing::SignatureStamp { positions } => {
            let positions = positions.iter().map(|position| position_lines(position)).collect();
            SignOff::Stamped { positions, date }
        }
    }
}

/// Whether 附件说明 and the closing together leave no room for text on their side (B-18).
pub(crate) fn has_long_attachments(document: &OfficialDocument) -> bool {
    let titles = document.attachments.iter();
    let list: usize = titles.map(|title| half_characters(title).div_ceil(ATTACHMENT_LINE)).sum();
    // A row of seals takes four and a half lines, a stamp two; the first has more above it.
    let closing = match sign_off(document) {
        SignOff::Sealed { rows, .. } => rows.len() * 5,
        SignOff::Unsealed { names, .. } => names.len() + 2,
        SignOff::Stamped { positions, .. } => positions.len() * 2 + 4,
    };
    list > 0 && list + closing > MOST_LINES_CARRIED
}

/// Names in rows of as many as stand beside each other; where that makes more rows than a side
/// holds, more names share a row and break into lines.
fn seal_rows(names: &[String]) -> Vec<Vec<NameLines>> {
    let widest = names.iter().map(|name| half_characters(name)).max().unwrap_or_default();
    let fitting = SEALS_A_ROW.into_iter().find(|(_, width)| widest <= *width);
    let (columns, width) = match fitting {
        _ if names.len() == 1 => (1, WIDEST_NAME),
        Some(fitting) => fitting,
        None => (1, WIDEST_NAME),
    };
    let fewest = names.len().div_ceil(MOST_ROWS);
    let (columns, width) = if columns >= fewest {
        (columns, width)
    } else {
        let wide_enough = SEALS_A_ROW.into_iter().rev().find(|(columns, _)| *columns >= fewest);
        wide_enough.unwrap_or(SEALS_A_ROW[0])
    };
    let rows = names.chunks(columns);
    rows.map(|row| row.iter().map(|name| lines_of(name, width)).collect()).collect()
}

/// A 职务 of two characters takes the room of three, as the figure has it (F12).
fn position_lines(position: &str) -> NameLines {
    let characters: Vec<char> = position.chars().collect();
    match characters.as_slice() {
        [first, second] => vec![format!("{first}\u{3000}{second}")],
        _ => lines_of(position, WIDEST_POSITION),
    }
}

/// A name in lines of about one width, each at most `widest` half characters.
fn lines_of(name: &str, widest: usize) -> NameLines {
    let mut lines = Vec::new();
    let mut rest = name;
    while half_characters(rest) > widest {
        let count = half_characters(rest).div_ceil(widest);
        let end = break_near(rest, half_characters(rest).div_ceil(count), widest);
        lines.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    lines.push(rest.to_owned());
    lines
}

/// Where a line of a name ends: after the word that ends nearest to its share, or else right there.
/// Nothing ends a line between two digits or letters where something else can.
fn break_near(name: &str, share: usize, widest: usize) -> usize {
    let mut best = (usize::MAX, name.len());
    for (end, next) in name.char_indices().skip(1) {
        let width = half_characters(&name[..end]);
        if width > widest {
            break;
        }
        let is_word = BREAK_AFTER.iter().any(|word| name[..end].ends_with(word));
        let is_split = next.is_ascii_alphanumeric() && name[..end].ends_with(is_latin);
        let cost = width.abs_diff(share) + usize::from(!is_word) * 8 + usize::from(is_split) * 40;
        if cost < best.0 {
            best = (cost, end);
        }
    }
    best.1
}

fn is_latin(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::{lines_of, seal_rows};

    fn shape(names: &[&str]) -> Vec<usize> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        seal_rows(&names).iter().map(Vec::len).collect()
    }

    #[test]
    fn three_seals_a_row_or_fewer_where_names_are_long() {
        assert_eq!(shape(&["巴中市民政局"; 1]), [1]);
        assert_eq!(shape(&["巴中市民政局"; 3]), [3]);
        assert_eq!(shape(&["巴中市民政局"; 5]), [3, 2]);
        assert_eq!(shape(&["巴中市民政局"; 10]), [3, 3, 3, 1]);
        assert_eq!(shape(&["巴中市住房和城乡建设局"; 4]), [2, 2]);
        assert_eq!(shape(&["巴中市困难群众救助工作领导小组"; 3]), [1, 1, 1]);
        assert_eq!(shape(&["巴中市住房和城乡建设局"; 10]), [3, 3, 3, 1]);
    }

    #[test]
    fn a_long_name_breaks_after_a_word() {
        let name = "巴中经济开发区社会事务管理局困难群众救助工作领导小组办公室";
        assert_eq!(
            lines_of(name, 52),
            ["巴中经济开发区社会事务管理局", "困难群众救助工作领导小组办公室"]
        );
        for widest in 14..60 {
            for lines in [lines_of(name, widest), lines_of(&"局".repeat(60), widest)] {
                assert!(lines.iter().all(|line| super::half_characters(line) <= widest));
            }
        }
    }
}
