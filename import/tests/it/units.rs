//! Workbooks of many units: each row becomes a submission, and faults name the unit and the cell.

use hongtou_import::workbook::read_units::{self, Units};
use hongtou_import::workbook::write_units::{self, ToMend};
use rust_xlsxwriter::Workbook;
use serde_json::json;

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

#[test]
fn documents_to_mend_are_read_back() {
    let seed = fixture("valid/bazhong-2021-38.json");
    let document = |name: &str| ToMend {
        name: name.to_owned(),
        submission: Some(seed.clone()),
        reasons: vec!["标题为空。".to_owned()],
    };
    let file = write_units::to_mend(&[document("甲局"), document("乙局")]).unwrap();
    let read = read_units::read(&file).unwrap();
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
    let said = |problem: &hongtou_import::report::Problem| {
        format!("{}：{}", problem.place, problem.message)
    };
    let of_second: Vec<String> = read.units[1].problems.iter().map(said).collect();
    assert_eq!(of_second, ["评分表!D4：分值应为数，现为文本“十”。"]);
    let of_file: Vec<String> = read.problems.iter().map(said).collect();
    assert_eq!(of_file, ["评分表!A5：“各单位”中没有“丙局”。"]);
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
    let places = |problems: &[hongtou_import::report::Problem]| -> Vec<String> {
        problems.iter().map(|problem| problem.place.clone()).collect()
    };
    assert_eq!(places(&read.problems), ["各单位!C1"]);
    assert_eq!(places(&read.units[0].problems), ["各单位!B2"]);
    assert_eq!(places(&read.units[1].problems), ["各单位!A3"]);
    assert!(read_units::read(b"PK not a workbook").is_err());
    let template = read_units::read(&write_units::empty().unwrap()).unwrap();
    assert_eq!((template.units.len(), places(&template.problems)), (0, vec!["各单位".to_owned()]));
}

#[test]
fn a_document_that_a_workbook_cannot_express_has_its_reasons() {
    let submission = Some(json!({ "document": {}, "body": [{ "article": "一条" }] }));
    let document = ToMend { name: "第3行".to_owned(), submission, reasons: Vec::new() };
    let read = read_units::read(&write_units::to_mend(&[document]).unwrap()).unwrap();
    assert_eq!(read.units[0].name, "第3行");
    assert_eq!(read.units[0].submission, json!({ "document": {} }));
}
