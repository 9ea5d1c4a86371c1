//! Placeholders in braces: the known ones, and names that look like them.

/// The placeholders for 自评得分 and 分值 of the total.
pub const TOTALS: [&str; 2] = ["{total.self_score}", "{total.max_points}"];

/// The placeholder for 等次.
pub const GRADE: &str = "{total.grade}";

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
    use super::in_text;

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
}
