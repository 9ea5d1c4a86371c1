//! Parses the quantities of a Chinese text: numbers with their scale and measure word.

use rust_decimal::Decimal;

/// A number with a measure word.
#[derive(Debug, Clone, Copy)]
pub struct Quantity<'t> {
    /// Where the number starts, in bytes of the text.
    pub start: usize,
    /// Where the measure word ends.
    pub end: usize,
    /// The value in the unit without 万 or 亿; money in 元.
    pub value: Decimal,
    /// The value of one unit of the last printed digit.
    pub step: Decimal,
    /// The value of one printed unit: 10000 for 万元.
    pub scale: Decimal,
    /// The measure word with 万 or 亿, as printed.
    pub printed_unit: &'t str,
    /// What is counted; only quantities of the same unit are compared.
    pub unit: Unit<'t>,
    /// Whether the text gives no exact number: 约5件, 400余万元, 98%以上, 3至5人.
    pub is_vague: bool,
}

/// The measure word without its scale, and the noun after it: 元, 户, 个项目.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit<'t>(&'t str);

impl<'t> Unit<'t> {
    /// The words.
    pub fn text(self) -> &'t str {
        self.0
    }

    /// Money, in 元.
    pub const MONEY: Unit<'static> = Unit("元");
    /// A percentage.
    pub const PERCENT: Unit<'static> = Unit("%");
    /// A difference of percentages.
    pub const PERCENTAGE_POINTS: Unit<'static> = Unit("个百分点");

    /// Whether amounts of this unit can be added up.
    pub fn is_amount(self) -> bool {
        self != Unit::PERCENT && self != Unit::PERCENTAGE_POINTS
    }
}

/// Measure words. If one is the beginning of another, the longer comes first.
const MEASURE_WORDS: [&str; 57] = [
    "个百分点",
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "公顷",
    "公里",
    "千米",
    "公斤",
    "千克",
    "人次",
    "户次",
    "件次",
    "批次",
    "场次",
    "家次",
    "元",
    "人",
    "户",
    "名",
    "位",
    "件",
    "个",
    "项",
    "家",
    "所",
    "处",
    "座",
    "条",
    "张",
    "份",
    "起",
    "例",
    "批",
    "场",
    "次",
    "篇",
    "台",
    "辆",
    "套",
    "间",
    "栋",
    "幢",
    "亩",
    "米",
    "吨",
    "只",
    "头",
    "株",
    "笔",
    "宗",
    "册",
    "%",
    "％",
    "﹪",
    "‰",
    "眼",
];

/// Measure words without a noun; the text after them is not part of the unit.
const WITHOUT_NOUN: [&str; 9] = ["元", "人", "户", "人次", "户次", "亩", "%", "‰", "个百分点"];

/// Characters after a measure word that do not begin a noun.
const NO_NOUN: &str = "的和与及占比较为并均已全共其增减同下上提升降达被由经按在后内分等是未又";

/// The number of characters of a noun that are compared.
const NOUN: usize = 4;

/// Measures of time, and words that only begin like a measure word.
const NOT_MEASURES: [&str; 9] =
    ["个月", "个季", "个年", "个工作", "个小时", "个星期", "个学期", "人大", "人均"];

/// The most digits before the point of a number that is parsed.
const WHOLE_DIGITS: usize = 12;
const DECIMALS: usize = 6;

/// Words before an inexact number.
const VAGUE_BEFORE: [&str; 24] = [
    "约",
    "近",
    "超",
    "超过",
    "逾",
    "低于",
    "少于",
    "不超过",
    "高于",
    "大于",
    "小于",
    "多于",
    "至少",
    "最多",
    "最高",
    "最低",
    "突破",
    "大概",
    "不足",
    "达不到",
    "≥",
    "≤",
    ">",
    "<",
];

/// Words after an inexact number.
const VAGUE_AFTER: [&str; 11] =
    ["以上", "以下", "以内", "左右", "上下", "之间", "及以上", "余", "多", "起", "或"];

