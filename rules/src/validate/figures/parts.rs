//! Compares a whole with its parts: 157091户329996人，其中城市14449户26856人、农村142642户303140人.
//!
//! 其中 may name only some parts, and parts may overlap. So a sum is doubted only if the parts are
//! complete: by their words, or because they add up in another unit.

use crate::validate::figures::passage::{Clause, NO_MARK, Passage};
use crate::validate::figures::quantity::Quantity;
use crate::validate::figures::span::{Span, shown};

/// The word that introduces parts.
const AMONG_THEM: &str = "其中";

/// How many clauses before 其中 are searched for the whole.
const LOOK_BACK: usize = 8;

/// The most parts that are read.
const MOST_PARTS: usize = 100;

/// Words of a clause that does not name a part.
const AFTER_PARTS: [&str; 15] = [
    AMONG_THEM, "另", "此外", "同时", "累计", "共", "合计", "总计", "总", "全年", "全市", "全县",
    "全区", "全省", "截至",
];

/// Complete sets of parts, each part with the words for it.
const PARTITIONS: [&[&[&str]]; 6] = [
    &[&["城市", "城镇"], &["农村", "乡村"]],
    &[&["男性"], &["女性"]],
    &[&["集中供养"], &["分散供养"]],
    &[&["公办"], &["民办"]],
    &[&["基本支出"], &["项目支出"]],
    &[&["第一产业"], &["第二产业"], &["第三产业"]],
];

/// Sources of money, which do not overlap.
const SOURCES: [&[&str]; 5] = [
    &["中央"],
    &["省级", "省财政", "省补"],
    &["市级", "市财政", "市本级"],
    &["县级", "县财政", "区级", "区财政"],
    &["自筹"],
];

/// Words of a part that need not be within the whole, or of a whole that can be exceeded.
const BEYOND: [&str; 11] =
    ["累计", "总", "历年", "计划", "目标", "任务", "预计", "预算", "结余", "未", "剩"];

/// Words around the name of a part.
const PARTICLES: [char; 6] = ['为', '有', '的', '共', '是', '：'];

/// The whole and the parts that 其中 joins.
#[derive(Debug)]
pub struct Composition<'p> {
    /// The whole.
    pub whole: Whole<'p>,
    /// The clauses of the parts with their amounts, never empty.
    pub parts: Vec<(&'p Clause, Vec<usize>)>,
}

/// The amounts that 其中 divides.
#[derive(Debug)]
pub struct Whole<'p> {
    /// Their clause.
    pub clause: &'p Clause,
    /// The amounts of the clause.
    pub amounts: Vec<usize>,
    /// The amounts whose unit no other amount before 其中 has.
    pub alone: Vec<usize>,
}

/// The doubts about parts that contradict their whole.
pub fn doubts(passage: &Passage<'_>) -> Vec<String> {
    let clauses = passage.clauses().iter().enumerate();
    let joints = clauses.filter(|(_, clause)| passage.clause(clause).starts_with(AMONG_THEM));
    joints
        .filter_map(|(index, _)| composition(passage, index))
        .flat_map(|composition| of_composition(passage, &composition))
        .collect()
}

/// The whole and the parts joined by the 其中 at the start of a clause.
pub fn composition<'p>(passage: &'p Passage<'_>, joint: usize) -> Option<Composition<'p>> {
    let whole = whole(passage, joint)?;
    let parts = parts(passage, joint);
    (!parts.is_empty()).then_some(Composition { whole, parts })
}

/// The nearest clause with amounts. If the sentence has other amounts of the same unit, 其中 may refer
/// to all of them.
fn whole<'p>(passage: &'p Passage<'_>, joint: usize) -> Option<Whole<'p>> {
    let clauses = passage.clauses();
    let depth = clauses[joint].depth;
    let mut whole: Option<Whole<'p>> = None;
    for (back, clause) in clauses[..joint].iter().rev().take(LOOK_BACK).enumerate() {
        if back > 0 && matches!(clause.mark, '。' | '；' | ';' | '！' | '？') {
            break;
        }
        if clause.depth > depth || passage.is_remark(clause) {
            continue;
        }
        let found = passage.amounts(clause);
        if let Some(whole) = &mut whole {
            let unit = |index: &usize| passage.quantities[*index].unit;
            whole.alone.retain(|index| found.iter().all(|other| unit(other) != unit(index)));
        } else {
            whole = Some(Whole { clause, alone: found.clone(), amounts: found });
        }
        if clause.depth < depth {
            break;
        }
    }
    whole.filter(|whole| !whole.amounts.is_empty())
}

