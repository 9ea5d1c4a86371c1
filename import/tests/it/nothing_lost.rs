//! No text vanishes: all of a file is in the submission or reported.

use std::fs;

use hongtou_import::import;
use hongtou_import::report::Import;
use serde_json::Value;

use crate::compare::{fixture, fixtures, names};
use crate::docx::docx;
use crate::printed::{Line, lines, number};

/// What a document prints around its elements.
const LABELS: [&str; 33] = [
    "签发人",
    "抄送",
    "印发",
    "附件",
    "文件",
    "纪要",
    "公告",
    "命令",
    "令",
    "出席",
    "请假",
    "列席",
    "一级指标",
    "二级指标",
    "三级指标",
    "四级指标",
    "自评得分",
    "自查得分",
    "自评分",
    "分值",
    "满分",
    "占比",
    "得分",
    "考评分",
    "标准分",
    "加分项",
    "扣分项",
    "不涉及",
    "扣分原因",
    "失分原因",
    "佐证材料",
    "合计",
    "自评",
];

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// The Chinese characters of a text, with other characters between them as one `|`.
fn characters(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let runs = text.split(|c| !is_chinese(c)).filter(|run| !run.is_empty());
    format!("|{}|", runs.collect::<Vec<_>>().join("|"))
}

fn collect(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => all.push_str(&characters(text)),
        Value::Array(list) => list.iter().for_each(|value| collect(value, all)),
        Value::Object(object) => object.values().for_each(|value| collect(value, all)),
        _ => {}
    }
}

/// All that an import returns.
fn returned(read: &Import) -> String {
    let mut all = String::new();
    collect(&read.submission, &mut all);
    for part in &read.unread {
        all.push_str(&characters(&part.text));
    }
    all
}

/// The runs of Chinese characters of some lines that are nowhere. A run is also found in parts of at least two
/// characters, because names that stand beside each other become a list.
fn lost(lines: &[String], read: &Import) -> Vec<String> {
    let all = returned(read);
    let mut lost = Vec::new();
    for line in lines {
        let mut text = characters(line);
        for label in LABELS {
            text = text.replace(label, "|");
        }
        let runs = text.split('|').filter(|run| run.chars().count() > 1);
        let is_found =
            |run: &str| run.chars().count() < 2 || all.contains(run) || in_parts(run, &all);
        let is_lost = |run: &&str| !is_found(run) && !is_found(without_number(run));
        lost.extend(runs.filter(is_lost).map(|run| format!("{run} of {line}")));
    }
    lost
}

/// A run without the number of a chapter, a heading or a date before it.
fn without_number(run: &str) -> &str {
    let rest = run.trim_start_matches('第');
    let rest = rest.trim_start_matches(|c| "一二三四五六七八九十百零".contains(c));
    match rest.strip_prefix(['章', '节', '条', '年', '月', '日', '号', '期']) {
        Some(rest) if run.starts_with('第') => rest,
        _ => run.trim_start_matches(|c| "一二三四五六七八九十百".contains(c)),
    }
}

/// Whether a run is a row of whole names: each of them is all of a text.
fn in_parts(run: &str, all: &str) -> bool {
    let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    let mut reached = vec![false; ends.len()];
    reached[0] = true;
    for start in 0..ends.len() {
        for end in start + 2..ends.len() {
            let is_name = || all.contains(&format!("|{}|", &run[ends[start]..ends[end]]));
            if reached[start] && !reached[end] && is_name() {
                reached[end] = true;
            }
        }
    }
    reached[ends.len() - 1]
}

/// The lines of a printed document; the cells of tables are lines.
fn printed(submission: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines(submission) {
        match line {
            Line::Text(text) => all.push(text),
            Line::Numbered(level, count, text) => {
                all.push(format!("{}{text}", number(level, count)));
            }
            Line::Table(table) => {
                let rows = [&table["head"], &table["rows"]].into_iter().filter_map(Value::as_array);
                let cells = rows.flatten().filter_map(Value::as_array).flatten();
                all.extend(cells.map(|cell| {
                    cell["text"].as_str().or(cell.as_str()).unwrap_or_default().to_owned()
                }));
            }
        }
    }
    all
}

#[test]
fn no_word_file_loses_text() {
    let mut failed = Vec::new();
    for folder in ["valid", "real"] {
        for name in names(folder) {
            let submission = fixture(&format!("{folder}/{name}.json"));
            let read = import(&docx(&lines(&submission), false)).unwrap();
            let lost = lost(&printed(&submission), &read);
            failed.extend(lost.into_iter().map(|lost| format!("{name}: {lost}\n")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}

#[test]
fn no_text_of_a_published_document_loses_text() {
    let mut failed = Vec::new();
    for file in fs::read_dir(fixtures().join("imports")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let read = import(text.as_bytes()).unwrap();
        for line in text.lines() {
            // Wide blanks separate the cells of a row, or the halves of a name.
            let cells: Vec<String> = line.split("  ").map(str::to_owned).collect();
            if !lost(&[line.to_owned()], &read).is_empty() {
                let lost = lost(&cells, &read).into_iter();
                failed.extend(lost.map(|lost| format!("{}: {lost}\n", path.display())));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}

/// A line that is nowhere else, in any place of a document, with and without the marks of a sentence.
#[test]
fn no_line_is_lost_wherever_it_stands() {
    let texts = [
        "临河县水务局文件\n临水〔2022〕3号　　签发人：何志成\n临河县水务局关于2021年度绩效自评情况的报告\n县财政局：\n\
         自评得分92分。\n一、项目决策（40分，自评得分37分）\n立项依据充分。\n二、项目产出（60分，自评得分55分）\n\
         完成清淤。\n附件：1.渠道清淤绩效自评表\n2.值班安排\n临河县水务局\n2022年1月20日\n（联系人：方敏）\n附件1\n\
         渠道清淤绩效自评表\n一级指标\t分值\t得分\t扣分原因\n项目决策\t40\t37\t没有量化\n项目产出\t60\t55\t滞后\n\
         附件2\n值班安排\n一、值班时间\n每日八时至二十时。\n抄送：县委办公室，县政府办公室。\n临河县水务局办公室　2022年1月21日印发",
        "临河县水务局局务会议纪要\n第4期\n临河县水务局第4次局务会议纪要\n会议研究了春灌工作。\n一、关于供水计划\n\
         会议同意供水计划。\n出席：何志成、方敏\n请假：罗永清\n抄送：县政府办公室。\n临河县水务局办公室　2022年3月9日印发",
        "临河县人民政府\n临河县人民政府关于印发临河县节水办法的通知\n临政发〔2022〕2号\n各乡镇人民政府：\n\
         现将《临河县节水办法》印发给你们。\n临河县人民政府\n2022年3月8日\n临河县节水办法\n第一章　总则\n\
         第一条　为节约用水，制定本办法。\n第二条　本办法自发布之日起施行。\n附件：用水定额\n附件\n用水定额\n每亩二百方。",
    ];
    let marker = "鹭洲桥畔老槐";
    let mut failed = Vec::new();
    for text in texts {
        let lines: Vec<&str> = text.split('\n').collect();
        for at in 0..=lines.len() {
            for added in [
                marker.to_owned(),
                format!("{marker}。"),
                format!("{marker}局"),
                format!("{marker}："),
            ] {
                let mut lines = lines.clone();
                lines.insert(at, &added);
                let read = import(lines.join("\n").as_bytes()).unwrap();
                if !returned(&read).contains(marker) {
                    failed.push(format!("{added} above {}\n", lines.get(at + 1).unwrap_or(&"")));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}
