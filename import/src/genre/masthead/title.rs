//! 标题 and 题注.

use hongtou_rules::document::kind::DocumentKind;

use crate::genre::agency::{ends_as_agency, is_agency};
use crate::genre::draft::Draft;
use crate::genre::lines::clean::{clean, dense, is_page_number, words};
use crate::genre::masthead::mark::{is_label, is_mark};
use crate::source::piece::Piece;

/// The most lines of a title.
const TITLE_LINES: usize = 10;

/// The title. Returns the number of pieces that it takes.
pub fn title(pieces: &[Piece], draft: &mut Draft) -> usize {
    let mut all: Vec<String> = Vec::new();
    let mut end = 0;
    for (index, piece) in pieces.iter().take(TITLE_LINES).enumerate() {
        let Some(text) = piece.text() else { break };
        if is_page_number(text) {
            continue;
        }
        let text_words = words(text);
        let line: String = text_words.concat();
        if line.contains('。') || (line.ends_with(['：', ':']) && index > 0) {
            break;
        }
        all.extend(text_words);
        end = index + 1;
        let whole: String = all.concat();
        let is_balanced = whole.matches('《').count() == whole.matches('》').count();
        let next = pieces.get(index + 1).and_then(Piece::text).map(dense).unwrap_or_default();
        let next_ends_it = next.chars().count() <= 22
            && !next.starts_with('（')
            && DocumentKind::of_title(&next).is_some();
        if is_balanced && DocumentKind::of_title(&whole).is_some() && !next_ends_it {
            break;
        }
    }
    if end == 0 {
        draft.remark("没有找到标题，请填写。");
        return 0;
    }
    let title = joined_title(&all, &mut draft.issuers);
    draft.set("title", title);
    let Some(note) = pieces.get(end).and_then(Piece::text).map(clean) else { return end };
    let inside = note.strip_prefix('（').and_then(|note| note.strip_suffix('）'));
    if let Some(note) = inside.filter(|note| note.contains("通过") || note.contains("批准")) {
        draft.set("note", note);
        return end + 1;
    }
    end
}

/// The lines of a title that is above the number, as on web pages: below the mark, if there is one.
pub fn above_number(pieces: &[Piece]) -> Option<std::ops::Range<usize>> {
    let text = |index: usize| pieces[index].text().map(dense).unwrap_or_default();
    let is_other = |index: &usize| {
        let text = text(*index);
        is_mark(&pieces[*index]) || is_label(&text) || text.contains(['：', ':', '。', '；'])
    };
    let end = (0..pieces.len()).rev().find(|index| ends_title(&text(*index)))? + 1;
    let first = (0..end).rev().find(is_other).map_or(0, |index| index + 1);
    let about = (first..end).find(|index| text(*index).contains("关于")).unwrap_or(end - 1);
    let whole: String = (about..end).map(text).collect();
    // The mark of a letter may end in 函.
    let is_title = whole.contains("关于") || whole.contains('的');
    // A line above that repeats the agency of the title is the mark.
    let agency = whole.split("关于").next().unwrap_or_default();
    let mark = (first..about).rev().find(|index| text(*index) == agency);
    (is_title && first < end).then(|| mark.map_or(first, |mark| mark + 1)..end)
}

fn ends_title(text: &str) -> bool {
    !text.contains(['：', ':', '。', '；']) && DocumentKind::of_title(text).is_some()
}

/// The words of a title as one text. A blank stays between two agencies.
fn joined_title(words: &[String], issuers: &mut Vec<String>) -> String {
    if issuers.is_empty()
        && let Some(last) = words.iter().position(|word| word.contains("关于"))
    {
        let mut names: Vec<String> = words[..last].to_vec();
        let name = words[last].split("关于").next().unwrap_or_default();
        names.extend((!name.is_empty()).then(|| name.to_owned()));
        issuers.extend(names);
    }
    let mut title = String::new();
    for word in words {
        let follows = issuers.iter().any(|name| title.ends_with(name.as_str()));
        let is_name = issuers.iter().any(|name| word.starts_with(name.as_str()));
        if (follows && is_name) || is_next_of_cited(&title, word) {
            title.push(' ');
        }
        title.push_str(word);
    }
    clean_title(&title)
}

/// Whether a word begins with the second of two agencies in a cited title: 《四川省民政厅 四川省财政厅关于….
fn is_next_of_cited(title: &str, word: &str) -> bool {
    let is_open = title.matches('《').count() > title.matches('》').count();
    let name = word.split("关于").next().unwrap_or_default();
    is_open && ends_as_agency(title) && is_agency(name)
}

/// Cleans a title but keeps the blanks between agencies.
fn clean_title(title: &str) -> String {
    title.split(' ').map(clean).collect::<Vec<_>>().join(" ")
}
