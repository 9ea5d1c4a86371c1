//! The seed filing as pages: geometry, every length seen, every figure from the sheet.

use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use serde_json::{Value, json};

use crate::elements::attachments;
use crate::elements::command;
use crate::elements::letter;
use crate::elements::masthead;
use crate::elements::minutes;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::geometry::faults;
use crate::pages::geometry::foot::wrapped_copies_faults;
use crate::pages::ruler::{Side, measure};

fn text_of(sides: &[Side]) -> String {
    sides.iter().flat_map(Side::lines).map(|line| line.text()).collect()
}

#[test]
fn the_seed_filing_keeps_every_rule() {
    let pages = TYPESETTER.lay_out(&seed::filing(&seed::json())).unwrap();
    assert_eq!(faults(&measure(&pages)), Vec::<String>::new());
}

/// The seed filing sent to so many that 抄送 takes three lines.
fn widely_copied() -> Value {
    let mut filing = seed::json();
    let copies: Vec<String> =
        "一二三四五六七八九".chars().map(|c| format!("第{c}区民政局")).collect();
    filing["document"]["copy_recipients"] = json!(copies);
    filing
}

#[test]
fn a_wrapped_list_of_copies_hangs_under_its_first_name() {
    let pages = TYPESETTER.lay_out(&seed::filing(&widely_copied())).unwrap();
    assert_eq!(wrapped_copies_faults(&measure(&pages)), Vec::<String>::new());
}

/// Each length of `theme.typ`, moved by half a millimetre, must break a rule of the geometry.
#[test]
fn no_length_moves_unseen() {
    let theme = std::fs::read_to_string(seed::folder().join("typst-templates/theme.typ")).unwrap();
    let filing = seed::filing(&seed::json());
    let copied = seed::filing(&widely_copied());
    let attached = seed::valid("notice-attachments");
    let mut moved = 0;
    for (index, (start, end)) in lengths(&theme).into_iter().enumerate() {
        let changed =
            format!("{}({} + 0.5mm){}", &theme[..start], &theme[start..end], &theme[end..]);
        let line = theme[..start].lines().last().unwrap_or_default().to_owned();
        let typesetter = Typesetter::with_theme(FontSet::bundled(), &changed);
        // A page that no longer settles is seen as well.
        let seen = match (typesetter.lay_out(&filing), typesetter.lay_out(&copied)) {
            (Ok(pages), Ok(copied)) => {
                let mut seen = faults(&measure(&pages));
                seen.extend(wrapped_copies_faults(&measure(&copied)));
                if seen.is_empty() {
                    seen.extend(attachments::seen_by(&typesetter, &attached));
                    seen.extend(crate::elements::closing::length_faults(&typesetter));
                    seen.extend(letter::faults(&typesetter));
                    seen.extend(command::faults(&typesetter));
                    seen.extend(minutes::faults(&typesetter));
                    seen.extend(masthead::faults_of_every_size(&typesetter));
                }
                seen
            }
            (Err(error), _) | (_, Err(error)) => vec![error.to_string()],
        };
        assert!(
            !seen.is_empty(),
            "length {index}, {} in “{line}”, moved unseen",
            &theme[start..end]
        );
        moved += 1;
    }
    assert!(moved >= 25, "only {moved} lengths found in theme.typ");
}

/// The places of numbers with a unit of length in the code of the theme, comments apart.
fn lengths(theme: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in theme.split_inclusive('\n') {
        let code = line.find("//").map_or(line, |comment| &line[..comment]);
        let mut position = 0;
        while let Some(start) = code[position..].find(|c: char| c.is_ascii_digit()) {
            let start = position + start;
            let number = code[start..].find(|c: char| !c.is_ascii_digit() && c != '.');
            let unit = start + number.unwrap_or(code.len() - start);
            position = unit.max(start + 1);
            if code[unit..].starts_with("mm") || code[unit..].starts_with("pt") {
                found.push((offset + start, offset + unit + 2));
                position = unit + 2;
            }
        }
        offset += line.len();
    }
    found
}

/// Takes half a point from the first indicator and from everything above it.
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
    let pages = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let text = text_of(&measure(&pages));
    for printed in [
        "自查得分109.5分，现将",
        "一、年度重点工作完成情况（27分，自查得分26.5分）",
        "（一）低收入人口动态监测机制建设。（分值8分，自评得分7.5分）",
        "1.低收入人口动态监测机制建设情况。（8分，自评得分7.5分）",
    ] {
        assert!(text.contains(printed), "{printed}");
    }
    for stale in ["得分110分", "自查得分27分", "建设。（分值8分，自评得分8分）"]
    {
        assert!(!text.contains(stale), "{stale}");
    }
}

#[test]
fn components_show_their_points_inside_the_title() {
    let pages = TYPESETTER.lay_out(&seed::filing(&seed::json())).unwrap();
    let text = text_of(&measure(&pages));
    for printed in [
        "21.社会救助对象（2分）、基层工作人员（2分）和社会公众（1分）对社会救助政策的了解程度。",
        "22.救助对象（6分）和社会公众（3分）对社会救助工作的满意程度。",
        "四、工作创新（加分项）（分值10分，自评得分10分）",
        "五、安全管理（扣分项）（分值\u{2212}10分，自评得分0分）",
    ] {
        assert!(text.contains(printed), "{printed}");
    }
}

/// Rare names print, each from the font that has it.
#[test]
fn rare_names_print() {
    let mut filing = seed::json();
    filing["document"]["signatories"] = json!(["龚𬭎㛃", "喆堃昇"]);
    filing["document"]["printing_office"] = json!("䶮曌㵪𠅤镕玥办公室");
    let pages = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let text = text_of(&measure(&pages));
    assert!(text.contains("签发人：龚𬭎㛃喆堃昇"), "signatories");
    assert!(text.contains("䶮曌㵪𠅤镕玥办公室"), "printing office");
}

/// What looks like markup or code is printed as it stands.
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
    let pages = TYPESETTER.lay_out(&seed::filing(&filing)).unwrap();
    let printed = text_of(&measure(&pages));
    let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let printed: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(printed.contains(&expected), "{printed}");
}
