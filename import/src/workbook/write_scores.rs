//! The rows of the sheet 评分表 from a submission.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::workbook::elements::KINDS;
use crate::workbook::fault::TemplateError;

/// A row as it is shown.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Row {
    /// 部分.
    pub section: String,
    /// 类型.
    pub kind: String,
    /// 类.
    pub group: String,
    /// 指标.
    pub indicator: String,
    /// 分值.
    pub max: String,
    /// 自评得分.
    pub own: String,
    /// 工作情况, one paragraph per line.
    pub narrative: String,
    /// 扣分原因.
    pub reason: String,
    /// 佐证材料, one per line.
    pub evidence: String,
}

impl Row {
    /// The texts in the order of `SCORE_COLUMNS`.
    pub fn cells(&self) -> [&str; 9] {
        [
            &self.section,
            &self.kind,
            &self.group,
            &self.indicator,
            &self.max,
            &self.own,
            &self.narrative,
            &self.reason,
            &self.evidence,
        ]
    }
}

/// The most bytes of the texts of all rows of a workbook. Each row repeats its 部分 and 类.
pub const TEXTS: usize = 16 << 20;

/// The rows so far.
struct Rows<'r> {
    rows: Vec<Row>,
    /// How many bytes of text there is still room for.
    room: &'r mut usize,
}

impl Rows<'_> {
    fn push(&mut self, row: Row) -> Result<(), TemplateError> {
        let bytes = row.cells().iter().map(|text| text.len()).sum();
        *self.room = self.room.checked_sub(bytes).ok_or(TemplateError::NoRoom)?;
        self.rows.push(row);
        Ok(())
    }
}

/// Takes the scores out of the submission, and the bytes of the rows out of `room`.
///
/// # Errors
/// Returns `TemplateError::NotExpressed` for a sum that differs from its parts, and for texts of several
/// lines, and `TemplateError::NoRoom` if the rows need more than `room`.
pub fn rows(left: &mut Value, room: &mut usize) -> Result<Vec<Row>, TemplateError> {
    let mut rows = Rows { rows: Vec::new(), room };
    let Some(scores) = left.get_mut("scores").filter(|scores| scores.is_object()) else {
        return Ok(rows.rows);
    };
    let (mut max, mut own) = (Decimal::ZERO, Decimal::ZERO);
    for section in list(scores, "sections") {
        let kind = section.get_mut("kind").map(Value::take).unwrap_or_default();
        let shown = KINDS.iter().find(|(_, value)| kind == *value).map(|(shown, _)| *shown);
        let base = Row {
            section: title(section)?,
            kind: shown.unwrap_or_default().to_owned(),
            ..Row::default()
        };
        let (section_max, section_own) = entry(section, base, &mut rows)?;
        let counted = if kind == "deduction" { Decimal::ZERO } else { section_max };
        max = sum(max, counted, "/scores/total")?;
        own = sum(own, section_own, "/scores/total")?;
    }
    if let Some(total) = scores.get_mut("total") {
        let is_sum = points(total, "max_points") == max.normalize().to_string()
            && points(total, "self_score") == own.normalize().to_string();
        if !is_sum {
            return Err(not_expressed("/scores/total"));
        }
    }
    Ok(rows.rows)
}

