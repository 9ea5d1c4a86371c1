//! 署名 in rows and lines: how many seals share a row, and where long names break (B-10 to B-16).

use crate::document::OfficialDocument;
use crate::document::measures::CHARACTERS_PER_LINE;
use crate::document::sign_off::Signing;
use crate::render::lines::width::half_characters;
use crate::render::page_data::{NameLines, SignOff};

/// Numbers of seals in one row (B-12, F8), each with the widest name that leaves room for them, in half
/// characters. Wider names have a row each.
const SEALS_PER_ROW: [(usize, usize); 2] = [(3, 14), (2, 24)];
/// The most rows of seals that leave room for a line of text on their page (B-18).
const MAX_ROWS: usize = 4;
/// The widest line of a name in a row of its own, in half characters: a line without one character on
/// each side.
const WIDEST_NAME: usize = 2 * (CHARACTERS_PER_LINE - 2);
/// The widest line of 职务 next to 签名章, in half characters (B-16).
const WIDEST_POSITION: usize = CHARACTERS_PER_LINE;

/// The most lines of 附件说明 and the closing that leave room for two lines of text on a page (B-18).
const MAX_LINES_CARRIED: usize = 17;
/// Width of a line of an attachment's name, after 附件： and the number, in half characters (B-9).
const ATTACHMENT_LINE: usize = 2 * (CHARACTERS_PER_LINE - 7);

/// Words after which a long name is best broken.
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
    if document.sign_off.is_empty() {
        return match document.note {
            Some(_) => SignOff::Absent,
            None => SignOff::DateAlone { date },
        };
    }
    match &document.signing {
        Signing::Sealed => SignOff::Sealed { rows: seal_rows(&document.sign_off), date },
        Signing::Unsealed => unsealed(&document.sign_off, date),
        Signing::SignatureStamp { positions } => {
            let positions = positions.iter().map(|position| position_lines(position)).collect();
            SignOff::Stamped { positions, date }
        }
    }
}

/// 署名 without seals, and 成文日期 (B-14, B-15).
pub(crate) fn unsealed(names: &[String], date: String) -> SignOff {
    let names = names.iter().map(|name| break_name(name, WIDEST_NAME));
    SignOff::Unsealed { names: names.collect(), date }
}

/// The names of agencies on as few lines as they fit on, with a blank between two.
pub(crate) fn name_lines(names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in names.iter().flat_map(|name| break_name(name, WIDEST_NAME)) {
        let width = half_characters(&part) + 2;
        match lines.last_mut().filter(|line| half_characters(line) + width <= WIDEST_NAME) {
            Some(line) => *line = format!("{line}\u{3000}{part}"),
            None => lines.push(part),
        }
    }
    lines
}

/// Whether 附件说明 and the closing together leave no room for text on their page (B-18).
pub(crate) fn has_long_attachment_list(document: &OfficialDocument) -> bool {
    is_long_list(&document.attachments, &sign_off(document))
}

/// Whether a list of attachments with these names and a closing leave no room for text on their page.
pub(crate) fn is_long_list(titles: &[String], closing: &SignOff) -> bool {
    let titles = titles.iter();
    let list: usize = titles.map(|title| half_characters(title).div_ceil(ATTACHMENT_LINE)).sum();
    // A row of seals takes four and a half lines, a stamp two. There is more space above the first.
    let closing = match closing {
        SignOff::Sealed { rows, .. } => rows.len() * 5,
        SignOff::Unsealed { names, .. } => names.len() + 2,
        SignOff::Stamped { positions, .. } => positions.len() * 2 + 4,
        SignOff::DateAlone { .. } => 2,
        SignOff::Absent => 0,
    };
    list > 0 && list + closing > MAX_LINES_CARRIED
}

