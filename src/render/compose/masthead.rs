//! 版头 as printed: labels, mark, 发文字号, 签发人 and how they share their lines (H-1 to H-15).

use crate::document::OfficialDocument;
use crate::document::masthead::{IssuerMark, MarkSuffix};
use crate::document::measures::{self, AREA_WIDTH, characters, points};
use crate::render::fit::form;
use crate::render::page_data::{Masthead, NumberPlace};

/// What one size of the mark has room for.
struct MarkSize {
    /// Characters of a name on the whole width of the type area.
    alone: usize,
    /// Characters of a name that shares the width with 文件 (H-8).
    beside_suffix: usize,
    /// Names under each other that leave page 1 room for text (H-9).
    names: usize,
}

const fn size(step: usize, names: usize) -> MarkSize {
    let size = measures::MARK_SIZES[step];
    let suffix = measures::MARK_GAP + 2 * points(measures::MARK_SUFFIX);
    MarkSize {
        alone: characters(AREA_WIDTH, size),
        beside_suffix: characters(AREA_WIDTH - suffix, size),
        names,
    }
}

/// The sizes in the order in which the mark shrinks. Below the last a mark is no longer 醒目 (H-7):
/// rather than shrink further it shows the lead agency alone.
const MARK_SIZES: [MarkSize; measures::MARK_SIZES.len()] = [
    size(0, 3),
    size(1, 3),
    size(2, 4),
    size(3, 4),
    size(4, 5),
    size(5, 6),
    size(6, 6),
    size(7, 7),
    size(8, 8),
    size(9, 9),
    size(10, 10),
];

/// Half characters between the indents of 发文字号 and 签发人 (H-12, H-13).
const LINE: usize = 2 * (measures::CHARACTERS_PER_LINE - 2 * measures::SIDE_INSET);
/// Half characters of 签发人： (H-13).
const LABEL: usize = 2 * measures::SIGNATORY_LABEL;
/// Half characters between two names of a row (H-14).
const GAP: usize = 2 * measures::SIGNATORY_GAP;
/// So many 签发人, one a row, take no more lines than two a row and 发文字号 below them.
const FEW: usize = 3;

/// 版头 that yielded so many times.
pub(crate) fn masthead(document: &OfficialDocument, mark_step: usize) -> Masthead {
    let mark = &document.issuer_mark;
    let (names, step) = shrunk(mark, mark_step);
    let number = form::number(document);
    let padded: Vec<String> = document.signatories.iter().map(|name| padded(name)).collect();
    let (number_place, a_row) = if mark_step > shrinking_steps(mark) {
        (NumberPlace::Below, 2)
    } else {
        places(&number, &padded)
    };
    Masthead {
        labels: labels(document),
        marks: names.to_vec(),
        step,
        suffix: mark.suffix.name().map(str::to_owned),
        number,
        number_place,
        signatories: padded.chunks(a_row).map(<[String]>::to_vec).collect(),
    }
}

/// How many times the masthead can yield (H-9): the mark shrinks to the smallest size, then shows
/// the lead agency's name alone, as H-8 allows; at last 签发人 in a column go two a row.
pub(crate) fn mark_steps(document: &OfficialDocument) -> usize {
    let names: Vec<String> = document.signatories.iter().map(|name| padded(name)).collect();
    let is_column = places(&form::number(document), &names) == (NumberPlace::Beside, 1);
    let gathers = is_column && names.len() > FEW && LABEL + width_of_rows(&names, 2) <= LINE;
    shrinking_steps(&document.issuer_mark) + usize::from(gathers)
}

/// How many times a mark can shrink. A single name takes one line at any size and yields nothing.
fn shrinking_steps(mark: &IssuerMark) -> usize {
    let sizes = first_step(&mark.names, mark.suffix).map_or(0, |step| MARK_SIZES.len() - step);
    if mark.names.len() > 1 { sizes } else { 0 }
}

/// The names a mark still shows, and the step of their size.
fn shrunk(mark: &IssuerMark, mark_step: usize) -> (&[String], usize) {
    let lead = &mark.names[..1];
    let step = first_step(&mark.names, mark.suffix).map(|step| step + mark_step);
    match step.filter(|step| *step < MARK_SIZES.len() && mark.names.len() > 1) {
        Some(step) => (&mark.names, step),
        // `validate()` refuses a lead agency that not even the smallest size has room for.
        None => (lead, first_step(lead, mark.suffix).unwrap_or(MARK_SIZES.len() - 1)),
    }
}

/// The largest size that has room for the names: for the widest of them, and for all of them.
fn first_step(names: &[String], suffix: MarkSuffix) -> Option<usize> {
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let behind = suffix.name().map_or(0, |suffix| suffix.chars().count());
    let holds = |size: &MarkSize| match names.len() {
        1 => widest + behind <= size.alone,
        count if behind > 0 => widest <= size.beside_suffix && count <= size.names,
        count => widest <= size.alone && count <= size.names,
    };
    MARK_SIZES.iter().position(holds)
}

/// 份号, 密级和保密期限 and 紧急程度. Two characters of 密级 take the room of three where no term
/// follows, and 紧急程度 goes with them (H-2, H-3).
fn labels(document: &OfficialDocument) -> Vec<String> {
    let classification = document.classification;
    let is_spread = classification.is_some_and(|classification| classification.years.is_none());
    let as_spread = |name: &str| if is_spread { padded(name) } else { name.to_owned() };
    let secrecy = classification.map(|classification| match classification.years {
        Some(years) => format!("{}★{years}年", classification.level.name()),
        None => as_spread(classification.level.name()),
    });
    let urgency = document.urgency.map(|urgency| as_spread(urgency.name()));
    let copy_number = document.copy_number.map(|number| number.to_string());
    [copy_number, secrecy, urgency].into_iter().flatten().collect()
}

