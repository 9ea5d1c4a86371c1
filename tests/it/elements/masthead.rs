//! Checks 版头 and 标题 of every kind of issuer against the standard, with the ids of its clauses.
//!
//! Expected values are computed from the submission, independently of the program.

use hongtou::render::typesetter::Typesetter;
use serde_json::{Value, json};

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Glyph, Line, MM_PER_PT, MeasuredPage, measure};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
const MIDDLE: f64 = 106.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const TWO_LINES: f64 = 20.78;

const KAITI: &str = "LXGW WenKai";
const HEITI: &str = "Noto Sans SC";
const SERIF: &str = "Noto Serif SC";

/// The sizes of the mark in points, each with the shortest single name that, with 文件, does not fit the
/// previous size (H-7).
const SIZES_ALONE: [(f64, usize); 11] = [
    (42.0, 8),
    (39.0, 9),
    (36.0, 10),
    (33.0, 11),
    (30.0, 12),
    (27.0, 14),
    (24.0, 16),
    (22.0, 18),
    (20.0, 20),
    (18.0, 22),
    (16.0, 25),
];
/// The same for several names: the size and the number of characters of the widest name (H-9).
const SIZES_JOINT: [(f64, usize); 3] = [(20.0, 16), (18.0, 18), (16.0, 20)];

