//! Workbooks of many units: each row becomes a submission, and faults name the unit and the cell.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use hongtou_import::report::Problem;
use hongtou_import::source::error::ImportError;
use hongtou_import::workbook::fault::TemplateError;
use hongtou_import::workbook::read_units::{self, Units};
use hongtou_import::workbook::template;
use hongtou_import::workbook::write_units::{self, Missing, ToMend};
use rust_xlsxwriter::{Formula, Workbook};
use serde_json::{Value, json};

use crate::compare::{differences, fixture};

fn units(write: impl FnOnce(&mut Workbook)) -> Units {
    let mut workbook = Workbook::new();
    write(&mut workbook);
    read_units::read(&workbook.save_to_buffer().unwrap()).unwrap()
}

fn sheet(workbook: &mut Workbook, name: &str, rows: &[&[&str]]) {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

pub(crate) fn to_mend(name: &str, submission: Value) -> ToMend {
    let reasons = vec!["标题为空。".to_owned()];
    ToMend { name: name.to_owned(), content: Ok(submission), reasons }
}

/// The documents to mend, written and read back.
pub(crate) fn mended(documents: Vec<ToMend>) -> Units {
    read_units::read(&write_units::to_mend(documents).unwrap()).unwrap()
}

pub(crate) fn said(problems: &[Problem]) -> Vec<String> {
    let said = |problem: &Problem| format!("{}：{}", problem.place, problem.message);
    problems.iter().map(said).collect()
}

#[test]
fn documents_to_mend_are_read_back() {
    let seed = fixture("valid/bazhong-2021-38.json");
    let read = mended(vec![to_mend("甲局", seed.clone()), to_mend("乙局", seed.clone())]);
    assert_eq!(read.problems, []);
    let names: Vec<&str> = read.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["甲局", "乙局"]);
    for unit in &read.units {
        assert_eq!(unit.problems, []);
        assert_eq!(differences(&seed, &unit.submission), Vec::<String>::new());
    }
}

#[test]
fn a_unit_has_what_is_common_and_its_own_values() {
    let read = units(|workbook| {
        sheet(
            workbook,
            "各单位",
            &[&["单位", "标题", "年份"], &["甲局", "", ""], &["乙局", "关于乙的报告", "2022"]],
        );
        sheet(
            workbook,
            "公文要素",
            &[&["项目", "内容"], &["标题", "关于救助的报告"], &["年份", "2021"]],
        );
    });
    let titles: Vec<_> = read
        .units
        .iter()
        .map(|unit| {
            let document = &unit.submission["document"];
            (document["title"].clone(), document["document_number"]["year"].clone())
        })
        .collect();
    assert_eq!(
        titles,
        [(json!("关于救助的报告"), json!(2021)), (json!("关于乙的报告"), json!(2022))]
    );
}

#[test]
fn scores_belong_to_the_unit_of_their_row_or_of_the_row_above() {
    let heads = ["单位", "部分", "指标", "分值", "自评得分"];
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位"], &["甲局"], &["乙局"]]);
        sheet(
            workbook,
            "评分表",
            &[
                &heads,
                &["甲局", "工作效果", "水平", "5", "4"],
                &["", "", "时效", "5", "5"],
                &["乙局", "工作效果", "水平", "十", "9"],
                &["丙局", "工作效果", "水平", "1", "1"],
            ],
        );
    });
    let total = |unit: usize| read.units[unit].submission["scores"]["total"].clone();
    assert_eq!(total(0), json!({ "max_points": "10", "self_score": "9" }));
    assert_eq!(read.units[0].problems, []);
    assert_eq!(said(&read.units[1].problems), ["评分表!D4：分值应为数，现为文本“十”。"]);
    assert_eq!(said(&read.problems), ["评分表!A5：“各单位”中没有“丙局”。"]);
}

