//! 版头 as printed: labels, mark, 发文字号 and 签发人, and which of them share a line (H-1 to H-15).

use crate::document::OfficialDocument;
use crate::document::masthead::{IssuerMark, MarkSuffix};
use crate::document::measures::{self, AREA_WIDTH, characters, points};
use crate::render::fit::form;
use crate::render::lines::width::half_characters;
use crate::render::page_data::{Masthead, NumberPlace};

/// How much text fits at one size of the mark.
struct MarkSize {
    /// Characters of a name that has the full width of the type area.
    alone: usize,
    /// Characters of a name that shares the width with 文件 (H-8).
    beside_suffix: usize,
    /// Names below each other that leave room for text on page 1 (H-9).
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

/// The sizes of the mark, from the largest to the smallest. A smaller mark would not be 醒目 (H-7); if
/// several names need one, the mark shows only the lead agency.
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

/// Width of a line between the insets of 发文字号 and 签发人, in half characters (H-12, H-13).
const LINE: usize = 2 * (measures::CHARACTERS_PER_LINE - 2 * measures::SIDE_INSET);
/// Width of 签发人：, in half characters (H-13).
const LABEL: usize = 2 * measures::SIGNATORY_LABEL;
/// Gap between two names of a row, in half characters (H-14).
const GAP: usize = 2 * measures::SIGNATORY_GAP;
/// The most 签发人 that, in one column, take no more lines than in two columns with 发文字号 below them.
const MAX_COLUMN: usize = 3;

/// 版头 after `mark_step` steps of shrinking.
pub(crate) fn masthead(document: &OfficialDocument, mark_step: usize) -> Masthead {
    let mark = &document.issuer_mark;
    let (mark_names, mark_size) = names_and_size(mark, mark_step);
    let number = form::number(document);
    let signatories: Vec<String> = document.signatories.iter().map(|name| spread(name)).collect();
    let (number_place, per_row) = if mark_step > shrinking_steps(mark) {
        (NumberPlace::Below, 2)
    } else {
        arrangement(&number, &signatories)
    };
    Masthead {
        labels: labels(document),
        mark_names: mark_names.to_vec(),
        mark_size,
        suffix: mark.suffix.name().map(str::to_owned),
        document_number: number,
        number_place,
        signatories: signatories.chunks(per_row).map(<[String]>::to_vec).collect(),
    }
}

/// The number of steps by which the masthead can shrink (H-9): the mark goes down to the smallest size,
/// then shows only the lead agency (H-8); at last 签发人 in one column move to two columns.
pub(crate) fn mark_steps(document: &OfficialDocument) -> usize {
    let names: Vec<String> = document.signatories.iter().map(|name| spread(name)).collect();
    let is_column = arrangement(&form::number(document), &names) == (NumberPlace::Beside, 1);
    let can_pair =
        is_column && names.len() > MAX_COLUMN && LABEL + width_of_rows(&names, 2) <= LINE;
    shrinking_steps(&document.issuer_mark) + usize::from(can_pair)
}

/// The number of steps by which a mark can shrink. A single name is one line at any size, so shrinking it
/// gains nothing.
fn shrinking_steps(mark: &IssuerMark) -> usize {
    let steps = largest_size(&mark.names, mark.suffix).map_or(0, |size| MARK_SIZES.len() - size);
    if mark.names.len() > 1 { steps } else { 0 }
}

/// The names that a mark shows after some steps of shrinking, and the index of their size.
fn names_and_size(mark: &IssuerMark, mark_step: usize) -> (&[String], usize) {
    let lead = &mark.names[..1];
    let size = largest_size(&mark.names, mark.suffix).map(|size| size + mark_step);
    match size.filter(|size| *size < MARK_SIZES.len() && mark.names.len() > 1) {
        Some(size) => (&mark.names, size),
        // `validate()` refuses a lead agency that does not fit at the smallest size.
        None => (lead, largest_size(lead, mark.suffix).unwrap_or(MARK_SIZES.len() - 1)),
    }
}

/// The index of the largest size at which the names fit, in width and in number.
fn largest_size(names: &[String], suffix: MarkSuffix) -> Option<usize> {
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let suffix_length = suffix.name().map_or(0, |suffix| suffix.chars().count());
    let fits = |size: &MarkSize| match names.len() {
        1 => widest + suffix_length <= size.alone,
        count if suffix_length > 0 => widest <= size.beside_suffix && count <= size.names,
        count => widest <= size.alone && count <= size.names,
    };
    MARK_SIZES.iter().position(fits)
}

/// 份号, 密级和保密期限 and 紧急程度. Without 保密期限, 密级 and 紧急程度 of two characters have the width of
/// three (H-2, H-3).
fn labels(document: &OfficialDocument) -> Vec<String> {
    let classification = document.classification;
    let is_spread = classification.is_some_and(|classification| classification.years.is_none());
    let shown = |name: &str| if is_spread { spread(name) } else { name.to_owned() };
    let secrecy = classification.map(|classification| match classification.years {
        Some(years) => format!("{}★{years}年", classification.level.name()),
        None => shown(classification.level.name()),
    });
    let urgency = document.urgency.map(|urgency| shown(urgency.name()));
    let copy_number = document.copy_number.map(|number| number.to_string());
    [copy_number, secrecy, urgency].into_iter().flatten().collect()
}

/// Gives a text of two characters the width of three (H-2, H-15).
fn spread(name: &str) -> String {
    let mut characters = name.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some(first), Some(second), None) => format!("{first}\u{3000}{second}"),
        _ => name.to_owned(),
    }
}

