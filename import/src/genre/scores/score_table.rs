//! Reads a self-evaluation table (绩效评价自评表) into the score sheet.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::genre::lines::clean::clean;
use crate::genre::scores::points::{self, kind_name, number_text};
use crate::source::piece::{Table, TableCell};

/// The columns of a score table.
struct Columns {
    /// How many columns of levels precede the points.
    levels: usize,
    max: usize,
    own: usize,
    reason: Option<usize>,
    evidence: Option<usize>,
}

/// The sheet of a table; `None` if this is no score table with reasons.
pub fn sheet(table: &Table) -> Option<Value> {
    let head = table.rows.first()?;
    let columns = columns(head)?;
    let mut sections: Vec<Value> = Vec::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut printed = None;
    for row in table.rows.iter().skip(1) {
        let is_head = row.first().is_some_and(|cell| clean(&cell.text) == clean(&head[0].text));
        let is_total = row.first().is_some_and(|cell| {
            let text = clean(&cell.text);
            text.starts_with("合计") || text.starts_with("总分") || text.starts_with("总计")
        });
        if is_total {
            printed = totals(row, &columns).or(printed);
        }
        if is_head || is_total {
            continue;
        }
        let is_level = |cell: &&TableCell| cell.column < columns.levels;
        for cell in row.iter().filter(is_level) {
            let text = clean(&cell.text);
            let below = row.iter().filter(is_level).filter(|other| other.column > cell.column);
            let is_leaf = cell.column + cell.column_span >= columns.levels
                || (!text.is_empty() && below.clone().next().is_some())
                    && below.clone().all(|other| clean(&other.text).is_empty());
            // Text has no merged cells: they are repeated or empty.
            let above = path.iter().find(|(column, _)| *column == cell.column);
            if !is_leaf && above.is_some_and(|(_, above)| text.is_empty() || *above == text) {
                continue;
            }
            path.retain(|(column, _)| *column < cell.column);
            path.push((cell.column, text));
            let entry = if is_leaf { leaf(row, cell, &columns)? } else { branch(cell) };
            add(&mut sections, path.len(), entry)?;
            if is_leaf {
                break;
            }
        }
    }
    finish(&mut sections, 1);
    let (mut max, mut own) = (Decimal::ZERO, Decimal::ZERO);
    for section in &sections {
        if section["kind"] != "deduction" {
            max += value(&section["max_points"]);
        }
        own += value(&section["self_score"]);
    }
    let sums = (max.normalize().to_string(), own.normalize().to_string());
    let (max, own) = printed.unwrap_or(sums);
    (!sections.is_empty()).then(|| {
        json!({
            "sections": sections,
            "total": { "max_points": max, "self_score": own },
        })
    })
}

/// The printed totals. They are kept if they differ from the sums, which staff must then correct.
fn totals(row: &[TableCell], columns: &Columns) -> Option<(String, String)> {
    let points = |column| number_text(text_at(row, column).trim_end_matches(['分', '%']));
    Some((points(columns.max)?, points(columns.own)?))
}

fn columns(head: &[TableCell]) -> Option<Columns> {
    let find = |is: fn(&str) -> bool| {
        head.iter().find(|cell| is(&clean(&cell.text))).map(|cell| cell.column)
    };
    let max = find(|text| {
        text.starts_with("分值")
            || text.starts_with("满分")
            || text.starts_with("标准分")
            || text.starts_with("考评分")
            || text.starts_with("占比")
    })?;
    // Other columns may have the scores of another year or of a review.
    let own = find(|text| text == "自评得分" || text == "自评分")
        .or_else(|| find(|text| text == "得分"))
        .or_else(|| find(|text| text.ends_with("得分") && !text.contains('年')))?;
    let reason = find(|text| text.contains("扣分原因") || text.contains("失分原因"));
    let evidence = find(|text| text.starts_with("佐证"));
    reason?;
    (max > 0 && own > max).then_some(Columns { levels: max, max, own, reason, evidence })
}

/// The texts of columns that a score sheet does not have, each with the head of its column.
pub fn others(table: &Table) -> Vec<String> {
    let Some((head, columns)) = table.rows.first().and_then(|head| Some((head, columns(head)?)))
    else {
        return Vec::new();
    };
    let is_read = |cell: &TableCell| {
        cell.column < columns.levels
            || [Some(columns.max), Some(columns.own), columns.reason, columns.evidence]
                .contains(&Some(cell.column))
    };
    let others = head.iter().filter(|cell| !is_read(cell) && !cell.text.trim().is_empty());
    let texts = others.filter_map(|cell| {
        let below = table.rows[1..].iter().flatten().filter(|other| other.column == cell.column);
        let below: Vec<&str> =
            below.map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
        (!below.is_empty()).then(|| format!("{}：{}", clean(&cell.text), below.join(" ")))
    });
    texts.collect()
}

