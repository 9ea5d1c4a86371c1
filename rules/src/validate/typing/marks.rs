//! Punctuation and figures as GB/T 15834 and GB/T 15835 write them: half-width marks between Chinese
//! characters or beside one, wrong lengths of …… and ——, doubled marks, full-width digits.

use crate::validate::typing::chinese::{after, before, is_chinese, is_mark, runs};
use crate::validate::typing::citations;
use crate::validate::typing::mend::Mend;

/// Half-width marks and their full-width forms.
const WIDTHS: [(char, char); 5] = [(',', '，'), (':', '：'), (';', '；'), ('?', '？'), ('!', '！')];

/// Marks of which two never stand together.
const SINGLE: &str = "，、；：。";

/// The unambiguous mends of marks and figures, in order.
pub fn mends(text: &[char]) -> Vec<Mend> {
    let mut found = Vec::new();
    citations::mends(text, &mut found);
    let cited = found.len();
    ellipses(text, &mut found);
    dashes(text, &mut found);
    widths(text, &mut found);
    brackets(text, &mut found);
    doubled(text, &mut found);
    figures(text, &mut found);
    // The brackets of a citation are not the round ones of the text.
    let years: Vec<usize> = found[..cited].iter().map(|mend| mend.at.start).collect();
    let mut index = 0;
    found.retain(|mend| {
        index += 1;
        index <= cited || !years.contains(&mend.at.start)
    });
    found.sort_by_key(|mend| (mend.at.start, mend.at.end));
    found
}

/// Sequences of different marks, where it is unclear which one is meant: ，。
pub fn mixed(text: &[char]) -> Vec<std::ops::Range<usize>> {
    let marks = runs(text, |c| SINGLE.contains(c));
    marks.into_iter().filter(|run| run.len() > 1 && !is_of_one(&text[run.clone()])).collect()
}

/// Points between Chinese characters, which may stand for 。 or, in a name, for ·. 一.总体要求 is a number.
pub fn points(text: &[char]) -> Vec<usize> {
    let is_wrong = |index: &usize| {
        let (before, after) = (before(text, *index), after(text, index + 1));
        text[*index] == '.'
            && before.is_some_and(|c| is_chinese(c) && !"一二三四五六七八九十".contains(c))
            && after.is_none_or(is_chinese)
    };
    (0..text.len()).filter(is_wrong).collect()
}

fn is_in_chinese(text: &[char], start: usize, end: usize) -> bool {
    let is_such = |c: Option<char>| c.is_none_or(|c| is_chinese(c) || is_mark(c));
    let (before, after) = (before(text, start), after(text, end));
    is_such(before) && is_such(after) && (before.is_some() || after.is_some())
}

fn push(found: &mut Vec<Mend>, at: std::ops::Range<usize>, right: &str) {
    found.push(Mend { at, right: right.to_owned() });
}

fn ellipses(text: &[char], found: &mut Vec<Mend>) {
    for run in runs(text, |c| c == '.').into_iter().filter(|run| run.len() >= 3) {
        if is_in_chinese(text, run.start, run.end) {
            push(found, run, "……");
        }
    }
    for run in runs(text, |c| c == '。').into_iter().filter(|run| run.len() >= 3) {
        push(found, run, "……");
    }
    // Four mean omitted paragraphs.
    for run in runs(text, |c| c == '…').into_iter().filter(|run| !matches!(run.len(), 2 | 4)) {
        if is_in_chinese(text, run.start, run.end) {
            push(found, run, "……");
        }
    }
}

/// Mends dashes. A single — between Chinese characters joins places or times, such as 成都—重庆.
fn dashes(text: &[char], found: &mut Vec<Mend>) {
    for run in runs(text, |c| c == '-').into_iter().filter(|run| run.len() >= 2) {
        if is_in_chinese(text, run.start, run.end) {
            push(found, run, "——");
        }
    }
    for run in runs(text, |c| c == '—').into_iter().filter(|run| run.len() >= 3) {
        push(found, run, "——");
    }
}

fn is_full_width(c: char) -> bool {
    is_chinese(c) || is_mark(c)
}

/// Whether the words of Latin letters and figures around a mark are between Chinese characters: 是PPP;2是.
fn separates_words(text: &[char], index: usize) -> bool {
    let is_word = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '%' | '.' | '*');
    let before = text[..index].iter().rev().find(|c| !is_word(c));
    let after = text[index + 1..].iter().find(|c| !is_word(c));
    let touches = [text.get(index.wrapping_sub(1)), text.get(index + 1)];
    touches.into_iter().flatten().filter(is_word).count() == 2
        && [before, after].into_iter().flatten().filter(|c| is_full_width(**c)).count() == 2
}

/// Mends half-width marks beside a Chinese character or a full-width mark. Other marks belong to figures,
/// addresses and words of other languages: 8:30, 1,234, http://.
fn widths(text: &[char], found: &mut Vec<Mend>) {
    for (index, c) in text.iter().enumerate() {
        let Some((_, right)) = WIDTHS.iter().find(|(half, _)| half == c) else { continue };
        let (before, after) = (before(text, index), after(text, index + 1));
        let is_wrong = match c {
            // Within a sentence it may be a character that was lost.
            '?' => before.is_some_and(is_chinese) && after.is_none_or(is_mark),
            _ => before.is_some_and(|before| {
                [Some(before), after].into_iter().flatten().any(is_full_width)
                    || (*c == ';' && separates_words(text, index))
            }),
        };
        if is_wrong {
            push(found, index..index + 1, &right.to_string());
        }
    }
}

