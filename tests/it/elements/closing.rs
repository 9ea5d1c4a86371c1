//! The closing below the text for each way of signing: positions of names, dates, stamps and notes.

use hongtou::render::typesetter::Typesetter;
use serde_json::{Value, json};

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::Faults;
use crate::pages::ruler::{Line, MeasuredPage, measure};

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const BOTTOM: f64 = 262.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = (225.0 - CELL) / 21.0;
const ONE_LINE: f64 = 10.39;

/// A valid fixture as JSON, for changes.
pub fn json_of(name: &str) -> Value {
    serde_json::from_slice(&fixture::bytes("valid", name)).unwrap()
}

/// Lays out a filing and measures its pages.
pub fn pages_of(filing: &Value) -> Vec<MeasuredPage> {
    measure(&TYPESETTER.lay_out(&seed::filing(filing)).unwrap())
}

/// The position of a word in a line of running text.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub left: f64,
    pub right: f64,
    pub em_top: f64,
    pub em_bottom: f64,
}

impl Word {
    const NOWHERE: Self =
        Self { left: f64::NAN, right: f64::NAN, em_top: f64::NAN, em_bottom: f64::NAN };

    pub fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }
}

/// The lines of running text of a page, from top to bottom.
pub fn text_lines(page: &MeasuredPage) -> Vec<Line> {
    let is_text = |line: &Line| (15.0..17.0).contains(&line.size()) && line.baseline < BOTTOM;
    page.lines().into_iter().filter(is_text).collect()
}

/// The last occurrence of a text in running text. If there is none, NaN makes every rule fail.
pub fn word(pages: &[MeasuredPage], text: &str) -> Word {
    let lines = pages.iter().flat_map(text_lines);
    let mut found = lines.filter_map(|line| {
        let at = line.text().find(text)?;
        let start = line.text()[..at].chars().count();
        let end = start + text.chars().count() - 1;
        Some(Word {
            left: line.glyphs[start].x,
            right: line.glyphs[end].right(),
            em_top: line.em_top(),
            em_bottom: line.em_bottom(),
        })
    });
    found.next_back().unwrap_or(Word::NOWHERE)
}

fn none(faults: &Faults) {
    assert_eq!(faults.0, Vec::<String>::new());
}

const DATE: &str = "2023年3月16日";

/// B-10, B-12: three seals in one row, the last centred above the date, the first inside the type area.
fn three_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let [first, second, third] =
        ["绵阳市民政局", "绵阳市财政局", "绵阳市残联"].map(|name| word(pages, name));
    let date = word(pages, DATE);
    faults.near("B-12", "the third name above the date", third.centre(), date.centre(), 0.1);
    faults.near("B-12", "the first seal at the left edge", first.centre(), LEFT + 22.5, 0.1);
    let pitches = (second.centre() - first.centre(), third.centre() - second.centre());
    faults.near("B-12", "equal distances between seals", pitches.0, pitches.1, 0.1);
    faults.near("B-12", "one row", first.em_top, third.em_top, 0.01);
    faults.near("B-10", "right edge of the date", date.right, RIGHT - 4.0 * CELL, 0.1);
    let note = word(pages, "（联系人：王海燕，电话：0816-2260355）");
    // If the line pitch of the page is smaller, so is the distance of 附注.
    let pitch = date.em_top - third.em_top;
    faults.near("B-20", "附注 on the next line", note.em_top - date.em_top, pitch, 0.3);
}

/// B-16: 职务 to the left of the stamp, the date below it.
fn stamp_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let text = word(pages, "特此报告。");
    let (position, date) = (word(pages, "市长"), word(pages, DATE));
    let right = RIGHT - 4.0 * CELL - 41.3 - 2.0 * CELL;
    faults.near("B-16", "right edge of 职务", position.right, right, 0.1);
    faults.near("B-16", "职务 of two takes three", position.right - position.left, 3.0 * CELL, 0.1);
    let middle = f64::midpoint(position.em_top, position.em_bottom);
    let stamp_top = text.em_bottom + 2.0 * ONE_LINE;
    faults.near("B-16", "职务 at the middle of the stamp", middle, stamp_top + 13.1 / 2.0, 0.1);
    faults.near("B-16", "date below", date.em_top, stamp_top + 13.1 + ONE_LINE, 0.1);
    faults.near("B-16", "right edge of the date", date.right, RIGHT - 4.0 * CELL, 0.1);
}