#[test]
fn faults_of_the_sheet_are_reported() {
    let read = units(|workbook| {
        sheet(
            workbook,
            "各单位",
            &[&["单位", "年份", "备注"], &["甲局", "去年", "无"], &["甲局", "", ""]],
        );
    });
    let places = |problems: &[Problem]| -> Vec<String> {
        problems.iter().map(|problem| problem.place.clone()).collect()
    };
    assert_eq!(places(&read.problems), ["各单位!C1"]);
    assert_eq!(places(&read.units[0].problems), ["各单位!B2", "各单位!A2"]);
    assert_eq!(places(&read.units[1].problems), ["各单位!A3"]);
    assert!(read_units::read(b"PK not a workbook").is_err());
    let template = read_units::read(&write_units::empty().unwrap()).unwrap();
    assert_eq!((template.units.len(), places(&template.problems)), (0, vec!["各单位".to_owned()]));
}

#[test]
fn a_document_that_a_workbook_cannot_express_has_its_reasons() {
    let submission = json!({ "document": {}, "body": [{ "article": "一条" }] });
    let read = mended(vec![to_mend("第3行", submission)]);
    assert_eq!(read.units[0].name, "第3行");
    assert_eq!(read.units[0].submission, json!({ "document": {} }));
}

#[test]
fn a_fault_of_the_common_values_is_told_apart() {
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位"], &["甲局"]]);
        sheet(workbook, "公文要素", &[&["项目", "内容"], &["密级", "机密级"]]);
    });
    let expected = ["公文要素!B2：“密级”应为绝密、机密、秘密之一，现为“机密级”。"];
    assert_eq!(said(&read.common), expected);
    assert_eq!(read.problems, []);
}

#[test]
fn a_hidden_sheet_of_common_values_or_scores_is_a_common_fault() {
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位"], &["甲局"]]);
        sheet(workbook, "公文要素", &[&["项目", "内容"], &["密级", "机密"]]);
        sheet(workbook, "草稿", &[&["无"]]);
        for name in ["公文要素", "草稿"] {
            workbook.worksheet_from_name(name).unwrap().set_hidden(true);
        }
    });
    assert_eq!(said(&read.common), ["公文要素：这个工作表是隐藏的，没有读取。"]);
    assert_eq!(said(&read.problems), ["草稿：这个工作表是隐藏的，没有读取。"]);
}

#[test]
fn rows_whose_unit_is_a_wrong_formula_belong_to_nobody() {
    let wrong = || Formula::new("=1/0").set_result("#DIV/0!");
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位", "标题"], &["甲局", ""], &["", "关于乙的报告"]]);
        let units = workbook.worksheet_from_name("各单位").unwrap();
        units.write_formula(2, 0, wrong()).unwrap();
        sheet(
            workbook,
            "评分表",
            &[
                &["单位", "部分", "指标", "分值", "自评得分"],
                &["甲局", "工作效果", "水平", "5", "4"],
                &["", "工作效果", "时效", "3", "3"],
                &["", "", "质量", "2", "2"],
            ],
        );
        let scores = workbook.worksheet_from_name("评分表").unwrap();
        scores.write_formula(2, 0, wrong()).unwrap();
    });
    assert_eq!(read.units.len(), 1);
    let total = &read.units[0].submission["scores"]["total"];
    assert_eq!(*total, json!({ "max_points": "5", "self_score": "4" }));
    let formula = "“单位”是没有结果或出错的公式，这一行没有读取。";
    assert_eq!(said(&read.problems), [format!("各单位!A3：{formula}")]);
    let expected =
        [format!("评分表!A3：{formula}"), "评分表!A4：没有写明单位，这一行没有读取。".to_owned()];
    assert_eq!(said(&read.common), expected);
}

#[test]
fn a_row_of_values_without_a_unit_is_reported() {
    let read = units(|workbook| {
        let rows: [&[&str]; 4] =
            [&["单位", "标题"], &["甲局", ""], &["", "关于乙的报告"], &["", " "]];
        sheet(workbook, "各单位", &rows);
    });
    assert_eq!(read.units.len(), 1);
    assert_eq!(said(&read.problems), ["各单位!A3：没有写明单位，这一行没有读取。"]);
}

#[test]
fn scores_above_the_first_unit_are_reported() {
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位"], &["甲局"]]);
        sheet(
            workbook,
            "评分表",
            &[
                &["单位", "部分", "指标", "分值", "自评得分"],
                &["", "工作效果", "水平", "5", "4"],
                &["甲局", "工作效果", "时效", "3", "3"],
            ],
        );
    });
    assert_eq!(said(&read.common), ["评分表!A2：没有写明单位，这一行没有读取。"]);
    let total = &read.units[0].submission["scores"]["total"];
    assert_eq!(*total, json!({ "max_points": "3", "self_score": "3" }));
}

