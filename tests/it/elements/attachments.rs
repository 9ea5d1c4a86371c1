//! Attachments with content: where they begin, their heads, and what follows (B-21, B-22, N-6).

use hongtou::render::typesetter::Typesetter;
use hongtou::validate::filing::Filing;

use crate::elements::tables::layout;
use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::{Faults, body_lines};
use crate::pages::ruler::{Line, MeasuredPage, measure};

const LEFT: f64 = 28.0;
const TOP: f64 = 37.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const ONE_LINE: f64 = 10.39;

/// Every fault of the notice with three attachments that have content and one that is only named.
pub fn seen_by(typesetter: &Typesetter, filing: &Filing) -> Vec<String> {
    match typesetter.lay_out(filing) {
        Ok(laid_out) => faults(&measure(&laid_out)),
        Err(error) => vec![error.to_string()],
    }
}

fn faults(pages: &[MeasuredPage]) -> Vec<String> {
    let mut faults = Faults::default();
    faults.holds("V-3", format!("six pages, not {}", pages.len()), pages.len() == 6);
    if pages.len() != 6 {
        return faults.0;
    }
    let titles = [
        ("附件1", "2024年第二批困难群众救助补助资金分配表"),
        ("附件2", "困难群众救助补助资金绩效目标"),
        ("附件3", "困难群众救助补助资金管理联络员名单"),
    ];
    let list: String = body_lines(&pages[1]).iter().map(Line::text).collect();
    for (page, (label, title)) in pages[2..5].iter().zip(titles) {
        head_rules(page, label, title, &mut faults);
        let named = format!("{}.{title}", &label["附件".len()..]);
        faults.holds("B-22", format!("附件说明 names {named}"), list.contains(&named));
    }
    text_rules(&pages[2], &mut faults);
    for (index, page) in pages.iter().enumerate() {
        let number_line = page.lines().last().map(Line::text).unwrap_or_default();
        let number = format!("—{}—", index + 1);
        faults.holds(
            "N-6",
            format!("the numbers continue: {number_line}, not {number}"),
            number_line == number,
        );
    }
    let colophon = pages[5].lines().iter().any(|line| line.text().contains("2024年6月17日印发"));
    faults.holds("B-21", "the colophon follows the attachments", colophon);
    layout::portrait_rules(&pages[2], &mut faults);
    faults.0
}

/// B-21: the label on line 1, the title on line 3, then one line.
fn head_rules(page: &MeasuredPage, label: &str, title: &str, faults: &mut Faults) {
    let lines = page.lines();
    let (first, second, third) = (&lines[0], &lines[1], &lines[2]);
    faults.holds("B-21", format!("“{}” is {label}", first.text()), first.text() == label);
    faults.near("B-21", "left edge of 附件", first.left(), LEFT, 0.05);
    faults.near("B-21", "附件 on line 1", first.em_top(), TOP, 0.05);
    let is_heiti = first.glyphs.iter().all(|glyph| glyph.family == "Noto Sans SC");
    faults.holds("B-21", "附件 in 黑体", is_heiti);
    faults.near("B-21", "size of 附件", first.size(), 15.79, 0.1);
    faults.holds("B-22", format!("“{}” is {title}", second.text()), second.text() == title);
    faults.near("B-21", "the title on line 3", second.em_top(), TOP + 2.0 * PITCH, 0.05);
    faults.near("B-21", "the title in the middle", second.centre(), 106.0, 0.1);
    faults.near("B-21", "size of the title", second.size(), 22.0, 0.1);
    let is_song = second.glyphs.iter().all(|glyph| glyph.family == "Noto Serif SC");
    faults.holds("B-21", "the title in 小标宋", is_song);
    if (third.size() - first.size()).abs() < 0.1 {
        let gap = third.em_top() - second.em_bottom();
        faults.near("B-21", "one line below the title", gap, ONE_LINE, 0.1);
    }
}

/// PG-7: the text below a table is on the same grid as the text above it.
fn text_rules(page: &MeasuredPage, faults: &mut Faults) {
    let lines = body_lines(page);
    let above = lines.iter().find(|line| line.text().starts_with("按照因素法"));
    let below = lines.iter().find(|line| line.text().starts_with("以上资金"));
    let Some((above, below)) = above.zip(below) else {
        faults.holds("B-21", "text above and below the table", false);
        return;
    };
    let rows = (below.em_top() - above.em_top()) / PITCH;
    faults.near("PG-7", "grid lines from text to text", rows, rows.round(), 0.005);
    faults.near("B-5", "two characters in", below.left(), LEFT + 2.0 * CELL, 0.05);
}

#[test]
fn attachments_begin_new_pages_before_the_colophon() {
    let seen = seen_by(&TYPESETTER, &seed::valid("notice-attachments"));
    assert_eq!(seen, Vec::<String>::new());
}

#[test]
fn a_single_attachment_has_no_number() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("report-project-table")).unwrap();
    assert_eq!(measure(&laid_out)[2].lines()[0].text(), "附件");
}

/// N-5: a table that ends on an even page is followed by a blank page and the page of the colophon,
/// both without a number.
#[test]
fn a_blank_page_after_a_full_even_page_has_no_number() {
    let laid_out = TYPESETTER.lay_out(&seed::valid("notice-landscape-table")).unwrap();
    let last = |page: &MeasuredPage| page.lines().last().map(Line::text).unwrap_or_default();
    let ends: Vec<String> = measure(&laid_out).iter().map(last).collect();
    let count = ends.len();
    assert_eq!(ends[count - 3], format!("—{}—", count - 2));
    assert_eq!(ends[count - 2], "");
    assert!(ends[count - 1].ends_with("印发"), "{}", ends[count - 1]);
}

