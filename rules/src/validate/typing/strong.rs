//! Asterisks used as placeholders for figures, which would be read as strong text: ≥**人，标准≥**元.

use std::ops::Range;

/// Signs that a figure follows.
const COMPARISONS: &str = "≥≤≧≦＞＜><＝=";

/// Units that follow a figure.
const UNITS: &str = "人户个元万亿次件项家亩台套米吨天年月日分批期所%％";

/// More units, with which bold text may begin too: **村级组织建设**.
const WORDS: [&str; 58] = [
    "名", "村", "社区", "镇", "乡", "街道", "处", "场", "位", "座", "县", "市", "区", "省", "国",
    "州", "公里", "千米", "平方", "立方", "公顷", "公斤", "千克", "辆", "条", "栋", "幢", "株",
    "头", "只", "本", "篇", "份", "册", "张", "支", "队", "组", "班", "类", "种", "轮", "周",
    "季度", "小时", "分", "百", "千", "倍", "级", "例", "宗", "笔", "起", "间", "床", "岁", "届",
];

/// The marks between two figures to fill in.
const MARKS: &str = "，、；：。,;";

/// Characters before a figure.
const BEFORE_FIGURES: &str = "共计达有第至到出约成建立展办彰训助放收理及";

/// Characters between two counted things.
const BETWEEN_COUNTED: &str = "和与等";

/// The ranges from one `**` to the next that are placeholders for figures.
pub fn slots(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(open) = mark(text, start) {
        let Some(close) = mark(text, open + 2) else { break };
        if close > open + 2 && is_slot(text, open, close) {
            found.push(open..close + 2);
        }
        start = close + 2;
    }
    found
}

/// The next `**` that is not escaped.
fn mark(text: &[char], start: usize) -> Option<usize> {
    let is_mark = |index: &usize| {
        let before = index.checked_sub(1).map(|before| text[before]);
        text[*index..].starts_with(&['*', '*']) && before != Some('\\')
    };
    (start..text.len()).find(is_mark)
}

fn is_slot(text: &[char], open: usize, close: usize) -> bool {
    let compares = |index: Option<usize>| {
        index.and_then(|index| text.get(index)).is_some_and(|c| COMPARISONS.contains(*c))
    };
    let is_unit = |index: usize| text.get(index).is_some_and(|c| UNITS.contains(*c));
    let is_figure = text.get(open + 2).is_some_and(char::is_ascii_digit);
    (compares(open.checked_sub(1)) && !is_figure)
        || compares(Some(close - 1))
        || (is_unit(open + 2) && is_unit(close + 2))
        || is_between_figures(text, open, close)
}

/// Whether a unit follows both marks, and a mark or a word before the second shows that a figure is
/// missing there: 表彰**名个人、**个集体.
fn is_between_figures(text: &[char], open: usize, close: usize) -> bool {
    let content = &text[open + 2..close];
    let (Some(first), Some(_)) = (unit(content), unit(&text[close + 2..])) else { return false };
    let follows = |end: usize, words: &str| {
        end.checked_sub(1).is_some_and(|before| words.contains(text[before]))
    };
    let goes_on = content.iter().any(|c| MARKS.contains(*c))
        || follows(close, BEFORE_FIGURES)
        || follows(close, BETWEEN_COUNTED);
    // Bold text has no mark right after its first word.
    content.len() == first
        || MARKS.contains(content[first])
        || (goes_on && follows(open, BEFORE_FIGURES))
}

/// The length of the unit that a text begins with.
fn unit(text: &[char]) -> Option<usize> {
    let is_word =
        |word: &&&str| word.chars().enumerate().all(|(index, c)| text.get(index) == Some(&c));
    let longest = WORDS.iter().filter(is_word).map(|word| word.chars().count()).max();
    longest.or_else(|| UNITS.contains(*text.first()?).then_some(1))
}

#[cfg(test)]
mod tests {
    use super::slots;

    #[test]
    fn placeholders_are_distinguished_from_strong_text() {
        let count = |text: &str| slots(&text.chars().collect::<Vec<_>>()).len();
        for text in [
            "救助≥**人，标准≥**元",
            "补助**人、**户",
            "达到**%，其中**年完成",
            "共**人参加，表彰**名先进个人。",
            "**村、**社区、**镇。",
            "涉及**县**区",
            "建成**处集中供水点，新建**座水厂",
            "共**名干部和**位群众",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
        let strong = [
            "**一是**加强",
            "达到≥**93.6%**以上",
            "**人民**政府",
            "**村级组织建设**市级补助",
            "**名优产品推广**类项目",
            "**市级财政**分担",
            "抓好**社区建设，补短板。**类似项目",
            r"≥\*\*人≥\*\*元",
            "≥**人",
            "****",
        ];
        for text in strong {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
