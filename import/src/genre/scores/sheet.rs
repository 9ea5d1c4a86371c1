//! The score sheet of a text: headings with points, and their narrative.

use std::ops::Range;

use hongtou_rules::scoring::sheet::SectionKind;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::genre::blocks::Block;
use crate::genre::draft::Draft;
use crate::genre::lines::marks::Mark;
use crate::genre::scores::points::{Printed, Split, kind_name, split};
use crate::genre::scores::wording;
use crate::source::piece::Place;

/// An entry of the sheet with its parts.
#[derive(Debug, Default)]
pub struct Node {
    place: String,
    level: usize,
    starred: bool,
    split: Split,
    narrative: Vec<String>,
    reason: Option<String>,
    evidence: Vec<String>,
    parts: Vec<Self>,
    /// The maximum points and the self score.
    score: (String, String),
}

/// Sentences that end a report.
const ENDS: [&str; 6] = ["特此报告", "专此报告", "以上报告", "特此通报", "妥否", "特此函告"];

/// The blocks of the sheet: from the first heading of the first level with points to the next one
/// without. `None` if no heading has points.
pub fn range(blocks: &[Block]) -> Option<Range<usize>> {
    let scored = |block: &Block| match block {
        Block::Marked(_, Mark::Heading { level, .. }, text) => {
            let split = split(text);
            let has_points =
                split.points.is_some_and(|points| points.max.is_some() && points.own.is_some());
            has_points.then_some(*level)
        }
        _ => None,
    };
    let start = blocks.iter().position(|block| scored(block).is_some())?;
    let first = scored(&blocks[start])?;
    let is_end = |block: &Block| match block {
        Block::Marked(_, Mark::Heading { level, .. }, _) => {
            *level <= first && scored(block).is_none()
        }
        Block::Paragraph(_, text) => ENDS.iter().any(|end| text.starts_with(end)),
        Block::Marked(..) => true,
        Block::Table(_) => false,
    };
    let length = blocks[start + 1..].iter().position(|block| {
        is_end(block)
            && !matches!(block, Block::Marked(_, Mark::Heading { level, .. }, _) if *level > first)
    });
    Some(start..length.map_or(blocks.len(), |length| start + 1 + length))
}

/// The sheet of some blocks.
pub fn sheet(blocks: &[Block], draft: &mut Draft) -> Value {
    let mut roots = tree(blocks, draft);
    for root in &mut roots {
        let kind = kind(root);
        score(root, None, kind, draft);
    }
    let (mut max, mut own) = (Decimal::ZERO, Decimal::ZERO);
    for node in &roots {
        if kind(node) != SectionKind::Deduction {
            max += decimal(&node.score.0);
        }
        own += decimal(&node.score.1);
    }
    let mut printed = Vec::new();
    roots.iter().for_each(|node| collect(node, &mut printed));
    let leaves = roots.iter().map(leaves).sum::<usize>();
    let run_ins = roots.iter().map(run_ins).sum::<usize>();
    let (max, own) = (max.normalize().to_string(), own.normalize().to_string());
    let mut json = json!({
        "sections": roots.iter().map(|node| entry(node, 1)).collect::<Vec<_>>(),
        "total": { "max_points": max, "self_score": own },
    });
    if let Some(wording) = wording::of(&printed) {
        json["wording"] = wording;
    }
    if run_ins * 2 > leaves {
        json["run_in"] = true.into();
    }
    if roots.iter().any(is_at_end) {
        json["points_place"] = "end".into();
    }
    json
}

fn is_at_end(node: &Node) -> bool {
    node.split.is_at_end || node.parts.iter().any(is_at_end)
}

