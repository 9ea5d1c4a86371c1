//! The points in brackets after a heading, such as （分值8分，自评得分7.5分）.

use hongtou_rules::scoring::sheet::SectionKind;
use hongtou_rules::scoring::wording::{MaxPointsWord, PointsUnit, ScoreWord};

/// The points that a heading prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// 基本分, 加分项 or 扣分项.
    pub kind: Option<SectionKind>,
    /// The maximum points.
    pub max: Option<String>,
    /// The self score, or 不涉及.
    pub own: Option<String>,
    /// The word before the maximum points.
    pub max_word: MaxPointsWord,
    /// The word before the self score.
    pub own_word: Option<ScoreWord>,
    /// The unit.
    pub unit: PointsUnit,
}

/// A heading split at its points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// The title with the names of components, without points.
    pub title: String,
    /// The points of the heading.
    pub points: Option<Printed>,
    /// The names of components and their points.
    pub components: Vec<(String, Printed)>,
    /// The text that continues the line of the heading.
    pub text: String,
    /// Whether the points are at the end of the text, which has no title.
    pub is_at_end: bool,
}

const MAX_WORDS: [(&str, MaxPointsWord); 7] = [
    ("分值", MaxPointsWord::MaxPoints),
    ("满分", MaxPointsWord::FullMarks),
    ("总分", MaxPointsWord::FullMarks),
    ("占比", MaxPointsWord::Share),
    ("考评分", MaxPointsWord::Evaluation),
    ("标准分", MaxPointsWord::Standard),
    ("", MaxPointsWord::None),
];

const OWN_WORDS: [(&str, ScoreWord); 12] = [
    ("自评得分", ScoreWord::SelfScore),
    ("自查得分", ScoreWord::SelfCheckScore),
    ("自评得", ScoreWord::SelfScored),
    ("自评分", ScoreWord::SelfPoints),
    ("自评", ScoreWord::SelfEvaluated),
    ("自查得", ScoreWord::SelfCheckScore),
    ("自查", ScoreWord::SelfCheckScore),
    ("自测得分", ScoreWord::SelfScore),
    ("自评总分", ScoreWord::SelfScore),
    ("得分", ScoreWord::Score),
    ("实得", ScoreWord::Score),
    ("得", ScoreWord::Score),
];

/// The label for entries that do not apply.
const NOT_APPLICABLE: &str = "不涉及";

/// The name of a kind in a submission.
pub fn kind_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Base => "base",
        SectionKind::Bonus => "bonus",
        SectionKind::Deduction => "deduction",
    }
}

/// Splits a heading without its number.
pub fn split(text: &str) -> Split {
    let mut found: Vec<(usize, usize, Printed)> = Vec::new();
    for (start, end) in brackets(text) {
        if let Some(points) = printed(&text[start + '（'.len_utf8()..end - '）'.len_utf8()]) {
            found.push((start, end, points));
        }
    }
    let Some((first, _, _)) = found.first() else {
        return Split { title: text.to_owned(), ..Split::default() };
    };
    if let Some(split) = with_points_at_end(text, &found) {
        return split;
    }
    let before = &text[..*first];
    // A run-in text may have brackets of its own.
    let is_sentence = before.contains('。') && !before.ends_with('。');
    if is_sentence {
        return Split { title: text.to_owned(), ..Split::default() };
    }
    let mut points = Printed::default();
    let mut end = *first;
    let mut taken = 0;
    for (start, next, printed) in &found {
        if *start != end {
            break;
        }
        points.merge(printed);
        (end, taken) = (*next, taken + 1);
    }
    let after = &text[end..];
    let is_end =
        before.ends_with('。') || after.is_empty() || after.starts_with(['。', '：', '；']);
    if is_end {
        let title = before.trim_end_matches('。').to_owned();
        let text = after.trim_start_matches(['。', '：', '；']).to_owned();
        return Split { title, points: Some(points), text, ..Split::default() };
    }
    if taken == 1 && after.chars().count() < RUN_IN_REST {
        return with_components(text, &found);
    }
    Split {
        title: before.to_owned(),
        points: Some(points),
        text: after.to_owned(),
        ..Split::default()
    }
}

/// A paragraph with points at its end instead of a heading, such as `加强管理，开展教育。（分值6分，得分6分）`.
fn with_points_at_end(text: &str, found: &[(usize, usize, Printed)]) -> Option<Split> {
    let (start, end, points) = found.last()?;
    let before = &text[..*start];
    let sentence = before.strip_suffix('。')?;
    let is_paragraph = *end == text.len() && sentence.contains(['，', '。', '；', '：']);
    is_paragraph.then(|| Split {
        points: Some(points.clone()),
        text: before.to_owned(),
        is_at_end: true,
        ..Split::default()
    })
}

