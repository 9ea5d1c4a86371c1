//! The pages of the seed filing: geometry, lengths of the theme, figures from the score sheet.

use std::ops::Range;

use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use hongtou::validate::filing::Filing;
use serde_json::{Value, json};

use crate::elements::attachments;
use crate::elements::closing;
use crate::elements::command;
use crate::elements::letter;
use crate::elements::masthead;
use crate::elements::minutes;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::foot::wrapped_copies_faults;
use crate::pages::geometry::{Faults, faults};
use crate::pages::ruler::{Glyph, MM_PER_PT, MeasuredPage, measure};

fn text_of(pages: &[MeasuredPage]) -> String {
    pages.iter().flat_map(MeasuredPage::lines).map(|line| line.text()).collect()
}

#[test]
fn the_seed_filing_follows_every_rule() {
    let laid_out = TYPESETTER.lay_out(&seed::filing(&seed::json())).unwrap();
    assert_eq!(faults(&measure(&laid_out)), Vec::<String>::new());
}

/// The seed filing with so many copy recipients that 抄送 takes three lines.
fn widely_copied() -> Value {
    let mut filing = seed::json();
    let copies: Vec<String> =
        "一二三四五六七八九".chars().map(|c| format!("第{c}区民政局")).collect();
    filing["document"]["copy_recipients"] = json!(copies);
    filing
}

#[test]
fn a_wrapped_list_of_copies_hangs_under_its_first_name() {
    let laid_out = TYPESETTER.lay_out(&seed::filing(&widely_copied())).unwrap();
    assert_eq!(wrapped_copies_faults(&measure(&laid_out)), Vec::<String>::new());
}

/// A limit for what moves to the next page (B-18). It is never printed, and half a millimetre more changes
/// no page. `closing_room.rs` tests it.
const NOT_PRINTED: &str = "#let fewest-lines-carried = ";

/// Every length of `theme.typ`, changed by half a millimetre, breaks a rule of the geometry.
#[test]
fn every_changed_length_breaks_a_rule() {
    let theme = std::fs::read_to_string(seed::folder().join("typst-templates/theme.typ")).unwrap();
    let documents = Documents::read();
    let places = lengths(&theme);
    let undetected: Vec<&str> = places
        .iter()
        .filter(|place| !theme[..place.start].ends_with(NOT_PRINTED))
        .filter(|place| !documents.show(&moved(&theme, place)))
        .map(|place| theme[..place.start].lines().last().unwrap_or_default())
        .collect();
    assert!(theme.contains(NOT_PRINTED));
    assert_eq!(undetected, Vec::<&str>::new(), "changed lengths that break no rule");
    let definitions = theme.lines().filter(|line| line.starts_with("#let ")).count();
    assert!(places.len() > definitions / 2, "only {} lengths found in theme.typ", places.len());
}

#[test]
fn strong_text_is_outlined() {
    assert_eq!(Documents::strong_faults(&TYPESETTER), Vec::<String>::new());
}

/// Documents that together contain every length.
struct Documents {
    seed: Filing,
    copied: Filing,
    attached: Filing,
    covered: Filing,
}

impl Documents {
    fn read() -> Self {
        Self {
            seed: seed::filing(&seed::json()),
            copied: seed::filing(&widely_copied()),
            attached: seed::valid("notice-attachments"),
            covered: seed::valid("attachment-cover"),
        }
    }

    /// B-6: strong text is outlined.
    fn strong_faults(typesetter: &Typesetter) -> Vec<String> {
        let mut filing = seed::json();
        filing["opening"] = json!(["资金**足额到位**。"]);
        let laid_out = match typesetter.lay_out(&seed::filing(&filing)) {
            Ok(laid_out) => laid_out,
            Err(error) => return vec![error.to_string()],
        };
        let pages = measure(&laid_out);
        let mut faults = Faults::default();
        let strong: Vec<&Glyph> =
            pages.iter().flat_map(|page| &page.glyphs).filter(|glyph| glyph.stroke > 0.0).collect();
        let text: String = strong.iter().map(|glyph| glyph.text.as_str()).collect();
        faults.holds("B-6", format!("足额到位 is strong: {text}"), text.starts_with("足额到位"));
        for glyph in strong {
            let expected = 0.022 * glyph.size * MM_PER_PT;
            faults.near("B-6", "the outline of strong text", glyph.stroke, expected, 0.001);
        }
        faults.0
    }

    /// Whether the pages of this theme break a rule. A layout that does not converge counts as well.
    fn show(&self, theme: &str) -> bool {
        let typesetter = Typesetter::with_theme(FontSet::bundled(), theme);
        let (Ok(laid_out), Ok(copied)) =
            (typesetter.lay_out(&self.seed), typesetter.lay_out(&self.copied))
        else {
            return true;
        };
        !faults(&measure(&laid_out)).is_empty()
            || !wrapped_copies_faults(&measure(&copied)).is_empty()
            || !attachments::seen_by(&typesetter, &self.attached).is_empty()
            || !attachments::cover_faults(&typesetter, &self.covered).is_empty()
            || !closing::length_faults(&typesetter).is_empty()
            || !letter::faults(&typesetter).is_empty()
            || !command::faults(&typesetter).is_empty()
            || !minutes::faults(&typesetter).is_empty()
            || !Self::strong_faults(&typesetter).is_empty()
            || !masthead::faults_of_every_size(&typesetter).is_empty()
    }
}