/// The entries as a tree. What is no entry is narrative.
fn tree(blocks: &[Block], draft: &mut Draft) -> Vec<Node> {
    let scored = blocks.iter().filter_map(|block| match block {
        Block::Marked(_, Mark::Heading { level, .. }, text) => {
            let split = split(text);
            (split.points.is_some() || !split.components.is_empty()).then_some(*level)
        }
        _ => None,
    });
    let deepest = scored.max().unwrap_or(1);
    let mut roots: Vec<Node> = Vec::new();
    for block in blocks {
        match block {
            Block::Marked(place, Mark::Heading { level, .. }, text) if *level <= deepest => {
                let node = node(*place, *level, text);
                parent(&mut roots, *level).push(node);
            }
            Block::Marked(place, mark, text) => {
                let text = match mark {
                    Mark::Heading { level: 3, count } => format!("{count}.{text}"),
                    Mark::Heading { level: 4, count } => format!("（{count}）{text}"),
                    _ => text.clone(),
                };
                narrate(&mut roots, *place, &text, draft);
            }
            Block::Paragraph(place, text) => narrate(&mut roots, *place, text, draft),
            Block::Table(table) => {
                draft.remark("评分部分中的表格没有读入，请放到附件或正文中。");
                draft.unread("", &table.to_string());
            }
        }
    }
    roots
}

fn node(place: Place, level: usize, text: &str) -> Node {
    let text = text.replace("**", "");
    let starred = text.starts_with(['★', '☆']);
    let mut split = split(text.trim_start_matches(['★', '☆']));
    let title = split.title.trim_end_matches('。').to_owned();
    split.title = title;
    let narrative = if split.text.is_empty() { Vec::new() } else { vec![split.text.clone()] };
    Node { place: place.to_string(), level, starred, split, narrative, ..Node::default() }
}

/// The list that an entry of a level belongs to.
fn parent(nodes: &mut Vec<Node>, level: usize) -> &mut Vec<Node> {
    match nodes.len().checked_sub(1) {
        Some(last) if nodes[last].level < level => parent(&mut nodes[last].parts, level),
        _ => nodes,
    }
}

fn narrate(nodes: &mut [Node], place: Place, text: &str, draft: &mut Draft) {
    let Some(node) = nodes.last_mut() else {
        draft.unread(place, text);
        return;
    };
    if !node.parts.is_empty() {
        return narrate(&mut node.parts, place, text, draft);
    }
    let labelled = |labels: [&str; 2]| labels.iter().find_map(|label| text.strip_prefix(label));
    if let Some(reason) = labelled(["扣分原因：", "失分原因："]) {
        node.reason = Some(reason.trim_end_matches('。').to_owned());
    } else if let Some(evidence) = labelled(["佐证材料：", "佐证资料："]) {
        let list = evidence.trim_end_matches('。').split('；');
        node.evidence = list.map(str::to_owned).collect();
    } else {
        if node.split.is_at_end {
            // Text follows, so what has the points is a title with punctuation.
            node.split.is_at_end = false;
            node.split.title = std::mem::take(&mut node.split.text);
            node.split.title.truncate(node.split.title.trim_end_matches('。').len());
            node.narrative.clear();
        }
        node.narrative.push(text.to_owned());
    }
}

fn kind(node: &Node) -> SectionKind {
    let printed = node.split.points.as_ref();
    let is_negative =
        printed.and_then(|points| points.max.as_deref()).is_some_and(|max| max.starts_with('-'));
    let is_bonus = node.split.title.contains("加分");
    match printed.and_then(|points| points.kind) {
        Some(kind) => kind,
        None if is_negative => SectionKind::Deduction,
        None if is_bonus => SectionKind::Bonus,
        None => SectionKind::Base,
    }
}

