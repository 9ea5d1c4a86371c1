//! Breaks a title into lines: by meaning, and into a trapezium or a rhombus (B-1 to B-3).

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// The dictionary takes a tenth of a second to load; a title of one line never asks for it.
static SEGMENTER: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The widest line in half characters: 19 characters of 22 pt, one less than the type area holds,
/// since digits of 小标宋 are a little wider than half a character (B-2).
const WIDEST: usize = 38;
/// A line narrower than this, in half characters, is avoided.
const NARROW: usize = 12;
/// Titles of more lines than this are set as wide as they come.
const MOST_LINES: usize = 6;

/// No break here.
const NEVER: f64 = f64::INFINITY;

/// Words that may not end a line: what they govern would stand on the next.
const LEADING_WORDS: [&str; 17] = [
    "关于", "对", "对于", "向", "在", "为", "以", "把", "将", "与", "和", "及", "暨", "或", "从",
    "由", "给",
];
/// Words after which a phrase is complete.
const HEAD_NOUNS: [&str; 24] = [
    "工作", "情况", "问题", "期间", "资金", "领域", "制度", "体系", "管理", "建设", "服务", "活动",
    "行动", "项目", "事项", "政策", "精神", "会议", "规划", "计划", "年度", "人员", "群众", "条例",
];
/// Endings of agencies' names, which stay with the place or body before them.
const AGENCY_ENDINGS: [&str; 12] =
    ["厅", "局", "委", "部", "办", "署", "政府", "办公厅", "办公室", "委员会", "人民政府", "党委"];

/// A piece of the title that is never broken, and what a break after it costs.
#[derive(Debug)]
struct Piece {
    text: String,
    /// In half characters.
    width: usize,
    /// Number of characters.
    length: usize,
    break_after: f64,
}

/// The lines of a title; a space between names of issuers becomes a full-width one.
pub(super) fn lines_of(title: &str, issuers: &[String]) -> Vec<String> {
    let title = title.replace(' ', "\u{3000}");
    if width_of(&title) <= WIDEST {
        return vec![title];
    }
    let pieces = pieces_of(&title, issuers);
    let fewest = width_of(&title).div_ceil(WIDEST);
    for count in fewest..=MOST_LINES {
        let wider = [count, count + 1];
        let best = wider
            .into_iter()
            .filter_map(|lines| best_breaks(&pieces, lines))
            .min_by(|a, b| a.cost.total_cmp(&b.cost));
        if let Some(best) = best {
            return best.lines(&pieces);
        }
    }
    greedy(&pieces)
}