/// B-23: an attachment that is bound separately shows the number of its document.
#[test]
fn an_attachment_bound_separately_shows_the_document_number() {
    let bytes = fixture::bytes("valid", "notice-attachments");
    let mut filing: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    filing["document"]["attachments"][1]["binding"] = serde_json::json!("separate");
    let pages = measure(&TYPESETTER.lay_out(&seed::filing(&filing)).unwrap());
    let mut faults = Faults::default();
    head_rules(&pages[2], "附件1", "2024年第二批困难群众救助补助资金分配表", &mut faults);
    head_rules(&pages[3], "安财社〔2024〕62号附件2", "困难群众救助补助资金绩效目标", &mut faults);
    assert_eq!(faults.0, Vec::<String>::new());
}

/// The measures of a cover page, which are the program's own (B-21).
pub fn cover_faults(typesetter: &Typesetter, filing: &Filing) -> Vec<String> {
    let pages = match typesetter.lay_out(filing) {
        Ok(laid_out) => measure(&laid_out),
        Err(error) => return vec![error.to_string()],
    };
    let lines = pages.iter().map(|page| (page, page.lines()));
    let found = lines.into_iter().find_map(|(page, lines)| {
        let entry = lines.iter().position(|line| line.text().starts_with("部门名称"))?;
        Some((page, lines[entry - 1].clone(), lines[entry].clone()))
    });
    let Some((page, title, entry)) = found else { return vec!["B-21: no cover".to_owned()] };
    let mut faults = Faults::default();
    faults.near("B-21", "the title", title.em_top(), TOP + CELL + 5.0 * PITCH, 0.05);
    faults.near("B-21", "the first entry", entry.em_top(), title.em_bottom() + 3.0 * PITCH, 0.05);
    faults.near("B-21", "its label", entry.left(), LEFT + 3.0 * CELL, 0.05);
    let rule = page.rules.iter().find(|rule| rule.width > 60.0).map_or(f64::NAN, |rule| rule.y);
    faults.near("B-21", "its rule", rule, entry.em_bottom() + (PITCH - CELL) / 4.0, 0.05);
    faults.0
}

#[test]
fn a_cover_page_has_its_measures() {
    let filing = seed::valid("attachment-cover");
    assert_eq!(cover_faults(&TYPESETTER, &filing), Vec::<String>::new());
}

/// The cover page of a form: the label, the title and a line for each entry; the content begins on the
/// next page, without a title.
#[test]
fn a_cover_page_comes_before_the_content() {
    let json = seed::valid_json("attachment-cover");
    let pages = measure(&TYPESETTER.lay_out(&seed::filing(&json)).unwrap());
    let has = |page: &MeasuredPage, text: &str| {
        page.lines().iter().any(|line| line.text().contains(text))
    };
    let title = "2023年度部门整体支出绩效自评表";
    let cover = pages.iter().position(|page| has(page, "部门预算编码：218001")).unwrap();
    let lines = pages[cover].lines();
    let at = |text: &str| lines.iter().find(|line| line.text().contains(text)).unwrap();
    assert_eq!(lines[0].text(), "附件");
    assert!((at(title).centre() - 106.0).abs() < 0.5, "{}", at(title).centre());
    let entries = ["部门名称", "部门预算编码", "评价方式", "评价机构", "填报人", "报告日期"];
    let tops: Vec<f64> = entries.iter().map(|label| at(label).em_top()).collect();
    assert!(at(title).em_bottom() + 2.0 * PITCH < tops[0]);
    for pair in tops.windows(2) {
        assert!((1.5..1.8).contains(&((pair[1] - pair[0]) / PITCH)), "{tops:?}");
    }
    // An empty entry has a line to be filled in, like the others.
    let rules = pages[cover].rules.iter().filter(|rule| rule.width > 60.0);
    assert_eq!(rules.count(), entries.len());
    assert!(has(&pages[cover + 1], "一级指标") || pages[cover + 1].glyphs[0].is_rotated);
    assert!(!has(&pages[cover + 1], title));
}

/// Each attachment with a score sheet of its own prints that sheet; the text has its total.
#[test]
fn an_attachment_prints_its_own_score_sheet() {
    let pages = measure(&TYPESETTER.lay_out(&seed::valid("attachment-scores")).unwrap());
    // In the order of the file, in which the text of a cell is contiguous; without the page numbers.
    let text = |page: &MeasuredPage| -> String {
        let glyphs = page.glyphs.iter().filter(|glyph| glyph.is_rotated || glyph.baseline < 262.0);
        glyphs.map(|glyph| glyph.text.as_str()).collect()
    };
    let with = |part: &str| pages.iter().map(text).find(|text| text.contains(part)).unwrap();
    let all: String = pages.iter().map(text).collect();
    assert!(all.contains("部门整体支出自评得分90分，项目支出自评得分96分"), "{all}");
    let (department, project) = (with("储备粮轮换"), with("必要性"));
    assert!(department.contains("合计10090"), "{department}");
    assert!(project.contains("出库台账登记不够及时"), "{project}");
    assert!(all.contains("合计10096"), "{all}");
}