/// Adds the rows of an entry and returns its points.
fn entry(
    node: &mut Value,
    row: Row,
    rows: &mut Rows<'_>,
) -> Result<(Decimal, Decimal), TemplateError> {
    let (max, own) = (points(node, "max_points"), points(node, "self_score"));
    let mut row = Row {
        narrative: lines(node, "narrative")?,
        reason: text(node, "reason")?,
        evidence: lines(node, "evidence")?,
        ..row
    };
    let parts: Vec<(&str, Vec<Value>)> = ["groups", "indicators"]
        .into_iter()
        .map(|key| (key, list(node, key).iter_mut().map(Value::take).collect::<Vec<_>>()))
        .filter(|(_, parts)| !parts.is_empty())
        .collect();
    let as_number = |text: &str| text.parse::<Decimal>().unwrap_or_default();
    if parts.is_empty() {
        let is_number = own == "不涉及" || own.parse::<Decimal>().is_ok();
        if !is_number || max.parse::<Decimal>().is_err() {
            return Err(not_expressed(&row.section));
        }
        (row.max, row.own) = (max.clone(), own.clone());
        rows.push(row)?;
        return Ok((as_number(&max), as_number(&own)));
    }
    let base = Row {
        narrative: String::new(),
        reason: String::new(),
        evidence: String::new(),
        ..row.clone()
    };
    if !(row.narrative.is_empty() && row.reason.is_empty() && row.evidence.is_empty()) {
        rows.push(row)?;
    }
    let mut sums = (Decimal::ZERO, Decimal::ZERO);
    for (key, parts) in parts {
        for mut part in parts {
            let title = title(&mut part)?;
            let of_part = match key {
                "groups" => Row { group: title, ..base.clone() },
                _ => Row { indicator: title, ..base.clone() },
            };
            let (max, own) = entry(&mut part, of_part, rows)?;
            sums = (sum(sums.0, max, &base.section)?, sum(sums.1, own, &base.section)?);
            if let Some(pointer) = taken(&part) {
                return Err(not_expressed(&pointer));
            }
        }
    }
    if (as_number(&max), as_number(&own)) != sums {
        return Err(not_expressed(&base.section));
    }
    Ok(sums)
}

/// The title with ★ and the points of its components.
fn title(node: &mut Value) -> Result<String, TemplateError> {
    let title = text(node, "title")?;
    let starred = node.get_mut("starred").map(Value::take) == Some(Value::Bool(true));
    let mut shown = String::from(if starred { "★" } else { "" });
    let mut rest = title.as_str();
    for component in list(node, "components") {
        let name = text(component, "name")?;
        let (max, own) = (points(component, "max_points"), points(component, "self_score"));
        let (before, after) = rest.split_once(&name).ok_or_else(|| not_expressed(&title))?;
        let own = if own == max { String::new() } else { format!("，自评得分{own}分") };
        shown.push_str(&format!("{before}{name}（{max}分{own}）"));
        rest = after;
    }
    if title.contains('（') && title.contains("分）") {
        return Err(not_expressed(&title));
    }
    shown.push_str(rest);
    Ok(shown)
}

/// The sum of points, which no bound keeps within a decimal.
fn sum(all: Decimal, next: Decimal, what: &str) -> Result<Decimal, TemplateError> {
    all.checked_add(next).ok_or_else(|| not_expressed(what))
}

fn not_expressed(what: &str) -> TemplateError {
    TemplateError::NotExpressed(what.to_owned())
}

fn list<'v>(node: &'v mut Value, key: &str) -> &'v mut [Value] {
    node.get_mut(key).and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}

/// Takes points as text without zeros at the end.
fn points(node: &mut Value, key: &str) -> String {
    let text = match node.get_mut(key).map(Value::take) {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    text.parse::<Decimal>().map_or(text, |number| number.normalize().to_string())
}

/// Takes a text of one line.
fn text(node: &mut Value, key: &str) -> Result<String, TemplateError> {
    let value = node.get_mut(key).map(Value::take);
    let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
    if text.contains(['\n', '\r']) || text.trim() != text {
        return Err(not_expressed(key));
    }
    Ok(text.to_owned())
}

/// Takes a list of texts of one line each.
fn lines(node: &mut Value, key: &str) -> Result<String, TemplateError> {
    let mut lines = Vec::new();
    for line in list(node, key) {
        let line = line.take();
        let text = line.as_str().unwrap_or_default();
        if text.contains(['\n', '\r']) || text.trim() != text || text.is_empty() {
            return Err(not_expressed(key));
        }
        lines.push(text.to_owned());
    }
    Ok(lines.join("\n"))
}

/// The pointer to a value that was not taken; `None` if only empty lists and objects are left.
pub fn taken(left: &Value) -> Option<String> {
    match left {
        Value::Null | Value::Bool(false) => None,
        Value::Object(object) => {
            object.iter().find_map(|(key, value)| Some(format!("/{key}{}", taken(value)?)))
        }
        Value::Array(list) => list
            .iter()
            .enumerate()
            .find_map(|(index, value)| Some(format!("/{index}{}", taken(value)?))),
        _ => Some(String::new()),
    }
}