#[test]
fn texts_that_grow_by_repetition_are_refused() {
    let long = "救".repeat(30_000);
    let names: Vec<String> = (0..1_000).map(|index| format!("第{index}局")).collect();
    let read = |heads: &[&str], text: &str, opening: &str| {
        let mut workbook = Workbook::new();
        let mut rows = vec![heads.to_vec()];
        rows.extend(names.iter().map(|name| vec![name.as_str(), text]));
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        sheet(&mut workbook, "各单位", &rows);
        sheet(&mut workbook, "公文要素", &[&["项目", "内容"], &["开头", opening]]);
        read_units::read(&workbook.save_to_buffer().unwrap()).map(|read| read.units.len())
    };
    // 90,000 bytes for each of 1,000 units: once common to all, once as a shared string of the file.
    assert_eq!(read(&["单位"], "", &long), Err(ImportError::TooLarge));
    assert_eq!(read(&["单位", "标题"], &long, ""), Err(ImportError::TooLarge));
    assert_eq!(read(&["单位", "标题"], "报告", "救助"), Ok(1_000));
}

#[test]
fn a_sheet_of_too_many_numbers_is_refused() {
    let mut workbook = Workbook::new();
    sheet(&mut workbook, "各单位", &[&["单位"], &["甲局"]]);
    let scores = workbook.add_worksheet();
    scores.set_name("评分表").unwrap();
    for row in 0..14_000 {
        for column in 0..100 {
            scores.write_number(row, column, 1).unwrap();
        }
    }
    let read = read_units::read(&workbook.save_to_buffer().unwrap());
    assert_eq!(read.map(|read| read.units.len()), Err(ImportError::TooLarge));
}

#[test]
fn the_scores_of_a_thousand_units_are_read() {
    let names: Vec<String> = (0..1_000).map(|index| format!("第{index}局")).collect();
    let read = units(|workbook| {
        let mut rows: Vec<Vec<&str>> = vec![vec!["单位"]];
        let mut scores = vec![vec!["单位", "部分", "指标", "分值", "自评得分"]];
        for name in &names {
            rows.push(vec![name]);
            scores.extend((0..20).map(|_| vec![name.as_str(), "效果", "水平", "5", "4"]));
        }
        sheet(workbook, "各单位", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        sheet(workbook, "评分表", &scores.iter().map(Vec::as_slice).collect::<Vec<_>>());
    });
    assert_eq!((read.units.len(), said(&read.problems)), (1_000, Vec::new()));
    let expected = json!({ "max_points": "100", "self_score": "80" });
    assert!(read.units.iter().all(|unit| unit.submission["scores"]["total"] == expected));
}

#[test]
fn the_score_table_is_marked_among_the_attachments_of_the_unit() {
    let marked = json!([{ "title": "自评表", "score_table": true }]);
    let common_mark = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位", "附件"], &["甲局", "自评表"]]);
        sheet(workbook, "公文要素", &[&["项目", "内容"], &["自评表附件", "自评表"]]);
    });
    assert_eq!(common_mark.units[0].submission["document"]["attachments"], marked);
    assert_eq!((said(&common_mark.problems), said(&common_mark.common)), (vec![], vec![]));
    assert_eq!(common_mark.units[0].problems, []);
}

#[test]
fn the_score_table_of_the_unit_replaces_the_common_one() {
    let read = units(|workbook| {
        sheet(
            workbook,
            "各单位",
            &[&["单位", "附件", "自评表附件"], &["甲局", "", "乙表"], &["丙局", "丁", ""]],
        );
        sheet(
            workbook,
            "公文要素",
            &[&["项目", "内容"], &["附件", "甲表\n乙表"], &["自评表附件", "甲表"]],
        );
    });
    let of_first = json!([{ "title": "甲表" }, { "title": "乙表", "score_table": true }]);
    assert_eq!(read.units[0].submission["document"]["attachments"], of_first);
    assert_eq!(said(&read.units[1].problems), ["公文要素!B3：“附件”中没有这个名称。"]);
}