fn parts<'p>(passage: &'p Passage<'_>, joint: usize) -> Vec<(&'p Clause, Vec<usize>)> {
    let clauses = &passage.clauses()[joint..];
    let depth = clauses[0].depth;
    let mut parts = Vec::new();
    for (ahead, clause) in clauses.iter().take(MOST_PARTS).enumerate() {
        if clause.depth > depth {
            continue;
        }
        let text = passage.clause(clause);
        let is_another = ahead > 0 && AFTER_PARTS.iter().any(|word| text.starts_with(word));
        if clause.depth < depth || is_another {
            break;
        }
        if !passage.is_remark(clause) {
            let found = passage.amounts(clause);
            if found.is_empty() {
                break;
            }
            parts.push((clause, found));
        }
        if matches!(clause.mark, '。' | '！' | '？' | '\n') {
            break;
        }
    }
    parts
}

/// The amounts of one unit: the whole, and the parts up to the first without this unit.
struct Column<'p> {
    whole: (&'p Clause, usize),
    /// Whether no other amount can be the whole.
    is_alone: bool,
    parts: Vec<(&'p Clause, usize)>,
    /// The sum of the first two parts, the first three and so on.
    sums: Vec<Span>,
}

impl<'p> Column<'p> {
    fn of(passage: &Passage<'_>, composition: &Composition<'p>, index: usize) -> Option<Self> {
        let unit = passage.quantities[index].unit;
        let only = |found: &[usize]| {
            let mut same = found.iter().filter(|index| passage.quantities[**index].unit == unit);
            same.next().filter(|_| same.next().is_none()).copied()
        };
        only(&composition.whole.amounts)?;
        let parts: Vec<(&Clause, usize)> = composition
            .parts
            .iter()
            .map_while(|(clause, found)| Some((*clause, only(found)?)))
            .collect();
        let mut sum = Span::of(&passage.quantities[parts.first()?.1]);
        let mut sums = Vec::new();
        for (_, part) in &parts[1..] {
            sum = sum.plus(Span::of(&passage.quantities[*part]))?;
            sums.push(sum);
        }
        let is_alone = composition.whole.alone.contains(&index);
        Some(Self { whole: (composition.whole.clause, index), is_alone, parts, sums })
    }

    fn span(&self, passage: &Passage<'_>) -> Span {
        Span::of(&passage.quantities[self.whole.1])
    }

    /// The number of parts that add up to the whole.
    fn fitting(&self, passage: &Passage<'_>) -> Option<usize> {
        let whole = self.span(passage);
        self.sums.iter().position(|sum| sum.agrees_with(whole)).map(|at| at + 2)
    }
}

fn of_composition(passage: &Passage<'_>, composition: &Composition<'_>) -> Vec<String> {
    let columns: Vec<Column<'_>> = composition
        .whole
        .amounts
        .iter()
        .filter_map(|index| Column::of(passage, composition, *index))
        .collect();
    let fitting: Vec<Option<usize>> =
        columns.iter().map(|column| column.fitting(passage)).collect();
    let count_elsewhere = fitting.iter().flatten().copied().next();
    columns
        .iter()
        .zip(&fitting)
        .filter(|(_, fitting)| fitting.is_none())
        .filter_map(|(column, _)| {
            let count = count_elsewhere
                .filter(|count| *count <= column.parts.len())
                .or_else(|| column.is_alone.then(|| partition(passage, column))?)
                .or_else(|| column.is_alone.then(|| beyond(passage, column))?);
            match count {
                Some(count) => Some(sum_doubt(passage, column, count)),
                None => column.is_alone.then(|| part_doubt(passage, column))?,
            }
        })
        .collect()
}

/// The number of leading parts that are a complete set by their words.
fn partition(passage: &Passage<'_>, column: &Column<'_>) -> Option<usize> {
    let whole = passage.name(column.whole.0, column.whole.1);
    let exceeds = |count: usize| column.sums[count - 2].exceeds(column.span(passage));
    PARTITIONS.iter().find_map(|members| {
        let count = members.len();
        let parts = column.parts.get(..count)?;
        let mut unseen: Vec<&[&str]> = members.to_vec();
        for (clause, index) in parts {
            let name = part_name(passage, clause, *index);
            let at = unseen.iter().position(|words| words.iter().any(|w| name.contains(w)))?;
            let words = unseen.remove(at);
            // 农村低保 is the rural part of 城乡低保, but not of 困难群众.
            let rest = words.iter().fold(name.to_owned(), |name, word| name.replace(word, ""));
            let rest = rest.trim_matches(PARTICLES);
            if !whole.contains(rest) && !exceeds(count) {
                return None;
            }
        }
        Some(count)
    })
}

/// The number of leading parts from different sources that exceed the whole together.
fn beyond(passage: &Passage<'_>, column: &Column<'_>) -> Option<usize> {
    let mut unseen: Vec<&[&str]> = SOURCES.to_vec();
    let mut count = 0_usize;
    for (clause, index) in &column.parts {
        let name = part_name(passage, clause, *index);
        let is_in = |words: &&[&str]| words.iter().any(|word| name.contains(word));
        let Some(at) = unseen.iter().position(is_in) else { break };
        unseen.remove(at);
        if SOURCES.iter().filter(|words| is_in(words)).count() > 1 {
            return None;
        }
        count += 1;
    }
    let sum = column.sums.get(count.checked_sub(2)?)?;
    sum.exceeds(column.span(passage)).then_some(count)
}

fn part_name<'t>(passage: &Passage<'t>, clause: &Clause, index: usize) -> &'t str {
    let name = passage.name(clause, index).trim_start_matches(AMONG_THEM);
    name.trim_matches(PARTICLES)
}

