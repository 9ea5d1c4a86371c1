//! The template: filled from a submission and read back, it gives the same submission.

use hongtou_import::import;
use hongtou_import::workbook::template;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::compare::{differences, fixture, names};
use crate::hostile::workbook;

#[test]
fn a_filled_template_is_read_back() {
    let mut expressed = Vec::new();
    for folder in ["valid", "real", "warned"] {
        for name in names(folder) {
            let submission = fixture(&format!("{folder}/{name}.json"));
            let Ok(workbook) = template::filled(&submission) else { continue };
            let read = import(&workbook).unwrap();
            assert_eq!(differences(&submission, &read.submission), Vec::<String>::new(), "{name}");
            assert_eq!(read.problems, [], "{name}");
            expressed.push(name);
        }
    }
    eprintln!("{} fixtures: {expressed:?}", expressed.len());
    assert!(expressed.contains(&"bazhong-2021-38".to_owned()), "{expressed:?}");
    assert!(expressed.len() >= 20, "{expressed:?}");
}

#[test]
fn the_template_has_the_same_bytes_each_time() {
    assert_eq!(template::empty().unwrap(), template::empty().unwrap());
    let read = import(&template::empty().unwrap()).unwrap();
    assert_eq!(read.submission, json!({ "document": {} }));
    assert_eq!(read.problems, []);
}

/// A workbook with a score sheet of one row.
fn with_scores(write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("评分表").unwrap();
    let heads =
        ["部分", "类型", "类", "指标", "分值", "自评得分", "工作情况", "扣分原因", "佐证材料"];
    for (column, head) in heads.into_iter().enumerate() {
        sheet.write_string(0, column as u16, head).unwrap();
    }
    write(sheet);
    workbook.save_to_buffer().unwrap()
}

fn said(file: &[u8]) -> Vec<String> {
    let read = import(file).unwrap();
    let faults = read.problems.iter().filter(|problem| !problem.place.is_empty());
    faults.map(|problem| format!("{}：{}", problem.place, problem.message)).collect()
}

#[test]
fn faults_name_the_cell() {
    let file = with_scores(|sheet| {
        sheet.write_string(1, 0, "工作效果").unwrap();
        sheet.write_string(1, 1, "基础分").unwrap();
        sheet.write_string(1, 3, "救助水平").unwrap();
        sheet.write_string(1, 4, "五").unwrap();
        sheet.write_number(1, 5, 5).unwrap();
        sheet.write_string(2, 3, "到位情况").unwrap();
        sheet.write_number(2, 4, 1.234).unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet
            .write_datetime_with_format(2, 5, ExcelDateTime::from_ymd(2021, 3, 1).unwrap(), &date)
            .unwrap();
    });
    let expected = [
        "评分表!B2：类型应为基本分、加分项或扣分项，现为“基础分”。",
        "评分表!E2：分值应为数，现为文本“五”。",
        "评分表!E3：分值1.234的小数多于两位。",
        "评分表!F3：自评得分应为数，现为日期2021-03-01，请检查单元格格式。",
    ];
    assert_eq!(said(&file), expected);
}

#[test]
fn a_formula_without_a_result_is_a_fault() {
    let text = |cell: &str, text: &str| {
        format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let head = [text("A1", "部分"), text("B1", "分值"), text("C1", "自评得分")].concat();
    let row =
        format!("{}<c r=\"B2\"><v>5</v></c><c r=\"C2\"><f>B2</f></c>", text("A2", "工作效果"));
    let file = workbook(&format!("<row r=\"1\">{head}</row><row r=\"2\">{row}</row>"));
    assert_eq!(
        said(&file),
        ["评分表!C2：自评得分是没有结果的公式，请用Excel或WPS打开并保存一次。"]
    );
}

#[test]
fn typed_numbers_and_merged_cells_are_read() {
    let file = with_scores(|sheet| {
        sheet.merge_range(1, 0, 2, 0, "工作效果", &Format::new()).unwrap();
        sheet.merge_range(1, 2, 2, 2, "救助水平", &Format::new()).unwrap();
        for (row, title, max, own) in [(1, "标准", "４．５", " 4.5 "), (2, "到位", "5分", "5.00")]
        {
            sheet.write_string(row, 3, title).unwrap();
            sheet.write_string(row, 4, max).unwrap();
            sheet.write_string(row, 5, own).unwrap();
        }
        sheet.write_string(3, 0, "=cmd|' /C calc'!A0").unwrap();
        sheet.write_string(3, 3, "<script>alert(1)</script>").unwrap();
        sheet.write_number(3, 4, 0.1 + 0.2).unwrap();
        sheet.write_number(3, 5, 7.199_999_999_999_999).unwrap();
    });
    let read = import(&file).unwrap();
    let scores = &read.submission["scores"];
    assert_eq!(scores["total"], json!({ "max_points": "9.8", "self_score": "16.7" }));
    let group = &scores["sections"][0]["groups"][0];
    assert_eq!(group["title"], "救助水平");
    assert_eq!(group["indicators"].as_array().map(Vec::len), Some(2));
    // Formulas and markup are plain text.
    assert_eq!(scores["sections"][1]["title"], "=cmd|' /C calc'!A0");
    assert_eq!(scores["sections"][1]["indicators"][0]["title"], "<script>alert(1)</script>");
}

#[test]
fn hidden_sheets_are_skipped_and_named() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("公文要素").unwrap().write_string(0, 0, "标题").unwrap();
    let hidden = workbook.add_worksheet();
    hidden.set_name("评分表").unwrap().set_hidden(true);
    let file = workbook.save_to_buffer().unwrap();
    assert_eq!(said(&file), ["评分表：这个工作表是隐藏的，没有读取。"]);
    assert_eq!(import(&file).unwrap().submission.get("scores"), None::<&Value>);
}
