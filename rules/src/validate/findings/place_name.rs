//! The Chinese names of places: 第2个附件第8项指标的分值 instead of a JSON Pointer.

use crate::submission::names::key_name::key_name;
use crate::submission::names::path::{Step, parse};
use crate::validate::text::characters::quoted;

/// Keys that are left out of the name because they only group others.
const OMITTED: [&str; 9] = [
    "document",
    "scores",
    "project_table",
    "heading",
    "paragraph",
    "goal",
    "execution",
    "funds",
    "attendance",
];

/// The Chinese name of the place at a JSON Pointer.
pub fn place_name(pointer: &str) -> String {
    name_of(&parse(pointer))
}

/// The Chinese name of the place at a path.
pub fn name_of(path: &[Step<'_>]) -> String {
    let mut name = String::new();
    let mut rest = path;
    while let [step, after @ ..] = rest {
        match (step, after) {
            (Step::Key(list), [Step::Item(index), after @ ..]) => {
                name.push_str(&entry(list, index + 1));
                rest = after;
            }
            (Step::Key(key), []) => {
                let is_shown = !OMITTED.contains(&key.as_ref()) || name.is_empty();
                if is_shown {
                    name.push_str(if name.is_empty() { "" } else { "的" });
                    name.push_str(&of_key(key));
                }
                rest = after;
            }
            (Step::Key(key), _) => {
                let of_rate = key == "execution";
                if !OMITTED.contains(&key.as_ref()) || of_rate {
                    name.push_str(&of_key(key));
                }
                rest = after;
            }
            (Step::Item(index), _) => {
                name.push_str(&format!("第{}格", index + 1));
                rest = after;
            }
        }
    }
    if name.is_empty() { "公文".to_owned() } else { name }
}

fn of_key(key: &str) -> String {
    key_name(key).map_or_else(|| format!("“{}”", quoted(key)), str::to_owned)
}

/// An entry of a list, counted from 1.
fn entry(list: &str, number: usize) -> String {
    match list {
        "sections" => format!("第{number}部分"),
        "groups" => format!("第{number}组"),
        "indicators" => format!("第{number}项指标"),
        "items" => format!("第{number}个分项"),
        "funds" => format!("第{number}项资金"),
        "evidence" => format!("第{number}项佐证材料"),
        "opening" | "closing" | "narrative" | "body" => format!("{}第{number}段", of_key(list)),
        "rows" => format!("第{number}行"),
        "head" => format!("表头第{number}行"),
        "columns" => format!("第{number}列"),
        "present" | "absent" | "observers" => format!("第{number}个{}人员", of_key(list)),
        _ => format!("第{number}个{}", of_key(list)),
    }
}

#[cfg(test)]
mod tests {
    use super::place_name;

    #[test]
    fn places_have_chinese_names() {
        let cases = [
            ("", "公文"),
            ("/document", "公文要素"),
            ("/document/title", "标题"),
            ("/document/document_number/year", "发文字号的年份"),
            ("/document/issuers/1", "第2个发文机关"),
            ("/document/attendance/present/0", "第1个出席人员"),
            ("/document/attachments/1/title", "第2个附件的标题"),
            (
                "/document/attachments/1/project_table/indicators/7/max_points",
                "第2个附件第8项指标的分值",
            ),
            (
                "/document/attachments/0/project_table/execution/self_score",
                "第1个附件预算执行率的自评得分",
            ),
            (
                "/document/attachments/0/project_table/funds/0/budget",
                "第1个附件第1项资金的全年预算数",
            ),
            ("/document/attachments/0/body/3/table/rows/1/0", "第1个附件正文第4段表格第2行第1格"),
            (
                "/document/attachments/0/body/3/table/head/0/2/text",
                "第1个附件正文第4段表格表头第1行第3格的文字",
            ),
            ("/body/2/heading/title", "正文第3段的标题"),
            ("/body/2/paragraph", "正文第3段"),
            ("/opening/0", "正文开头第1段"),
            (
                "/scores/sections/0/groups/1/indicators/2/narrative/0",
                "第1部分第2组第3项指标正文说明第1段",
            ),
            ("/scores/sections/0/title", "第1部分的标题"),
            ("/scores/total/max_points", "总分的分值"),
            ("/scores", "自评得分表"),
            ("/scores/sections/0/weight~0a~1b", "第1部分的“weight~a/b”"),
        ];
        for (pointer, name) in cases {
            assert_eq!(place_name(pointer), name, "{pointer}");
        }
    }
}