/// The faults of small filings with the lengths that the seed filing does not have.
pub fn length_faults(typesetter: &Typesetter) -> Vec<String> {
    let mut faults = Faults::default();
    #[expect(clippy::type_complexity, reason = "a table of rules, used once")]
    let rules: [(&str, fn(&[MeasuredPage], &mut Faults)); 4] = [
        ("sealed-three", three_rules),
        ("sealed-five", five_rules),
        ("signature-stamp", stamp_rules),
        ("attachments-twelve", attachment_rules),
    ];
    for (name, rule) in rules {
        match typesetter.lay_out(&seed::filing(&json_of(name))) {
            Ok(laid_out) => rule(&measure(&laid_out), &mut faults),
            Err(error) => faults.0.push(error.to_string()),
        }
    }
    faults.0
}

#[test]
fn seals_stamps_and_attachment_lists_are_in_their_places() {
    assert_eq!(length_faults(&TYPESETTER), Vec::<String>::new());
}

#[test]
fn a_single_name_is_centred_above_the_date() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("copies-none"));
    let (text, name) = (word(&pages, "特此报告。"), word(&pages, "广元市民政局"));
    let date = word(&pages, DATE);
    faults.near("B-10", "the middle of the name", name.centre(), date.centre(), 0.1);
    faults.near("B-10", "right edge of the date", date.right, RIGHT - 4.0 * CELL, 0.1);
    faults.near(
        "B-11",
        "space for the seal",
        name.em_top - text.em_bottom,
        4.0 * PITCH - CELL,
        0.1,
    );
    faults.near("B-10", "the date below", date.em_top - name.em_top, PITCH, 0.05);
    none(&faults);
}

/// B-12, figure 8: the row of three has the full width, the last row is aligned with the date.
fn five_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let names = ["民政局", "财政局", "教育局", "卫健委", "残联"]
        .map(|name| word(pages, &format!("南充市{name}")));
    let date = word(pages, DATE);
    for (index, name) in names[..3].iter().enumerate() {
        let middle = LEFT + (index as f64 + 0.5) * 52.0;
        faults.near("B-12", "a seal of the first row", name.centre(), middle, 0.1);
        faults.near("B-12", "the first row", name.em_top, names[0].em_top, 0.01);
    }
    faults.near("B-12", "the last seal above the date", names[4].centre(), date.centre(), 0.1);
    faults.near("B-12", "distance of two seals", names[4].centre() - names[3].centre(), 47.1, 0.1);
    faults.near(
        "B-12",
        "distance of two rows",
        names[3].em_top - names[0].em_top,
        4.5 * PITCH,
        0.1,
    );
}

#[test]
fn long_names_are_two_per_row_and_do_not_overlap() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("sealed-long-names"));
    let names = ["住房和城乡建设局", "经济合作和外事局", "退役军人事务局"]
        .map(|name| word(&pages, &format!("达州市{name}")));
    let date = word(&pages, DATE);
    faults.near("B-12", "two in the first row", names[0].em_top, names[1].em_top, 0.01);
    faults.holds("B-12", "the third in the next", names[2].em_top > names[0].em_bottom + 40.0);
    faults.holds("B-12", "gap between the names", names[1].left - names[0].right > CELL - 0.01);
    faults.near("B-12", "the last above the date", names[2].centre(), date.centre(), 0.1);
    none(&faults);
}