/// Two characters take the room of three (H-2, H-15).
fn padded(name: &str) -> String {
    let mut characters = name.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some(first), Some(second), None) => format!("{first}\u{3000}{second}"),
        _ => name.to_owned(),
    }
}

/// Where 发文字号 stands, and how many 签发人 stand in a row: two (H-14), or one where 发文字号
/// needs the room beside the last. It stands below them only where not even one a row leaves it room.
fn places(number: &str, names: &[String]) -> (NumberPlace, usize) {
    if names.is_empty() {
        return (NumberPlace::Centred, 1);
    }
    let (pairs, column) = (width_of_rows(names, 2), width_of_rows(names, 1));
    let beside = |width: usize, a_row: usize, gap: usize| {
        // Only the first row begins with the label; the last one, where the number stands, begins
        // under the first name.
        let label = if names.len() > a_row { 0 } else { LABEL };
        half_characters(number) + gap + label + width <= LINE
    };
    if LABEL + pairs <= LINE && beside(pairs, 2, GAP) {
        (NumberPlace::Beside, 2)
    } else if beside(column, 1, GAP / 2) {
        (NumberPlace::Beside, 1)
    } else {
        (NumberPlace::Below, if LABEL + pairs <= LINE { 2 } else { 1 })
    }
}

/// Half characters of names in columns.
fn width_of_rows(names: &[String], a_row: usize) -> usize {
    let columns = a_row.min(names.len());
    let widest = |column: usize| {
        let names = names.iter().skip(column).step_by(a_row);
        names.map(|name| half_characters(name)).max().unwrap_or_default()
    };
    (0..columns).map(widest).sum::<usize>() + GAP * (columns - 1)
}

/// A character takes two halves, a digit or a Latin letter one.
fn half_characters(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::{MARK_SIZES, NumberPlace, first_step, places, shrunk};
    use crate::document::masthead::{IssuerMark, MarkSuffix};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_size_has_room_for_more_characters() {
        let alone = MARK_SIZES.map(|size| size.alone);
        assert_eq!(alone, [10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 27]);
        let beside_suffix = MARK_SIZES.map(|size| size.beside_suffix);
        assert_eq!(beside_suffix, [7, 8, 9, 9, 10, 12, 13, 14, 16, 18, 20]);
    }

    #[test]
    fn the_mark_shrinks_with_its_width_and_its_names() {
        let long = "四川省人力资源和社会保障厅";
        let cases = [
            (vec!["巴中市民政局"], MarkSuffix::Document, 0),
            (vec!["国务院农民工工作领导小组"], MarkSuffix::Nothing, 2),
            (vec!["国务院农民工工作领导小组"], MarkSuffix::Document, 4),
            (vec!["巴中市民政局", "巴中市财政局"], MarkSuffix::Document, 0),
            (vec!["四川省民政厅", long], MarkSuffix::Document, 6),
            (vec!["四川省民政厅", long], MarkSuffix::Nothing, 3),
            (vec!["甲局"; 10], MarkSuffix::Nothing, 10),
        ];
        for (marks, suffix, step) in cases {
            assert_eq!(first_step(&names(&marks), suffix), Some(step), "{marks:?} {suffix:?}");
        }
        // 21 characters beside 文件 would take 15 pt: the lead agency stands for both.
        let longest = "四川省困难群众救助补助资金绩效评价工作领导";
        assert_eq!(first_step(&names(&[longest, "甲局"]), MarkSuffix::Document), None);
        let mark = IssuerMark { names: names(&["甲局", longest]), suffix: MarkSuffix::Document };
        assert_eq!(shrunk(&mark, 0), (&mark.names[..1], 0));
    }

    #[test]
    fn a_number_and_its_signatories_never_meet() {
        let pair = ["肖\u{3000}飞", "吕爱国"];
        let cases = [
            ("巴市民政〔2021〕38号", &[][..], (NumberPlace::Centred, 1)),
            ("巴市民政〔2021〕38号", &pair[..], (NumberPlace::Beside, 2)),
            ("川残工委办服务体系〔2021〕138号", &pair[..], (NumberPlace::Beside, 1)),
            ("川残工委办服务体系建设领〔2021〕1238号", &pair[..], (NumberPlace::Beside, 1)),
            ("川残工委办服务体系建设领〔2021〕123号", &pair[..1], (NumberPlace::Beside, 1)),
            ("川残工委办服务体系建设领〔2021〕1238号", &pair[..1], (NumberPlace::Below, 2)),
            (
                "川残工委办服务体系建设领〔2021〕138号",
                &["吕爱国"; 10][..],
                (NumberPlace::Beside, 1),
            ),
            ("川残工委办服务体系〔2021〕138号", &["吕爱国"; 10][..], (NumberPlace::Beside, 2)),
            (
                "巴市民政〔2021〕38号",
                &["阿卜杜热合曼·买买提吐尔逊"; 2][..],
                (NumberPlace::Beside, 1),
            ),
        ];
        for (number, signatories, expected) in cases {
            assert_eq!(places(number, &names(signatories)), expected, "{number} {signatories:?}");
        }
    }
}