fn text_at(row: &[TableCell], column: usize) -> String {
    row.iter().find(|cell| cell.column == column).map(|cell| clean(&cell.text)).unwrap_or_default()
}

/// An entry with points of its own.
fn leaf(row: &[TableCell], cell: &TableCell, columns: &Columns) -> Option<Value> {
    let own = text_at(row, columns.own);
    let own =
        if own == "不涉及" { own } else { number_text(own.trim_end_matches(['分', '%']))? };
    let max = number_text(text_at(row, columns.max).trim_end_matches(['分', '%']))?;
    let mut entry = branch(cell);
    entry["max_points"] = max.into();
    entry["self_score"] = own.into();
    let reason = columns.reason.map(|column| text_at(row, column)).unwrap_or_default();
    if !reason.is_empty() {
        entry["reason"] = reason.into();
    }
    let evidence = columns.evidence.map(|column| text_at(row, column)).unwrap_or_default();
    if !evidence.is_empty() {
        entry["evidence"] = evidence.split('；').map(Value::from).collect();
    }
    Some(entry)
}

/// The title of an entry; its points in brackets are those of the sheet.
fn branch(cell: &TableCell) -> Value {
    let text = clean(&cell.text);
    let starred = text.starts_with('★');
    let text = text.trim_start_matches('★');
    let split = points::split(text);
    let mut entry = json!({ "title": split.title });
    if !split.components.is_empty() {
        let component = |(name, printed): &(String, points::Printed)| {
            let max = printed.max.clone().or_else(|| printed.own.clone());
            json!({ "name": name, "max_points": max, "self_score": printed.own.clone().or_else(|| max.clone()) })
        };
        entry["components"] = split.components.iter().map(component).collect();
    }
    if starred {
        entry["starred"] = true.into();
    }
    if let Some(kind) = split.points.as_ref().and_then(|points| points.kind) {
        entry["kind"] = kind_name(kind).into();
    }
    let points = split.points.unwrap_or_default();
    for (key, points) in [("max_points", points.max), ("self_score", points.own)] {
        if let Some(points) = points {
            entry[key] = points.into();
        }
    }
    entry
}

/// Adds an entry at a depth, below the last entries.
fn add(nodes: &mut Vec<Value>, depth: usize, entry: Value) -> Option<()> {
    if depth <= 1 {
        nodes.push(entry);
        return Some(());
    }
    let last = nodes.last_mut()?;
    if last.get("parts").is_none() {
        last["parts"] = json!([]);
    }
    let mut parts: Vec<Value> = match last["parts"].take() {
        Value::Array(parts) => parts,
        _ => Vec::new(),
    };
    let added = add(&mut parts, depth - 1, entry);
    last["parts"] = parts.into();
    added
}

/// Names the lists of parts, and sums the points of entries with parts.
fn finish(nodes: &mut [Value], depth: usize) {
    for node in nodes {
        let parts = match node.get_mut("parts").map(Value::take) {
            Some(Value::Array(parts)) => Some(parts),
            _ => None,
        };
        if let Some(entry) = node.as_object_mut() {
            entry.remove("parts");
        }
        if let Some(mut parts) = parts {
            let has_parts = |part: &Value| part.get("parts").is_some();
            let is_group = depth == 1 && parts.iter().any(has_parts);
            let (key, next) = match depth {
                1 if is_group => ("groups", 2),
                1 | 2 => ("indicators", 3),
                _ => ("items", depth + 1),
            };
            finish(&mut parts, next);
            for points in ["max_points", "self_score"] {
                let sum: Decimal = parts.iter().map(|part| value(&part[points])).sum();
                if node.get(points).is_none() {
                    node[points] = sum.normalize().to_string().into();
                }
            }
            node[key] = parts.into();
        }
        if depth == 1 && node.get("kind").is_none() {
            let is_negative = value(&node["max_points"]).is_sign_negative()
                && !value(&node["max_points"]).is_zero();
            node["kind"] = if is_negative { "deduction" } else { "base" }.into();
        }
    }
}

fn value(points: &Value) -> Decimal {
    points.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}