/// The position of 发文字号, and the number of 签发人 per row: two (H-14), or one if 发文字号 would not fit
/// beside the last row otherwise. If it does not fit beside a single one either, it is below 签发人.
fn arrangement(number: &str, names: &[String]) -> (NumberPlace, usize) {
    if names.is_empty() {
        return (NumberPlace::Centred, 1);
    }
    let (pairs, column) = (width_of_rows(names, 2), width_of_rows(names, 1));
    let fits_beside = |width: usize, per_row: usize, gap: usize| {
        // The label is before the first row only; 发文字号 is beside the last.
        let label = if names.len() > per_row { 0 } else { LABEL };
        half_characters(number) + gap + label + width <= LINE
    };
    if LABEL + pairs <= LINE && fits_beside(pairs, 2, GAP) {
        (NumberPlace::Beside, 2)
    } else if fits_beside(column, 1, GAP / 2) {
        (NumberPlace::Beside, 1)
    } else {
        (NumberPlace::Below, if LABEL + pairs <= LINE { 2 } else { 1 })
    }
}

/// Width of names in columns, in half characters.
fn width_of_rows(names: &[String], per_row: usize) -> usize {
    let columns = per_row.min(names.len());
    let widest = |column: usize| {
        let names = names.iter().skip(column).step_by(per_row);
        names.map(|name| half_characters(name)).max().unwrap_or_default()
    };
    (0..columns).map(widest).sum::<usize>() + GAP * (columns - 1)
}

#[cfg(test)]
mod tests {
    use super::{MARK_SIZES, NumberPlace, arrangement, largest_size, names_and_size};
    use crate::document::masthead::{IssuerMark, MarkSuffix};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_smaller_size_fits_more_characters() {
        let alone = MARK_SIZES.map(|size| size.alone);
        assert_eq!(alone, [10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 27]);
        let beside_suffix = MARK_SIZES.map(|size| size.beside_suffix);
        assert_eq!(beside_suffix, [7, 8, 9, 9, 10, 12, 13, 14, 16, 18, 20]);
    }

    #[test]
    fn long_and_many_names_shrink_the_mark() {
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
        for (marks, suffix, size) in cases {
            assert_eq!(largest_size(&names(&marks), suffix), Some(size), "{marks:?} {suffix:?}");
        }
        // 21 characters beside 文件 would need 15 pt, so only the lead agency is shown.
        let longest = "四川省困难群众救助补助资金绩效评价工作领导";
        assert_eq!(largest_size(&names(&[longest, "甲局"]), MarkSuffix::Document), None);
        let mark = IssuerMark { names: names(&["甲局", longest]), suffix: MarkSuffix::Document };
        assert_eq!(names_and_size(&mark, 0), (&mark.names[..1], 0));
    }

    #[test]
    fn a_number_and_its_signatories_never_overlap() {
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
            assert_eq!(
                arrangement(number, &names(signatories)),
                expected,
                "{number} {signatories:?}"
            );
        }
    }
}