/// Two to ten seals, with short and long names: inside the type area, without overlap, in order.
#[test]
fn any_number_of_seals_fits_without_overlap() {
    let mut faults = Faults::default();
    let offices = ["民政", "财政", "教育", "公安", "司法", "水利", "商务", "林业", "审计", "统计"];
    for (count, tail) in
        (2..=10).flat_map(|count| ["局", "工作领导小组办公室"].map(|tail| (count, tail)))
    {
        let mut filing = json_of("copies-none");
        let names: Vec<String> =
            offices[..count].iter().map(|office| format!("广元市{office}{tail}")).collect();
        filing["document"]["issuers"] = json!(names);
        filing["document"]["sign_off"] = json!(names);
        filing["document"]["signatories"] = json!(vec!["赵永强"; count]);
        let pages = pages_of(&filing);
        let date = word(&pages, DATE);
        // A name in two lines is found by its second line, which is on the baseline of the row.
        let words: Vec<Word> = offices[..count]
            .iter()
            .map(|office| word(&pages, &format!("广元市{office}")))
            .collect();
        for pair in words.windows(2) {
            let follows = pair[1].em_top > pair[0].em_bottom + 30.0
                || ((pair[1].em_top - pair[0].em_top).abs() < 0.01 && pair[1].left > pair[0].right);
            faults.holds("B-12", format!("{count} {tail}: in order, without overlap"), follows);
        }
        for word in &words {
            let is_inside = word.left > LEFT - 0.05 && word.right < RIGHT + 0.05;
            faults.holds("B-12", format!("{count} {tail}: inside {word:?}"), is_inside);
        }
        let gap = date.em_top - words[count - 1].em_bottom;
        faults.holds("B-12", format!("{count} {tail}: the last above the date"), gap < 20.0);
    }
    none(&faults);
}

#[test]
fn a_long_name_moves_the_date_with_it() {
    let mut faults = Faults::default();
    let mut filing = json_of("copies-none");
    let name = "广元市农村居民最低生活保障工作领导小组办公室";
    filing["document"]["issuers"] = json!([name]);
    filing["document"]["sign_off"] = json!([name]);
    let pages = pages_of(&filing);
    let (name, date) = (word(&pages, name), word(&pages, DATE));
    faults.near("B-10", "the name at the right edge", name.right, RIGHT, 0.1);
    faults.near("B-10", "the date centred below it", date.centre(), name.centre(), 0.1);
    let pages = pages_of(&json_of("sealed-very-long-name"));
    let date = word(&pages, DATE);
    let last = word(&pages, "委员会");
    faults.holds("B-10", "the name's last line above the date", date.em_top > last.em_bottom);
    faults.holds("B-10", "the name inside", last.right < RIGHT + 0.05);
    none(&faults);
}

#[test]
fn without_a_seal_the_longer_of_name_and_date_sets_the_indent() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("unsealed-short-name"));
    let (text, name) = (word(&pages, "特此报告。"), word(&pages, "巴中市残联"));
    let date = word(&pages, DATE);
    faults.near("B-14", "one line below the text", name.em_top - text.em_bottom, ONE_LINE, 0.1);
    faults.near("B-14", "the date two from the right", date.right, RIGHT - 2.0 * CELL, 0.1);
    faults.near("B-14", "the date two further right", date.left - name.left, 2.0 * CELL, 0.1);
    let pages = pages_of(&json_of("unsealed-long-name"));
    let (name, date) = (word(&pages, "广安市人力资源和社会保障局"), word(&pages, DATE));
    faults.near("B-14", "the name two from the right", name.right, RIGHT - 2.0 * CELL, 0.1);
    faults.near("B-14", "the date two further right", date.left - name.left, 2.0 * CELL, 0.1);
    let note = word(&pages, "（此件公开发布）");
    faults.near("B-20", "附注 two from the left", note.left, LEFT + 2.0 * CELL, 0.1);
    faults.near("B-20", "附注 on the next line", note.em_top - date.em_top, PITCH, 0.05);
    none(&faults);
}

