//! Elements that only some of the fifteen kinds have: 题注, forms of 发文字号, pages without 版记.

use std::collections::BTreeSet;

use hongtou::document::kind::DocumentKind;
use serde_json::json;

use crate::elements::closing::{json_of, pages_of, text_lines, word};
use crate::elements::forms::{BOTTOM, CELL, LEFT, ONE_LINE, PITCH, RIGHT, found, mark, rules};
use crate::fixture;
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage};

const KAITI: &str = "LXGW WenKai";

fn none(faults: &Faults) {
    assert_eq!(faults.0, Vec::<String>::new());
}

fn text_of(pages: &[MeasuredPage]) -> String {
    pages.iter().flat_map(text_lines).map(|line| line.text()).collect()
}

/// No page has 版记, and none was added for it.
fn has_no_colophon(pages: &[MeasuredPage], faults: &mut Faults) {
    let is_small = |line: &Line| (13.5..14.5).contains(&line.size()) && line.baseline < BOTTOM;
    for page in pages {
        faults.holds("V-1", "no rules of a colophon", rules(page, false).is_empty());
        faults.holds("V-6", "no 印发", !page.lines().iter().any(is_small));
        faults.holds("V-3", "no page without text", !text_lines(page).is_empty());
    }
}

/// The middle of the ink of a line: its brackets have only half of their cells.
fn ink_centre(line: &Line) -> f64 {
    let ink = line.glyphs.iter().map(|glyph| glyph.ink_x);
    let (left, right) = ink.fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), ink| {
        (left.min(ink.0), right.max(ink.1))
    });
    f64::midpoint(left, right)
}

#[test]
fn every_kind_has_a_fixture() {
    let names = fixture::names("valid").into_iter().filter(|name| name.starts_with("kind-"));
    let kinds: BTreeSet<String> = names
        .map(|name| json_of(&name)["document"]["document_kind"].as_str().unwrap().to_owned())
        .collect();
    // 命令 and 令 are one kind.
    let all: BTreeSet<String> = DocumentKind::ALL
        .into_iter()
        .filter(|kind| *kind != DocumentKind::Command)
        .map(|kind| kind.name().to_owned())
        .collect();
    assert_eq!(kinds, all);
}

/// A resolution or a communique: 题注 below the title, no 署名, no date below the text.
#[test]
fn what_a_meeting_adopted_has_its_date_below_the_title() {
    let mut faults = Faults::default();
    for (name, start, first) in [
        ("kind-resolution", "（2024年1月18日", "云州市第五届人民代表大会第四次会议听取"),
        ("kind-communique", "（2024年4月12日", "云州市城乡融合发展工作会议于"),
    ] {
        let pages = pages_of(&json_of(name));
        let (Some((note, title)), Some((body, _))) =
            (found(&pages[0], start), found(&pages[0], first))
        else {
            faults.holds("题注", format!("{name}: 题注 and text on page 1"), false);
            continue;
        };
        faults.near("题注", "in the middle", ink_centre(&note), f64::midpoint(LEFT, RIGHT), 0.5);
        faults.holds("题注", "in 楷体", note.glyphs[0].family == KAITI);
        let title_bottom = title.map_or(f64::NAN, |line| line.em_bottom());
        faults.near("题注", "below the title", note.em_top() - title_bottom, 4.75, 0.1);
        faults.near(
            "题注",
            "the text one line below",
            body.em_top() - note.em_bottom(),
            ONE_LINE,
            0.1,
        );
        let lines: Vec<Line> = pages.iter().flat_map(text_lines).collect();
        let last = lines.last().map(Line::text).unwrap_or_default();
        faults.holds("署名", format!("the text ends the page: {last}"), last.ends_with('。'));
        has_no_colophon(&pages, &mut faults);
    }
    none(&faults);
}

#[test]
fn numbers_take_the_form_of_their_series() {
    let mut faults = Faults::default();
    for (name, number) in [
        ("kind-communique", "第1号"),
        ("kind-proclamation", "2023年第37号"),
        ("kind-public-notice", "〔2023〕第15号"),
        ("kind-order", "2023年第37号"),
        ("kind-minutes", "第5期"),
    ] {
        let pages = pages_of(&json_of(name));
        let line = found(&pages[0], number).map(|(line, _)| line);
        let text = line.as_ref().map(Line::text).unwrap_or_default();
        faults.holds("H-11", format!("{name}: {text}"), text == number);
        let centre = line.as_ref().map_or(f64::NAN, ink_centre);
        faults.near("H-10", "the number in the middle", centre, f64::midpoint(LEFT, RIGHT), 0.5);
    }
    none(&faults);
}

#[test]
fn published_documents_need_no_colophon() {
    let mut faults = Faults::default();
    for name in ["kind-proclamation", "kind-public-notice", "kind-order"] {
        has_no_colophon(&pages_of(&json_of(name)), &mut faults);
    }
    let pages = pages_of(&json_of("kind-public-notice"));
    let mark = mark(&pages[0]);
    faults.holds("H-5", format!("the mark: {}", mark.text), mark.text == "云州市人民政府通告");
    // 抄送 without 印发 is between two rules, on an even page.
    let mut filing = json_of("kind-public-notice");
    filing["document"]["copy_recipients"] = json!(["市城市管理局"]);
    let pages = pages_of(&filing);
    faults.holds("V-3", "an even page", pages.len() == 2);
    let rules: Vec<f64> =
        pages[1].rules.iter().filter(|rule| !rule.is_red).map(|rule| rule.y).collect();
    faults.holds("V-1", format!("two rules: {rules:?}"), rules.len() == 2);
    let last = rules.iter().copied().fold(f64::NAN, f64::max);
    faults.near("V-2", "the last at the foot", last, BOTTOM, 0.2);
    none(&faults);
}

#[test]
fn minutes_without_a_sign_off_show_only_the_date() {
    let mut faults = Faults::default();
    let mut filing = json_of("kind-minutes");
    // On one page, so that no line of the text moves with the date.
    filing["body"].as_array_mut().unwrap().truncate(3);
    let pages = pages_of(&filing);
    let (last, date) = (word(&pages, "列席：办公室"), word(&pages, "2024年10月25日"));
    faults.near("B-14", "the date two from the right", date.right, RIGHT - 2.0 * CELL, 0.1);
    faults.near("B-14", "one line below the lists", date.em_top - last.em_bottom, ONE_LINE, 0.1);
    let names = text_of(&pages).matches("云州市民政局").count();
    faults.holds("S1 10.3", "the agency only in the title", names == 0);
    none(&faults);
}

#[test]
fn annotations_are_one_below_the_other() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("kind-opinion"));
    let (first, second) =
        (word(&pages, "（此件公开发布）"), word(&pages, "（联系人：市民政局养老服务科）"));
    faults.near("B-20", "the first two from the left", first.left, LEFT + 2.0 * CELL, 0.1);
    faults.near("B-20", "the second below it", second.left, first.left, 0.05);
    faults.near("B-20", "on the next line", second.em_top - first.em_top, PITCH, 0.3);
    none(&faults);
}

#[test]
fn classes_of_recipients_are_separated_by_commas() {
    let decision = text_of(&pages_of(&json_of("kind-decision")));
    assert!(decision.contains("各县（市、区）人民政府，市级各部门、各直属机构："), "{decision}");
}