/// The longest rest of a title after its first component, in characters. What is longer is a text that
/// continues the line of the heading.
const RUN_IN_REST: usize = 60;

fn with_components(text: &str, found: &[(usize, usize, Printed)]) -> Split {
    let mut split = Split::default();
    let mut next = 0;
    for (start, end, printed) in found {
        let part = &text[next..*start];
        split.title.push_str(part);
        let name = part.trim_start_matches(['、', '，', '和', '及', '与']);
        split.components.push((name.to_owned(), printed.clone()));
        next = *end;
    }
    let rest = &text[next..];
    let (rest, after) = rest.split_once('。').unwrap_or((rest, ""));
    split.title.push_str(rest);
    split.text = after.to_owned();
    split
}

/// The ranges of the outermost full-width brackets.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (index, c) in text.char_indices() {
        match c {
            '（' => {
                if depth == 0 {
                    start = index;
                }
                depth += 1;
            }
            '）' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push((start, index + c.len_utf8()));
                }
            }
            _ => {}
        }
    }
    found
}

/// The points inside brackets. Brackets with anything else are text.
pub fn printed(inside: &str) -> Option<Printed> {
    let mut printed = Printed::default();
    for part in inside.split(['，', ',', '；', '、']) {
        let part: String =
            part.chars().filter(|c| !matches!(c, ' ' | '：' | ':' | '为' | '共')).collect();
        let kind = match part.as_str() {
            "加分项" => SectionKind::Bonus,
            "扣分项" => SectionKind::Deduction,
            "基本分" => SectionKind::Base,
            NOT_APPLICABLE => {
                printed.own = Some(NOT_APPLICABLE.to_owned());
                continue;
            }
            part => {
                printed.part(part)?;
                continue;
            }
        };
        printed.kind = Some(kind);
    }
    let is_any = printed.max.is_some() || printed.own.is_some() || printed.kind.is_some();
    is_any.then_some(printed)
}

impl Printed {
    /// A word, a number and a unit.
    fn part(&mut self, part: &str) -> Option<()> {
        let start =
            part.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '－' | '—'))?;
        let (word, number) = part.split_at(start);
        let (number, unit) = match number.strip_suffix('%') {
            Some(number) => (number, PointsUnit::Percent),
            None => (number.strip_suffix('分')?, PointsUnit::Points),
        };
        let number = number_text(number)?;
        self.unit = unit;
        if let Some((_, word)) = OWN_WORDS.iter().find(|(name, _)| *name == word) {
            self.own = Some(number);
            self.own_word = Some(*word);
        } else {
            let (_, word) = MAX_WORDS.iter().find(|(name, _)| *name == word)?;
            self.max = Some(number);
            self.max_word = *word;
        }
        Some(())
    }

    fn merge(&mut self, other: &Self) {
        self.kind = self.kind.or(other.kind);
        if other.max.is_some() || other.own.is_some() {
            *self = Self { kind: self.kind, ..other.clone() };
        }
    }
}

/// A number of points as JSON writes it.
pub fn number_text(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '−', '－', '—']) {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = [whole, fraction].iter().all(|part| {
        !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit())
    });
    if !is_number {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::{Split, split};

    fn shown(text: &str) -> String {
        let Split { title, points, components, text, .. } = split(text);
        let of = |points: &super::Printed| {
            format!(
                "{}/{}",
                points.max.as_deref().unwrap_or("-"),
                points.own.as_deref().unwrap_or("-")
            )
        };
        let components: Vec<String> =
            components.iter().map(|(name, points)| format!("{name}={}", of(points))).collect();
        let points = points.as_ref().map(of).unwrap_or_default();
        format!("{title}|{points}|{}|{text}", components.join(","))
    }

    #[test]
    fn headings_are_split_at_their_points() {
        let cases = [
            ("年度重点（27分，自查得分27分）", "年度重点|27/27||"),
            ("监测机制。（分值8分，自评得分7.5分）", "监测机制|8/7.5||"),
            ("监测机制。（8分）", "监测机制|8/-||"),
            ("安全（扣分项）（分值-10分，自评0分）", "安全|-10/0||"),
            ("创新（加分项，满分10分，得分9分）", "创新|10/9||"),
            ("工作保障（占比5%，自评得5%）。成立小组。", "工作保障|5/5||成立小组。"),
            (
                "对象（2分）、人员（2分）和公众（1分）的了解程度。",
                "对象、人员和公众的了解程度||对象=2/-,人员=2/-,公众=1/-|",
            ),
            ("创新，形成经验。", "创新，形成经验。|||"),
            ("概况（二期）", "概况（二期）|||"),
            ("档案（5分，不涉及）", "档案|5/不涉及||"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
