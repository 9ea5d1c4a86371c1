//! 署名 and 职务 above the date.

use crate::genre::agency::{ends_as_agency, is_name};
use crate::genre::draft::Draft;
use crate::genre::lines::clean::{dense, words};
use crate::genre::masthead::signatories::joined_names;
use crate::source::piece::{Piece, Place};

/// The most lines of the sign-off.
const SIGN_OFF: usize = 16;

/// A line that may belong to the sign-off.
struct Line {
    place: Place,
    text: String,
    names: Vec<String>,
    positions: Vec<String>,
    /// The names of persons beside their positions.
    persons: Vec<String>,
}

/// Reads the sign-off at the end of the pieces and removes its lines. All others stay.
pub fn read(pieces: &mut Vec<Piece>, draft: &mut Draft) {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces.iter().rev().take(SIGN_OFF) {
        let Some(line) = line(piece, draft) else { break };
        lines.push(line);
    }
    let above = pieces.iter().rev().nth(lines.len()).and_then(Piece::text).unwrap_or_default();
    let taken = taken(&lines, above, draft);
    pieces.truncate(pieces.len() - taken);
    lines.truncate(taken);
    lines.reverse();
    set(lines, draft);
}

fn set(lines: Vec<Line>, draft: &mut Draft) {
    if lines.is_empty() {
        return;
    }
    let (mut names, mut positions) = (Vec::new(), Vec::new());
    for line in lines {
        names.extend(line.names);
        positions.extend(line.positions);
        for person in line.persons {
            draft.unread(line.place, &person);
            let message = format!("署名处的姓名“{person}”没有读入：签名章的位置是留空的。");
            draft.problem(line.place, message);
        }
    }
    if !positions.is_empty() {
        draft.set("seal", "signature_stamp");
        draft.set("sign_off_positions", positions);
    }
    let is_short = |name: &String| name.chars().count() < 3;
    // Long names are broken over lines, several beside each other.
    let same = sorted(&names) == sorted(&draft.issuers);
    if !draft.issuers.is_empty() && (names.is_empty() || same || names.iter().any(is_short)) {
        names.clone_from(&draft.issuers);
    }
    draft.set("sign_off", names);
}

fn sorted(names: &[String]) -> Vec<char> {
    let mut all: Vec<char> = names.iter().flat_map(|name| name.chars()).collect();
    all.sort_unstable();
    all
}

/// How many of the lines above the date are the sign-off; the first is the nearest to the date. Others
/// may be the end of a list in the text.
fn taken(lines: &[Line], above: &str, draft: &Draft) -> usize {
    let positions = lines.iter().take_while(|line| !line.positions.is_empty()).count();
    let rest = &lines[positions..];
    let (mut all, mut known) = (String::new(), 0);
    for (index, line) in rest.iter().enumerate() {
        if line.is_known(draft) {
            all.insert_str(0, &line.text);
            known = index + 1;
            if draft.issuers.iter().all(|issuer| all.contains(issuer.as_str())) {
                break;
            }
        } else if draft.issuers.len() > 1 {
            // Only a mark with the lead agency alone leaves others unnamed.
            break;
        }
    }
    let is_sentence = above.trim_end().ends_with(['。', '！', '？']) || above.is_empty();
    positions
        + match known {
            0 if positions > 0 => 0,
            0 if is_sentence => rest.len(),
            0 => rest.len().min(1),
            known => known,
        }
}

impl Line {
    /// Whether a line has names of the issuing agencies or parts of them, and no others.
    fn is_known(&self, draft: &Draft) -> bool {
        is_known(&self.text, draft) || self.names.iter().all(|name| is_known(name, draft))
    }
}

fn is_known(line: &str, draft: &Draft) -> bool {
    draft.issuers.iter().any(|name| line.contains(name.as_str()) || name.contains(line))
}

/// Whether a line may be the last of a sign-off.
pub fn is_line(piece: &Piece, draft: &Draft) -> bool {
    line(piece, draft).is_some()
}

fn line(piece: &Piece, draft: &Draft) -> Option<Line> {
    let text = piece.text()?;
    let line = dense(text);
    let place = piece.place;
    if let Some((positions, persons)) = positions(text, &line, draft) {
        return Some(Line { place, text: line, names: Vec::new(), positions, persons });
    }
    let (is_name, has_end) = (is_name(&line), ends_as_agency(&line));
    let (positions, persons) = (Vec::new(), Vec::new());
    let line = Line { place, text: line, names: words(text), positions, persons };
    (is_name && (has_end || line.is_known(draft))).then_some(line)
}

const POSITIONS: [&str; 18] = [
    "省长",
    "市长",
    "州长",
    "县长",
    "区长",
    "乡长",
    "镇长",
    "局长",
    "厅长",
    "部长",
    "主任",
    "主席",
    "院长",
    "盟长",
    "司长",
    "署长",
    "校长",
    "检察长",
];

/// The positions of a line, and the persons beside them.
fn positions(text: &str, line: &str, draft: &Draft) -> Option<(Vec<String>, Vec<String>)> {
    if is_position(line, draft) {
        return Some((vec![line.to_owned()], Vec::new()));
    }
    let all = joined_names(words(text));
    let is_first = all.first().is_some_and(|word| is_position(word, draft));
    let (positions, persons): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|word| is_position(word, draft));
    let is_person = |word: &String| {
        (2..=12).contains(&word.chars().count())
            && !word.contains(['。', '：', '；', '，', '、', '（'])
            && word.chars().all(|c| !c.is_ascii())
            && !is_known(word, draft)
    };
    let is_line = is_first && persons.len() <= positions.len() && persons.iter().all(is_person);
    is_line.then_some((positions, persons))
}

/// A position, alone or after the agency or its area: 局长, 云州市民政局局长, 自治区主席.
fn is_position(word: &str, draft: &Draft) -> bool {
    let Some(before) = POSITIONS.iter().find_map(|position| word.strip_suffix(position)) else {
        return false;
    };
    let agency = ["常务副", "副", "代"].iter().find_map(|word| before.strip_suffix(word));
    let agency = agency.unwrap_or(before);
    agency.is_empty() || draft.issuers.iter().any(|issuer| issuer.contains(agency))
}