/// The texts of a list in a filing.
fn texts(document: &Value, key: &str) -> Vec<String> {
    let list = document[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Every fault of the masthead and the title of a filing.
fn faults_of(filing: &Value, page: &MeasuredPage) -> Vec<String> {
    let document = &filing["document"];
    let mut faults = Faults::default();
    label_rules(document, page, &mut faults);
    let bottom = mark_rules(document, page, &mut faults);
    number_rules(document, page, bottom, &mut faults);
    title_rules(document, page, &mut faults);
    faults.0
}

/// H-1 to H-4.
fn label_rules(document: &Value, page: &MeasuredPage, faults: &mut Faults) {
    let classification = &document["classification"];
    let level = classification["level"].as_str();
    let expected = [
        document["copy_number"].as_i64().map(|number| format!("{number:06}")),
        level.map(|level| match classification["years"].as_i64() {
            Some(years) => format!("{level}★{years}年"),
            None => level.to_owned(),
        }),
        document["urgency"].as_str().map(str::to_owned),
    ];
    let expected: Vec<String> = expected.into_iter().flatten().collect();
    let above: Vec<Line> =
        page.lines().into_iter().filter(|line| line.em_bottom() < 72.0).collect();
    let above: Vec<&Line> = above.iter().filter(|line| !line.glyphs[0].is_red).collect();
    let found: Vec<String> = above.iter().map(|line| line.text()).collect();
    faults.holds("H-4", format!("{expected:?} above the mark, not {found:?}"), found == expected);
    let is_spread = level.is_some() && classification["years"].is_null();
    for (row, line) in above.iter().enumerate() {
        let what = line.text();
        faults.near("H-4", &what, line.em_top(), TOP + row as f64 * PITCH, 0.05);
        faults.near("H-1", &format!("left edge of {what}"), line.left(), LEFT, 0.05);
        faults.near("H-1", &format!("size of {what}"), line.size(), CELL / MM_PER_PT, 0.05);
        let is_heiti = line.glyphs.iter().all(|glyph| glyph.family == HEITI);
        faults.holds("H-2", format!("{what} in 黑体"), is_heiti);
        if what.chars().count() == 2 {
            let cells = if is_spread { 2.0 } else { 1.0 };
            let apart = line.glyphs[1].x - line.glyphs[0].x;
            faults.near("H-3", &format!("pitch of {what}"), apart, cells * CELL, 0.05);
        }
    }
}

fn shown_names(document: &Value) -> Vec<String> {
    let mark = &document["issuer_mark"];
    let issuers = texts(document, "issuers");
    match (mark["text"].as_str(), mark["issuers"].as_str()) {
        (Some(text), _) => vec![text.to_owned()],
        (None, Some("lead")) => issuers[..1].to_vec(),
        _ => issuers,
    }
}

/// H-5 to H-9; returns the lower edge of the mark.
fn mark_rules(document: &Value, page: &MeasuredPage, faults: &mut Faults) -> f64 {
    let names = shown_names(document);
    let suffix = if document["issuer_mark"]["suffix"] == "无" { "" } else { "文件" };
    let mark: Vec<&Glyph> = page.glyphs.iter().filter(|glyph| glyph.is_red).collect();
    let text: String = mark.iter().map(|glyph| glyph.text.as_str()).collect();
    let expected = format!("{}{suffix}", names.concat());
    faults.holds("H-5", format!("the mark is {expected}, not {text}"), text == expected);
    if text != expected {
        return f64::NAN;
    }
    let min = |edge: &dyn Fn(&Glyph) -> f64| mark.iter().map(|g| edge(g)).fold(f64::MAX, f64::min);
    let max = |edge: &dyn Fn(&Glyph) -> f64| mark.iter().map(|g| edge(g)).fold(f64::MIN, f64::max);
    let (left, right) = (min(&|g| g.x), max(&|g| g.right()));
    let (top, bottom) = (min(&|g| g.ink.0), max(&|g| g.ink.1));
    faults.near("H-6", "upper edge of the mark", top, 72.0, 0.1);
    faults.near("H-6", "middle of the mark", f64::midpoint(left, right), MIDDLE, 0.1);
    let is_inside = left > LEFT - 0.01 && right < RIGHT + 0.01;
    faults.holds("H-9", format!("the mark extends from {left:.2} to {right:.2}"), is_inside);
    faults.holds("H-7", "the mark in 小标宋", mark.iter().all(|glyph| glyph.family == SERIF));
    if names.len() > 1 {
        joint_rules(&names, &mark, faults);
        if !suffix.is_empty() {
            let suffix_glyphs = &mark[mark.len() - 2..];
            let names_right = mark[..mark.len() - 2].iter().map(|g| g.right()).fold(0.0, f64::max);
            faults.near("H-8", "names to 文件", suffix_glyphs[0].x - names_right, 10.5, 0.1);
            faults.near("H-8", "size of 文件", suffix_glyphs[0].size, 42.0, 0.1);
            let middle = f64::midpoint(
                suffix_glyphs[0].ink.0,
                suffix_glyphs[0].ink.1.max(suffix_glyphs[1].ink.1),
            );
            faults.near("H-8", "middle of 文件", middle, f64::midpoint(top, bottom), 1.0);
        }
    }
    bottom
}

/// H-8: names of equal width, at equal distances.
fn joint_rules(names: &[String], mark: &[&Glyph], faults: &mut Faults) {
    let size = mark[0].size * MM_PER_PT;
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let mut rest = mark;
    let mut rows: Vec<&[&Glyph]> = Vec::new();
    for name in names {
        let (row, after) = rest.split_at(name.chars().count());
        rows.push(row);
        rest = after;
    }
    for (index, (row, name)) in rows.iter().zip(names).enumerate() {
        let (first, last) = (row[0], row[row.len() - 1]);
        faults.near("H-8", &format!("left edge of {name}"), first.x, rows[0][0].x, 0.05);
        let width = last.right() - first.x;
        faults.near("H-8", &format!("width of {name}"), width, widest as f64 * size, 0.05);
        let down = first.baseline - rows[0][0].baseline;
        let pitch = index as f64 * size * 20.2 / (42.0 * MM_PER_PT);
        faults.near("H-8", &format!("{name} below the first"), down, pitch, 0.1);
    }
}

/// H-10 to H-16.
fn number_rules(document: &Value, page: &MeasuredPage, mark_bottom: f64, faults: &mut Faults) {
    let posted = &document["document_number"];
    let code = posted["agency_code"].as_str().unwrap();
    let number = format!("{code}〔{}〕{}号", posted["year"], posted["serial"]);
    let rule = page.rules.iter().find(|rule| rule.is_red).map_or(f64::NAN, |rule| rule.y);
    let lines: Vec<Line> = page.lines().into_iter().filter(|line| !line.glyphs[0].is_red).collect();
    let lines: Vec<&Line> =
        lines.iter().filter(|l| l.em_top() > mark_bottom && l.em_bottom() < rule).collect();
    let Some((first, last)) = lines.first().zip(lines.last()) else {
        faults.holds("H-10", "发文字号 is above the rule", false);
        return;
    };
    faults.near("H-10", "two lines below the mark", first.em_top() - mark_bottom, TWO_LINES, 0.1);
    faults.near("H-16", "the rule below the last line", rule - last.em_bottom(), 4.0, 0.1);
    faults.holds(
        "H-12",
        format!("{} begins with {number}", last.text()),
        last.text().starts_with(&number),
    );
    let signatories = texts(document, "signatories");
    if signatories.is_empty() {
        faults.near("H-10", "发文字号 in the middle", last.centre(), MIDDLE, 0.1);
        return;
    }
    faults.near("H-12", "left edge of 发文字号", last.left(), LEFT + CELL, 0.05);
    let text: String = lines.iter().map(|line| line.text()).collect();
    let expected = format!("签发人：{}", signatories.concat());
    faults.holds("H-14", format!("{text} names {expected}"), text.replace(&number, "") == expected);
    let right = lines.iter().map(|line| line.right()).fold(0.0, f64::max);
    faults.near("H-13", "right edge of 签发人", right, RIGHT - CELL, 0.05);
    let named: Vec<f64> = lines.iter().filter_map(|line| name_left(line)).collect();
    for (row, left) in named.iter().enumerate() {
        faults.near("H-14", &format!("row {row} under the first name"), *left, named[0], 0.05);
        let down = lines[row].baseline - first.baseline;
        faults.near("H-14", &format!("row {row}"), down, row as f64 * PITCH, 0.05);
    }
    let label = first.glyphs.iter().find(|glyph| glyph.text == "签").map_or(f64::NAN, |g| g.x);
    faults.near(
        "H-13",
        "the label",
        named.first().map_or(f64::NAN, |x| x - label),
        4.0 * CELL,
        0.05,
    );
    // Texts on the last line do not overlap.
    let overlap = last.glyphs.windows(2).any(|pair| pair[1].x < pair[0].right() - 0.05);
    faults.holds("H-12", "发文字号 and 签发人 do not overlap", !overlap);
}

fn name_left(line: &Line) -> Option<f64> {
    line.glyphs.iter().find(|glyph| glyph.family == KAITI).map(|glyph| glyph.x)
}

/// B-1 to B-5.
fn title_rules(document: &Value, page: &MeasuredPage, faults: &mut Faults) {
    let lines = page.lines();
    let rule = page.rules.iter().find(|rule| rule.is_red).map_or(f64::NAN, |rule| rule.y);
    let title: Vec<&Line> = lines
        .iter()
        .filter(|line| line.em_top() > rule && (line.size() - 22.0).abs() < 0.3)
        .collect();
    let Some((first, last)) = title.first().zip(title.last()) else {
        faults.holds("B-1", "a title below the rule", false);
        return;
    };
    let text: String = title.iter().map(|line| line.text()).collect();
    let posted: String = match &document["title"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        title => title.as_str().unwrap().to_owned(),
    };
    let posted: String = posted.split(' ').collect();
    faults.holds("B-1", format!("the title is {text}"), text == posted);
    faults.near("B-1", "two lines below the rule", first.em_top() - rule, TWO_LINES, 0.1);
    for line in &title {
        // Punctuation at the end of a line loses its blank half.
        faults.near("B-1", &format!("middle of {}", line.text()), line.centre(), MIDDLE, 2.1);
        let is_inside = line.left() > LEFT - 0.05 && line.right() < RIGHT + 0.05;
        faults.holds("B-2", format!("{} inside the type area", line.text()), is_inside);
    }
    let widths: Vec<f64> = title.iter().map(|line| line.right() - line.left()).collect();
    let grows = widths.windows(2).take_while(|pair| pair[0] < pair[1]).count();
    let has_shape = widths[grows..].windows(2).all(|pair| pair[0] > pair[1]);
    faults.holds("B-1", format!("a trapezium or a rhombus: {widths:.1?}"), has_shape);
    let recipients = format!("{}：", texts(document, "primary_recipients").join("、"));
    let body = lines.iter().skip_while(|line| line.text() != recipients).nth(1);
    let is_shown = body
        .is_some_and(|line| line.em_bottom() < BOTTOM + 0.05 && line.em_top() > last.em_bottom());
    faults.holds("B-5", "page 1 shows text", is_shown);
}

/// A filing whose mark has one name of `characters` characters.
fn marked_alone(characters: usize) -> Value {
    let mut filing = small();
    let name: String = "国务院第七次全国人口普查领导小组办公室工作协调会议"
        .chars()
        .cycle()
        .take(characters)
        .collect();
    filing["document"]["issuer_mark"] = json!({ "text": name });
    filing
}

/// A filing whose mark has two names, the longer one of `characters` characters.
fn marked_jointly(characters: usize) -> Value {
    let mut filing = small();
    let name: String = "四川省人力资源和社会保障厅".chars().cycle().take(characters).collect();
    let names = json!([name, "巴中市民政局"]);
    filing["document"]["issuers"] = names.clone();
    filing["document"]["sign_off"] = names;
    filing["document"]["signatories"] = json!(["王小明", "李建国"]);
    filing
}

fn small() -> Value {
    serde_json::from_slice(&fixture::bytes("valid", "masthead-single-issuer")).unwrap()
}

fn first_page(typesetter: &Typesetter, filing: &Value) -> Result<MeasuredPage, String> {
    let laid_out = typesetter.lay_out(&seed::filing(filing)).map_err(|error| error.to_string())?;
    Ok(measure(&laid_out).swap_remove(0))
}

/// Every fault of marks of every size; used with themes whose lengths were changed.
pub fn faults_of_every_size(typesetter: &Typesetter) -> Vec<String> {
    let alone = SIZES_ALONE.map(|(size, characters)| (size, marked_alone(characters)));
    let joint = SIZES_JOINT.map(|(size, characters)| (size, marked_jointly(characters)));
    let mut found = signatory_faults(typesetter);
    for (size, filing) in alone.into_iter().chain(joint) {
        let page = match first_page(typesetter, &filing) {
            Ok(page) => page,
            Err(error) => return vec![error],
        };
        let mut faults = Faults::default();
        let printed = page.glyphs.iter().find(|g| g.is_red).map_or(f64::NAN, |g| g.size);
        faults.near("H-7", "size of the mark in pt", printed, size, 0.01);
        found.extend(faults.0);
        found.extend(faults_of(&filing, &page));
    }
    found
}

/// H-14: the rows of four 签发人.
fn signatory_faults(typesetter: &Typesetter) -> Vec<String> {
    let filing = seed::valid_json("masthead-four-signatories");
    match first_page(typesetter, &filing) {
        Ok(page) => faults_of(&filing, &page),
        Err(error) => vec![error],
    }
}

#[test]
fn marks_of_every_size_follow_every_rule() {
    assert_eq!(faults_of_every_size(&TYPESETTER), Vec::<String>::new());
}

#[test]
fn every_masthead_and_title_follows_every_rule() {
    let is_ours = |name: &String| name.starts_with("masthead-") || name.starts_with("title-");
    let names: Vec<String> = fixture::names("valid").into_iter().filter(is_ours).collect();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let mut filing: Value = serde_json::from_slice(&fixture::bytes("valid", &name)).unwrap();
        let page = first_page(&TYPESETTER, &filing).unwrap();
        // These names, 签发人 and headings leave no room for text on page 1 in any size (H-9).
        if ["masthead-ten-issuers", "masthead-six-long-headings"].contains(&name.as_str()) {
            filing["document"]["issuer_mark"] = json!({ "issuers": "lead" });
        }
        assert_eq!(faults_of(&filing, &page), Vec::<String>::new(), "{name}");
    }
}

/// H-8: if even the smallest size leaves no room, the lead agency is printed alone.
#[test]
fn a_mark_of_too_many_names_shows_the_lead_agency() {
    for mut filing in [ten_issuers(), marked_jointly(21)] {
        let page = first_page(&TYPESETTER, &filing).unwrap();
        filing["document"]["issuer_mark"] = json!({ "issuers": "lead" });
        assert_eq!(faults_of(&filing, &page), Vec::<String>::new());
    }
}

fn ten_issuers() -> Value {
    let bytes = fixture::bytes("valid", "masthead-ten-issuers");
    serde_json::from_slice(&bytes).unwrap()
}

/// H-12: a long 发文字号 is on the line of the last 签发人, with one 签发人 per row. It is below them
/// only if page 1 would otherwise show no text.
#[test]
fn a_long_number_is_beside_the_last_of_many_signatories() {
    for (count, is_beside) in [(4, true), (6, true), (10, false)] {
        let mut filing = ten_issuers();
        for key in ["issuers", "signatories", "sign_off"] {
            let list = filing["document"][key].as_array().unwrap()[..count].to_vec();
            filing["document"][key] = json!(list);
        }
        filing["document"]["issuer_mark"] = json!({ "issuers": "lead" });
        let number =
            json!({ "agency_code": "川残工委办服务体系建设领", "year": 2024, "serial": 1238 });
        filing["document"]["document_number"] = number;
        let page = first_page(&TYPESETTER, &filing).unwrap();
        assert_eq!(faults_of(&filing, &page), Vec::<String>::new(), "{count}");
        let number = page.lines().into_iter().find(|line| line.text().contains("〔2024〕1238号"));
        let has_name = number.is_some_and(|line| name_left(&line).is_some());
        assert_eq!(has_name, is_beside, "{count} 签发人");
    }
}
