//! Reads 版头: 份号, 密级, 紧急程度, 发文机关标志, 发文字号, 签发人, and then the title and 主送机关.

use hongtou_rules::document::kind::DocumentKind;
use serde_json::{Value, json};

use crate::genre::draft::Draft;
use crate::genre::lines::clean::{clean, dense, is_page_number, words};
use crate::genre::number::{Numbered, number};
use crate::source::piece::Piece;

/// The most lines before the number of a document.
const MASTHEAD: usize = 30;

/// The most lines of a title.
const TITLE_LINES: usize = 10;

/// The longest list of 主送机关, in lines.
const RECIPIENT_LINES: usize = 12;

/// The text after the names of the mark, the longest first.
const SUFFIXES: [&str; 6] = ["文件", "命令", "令", "纪要", "公告", "通告"];

/// What the mark shows.
#[derive(Debug, Default)]
pub struct Mark {
    /// The text after the names.
    pub suffix: Option<&'static str>,
    /// The names.
    pub names: Vec<String>,
}

/// Reads the masthead, the title and the addressees. Returns the number of pieces that they take.
pub fn read(pieces: &[Piece], draft: &mut Draft) -> usize {
    let first = pieces.iter().take(MASTHEAD).map(|piece| piece.text().map(number)).enumerate();
    let found = first.into_iter().find_map(|(index, number)| Some((index, number??)));
    let mut next = 0;
    let mut mark = Mark::default();
    if let Some((index, number)) = found {
        mark = before_number(&pieces[..index], draft);
        next = signatories(pieces, index, &number, draft);
        set_number(&number, draft);
        next += labels_below(&pieces[next..], draft);
    } else {
        draft.remark("没有找到发文字号，请填写。");
        if let Some(index) = pieces.iter().take(MASTHEAD).position(is_mark) {
            mark = before_number(&pieces[..=index], draft);
            next = index + 1;
        }
    }
    draft.issuers.clone_from(&mark.names);
    // A command prints no title.
    if !matches!(mark.suffix, Some("令" | "命令")) {
        next += title(&pieces[next..], draft);
    }
    let kind = kind_of(draft, &mark);
    set_kind(kind, &mark, draft);
    next + recipients(&pieces[next..], kind, draft)
}

fn is_mark(piece: &Piece) -> bool {
    piece.text().is_some_and(|text| {
        let text = dense(text);
        text.ends_with("文件") && text.chars().count() > 4 && !text.contains(['，', '。', '《'])
    })
}

/// The kind by the end of the title or of the mark.
fn kind_of(draft: &Draft, mark: &Mark) -> Option<DocumentKind> {
    let title = draft.text("title").and_then(DocumentKind::of_title);
    let of_mark = mark.suffix.and_then(DocumentKind::of_title);
    title.or(of_mark)
}

/// 份号, 密级, 紧急程度 and the mark.
fn before_number(pieces: &[Piece], draft: &mut Draft) -> Mark {
    let mut mark = Mark::default();
    for piece in pieces {
        let Some(text) = piece.text() else { continue };
        if is_page_number(text) || label(text, draft) {
            continue;
        }
        for word in words(text) {
            let suffix = SUFFIXES.into_iter().find(|suffix| word.ends_with(suffix));
            let name = suffix.map_or(word.as_str(), |suffix| word.trim_end_matches(suffix));
            mark.suffix = mark.suffix.or(suffix);
            if !name.is_empty() {
                mark.names.push(name.to_owned());
            }
        }
    }
    mark
}

/// Reads a line of 份号, 密级 or 紧急程度.
fn label(text: &str, draft: &mut Draft) -> bool {
    let text = dense(text);
    if !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(number) = text.parse::<i64>() {
            draft.set("copy_number", number);
        }
        return true;
    }
    for level in ["绝密", "机密", "秘密"] {
        let Some(term) = text.strip_prefix(level) else { continue };
        let years = term.trim_start_matches(['★', '☆', '*']).trim_end_matches('年');
        if !term.is_empty() && years.parse::<i64>().is_err() {
            return false;
        }
        let mut classification = json!({ "level": level });
        if let Ok(years) = years.parse::<i64>() {
            classification["years"] = years.into();
        }
        draft.set("classification", classification);
        return true;
    }
    let is_urgent = matches!(text.as_str(), "特急" | "加急");
    if is_urgent {
        draft.set("urgency", text);
    }
    is_urgent
}

/// A letter has its labels below the red line, beside and below its number.
fn labels_below(pieces: &[Piece], draft: &mut Draft) -> usize {
    pieces.iter().take_while(|piece| piece.text().is_some_and(|text| label(text, draft))).count()
}

/// 签发人 beside the number, above or below it. Returns the index after them.
fn signatories(pieces: &[Piece], index: usize, number: &Numbered, draft: &mut Draft) -> usize {
    let mut names: Vec<String> = Vec::new();
    if number.before.chars().count() <= 6 {
        label(&number.before, draft);
    }
    let start = pieces[..index].iter().position(|piece| piece.text().is_some_and(has_signatory));
    for piece in &pieces[start.unwrap_or(index)..index] {
        names.extend(piece.text().map(name_words).unwrap_or_default());
    }
    let mut is_open = start.is_some();
    if has_signatory(&number.after) || is_open {
        names.extend(name_words(&number.after));
        is_open = true;
    }
    let mut next = index + 1;
    while let Some(text) = pieces.get(next).and_then(Piece::text) {
        let is_row = is_open && is_row_of_names(text);
        if !has_signatory(text) && !is_row {
            break;
        }
        names.extend(name_words(text));
        is_open = true;
        next += 1;
    }
    if start.is_some() {
        let names = draft.issuers.iter().filter(|name| !has_signatory(name)).cloned().collect();
        draft.issuers = names;
    }
    if is_open {
        draft.set("signatories", joined_names(names));
    }
    next
}