/// Words between the ends of a range.
const RANGE: [&str; 11] = ["至", "到", "-", "－", "−", "—", "——", "–", "~", "～", "或"];

/// Characters before a number that is part of a word, a date or a larger number.
const PART_OF_A_WORD: &str = "第零〇一二三四五六七八九十百千万亿两点几-－−—–~～∶±+.．/／";

/// The quantities of a text, in order.
pub fn read(text: &str) -> Vec<Quantity<'_>> {
    let mut found: Vec<Quantity<'_>> = Vec::new();
    // The end of the previous number, and whether it was a quantity.
    let mut before: Option<(usize, bool)> = None;
    let mut at = 0;
    while let Some(offset) = text[at..].find(is_digit) {
        let start = at + offset;
        let number = Number::read(text, start);
        let quantity = quantity(text, start, &number);
        let end = quantity.map_or(number.end, |quantity| quantity.end);
        let between = before.map(|(end, is_quantity)| (&text[end..start], is_quantity));
        if let Some(mut quantity) = quantity {
            if let Some((between, is_quantity)) = between {
                let is_range = RANGE.contains(&between);
                let is_list = !is_quantity && [",", "，", "、", " ", "和"].contains(&between);
                quantity.is_vague |= is_range || is_list;
                if let (true, true, Some(last)) = (is_range, is_quantity, found.last_mut()) {
                    last.is_vague = true;
                }
            }
            found.push(quantity);
        }
        before = Some((end, quantity.is_some()));
        at = end;
    }
    found
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// Digits as written.
struct Number {
    end: usize,
    digits: String,
    decimals: usize,
    is_sound: bool,
}

impl Number {
    fn read(text: &str, start: usize) -> Self {
        let mut number = Self { end: start, digits: String::new(), decimals: 0, is_sound: true };
        // Digits since the start or the last thousands separator.
        let mut group = 0;
        let mut has_point = false;
        while let Some(c) = text[number.end..].chars().next() {
            let rest = &text[number.end + c.len_utf8()..];
            match c {
                _ if is_digit(c) => {
                    let digit =
                        if c.is_ascii() { u32::from(c) - 48 } else { u32::from(c) - 0xFF10 };
                    number.digits.extend(char::from_digit(digit, 10));
                    group += 1;
                    number.decimals += usize::from(has_point);
                }
                '.' | '．' if rest.starts_with(is_digit) => {
                    number.is_sound &= !has_point;
                    if !has_point {
                        number.digits.push('.');
                    }
                    has_point = true;
                }
                ',' | ' ' | '\u{a0}' if !has_point && group <= 3 && is_group(rest) => group = 0,
                _ => break,
            }
            number.end += c.len_utf8();
        }
        let whole = number.digits.len() - number.decimals - usize::from(has_point);
        number.is_sound &= whole <= WHOLE_DIGITS && number.decimals <= DECIMALS;
        number
    }
}

/// Whether a text starts with exactly three digits.
fn is_group(text: &str) -> bool {
    let digits = text.chars().take(4).take_while(|c| is_digit(*c)).count();
    digits == 3
}