fn sum_doubt(passage: &Passage<'_>, column: &Column<'_>, count: usize) -> String {
    let whole = &passage.quantities[column.whole.1];
    let sum = column.sums[count - 2].value;
    let word = if sum > whole.value { "多" } else { "少" };
    let parts: Vec<String> = column.parts[..count]
        .iter()
        .map(|(clause, index)| {
            format!("“{}”", passage.quote(clause, *index).trim_start_matches(AMONG_THEM))
        })
        .collect();
    format!(
        "文中写“{}”，其中{}相加为{}，{word}{}，请核对。",
        passage.quote(column.whole.0, column.whole.1),
        parts.join("、"),
        shown(sum, whole),
        shown((sum - whole.value).abs(), whole)
    )
}

/// The doubt if one part alone exceeds the whole. After 、 a part certainly belongs to the list; after
/// another mark only the first does.
fn part_doubt(passage: &Passage<'_>, column: &Column<'_>) -> Option<String> {
    let listed = column.parts.iter().take_while(|(clause, _)| clause.mark == NO_MARK).count();
    let whole = passage.name(column.whole.0, column.whole.1);
    let is_beyond = |name: &str| BEYOND.iter().any(|word| name.contains(word));
    let mut parts = column.parts.iter().take(listed + 1);
    let (clause, index) = parts.find(|(clause, index)| {
        let part: &Quantity<'_> = &passage.quantities[*index];
        Span::of(part).exceeds(column.span(passage)) && !is_beyond(passage.name(clause, *index))
    })?;
    (!is_beyond(whole)).then(|| {
        format!(
            "文中写“{}”，其中一项却是“{}”，比总数还多，请核对。",
            passage.quote(column.whole.0, column.whole.1),
            passage.quote(clause, *index).trim_start_matches(AMONG_THEM)
        )
    })
}