/// Distributes names over rows. If long names would need more rows than fit on a page, more names share a
/// row and are broken into lines.
fn seal_rows(names: &[String]) -> Vec<Vec<NameLines>> {
    let widest = names.iter().map(|name| half_characters(name)).max().unwrap_or_default();
    let fitting = SEALS_PER_ROW.into_iter().find(|(_, width)| widest <= *width);
    let (columns, width) = match fitting {
        _ if names.len() == 1 => (1, WIDEST_NAME),
        Some(fitting) => fitting,
        None => (1, WIDEST_NAME),
    };
    let fewest = names.len().div_ceil(MAX_ROWS);
    let (columns, width) = if columns >= fewest {
        (columns, width)
    } else {
        let wide_enough = SEALS_PER_ROW.into_iter().rev().find(|(columns, _)| *columns >= fewest);
        wide_enough.unwrap_or(SEALS_PER_ROW[0])
    };
    let rows = names.chunks(columns);
    rows.map(|row| row.iter().map(|name| break_name(name, width)).collect()).collect()
}

/// 职务 of two characters has the width of three, as in the figure (F12).
fn position_lines(position: &str) -> NameLines {
    let characters: Vec<char> = position.chars().collect();
    match characters.as_slice() {
        [first, second] => vec![format!("{first}\u{3000}{second}")],
        _ => break_name(position, WIDEST_POSITION),
    }
}

/// Breaks a name into lines of similar width, each at most `widest` half characters.
fn break_name(name: &str, widest: usize) -> NameLines {
    let mut lines = Vec::new();
    let mut rest = name;
    while half_characters(rest) > widest {
        let count = half_characters(rest).div_ceil(widest);
        let end = line_end(rest, half_characters(rest).div_ceil(count), widest);
        lines.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    lines.push(rest.to_owned());
    lines
}

/// The byte offset at which to break a name: after a word close to the target width, or at the target
/// width. A break between two digits or letters is the last choice.
fn line_end(name: &str, target: usize, widest: usize) -> usize {
    let mut best = (usize::MAX, name.len());
    for (end, next) in name.char_indices().skip(1) {
        let width = half_characters(&name[..end]);
        if width > widest {
            break;
        }
        let is_word = BREAK_AFTER.iter().any(|word| name[..end].ends_with(word));
        let is_split = next.is_ascii_alphanumeric() && name[..end].ends_with(is_latin);
        let cost = width.abs_diff(target) + usize::from(!is_word) * 8 + usize::from(is_split) * 40;
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
    use super::{break_name, name_lines, seal_rows};

    fn shape(names: &[&str]) -> Vec<usize> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        seal_rows(&names).iter().map(Vec::len).collect()
    }

    #[test]
    fn long_names_have_fewer_seals_per_row() {
        assert_eq!(shape(&["巴中市民政局"; 1]), [1]);
        assert_eq!(shape(&["巴中市民政局"; 3]), [3]);
        assert_eq!(shape(&["巴中市民政局"; 5]), [3, 2]);
        assert_eq!(shape(&["巴中市民政局"; 10]), [3, 3, 3, 1]);
        assert_eq!(shape(&["巴中市住房和城乡建设局"; 4]), [2, 2]);
        assert_eq!(shape(&["巴中市困难群众救助工作领导小组"; 3]), [1, 1, 1]);
        assert_eq!(shape(&["巴中市住房和城乡建设局"; 10]), [3, 3, 3, 1]);
    }

    #[test]
    fn names_below_a_title_share_lines() {
        let shown = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            name_lines(&names)
        };
        assert_eq!(shown(&["财政部", "发展改革委", "人民银行"]), ["财政部　发展改革委　人民银行"]);
        assert_eq!(
            shown(&["市教育局", "市发展和改革委员会", "市财政局", "市人力资源和社会保障局"]),
            ["市教育局　市发展和改革委员会　市财政局", "市人力资源和社会保障局"]
        );
    }

    #[test]
    fn a_long_name_is_broken_after_a_word() {
        let name = "巴中经济开发区社会事务管理局困难群众救助工作领导小组办公室";
        assert_eq!(
            break_name(name, 52),
            ["巴中经济开发区社会事务管理局", "困难群众救助工作领导小组办公室"]
        );
        for widest in 14..60 {
            for lines in [break_name(name, widest), break_name(&"局".repeat(60), widest)] {
                assert!(lines.iter().all(|line| super::half_characters(line) <= widest));
            }
        }
    }
}