#[test]
fn joint_names_without_seals_share_one_width() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("unsealed-joint"));
    let names = ["民政局", "财政局", "人力资源和社会保障局"]
        .map(|name| word(&pages, &format!("遂宁市{name}")));
    let date = word(&pages, DATE);
    for (index, name) in names.iter().enumerate() {
        faults.near("B-15", "left edge", name.left, names[2].left, 0.05);
        faults.near("B-15", "right edge", name.right, RIGHT - 2.0 * CELL, 0.05);
        // The line pitch of this page is smaller, so that the closing fits (B-18).
        let pitch = names[1].em_top - names[0].em_top;
        let row = names[0].em_top + index as f64 * pitch;
        faults.near("B-15", "one below the other", name.em_top, row, 0.05);
        faults.near("B-15", "line by line", pitch, PITCH, 0.5);
    }
    faults.near("B-15", "the date two further right", date.left - names[0].left, 2.0 * CELL, 0.05);
    let list = word(&pages, "2.佐证材料目录");
    faults.near("B-15", "below 附件说明", names[0].em_top - list.em_bottom, ONE_LINE, 0.1);
    none(&faults);
}

#[test]
fn joint_stamps_are_below_each_other() {
    let mut faults = Faults::default();
    let pages = pages_of(&json_of("signature-stamp-joint"));
    let [first, second] =
        ["眉山市民政局局长", "眉山市卫生健康委员会主任"].map(|name| word(&pages, name));
    faults.near("B-16", "left edges", first.left, second.left, 0.05);
    faults.near("B-16", "right edges", first.right, second.right, 0.05);
    let pitch = second.em_top - first.em_top;
    faults.near("B-16", "stamps below each other", pitch, 13.1 + PITCH - CELL, 0.1);
    none(&faults);
}

/// B-9: numbers in the fifth cell, names after them with a hanging indent.
fn attachment_rules(pages: &[MeasuredPage], faults: &mut Faults) {
    let text = word(pages, "特此报告。");
    let label = word(pages, "附件：");
    faults.near("B-9", "one line below the text", label.em_top - text.em_bottom, ONE_LINE, 0.1);
    faults.near("B-9", "label two from the left", label.left, LEFT + 2.0 * CELL, 0.1);
    for number in ["1.2022", "2.2022", "10.", "12."] {
        let number = word(pages, number);
        faults.near("B-9", "numbers in the fifth cell", number.left, LEFT + 5.0 * CELL, 0.1);
    }
    for name in ["市级配套", "整改情况", "抽查记录"] {
        let at = word(pages, name);
        let left = if name == "抽查记录" { at.left - 2.0 * CELL } else { at.left };
        faults.near("B-9", name, left, LEFT + 6.5 * CELL, 0.1);
    }
    let wrapped: Vec<Line> = pages.iter().flat_map(text_lines).collect();
    let long = wrapped.iter().position(|line| line.text().starts_with("4.各县"));
    let next = long.and_then(|row| wrapped.get(row + 1)).map_or(f64::NAN, Line::left);
    faults.near("B-9", "a wrapped name", next, LEFT + 6.5 * CELL, 0.1);
}

#[test]
fn the_list_of_a_single_attachment_has_no_number() {
    let mut faults = Faults::default();
    let single = pages_of(&json_of("sealed-five"));
    let text: String = single.iter().flat_map(text_lines).map(|line| line.text()).collect();
    faults.holds("B-9", "one is not numbered", text.contains("附件：2022年度困境儿童"));
    none(&faults);
}

#[test]
fn annotation_brackets_are_printed_once() {
    let mut filing = json_of("copies-none");
    for posted in ["此件公开发布", "（此件公开发布）", "(此件公开发布)"] {
        filing["document"]["annotation"] = json!(posted);
        let pages = pages_of(&filing);
        let text: String = pages.iter().flat_map(text_lines).map(|line| line.text()).collect();
        assert!(text.contains("日（此件公开发布）"), "{posted}: {text}");
    }
}