#[test]
fn two_rows_of_one_unit_both_have_the_fault() {
    let read = units(|workbook| {
        sheet(workbook, "各单位", &[&["单位"], &["甲局"], &["乙局"], &["甲局"], &["甲局"]]);
    });
    let of = |unit: usize| said(&read.units[unit].problems);
    assert_eq!(of(0), ["各单位!A2：“甲局”重复。"]);
    assert_eq!(of(1), Vec::<String>::new());
    assert_eq!(
        (of(2), of(3)),
        (vec!["各单位!A4：“甲局”重复。".to_owned()], vec!["各单位!A5：“甲局”重复。".to_owned()])
    );
}

#[test]
fn one_document_that_does_not_fit_spares_the_others() {
    let entry = |max: &str, narrative: Vec<String>| json!({ "title": "效果", "kind": "base", "max_points": max, "self_score": "1", "narrative": narrative });
    let long = vec!["助".repeat(9_000); 4];
    let most = "79228162514264337593543950335";
    let scores = |sections: Vec<Value>, max: &str| {
        let total = json!({ "max_points": max, "self_score": "2" });
        json!({ "document": {}, "scores": { "total": total, "sections": sections } })
    };
    let overflow = scores(vec![entry(most, Vec::new()), entry(most, Vec::new())], most);
    let total = TemplateError::NotExpressed("/scores/total".to_owned());
    assert_eq!(total.to_string(), "模板中没有总分的位置。");
    assert_eq!(template::filled(&overflow), Err(total));
    let mut reasons = to_mend("丁局", json!({ "document": {} }));
    reasons.reasons = vec!["错".repeat(30_000), "误".repeat(30_000)];
    let read = mended(vec![
        to_mend("甲局", scores(vec![entry("1", long), entry("1", Vec::new())], "2")),
        to_mend("乙局", overflow),
        to_mend(&"丙".repeat(33_000), json!({ "document": {} })),
        reasons,
        to_mend("戊局", scores(vec![entry("1", Vec::new()), entry("1", Vec::new())], "2")),
    ]);
    let has_scores: Vec<bool> =
        read.units.iter().map(|unit| unit.submission.get("scores").is_some()).collect();
    assert_eq!(has_scores, [false, false, false, false, true]);
}

/// The reasons in the last column of 各单位, one text for each document.
pub(crate) fn reasons(documents: Vec<ToMend>) -> Vec<String> {
    let mut workbook = Xlsx::new(Cursor::new(write_units::to_mend(documents).unwrap())).unwrap();
    let rows = workbook.worksheet_range("各单位").unwrap();
    let reason = |row: &[Data]| row.last().unwrap().to_string();
    rows.rows().skip(1).map(reason).collect()
}

#[test]
fn the_reasons_say_why_a_content_is_absent() {
    let of = |content: Result<Value, Missing>| ToMend {
        name: "甲局".to_owned(),
        content,
        reasons: vec!["标题为空。".to_owned()],
    };
    let article = json!({ "document": {}, "body": [{ "article": "一条" }] });
    let total =
        json!({ "document": {}, "scores": { "total": { "max_points": "1", "self_score": "1" } } });
    let contents = [
        Err(Missing::Removed),
        Err(Missing::Damaged),
        Err(Missing::Unreadable),
        Err(Missing::NoRoom),
        Ok(article),
        Ok(total),
    ];
    let expected = [
        "内容已不再保存，请在原文件中更正。",
        "所存的内容已损坏，请在原文件中更正。",
        "内容不能读取，或超出限度，请在原文件中更正。",
        "工作簿已写满，没有列出内容；请先更正前面各份，或在原文件中更正。",
        "内容不能写成Excel（正文），请在原文件中更正。",
        "有的内容在Excel表格中没有位置，请在原文件中更正。",
    ];
    let expected = expected.map(|sentence| format!("{sentence}\n标题为空。"));
    assert_eq!(reasons(contents.map(of).to_vec()), expected);
    // Fifty reasons leave room for why the content is absent.
    let many = ToMend { reasons: vec!["错。".to_owned(); 80], ..of(Err(Missing::Removed)) };
    assert!(reasons(vec![many])[0].starts_with("内容已不再保存"));
}
