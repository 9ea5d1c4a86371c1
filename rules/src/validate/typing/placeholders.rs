//! Placeholders in braces: the known ones, and names that look like them.

/// What the program inserts into running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// 等次: `{total.grade}`.
    Grade,
    /// Points of the score sheet's total, of a section or of an attached project table.
    Points(Scored, Which),
}

/// What has the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scored {
    /// The total of the score sheet: `{total.…}`.
    Total,
    /// A section of the score sheet, counted from 1: `{section.1.…}`.
    Section(usize),
    /// The total of a project table, by the number of its attachment: `{attachment.1.…}`.
    Attachment(usize),
}

/// Which of the two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// 自评得分: `self_score`.
    SelfScore,
    /// 分值: `max_points`.
    MaxPoints,
}

impl Placeholder {
    /// Parses a placeholder with its braces. Returns `None` if it is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('{')?.strip_suffix('}')?;
        let (subject, which) = name.rsplit_once('.')?;
        let which = match which {
            "grade" if subject == "total" => return Some(Self::Grade),
            "self_score" => Which::SelfScore,
            "max_points" => Which::MaxPoints,
            _ => return None,
        };
        let scored = match subject.split_once('.') {
            None if subject == "total" => Scored::Total,
            Some(("section", number)) => Scored::Section(number_of(number)?),
            Some(("attachment", number)) => Scored::Attachment(number_of(number)?),
            _ => return None,
        };
        Some(Self::Points(scored, which))
    }
}

/// A number from 1 without leading zeros.
fn number_of(text: &str) -> Option<usize> {
    let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// The shortest name in braces that is taken for a placeholder; `{x}` is text.
const SHORTEST: usize = 3;

/// Every placeholder of a text as written, including those with full-width braces, blanks and capitals.
pub fn in_text(text: &str) -> Vec<&str> {
    let (mut found, mut opening) = (Vec::new(), None);
    for (index, brace) in text.char_indices() {
        let end = index + brace.len_utf8();
        match (brace, opening) {
            ('{' | '｛', _) => opening = Some((index, end)),
            ('}' | '｝', Some((start, inside))) => {
                if is_name(text[inside..index].trim()) {
                    found.push(&text[start..end]);
                }
                opening = None;
            }
            _ => {}
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    text.len() >= SHORTEST
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{Placeholder, Scored, Which, in_text};

    #[test]
    fn names_in_braces_are_placeholders() {
        let cases: [(&str, &[&str]); 6] = [
            ("得{total.self_score}分", &["{total.self_score}"]),
            (
                "得{total.self_scor}、｛Total.max_points｝分",
                &["{total.self_scor}", "｛Total.max_points｝"],
            ),
            ("{ total } {{date}}", &["{ total }", "{date}"]),
            ("{x} ${x} {总分} {{ x }} {}", &[]),
            ("{total.self_score 分", &[]),
            ("集合{1,2,3}}", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(in_text(text), expected, "{text}");
        }
    }

    #[test]
    fn known_names_are_parsed() {
        let points = |scored, which| Some(Placeholder::Points(scored, which));
        let cases = [
            ("{total.self_score}", points(Scored::Total, Which::SelfScore)),
            ("{total.max_points}", points(Scored::Total, Which::MaxPoints)),
            ("{total.grade}", Some(Placeholder::Grade)),
            ("{section.2.self_score}", points(Scored::Section(2), Which::SelfScore)),
            ("{attachment.10.max_points}", points(Scored::Attachment(10), Which::MaxPoints)),
            ("{section.2.grade}", None),
            ("{section.0.self_score}", None),
            ("{section.02.self_score}", None),
            ("{section.self_score}", None),
            ("{total.1.self_score}", None),
            ("{attachment.99999999999999999999.self_score}", None),
            ("｛total.self_score｝", None),
            ("{total.self_scor}", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Placeholder::parse(text), expected, "{text}");
        }
    }
}