fn quantity<'t>(text: &'t str, start: usize, number: &Number) -> Option<Quantity<'t>> {
    if !number.is_sound {
        return None;
    }
    let after = &text[number.end..];
    let after = after.strip_prefix(' ').unwrap_or(after);
    let (after, is_about) = without_about(after);
    let unit_start = text.len() - after.len();
    let (scale, after) = scale(after);
    let (after, is_still_about) = without_about(after);
    if NOT_MEASURES.iter().any(|word| after.starts_with(word)) {
        return None;
    }
    let word = MEASURE_WORDS.iter().find(|word| after.starts_with(**word))?;
    let rest = &after[word.len()..];
    if rest.starts_with(['/', '／']) {
        return None;
    }
    let end = text.len() - rest.len();
    let value: Decimal = number.digits.parse().ok()?;
    let unit = unit(text, end - word.len(), end);
    let step = scale.checked_mul(Decimal::new(1, u32::try_from(number.decimals).ok()?))?;
    let before = &text[..start];
    let is_vague = is_about
        || is_still_about
        || before.ends_with(|c| PART_OF_A_WORD.contains(c))
        || VAGUE_BEFORE.iter().any(|word| before.trim_end_matches([' ', '为']).ends_with(word))
        || VAGUE_AFTER.iter().any(|word| rest.starts_with(word));
    Some(Quantity {
        start,
        end,
        value: value.checked_mul(scale)?,
        step,
        scale,
        printed_unit: &text[unit_start..end],
        unit,
        is_vague,
    })
}

/// Skips a word such as 余, which makes the number before it inexact.
fn without_about(text: &str) -> (&str, bool) {
    match text.strip_prefix(['余', '多', '几', '来']) {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

fn scale(text: &str) -> (Decimal, &str) {
    let scales = [("万亿", 1_000_000_000_000_i64), ("亿", 100_000_000), ("万", 10_000)];
    for (word, scale) in scales {
        if let Some(rest) = text.strip_prefix(word) {
            return (Decimal::from(scale), rest);
        }
    }
    (Decimal::ONE, text)
}

/// The unit that begins with the measure word at `start`, with the noun after it.
fn unit(text: &str, start: usize, end: usize) -> Unit<'_> {
    let word = &text[start..end];
    if ["%", "％", "﹪"].contains(&word) {
        return Unit::PERCENT;
    }
    if WITHOUT_NOUN.contains(&word) {
        return Unit(word);
    }
    let rest = &text[end..];
    if rest.starts_with(|c| NO_NOUN.contains(c)) {
        return Unit(word);
    }
    let noun: usize = rest
        .chars()
        .take(NOUN)
        .take_while(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
        .map(char::len_utf8)
        .sum();
    Unit(&text[start..end + noun])
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Each quantity as value, unit and whether it is vague.
    fn read_as(text: &str) -> Vec<(String, &str, bool)> {
        let shown = |q: &super::Quantity<'_>| q.value.normalize().to_string();
        read(text).iter().map(|q| (shown(q), q.unit.text(), q.is_vague)).collect()
    }

    #[test]
    fn reads_numbers_scales_and_units() {
        let cases = [
            ("157091户", "157091", "户"),
            ("1,392,476万元", "13924760000", "元"),
            ("321 146件", "321146", "件"),
            ("１２．５％", "12.5", "%"),
            ("5.41亿元", "541000000", "元"),
            ("16.27万亿元", "16270000000000", "元"),
            ("7.6万人，", "76000", "人"),
            ("2.81个百分点", "2.81", "个百分点"),
            ("12个项目已", "12", "个项目已"),
            ("3347人次、", "3347", "人次"),
            ("590 元", "590", "元"),
        ];
        for (text, value, unit) in cases {
            assert_eq!(read_as(text), [(value.to_owned(), unit, false)], "{text}");
        }
    }

    #[test]
    fn inexact_amounts_are_vague_or_ignored() {
        for text in [
            "400余万元",
            "约5件",
            "98%以上",
            "第3项",
            "十3人",
            "1.5万多人",
            "不低于95%",
            "至少2次",
            "1和2名",
            "12，345元",
        ] {
            assert!(read(text).iter().all(|quantity| quantity.is_vague), "{text}");
            assert!(!read(text).is_empty(), "{text}");
        }
        for text in ["3至5人", "35%到47%", "100-200元"] {
            assert!(read(text).iter().all(|quantity| quantity.is_vague), "{text}");
        }
        for text in ["2021年12月22日", "590元/月", "12个月", "1.2.3件", "1亿2000", "5G", "3人大"]
        {
            assert_eq!(read_as(text), [], "{text}");
        }
    }
}
