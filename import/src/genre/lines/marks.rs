//! The numbers that begin headings, items, chapters and articles.

/// What a paragraph begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// 一、, （一）, 1. or （1）: the level from 1 to 4 and the number.
    Heading {
        /// The level.
        level: usize,
        /// The number.
        count: usize,
    },
    /// 第一章.
    Chapter,
    /// 第一节.
    Section,
    /// 第一条.
    Article,
}

/// The longest title of a chapter or section, in characters.
const CHAPTER: usize = 30;

/// The mark at the beginning of a text, and what follows it.
pub fn mark(text: &str) -> Option<(Mark, &str)> {
    part(text).or_else(|| heading(text))
}

fn heading(text: &str) -> Option<(Mark, &str)> {
    let found = |level, count, rest: &'_ str| Some((Mark::Heading { level, count }, rest.len()));
    let (mark, rest) = if let Some((inside, rest)) =
        text.strip_prefix('（').and_then(|text| text.split_once('）'))
    {
        let rest = rest.strip_prefix(['、', '.']).unwrap_or(rest);
        match (chinese(inside), digits(inside)) {
            (Some(count), _) => found(2, count, rest),
            (_, Some(count)) => found(4, count, rest),
            _ => None,
        }
    } else {
        let end = text.find(['、', '.', '．'])?;
        let (number, rest) = text.split_at(end);
        let separator = rest.chars().next()?;
        let rest = &rest[separator.len_utf8()..];
        match (chinese(number), digits(number)) {
            (Some(count), _) => found(1, count, rest),
            (_, Some(count))
                if separator == '、' || !rest.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                found(3, count, rest)
            }
            _ => None,
        }
    }?;
    Some((mark, text[text.len() - rest..].trim_start()))
}

/// A chapter, section or article. Its number is followed by a blank, which separates it from
/// references such as 第二条修改为.
fn part(text: &str) -> Option<(Mark, &str)> {
    let inside = text.strip_prefix('第')?;
    let end = inside.find(['章', '节', '条'])?;
    chinese(&inside[..end]).or_else(|| digits(&inside[..end]))?;
    let kind = inside[end..].chars().next()?;
    let rest = &inside[end + kind.len_utf8()..];
    let is_title = !rest.contains(['。', '，', '；']) && rest.chars().count() <= CHAPTER;
    let is_apart = rest.starts_with(char::is_whitespace);
    let mark = match kind {
        '章' if is_title => Mark::Chapter,
        '节' if is_title => Mark::Section,
        '条' if is_apart => Mark::Article,
        _ => return None,
    };
    Some((mark, rest.trim_start()))
}

/// A number of at most three digits.
fn digits(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// A Chinese number below 1,000.
pub fn chinese(text: &str) -> Option<usize> {
    if text.is_empty() || text.chars().count() > 6 {
        return None;
    }
    let (mut total, mut digit) = (0, None);
    for c in text.chars() {
        match c {
            '百' => total += digit.take()? * 100,
            '十' => total += digit.take().unwrap_or(1) * 10,
            '零' => {}
            _ => {
                let value = "一二三四五六七八九".chars().position(|d| d == c)? + 1;
                if digit.replace(value).is_some() {
                    return None;
                }
            }
        }
    }
    Some(total + digit.unwrap_or(0)).filter(|total| *total > 0)
}

#[cfg(test)]
mod tests {
    use super::{Mark, mark};

    #[test]
    fn numbers_are_recognised() {
        let heading = |level, count| Mark::Heading { level, count };
        let cases = [
            ("一、总体", heading(1, 1), "总体"),
            ("（十一）政策", heading(2, 11), "政策"),
            ("12. 县级", heading(3, 12), "县级"),
            ("3、县级", heading(3, 3), "县级"),
            ("（2）县级", heading(4, 2), "县级"),
            ("第二章 征收", Mark::Chapter, "征收"),
            ("第一条 为规范，制定本办法。", Mark::Article, "为规范，制定本办法。"),
        ];
        for (text, expected, rest) in cases {
            assert_eq!(mark(text), Some((expected, rest)), "{text}");
        }
        for text in
            ["1.3倍", "2021.5", "（1分）对", "第二条修改为", "一是加强", "民政、财政", "（市、区）"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
    }
}