fn width_of(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// Words of the title, with names of issuers, numbers and agencies' names joined.
fn pieces_of(title: &str, issuers: &[String]) -> Vec<Piece> {
    let mut words: Vec<(String, String)> = Vec::new();
    let mut rest = title;
    while let Some(name) = issuers.iter().find(|name| rest.starts_with(name.as_str())) {
        words.push((name.clone(), "issuer".to_owned()));
        rest = &rest[name.len()..];
        if let Some(after) = rest.strip_prefix('\u{3000}') {
            words.push(("\u{3000}".to_owned(), "space".to_owned()));
            rest = after;
        }
    }
    for tag in SEGMENTER.tag(rest, true) {
        words.push((tag.word.to_owned(), tag.tag.to_owned()));
    }
    let mut depth = 0_i32;
    let mut pieces = Vec::new();
    for (index, (word, tag)) in words.iter().enumerate() {
        depth += match word.as_str() {
            "《" | "“" | "（" => 1,
            "》" | "”" | "）" => -1,
            _ => 0,
        };
        let base = match words.get(index + 1) {
            Some(next) => break_cost((word, tag), (&next.0, &next.1)),
            None => 0.0,
        };
        let break_after = if depth > 0 { base + 8.0 } else { base };
        let length = word.chars().count();
        pieces.push(Piece { text: word.clone(), width: width_of(word), length, break_after });
    }
    pieces
}

/// What it costs to end a line between two words.
fn break_cost((word, tag): (&str, &str), (next, next_tag): (&str, &str)) -> f64 {
    let next_is_unit = word.ends_with(|c: char| c.is_ascii_digit());
    let joins_agency = AGENCY_ENDINGS.contains(&next)
        || (tag.starts_with("ns") && AGENCY_ENDINGS.iter().any(|ending| next.ends_with(ending)));
    let is_year = word == "年" || next == "年度" || next == "年";
    if next_is_unit
        || joins_agency
        || (is_year && word != "年度")
        || matches!(word, "《" | "“" | "（" | "〔")
        || matches!(
            next,
            "的" | "》" | "”" | "）" | "〕" | "、" | "，" | "地" | "之" | "等" | "\u{3000}"
        )
    {
        return NEVER;
    }
    if tag == "issuer" || tag == "space" || next == "关于" {
        return if tag == "space" { 3.0 } else { 0.0 };
    }
    if LEADING_WORDS.contains(&word) {
        return 14.0;
    }
    if HEAD_NOUNS.iter().any(|noun| word.ends_with(noun)) || word == "》" || word == "、" {
        return 1.0;
    }
    if matches!(next, "和" | "及" | "与" | "暨" | "《") || word == "的" {
        return 2.0;
    }
    let is_verb =
        matches!(tag, "v" | "d" | "p" | "vd" | "a" | "ad") || (tag == "nz" && next == "《");
    if is_verb {
        return 9.0;
    }
    if next_tag == "x" { 3.0 } else { 5.0 }
}

/// Where the lines end, and what that costs.
#[derive(Debug)]
struct Breaks {
    ends: Vec<usize>,
    cost: f64,
}

impl Breaks {
    fn lines(&self, pieces: &[Piece]) -> Vec<String> {
        let mut start = 0;
        let mut lines = Vec::new();
        for &end in &self.ends {
            let line: String = pieces[start..end].iter().map(|p| p.text.as_str()).collect();
            lines.push(line.trim_matches('\u{3000}').to_owned());
            start = end;
        }
        lines
    }
}

/// The cheapest way to a given number of lines that makes a trapezium or a rhombus.
fn best_breaks(pieces: &[Piece], lines: usize) -> Option<Breaks> {
    let mut best: Option<Breaks> = None;
    let mut ends = Vec::with_capacity(lines);
    search(pieces, lines, 0, &mut ends, 0.0, &mut best);
    best
}

fn search(
    pieces: &[Piece],
    lines: usize,
    start: usize,
    ends: &mut Vec<usize>,
    spent: f64,
    best: &mut Option<Breaks>,
) {
    if lines == 1 {
        let width: usize = pieces[start..].iter().map(|piece| piece.width).sum();
        if start < pieces.len() && width <= WIDEST {
            ends.push(pieces.len());
            offer(pieces, ends, spent, best);
            ends.pop();
        }
        return;
    }
    let mut width = 0;
    for end in start + 1..pieces.len() {
        width += pieces[end - 1].width;
        if width > WIDEST {
            break;
        }
        let cost = spent + pieces[end - 1].break_after;
        if cost.is_finite() && best.as_ref().is_none_or(|best| cost < best.cost) {
            ends.push(end);
            search(pieces, lines - 1, end, ends, cost, best);
            ends.pop();
        }
    }
}

fn offer(pieces: &[Piece], ends: &[usize], spent: f64, best: &mut Option<Breaks>) {
    let mut start = 0;
    let mut widths = Vec::with_capacity(ends.len());
    let mut lengths = Vec::with_capacity(ends.len());
    for &end in ends {
        let line = &pieces[start..end];
        let space = |piece: &&Piece| piece.text != "\u{3000}" || line.len() > 2;
        widths.push(line.iter().filter(space).map(|piece| piece.width).sum::<usize>());
        lengths.push(line.iter().filter(space).map(|piece| piece.length).sum::<usize>());
        start = end;
    }
    // The eye judges widths; a ruler may count characters. Both shall see the shape.
    if !has_shape(&widths) || !has_shape(&lengths) {
        return;
    }
    let mean = widths.iter().sum::<usize>() as f64 / widths.len() as f64;
    let spread: f64 = widths.iter().map(|&w| (w as f64 - mean).powi(2)).sum::<f64>() * 0.02;
    let narrow = widths.iter().filter(|&&w| w < NARROW).count() as f64 * 10.0;
    let cost = spent + spread + narrow + widths.len() as f64 * 4.0;
    if best.as_ref().is_none_or(|best| cost < best.cost) {
        *best = Some(Breaks { ends: ends.to_vec(), cost });
    }
}

/// A trapezium grows or shrinks line by line; a rhombus grows and then shrinks. No rectangle, no
/// hourglass.
fn has_shape(widths: &[usize]) -> bool {
    let grows = widths.windows(2).take_while(|pair| pair[0] < pair[1]).count();
    let shrinks = widths[grows..].windows(2).take_while(|pair| pair[0] > pair[1]).count();
    grows + shrinks + 1 == widths.len()
}

/// A title that no shape fits is filled line by line between words.
fn greedy(pieces: &[Piece]) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for piece in pieces {
        if width + piece.width > WIDEST && width > 0 {
            lines.push(String::new());
            width = 0;
        }
        width += piece.width;
        lines.last_mut().expect("one line at least").push_str(&piece.text);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines_of;

    fn broken(title: &str, issuers: &[&str]) -> Vec<String> {
        let issuers: Vec<String> = issuers.iter().map(|name| (*name).to_owned()).collect();
        lines_of(title, &issuers)
    }

    #[test]
    fn breaks_by_meaning_into_a_shape() {
        let seed =
            "巴中市民政局 巴中市财政局关于报送2021年度困难群众救助工作绩效评价自评情况的报告";
        assert_eq!(
            broken(seed, &["巴中市民政局", "巴中市财政局"]),
            [
                "巴中市民政局　巴中市财政局",
                "关于报送2021年度困难群众救助工作",
                "绩效评价自评情况的报告"
            ]
        );
    }

    #[test]
    fn a_short_title_is_one_line() {
        assert_eq!(
            broken("关于召开全市民政工作会议的通知", &[]),
            ["关于召开全市民政工作会议的通知"]
        );
    }

    #[test]
    fn names_numbers_and_book_marks_stay_whole() {
        let cases = [
            (
                "成都市民政局关于转发民政部办公厅财政部办公厅关于做好新冠肺炎疫情防控期间困难群众兜底保障工作的通知",
                "成都市民政局/关于转发民政部办公厅财政部办公厅/关于做好新冠肺炎疫情防控期间/困难群众兜底保障工作的通知",
            ),
            (
                "四川省民政厅关于进一步加强农村留守儿童和困境儿童关爱服务工作的通知",
                "四川省民政厅关于进一步加强农村留守儿童/和困境儿童关爱服务工作的通知",
            ),
        ];
        for (title, expected) in cases {
            assert_eq!(broken(title, &["成都市民政局", "四川省民政厅"]).join("/"), expected);
        }
    }
}