/// Mends pairs of half-width brackets next to a Chinese character, inside or outside.
fn brackets(text: &[char], found: &mut Vec<Mend>) {
    let mut open = Vec::new();
    for (index, c) in text.iter().enumerate() {
        match c {
            '(' | '（' => open.push(index),
            ')' | '）' => {
                let Some(start) = open.pop() else { continue };
                let outside = [before(text, start), after(text, index + 1)];
                let inside = [after(text, start + 1), before(text, index)];
                let touches = outside.into_iter().flatten().any(is_chinese)
                    || inside.into_iter().flatten().any(|c| is_chinese(c) || "《》“”".contains(c));
                if !touches {
                    continue;
                }
                for (place, half, right) in [(start, '(', "（"), (index, ')', "）")] {
                    if text[place] == half {
                        push(found, place..place + 1, right);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_of_one(marks: &[char]) -> bool {
    marks.iter().all(|mark| *mark == marks[0])
}

fn doubled(text: &[char], found: &mut Vec<Mend>) {
    for run in runs(text, |c| SINGLE.contains(c)).into_iter().filter(|run| run.len() > 1) {
        let marks = &text[run.clone()];
        let is_ellipsis = marks[0] == '。' && marks.len() > 2;
        if is_of_one(marks) && !is_ellipsis {
            let right = marks[0].to_string();
            push(found, run, &right);
        }
    }
}

/// Runs of full-width digits and letters, with a full-width point between digits.
pub fn figures(text: &[char], found: &mut Vec<Mend>) {
    let is_digit = |c: Option<&char>| c.is_some_and(|c| matches!(c, '0'..='9' | '０'..='９'));
    let half = |index: usize| match text[index] {
        c @ ('０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ') => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))
        }
        '．' if is_digit(index.checked_sub(1).and_then(|before| text.get(before)))
            && is_digit(text.get(index + 1)) =>
        {
            Some('.')
        }
        _ => None,
    };
    let mut start = 0;
    while start < text.len() {
        let right: String = (start..text.len()).map_while(half).collect();
        let length = right.chars().count();
        if length > 0 {
            push(found, start..start + length, &right);
        }
        start += length.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::{mends, mixed, points};
    use crate::validate::typing::mend::mended;

    #[test]
    fn marks_in_chinese_text_are_mended() {
        let cases = [
            ("如下:一是,二是;对!好?", "如下：一是，二是；对！好？"),
            ("增长5%,达到2,400万元,占比", "增长5%，达到2,400万元，占比"),
            ("情况(一)和GDP(亿元)", "情况（一）和GDP（亿元）"),
            ("等等......还有。。。", "等等……还有……"),
            ("救助…等", "救助……等"),
            ("民政--救助", "民政——救助"),
            ("完成。。下一步，，继续", "完成。下一步，继续"),
            ("２０２５年ＡＢ１．５", "2025年AB1.5"),
            ("**一是**:加强", "**一是**：加强"),
            ("其中:2023年安排300万元", "其中：2023年安排300万元"),
            ("联系电话:0827-5260001", "联系电话：0827-5260001"),
            ("今年以来,2个项目", "今年以来，2个项目"),
            ("实施EPC项目,PPP项目各1个", "实施EPC项目，PPP项目各1个"),
            ("一是PPP;2是EPC", "一是PPP；2是EPC"),
            ("实施EPC,其中", "实施EPC，其中"),
            ("《通知》,2023年", "《通知》，2023年"),
            ("得{total.self_score}分,{x}", "得{total.self_score}分，{x}"),
            ("网址:http://www.mca.gov.cn:80/a", "网址：http://www.mca.gov.cn:80/a"),
            ("（川民发(2021)12号,[2021]3号）", "（川民发〔2021〕12号，[2021]3号）"),
        ];
        for (text, expected) in cases {
            let text: Vec<char> = text.chars().collect();
            let once = mended(&text, &mends(&text));
            assert_eq!(once, expected);
            let again: Vec<char> = once.chars().collect();
            assert_eq!(mends(&again), [], "{once}");
        }
    }

    #[test]
    fn marks_in_other_text_are_kept() {
        for text in [
            "8:30至17:30",
            "比例为1:500的图",
            "见http://a.cn/x;y的网页",
            "f(x)",
            "http://www.mca.gov.cn/a?b=1",
            "2,400",
            "1.总体要求",
            "一.总体要求",
            "A, B; C",
            "成都—重庆",
            "A--B",
            "3.5万",
            "标???准",
            "周?国",
            "艾力.买买提",
            "…………",
            "对吗？！",
            "Q&A: yes",
        ] {
            let text: Vec<char> = text.chars().collect();
            assert_eq!(mends(&text), []);
        }
        assert_eq!(mixed(&"完成，。下".chars().collect::<Vec<_>>()).first(), Some(&(2..4)));
        for (text, places) in [("艾力.买买提", &[2][..]), ("完成.", &[2]), ("一.总体要求3.5", &[])]
        {
            assert_eq!(points(&text.chars().collect::<Vec<_>>()), places, "{text}");
        }
    }
}