/// The theme with the length at one place half a millimetre longer.
fn moved(theme: &str, place: &Range<usize>) -> String {
    let (before, length, after) =
        (&theme[..place.start], &theme[place.clone()], &theme[place.end..]);
    format!("{before}({length} + 0.5mm){after}")
}

/// The positions of all lengths of the theme: numbers with a unit, and definitions that are computed
/// from other lengths.
fn lengths(theme: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in theme.split_inclusive('\n') {
        let code =
            line.find("//").map_or_else(|| line.trim_end(), |comment| line[..comment].trim_end());
        let in_code = literals(code);
        let computed = code.split_once(" = ").filter(|(name, value)| {
            name.starts_with("#let ") && in_code.is_empty() && is_computed_length(value)
        });
        let whole = computed.map(|(name, _)| name.len() + 3..code.len());
        found.extend(
            in_code.into_iter().chain(whole).map(|place| offset + place.start..offset + place.end),
        );
        offset += line.len();
    }
    found
}

/// The places of numbers with a unit of length in a line of code.
fn literals(code: &str) -> Vec<Range<usize>> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let starts = code.char_indices().filter(|(index, c)| {
        let before = code[..*index].chars().next_back();
        c.is_ascii_digit() && !before.is_some_and(|before| is_number(before) || before == '-')
    });
    starts
        .filter_map(|(start, _)| {
            let unit = start + code[start..].find(|c| !is_number(c))?;
            let is_length = ["mm", "pt", "em"].iter().any(|known| code[unit..].starts_with(known));
            is_length.then_some(start..unit + 2)
        })
        .collect()
}

/// Whether the value of a definition is a length made from others.
fn is_computed_length(value: &str) -> bool {
    const LENGTHS: [&str; 8] = [
        "cell",
        "line-pitch",
        "size-",
        "one-line",
        "title-pitch",
        "table-pitch",
        "area.",
        "leading",
    ];
    let is_one = !value.starts_with(['(', '"'])
        || value.starts_with("(area.")
        || value.starts_with("(paper.");
    is_one && LENGTHS.iter().any(|length| value.contains(length)) && value != "28"
}

/// Subtracts half a point from the first indicator and from every sum above it.
fn lose_half_a_point(filing: &mut Value) {
    filing["scores"]["total"]["self_score"] = json!("109.5");
    let section = &mut filing["scores"]["sections"][0];
    section["self_score"] = json!(26.5);
    let group = &mut section["groups"][0];
    group["self_score"] = json!("7.50");
    group["indicators"][0]["self_score"] = json!(7.5);
    group["indicators"][0]["reason"] = json!("一个区的台账未按月更新");
}

#[test]
fn every_printed_score_follows_the_sheet() {
    let mut filing = seed::json();
    lose_half_a_point(&mut filing);
    let laid_out = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let text = text_of(&measure(&laid_out));
    for printed in [
        "自查得分109.5分，现将",
        "一、年度重点工作完成情况（27分，自查得分26.5分）",
        "（一）低收入人口动态监测机制建设。（分值8分，自查得分7.5分）",
        "1.低收入人口动态监测机制建设情况。（8分，自查得分7.5分）",
    ] {
        assert!(text.contains(printed), "{printed}");
    }
    for stale in ["得分110分", "自查得分27分", "建设。（分值8分，自查得分8分）"]
    {
        assert!(!text.contains(stale), "{stale}");
    }
}

#[test]
fn components_show_their_points_inside_the_title() {
    let laid_out = TYPESETTER.lay_out(&seed::filing(&seed::json())).unwrap();
    let text = text_of(&measure(&laid_out));
    for printed in [
        "21.社会救助对象（2分，自查得分2分）、基层工作人员（2分，自查得分2分）和社会公众（1分，自查得分1分）对社会救助政策的了解程度。",
        "22.救助对象（6分，自查得分6分）和社会公众（3分，自查得分3分）对社会救助工作的满意程度。",
        "四、工作创新（加分项）（分值10分，自查得分10分）",
        "五、安全管理（扣分项）（分值\u{2212}10分，自查得分0分）",
    ] {
        assert!(text.contains(printed), "{printed}");
    }
}

/// Rare names are printed, each in a font that has their characters.
#[test]
fn rare_names_are_printed() {
    let mut filing = seed::json();
    filing["document"]["signatories"] = json!(["龚𬭎㛃", "喆堃昇"]);
    filing["document"]["printing_office"] = json!("䶮曌㵪𠅤镕玥办公室");
    let laid_out = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let text = text_of(&measure(&laid_out));
    assert!(text.contains("签发人：龚𬭎㛃喆堃昇"), "signatories");
    assert!(text.contains("䶮曌㵪𠅤镕玥办公室"), "printing office");
}

/// Text that looks like markup or code is printed unchanged.
#[test]
fn text_is_data() {
    let hostile = [
        "#eval(\"1+1\")",
        "$x$",
        "*a*",
        "@ref",
        "<b>",
        "\\u{41}",
        "#{panic()}",
        "// 注释",
        "_斜_",
        "`raw`",
        "https://example.org/a?b=c",
        "--",
        "'单'\"双\"",
    ];
    let mut filing = seed::json();
    let text = hostile.join("，");
    filing["opening"] = json!([text]);
    let laid_out = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let printed = text_of(&measure(&laid_out));
    let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let printed: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(printed.contains(&expected), "{printed}");
}