fn has_signatory(text: &str) -> bool {
    dense(text).starts_with("签发人")
}

/// The words of a line of names without the label.
fn name_words(text: &str) -> Vec<String> {
    let all = words(text);
    let joined = all.join("\u{1}");
    let rest = match joined.find("签发人").or_else(|| joined.find("签\u{1}发\u{1}人")) {
        Some(_) => joined.rsplit(['：', ':', '人']).next().unwrap_or_default().to_owned(),
        None => joined,
    };
    rest.split(['\u{1}', '、', '，']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_row_of_names(text: &str) -> bool {
    let names = words(text);
    let is_name = |name: &String| name.chars().count() <= 4 && !name.contains(['：', '。', '，']);
    !names.is_empty()
        && names.iter().all(is_name)
        && dense(text).chars().count() <= 8
        && DocumentKind::of_title(&dense(text)).is_none()
}

/// A name of two characters is printed with a blank between them.
fn joined_names(words: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words {
        let is_single = word.chars().count() == 1;
        match names.last_mut() {
            Some(name) if is_open && is_single => {
                name.push_str(&word);
                is_open = false;
            }
            _ => {
                names.push(word);
                is_open = is_single;
            }
        }
    }
    names
}

fn set_number(number: &Numbered, draft: &mut Draft) {
    let mut json = json!({ "agency_code": number.code, "serial": number.serial });
    if let Some(year) = number.year {
        json["year"] = year.into();
    }
    if let Some(format) = number.format {
        json["format"] = format.into();
    }
    draft.set("document_number", json);
}

/// The title. Returns the number of pieces that it takes.
fn title(pieces: &[Piece], draft: &mut Draft) -> usize {
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
        if follows && is_name {
            title.push(' ');
        }
        title.push_str(word);
    }
    clean_title(&title)
}

/// Cleans a title but keeps the blanks between agencies.
fn clean_title(title: &str) -> String {
    title.split(' ').map(clean).collect::<Vec<_>>().join(" ")
}

fn set_kind(kind: Option<DocumentKind>, mark: &Mark, draft: &mut Draft) {
    let is_letter = kind == Some(DocumentKind::Letter) && mark.suffix.is_none();
    let form = match kind {
        Some(DocumentKind::Report) => "report",
        Some(DocumentKind::Minutes) => "minutes",
        Some(DocumentKind::Command | DocumentKind::Order) => "command",
        _ if is_letter => "letter",
        _ => "notice",
    };
    let is_upward =
        matches!(kind, Some(DocumentKind::Report | DocumentKind::Request | DocumentKind::Bill))
            || draft.document.contains_key("signatories");
    let direction = match kind {
        _ if is_upward => "upward",
        Some(DocumentKind::Letter) => "parallel",
        _ => "downward",
    };
    if form == "command"
        && let Some(number) =
            draft.document.get_mut("document_number").and_then(Value::as_object_mut)
    {
        number.remove("format");
    }
    draft.set("form", form);
    draft.set("direction", direction);
    if let Some(kind) = kind {
        draft.set("document_kind", kind.name());
    } else {
        draft.remark("没有从标题看出文种，请核对格式和行文方向。");
    }
    let usual = match form {
        "command" | "minutes" => mark.suffix,
        "letter" => None,
        _ => Some("文件"),
    };
    if mark.suffix != usual && !mark.names.is_empty() {
        draft.set("issuer_mark", json!({ "suffix": mark.suffix.unwrap_or("无") }));
    }
}

/// 主送机关 below the title. Returns the number of pieces that they take.
fn recipients(pieces: &[Piece], kind: Option<DocumentKind>, draft: &mut Draft) -> usize {
    use DocumentKind::{Command, Communique, Minutes, Order, Proclamation, PublicNotice};
    let is_published =
        matches!(kind, Some(Proclamation | PublicNotice | Order | Command | Communique | Minutes));
    let mut text = String::new();
    for (index, piece) in pieces.iter().take(RECIPIENT_LINES).enumerate() {
        let Some(line) = piece.text() else { break };
        if is_page_number(line) {
            continue;
        }
        text.push_str(&clean(line));
        if text.contains(['。', '；', '《']) {
            break;
        }
        if let Some(names) = text.strip_suffix('：').filter(|_| !is_published) {
            if names.contains("如下") {
                break;
            }
            draft.set("primary_recipients", recipient_names(names));
            return index + 1;
        }
    }
    0
}

/// The entries of a list of agencies: separated by ， if one lists several of a class.
pub fn recipient_names(text: &str) -> Vec<Value> {
    let by = |separator: char| -> Vec<Value> {
        let mut depth = 0_i32;
        let mut names = vec![String::new()];
        for c in text.chars() {
            match c {
                '（' => depth += 1,
                '）' => depth -= 1,
                _ => {}
            }
            if c == separator && depth <= 0 {
                names.push(String::new());
            } else if let Some(name) = names.last_mut() {
                name.push(c);
            }
        }
        names.retain(|name| !name.is_empty());
        names.into_iter().map(Value::from).collect()
    };
    let parts = by('，');
    if parts.len() > 1 { parts } else { by('、') }
}