/// Sets the points of an entry and its parts. Points that are not printed follow from those above.
fn score(node: &mut Node, above: Option<(String, String)>, kind: SectionKind, draft: &mut Draft) {
    let sum = |of: fn(&Printed) -> Option<String>| {
        let points = node.split.components.iter().filter_map(|(_, points)| of(points));
        points.map(|points| decimal(&points)).sum::<Decimal>().normalize().to_string()
    };
    let full = |points: &Printed| points.own.clone().or_else(|| points.max.clone());
    let none =
        |max: &str| if kind == SectionKind::Deduction { "0".to_owned() } else { max.to_owned() };
    node.score = match &node.split.points {
        Some(points) if points.max.is_some() || points.own.is_some() => {
            let max = points.max.clone().or_else(|| full(points)).unwrap_or_default();
            let own = points.own.clone().unwrap_or_else(|| none(&max));
            (max, own)
        }
        _ if !node.split.components.is_empty() => (
            sum(|points| points.max.clone()),
            sum(|points| points.own.clone().or_else(|| points.max.clone())),
        ),
        _ => {
            let title = &node.split.title;
            draft.problem(
                &node.place,
                format!("“{title}”没有写分值，已由上一级的分值推算，请核对。"),
            );
            above.unwrap_or_else(|| ("0".to_owned(), "0".to_owned()))
        }
    };
    let known = |part: &Node| part.split.points.is_some() || !part.split.components.is_empty();
    let rest = |of: fn(&Printed) -> Option<String>, whole: &str| {
        let parts = node.parts.iter().filter_map(|part| of(part.split.points.as_ref()?));
        let sum: Decimal = parts.map(|points| decimal(&points)).sum();
        (decimal(whole) - sum).normalize().to_string()
    };
    let unknown = node.parts.iter().filter(|part| !known(part)).count();
    let left = (unknown == 1).then(|| {
        let own = |points: &Printed| points.own.clone().or_else(|| points.max.clone());
        (rest(|points| points.max.clone(), &node.score.0), rest(own, &node.score.1))
    });
    for part in &mut node.parts {
        score(part, left.clone(), kind, draft);
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

fn leaves(node: &Node) -> usize {
    if node.parts.is_empty() { 1 } else { node.parts.iter().map(leaves).sum() }
}

fn run_ins(node: &Node) -> usize {
    let is_run_in = !node.split.text.is_empty() && !node.split.is_at_end;
    usize::from(is_run_in) + node.parts.iter().map(run_ins).sum::<usize>()
}

fn collect(node: &Node, printed: &mut Vec<(usize, Printed)>) {
    printed.extend(node.split.points.iter().map(|points| (node.level, points.clone())));
    printed.extend(node.split.components.iter().map(|(_, points)| (node.level, points.clone())));
    node.parts.iter().for_each(|part| collect(part, printed));
}

/// An entry as JSON. `depth` is its level in the sheet, from 1.
fn entry(node: &Node, depth: usize) -> Value {
    let mut json = json!({ "max_points": node.score.0, "self_score": node.score.1 });
    if !node.split.title.is_empty() {
        json["title"] = node.split.title.clone().into();
    }
    if depth == 1 {
        json["kind"] = kind_name(kind(node)).into();
    }
    if node.starred {
        json["starred"] = true.into();
    }
    if !node.split.components.is_empty() {
        let component = |(name, points): &(String, Printed)| {
            let max = points.max.clone().or_else(|| points.own.clone());
            json!({ "name": name, "max_points": max, "self_score": points.own.clone().or_else(|| max.clone()) })
        };
        json["components"] = node.split.components.iter().map(component).collect();
    }
    if !node.narrative.is_empty() {
        json["narrative"] = node.narrative.clone().into();
    }
    if let Some(reason) = &node.reason {
        json["reason"] = reason.clone().into();
    }
    if !node.evidence.is_empty() {
        json["evidence"] = node.evidence.clone().into();
    }
    let Some(first) = node.parts.first() else { return json };
    let key = match (depth, first.level) {
        (1, 2) => "groups",
        (1 | 2, _) => "indicators",
        _ => "items",
    };
    let next = if key == "indicators" { 3 } else { depth + 1 };
    json[key] = node.parts.iter().map(|part| entry(part, next)).collect();
    json
}
