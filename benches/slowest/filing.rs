//! A submission made from genes, cut to the most that the rules accept.

use hongtou::document::measures;
use hongtou::validate::limits;
use serde_json::{Value, json};

use crate::genes::Genes;

/// The patterns that texts repeat.
const PATTERNS: [&str; 40] = [
    "绩效评价",
    "文",
    "1",
    "A",
    "“”",
    "（",
    "）",
    "，",
    "—",
    "…",
    "～",
    "／",
    "·",
    "1户",
    "甲1户",
    "5.4万元；",
    "a ",
    "甲 ",
    "a\u{301}\u{301}\u{301}\u{301}",
    "甲\u{301}\u{301}",
    "**甲**乙",
    "/",
    "-",
    "《》",
    "www.",
    "http://a.",
    "1,",
    "％",
    "0.",
    "**1户**",
    "甲丂乙丒",
    "Aa1 ",
    "Ω≥",
    "①②",
    "2023年1月",
    "甲A",
    "é",
    "“甲”，",
    "word",
    "一、（一）1.",
];

/// The remaining budget of the filing, in weighted characters. The weights are those of the rules.
struct Budget(usize);

/// Columns that the table of a sheet with sections and indicators counts.
const SCORE_COLUMNS: usize = 3 + limits::SCORE_RESULT_COLUMNS;

/// The budget, with a margin for what is not counted here, such as names and the title.
const FILING: usize = limits::FILING - 1_000;

impl Budget {
    /// Takes the weight of a text, if the budget allows it.
    fn spend(&mut self, text: &str, least: usize) -> bool {
        self.spend_weight(text.chars().map(limits::weight_of).sum::<usize>().max(least))
    }

    fn spend_weight(&mut self, weight: usize) -> bool {
        let fits = weight <= self.0;
        if fits {
            self.0 -= weight;
        }
        fits
    }
}

/// A text of this many characters. Texts of different numbers begin differently.
fn filled(pattern: usize, length: usize, number: usize) -> String {
    if length == 0 {
        return String::new();
    }
    let start = char::from_u32(0x4e00 + (number * 7 % 3_000) as u32).unwrap_or('甲');
    let rest = PATTERNS[pattern].chars().cycle().take(length.saturating_sub(2));
    let text: String = std::iter::once(start).chain(rest).collect();
    if length > 1 { format!("{text}乙") } else { text }
}

fn name(genes: &Genes, number: usize) -> String {
    format!("{}局", filled(0, genes.get("name").max(6), number))
}

/// The submission.
pub fn of(genes: &Genes) -> Value {
    let mut budget = Budget(FILING);
    let has_scores = genes.get("indicators") > 0 && genes.get("in-body") == 0;
    let mut document = document(genes);
    let mut blocks = blocks(genes, &mut budget, genes.get("in-body") == 1);
    if blocks.is_empty() {
        blocks.push(json!({ "paragraph": "无。" }));
    }
    let mut cells = limits::CELLS;
    let scores = has_scores.then(|| scores(genes, &mut budget, &mut cells));
    document["attachments"] = attachments(genes, &mut budget, &mut cells);
    if has_scores {
        let is_headed = genes.get("headed") == 1;
        let opening: Vec<&Value> = match is_headed {
            true => blocks.iter().take(limits::PARAGRAPHS).collect(),
            false => blocks.iter().filter_map(|block| block.get("paragraph")).take(200).collect(),
        };
        let closing = (genes.get("table-in-text") == 1 && genes.get("score-table") == 0)
            .then(|| json!([{ "score_table": true }]));
        json!({ "document": document, "opening": opening, "scores": scores, "closing": closing })
    } else {
        let issued = issued(genes, &mut blocks);
        json!({ "document": document, "body": blocks, "issued": issued })
    }
}

/// The issued texts, which take most of the blocks. Their paragraphs are articles.
fn issued(genes: &Genes, blocks: &mut Vec<Value>) -> Option<Vec<Value>> {
    let count = genes.get("issued");
    if count == 0 || blocks.len() < 2 * count {
        return None;
    }
    let moved: Vec<Value> = blocks.drain(count..).collect();
    let as_issued = |block: &Value| match (&block["heading"]["title"], &block["paragraph"]) {
        (Value::Null, text) => json!({ "article": text }),
        (title, _) => json!({ "chapter": title }),
    };
    let texts = moved.chunks(moved.len().div_ceil(count)).enumerate().map(|(index, blocks)| {
        let body: Vec<Value> = blocks.iter().map(as_issued).collect();
        json!({ "title": filled(0, 20, index), "body": body })
    });
    Some(texts.collect())
}

fn document(genes: &Genes) -> Value {
    let (form, direction, kind) = [
        ("notice", "downward", "通知"),
        ("report", "upward", "报告"),
        ("letter", "parallel", "函"),
    ][genes.get("form")];
    let count = genes.get("issuers").max(1);
    let names = |count: usize, from: usize| -> Vec<String> {
        (0..count).map(|index| name(genes, from + index).chars().take(59).collect()).collect()
    };
    let issuers = names(count, 0);
    let is_upward = direction == "upward";
    let recipients = if is_upward { 1 } else { genes.get("recipients").max(1) };
    let title = filled(0, genes.get("title").clamp(10, 190), 3);
    let seal = if genes.get("seal") == 1 { "unsealed" } else { "sealed" };
    json!({
        "form": form,
        "document_kind": kind,
        "direction": direction,
        "issuers": issuers,
        "signatories": is_upward.then(|| (0..count).map(|_| "王小明").collect::<Vec<_>>()),
        "document_number": { "agency_code": "巴市民政", "year": 2021, "serial": 38 },
        "title": format!("关于{title}的{kind}"),
        "primary_recipients": names(recipients, 400),
        "sign_off": issuers,
        "seal": seal,
        "document_date": "2021-12-22",
        "copy_recipients": names(genes.get("copies"), 800),
        "printing_office": "巴中市民政局办公室",
        "printing_date": "2021-12-22",
        "fewer_sheets": genes.get("fewer-sheets") == 1
    })
}

/// Alternate headings and paragraphs, then tables.
fn blocks(genes: &Genes, budget: &mut Budget, with_tables: bool) -> Vec<Value> {
    let mut blocks = Vec::new();
    let (headings, paragraphs) = (genes.get("headings"), genes.get("paragraphs"));
    for index in 0..headings.max(paragraphs) {
        if blocks.len() >= 1_990 {
            break;
        }
        let length = genes.get("heading").max(1);
        let title = filled(genes.get("heading-text"), length, index);
        let is_run_in = genes.get("run-in") == 1 && index < headings.min(paragraphs);
        let level = if is_run_in { 2 + index % 3 } else { index % 4 + 1 };
        let mut heading = None;
        if index < headings && budget.spend(&title, limits::LEAST_HEADING) {
            heading = Some(json!({ "heading": { "level": level, "title": title } }));
        }
        let length = genes.get("paragraph").max(1);
        let pattern = if genes.get("mixed") == 1 { index % 40 } else { genes.get("text") };
        let paragraph = filled(pattern, length, index);
        let has_paragraph = index < paragraphs && budget.spend(&paragraph, limits::LEAST_PARAGRAPH);
        match heading {
            Some(mut heading) if is_run_in && has_paragraph => {
                heading["paragraph"] = json!(paragraph);
                blocks.push(heading);
                continue;
            }
            heading => blocks.extend(heading),
        }
        if has_paragraph {
            blocks.push(json!({ "paragraph": paragraph }));
        }
    }
    if with_tables {
        let mut cells = limits::CELLS;
        let tables = genes.get("tables").min(5);
        blocks.extend((0..tables).filter_map(|_| table(genes, budget, &mut cells)));
    }
    blocks
}

/// A table with as many rows as the budget allows, in groups of rows with one common cell.
fn table(genes: &Genes, budget: &mut Budget, cells: &mut usize) -> Option<Value> {
    let columns = genes.get("columns").max(2);
    let (span, wide) = (genes.get("row-span"), genes.get("column-span").min(columns - 1));
    let length = genes.get("cell");
    // If the gene is set, only the first cells of a row have text.
    let full = Some(genes.get("filled")).filter(|full| *full > 0).unwrap_or(columns).min(columns);
    let text = filled(genes.get("cell-text"), length, 1).repeat(full);
    let lines = length.div_ceil((measures::CHARACTERS_PER_LINE / columns).max(1));
    let head: Vec<Value> = (0..genes.get("head"))
        .map(|row| {
            let length = |column| if column == 0 { genes.get("head-cell").max(2) } else { 2 };
            let cell = |column| filled(0, length(column), row + column);
            json!((0..columns).map(cell).collect::<Vec<_>>())
        })
        .collect();
    *cells = cells.checked_sub(head.len() * columns)?;
    let mut count = 0;
    while count < genes.get("rows").max(1)
        && *cells >= columns
        && budget.spend(&text, 0)
        && budget.spend_weight(columns * limits::LEAST_CELL + lines * limits::TABLE_LINE)
    {
        *cells -= columns;
        count += 1;
    }
    let rows: Vec<Value> = (0..count).map(|row| {
        let mut row_cells = Vec::new();
        if span > 1 && row % span == 0 {
            let reach = span.min(count - row);
            row_cells.push(json!({ "text": filled(genes.get("cell-text"), length, row), "row_span": reach }));
        }
        let mut column = usize::from(span > 1);
        while column < columns {
            let reach = if wide > 1 && column == 1 { wide.min(columns - column) } else { 1 };
            let length = if column < full { length } else { 0 };
            let text = filled(genes.get("cell-text"), length, row * 31 + column);
            row_cells.push(json!({ "text": text, "column_span": reach }));
            column += reach;
        }
        json!(row_cells)
    }).collect();
    let columns = vec![json!({}); columns];
    (count > 0).then(|| json!({ "table": { "columns": columns, "head": head, "rows": rows } }))
}

fn attachments(genes: &Genes, budget: &mut Budget, cells: &mut usize) -> Value {
    let wants_scores =
        genes.get("score-table") == 1 && genes.get("indicators") > 0 && genes.get("in-body") == 0;
    let orientation = ["portrait", "landscape"][genes.get("landscape")];
    let projects = genes.get("projects");
    let tables_each = genes.get("tables").div_ceil(genes.get("attachments").max(1));
    let mut all = Vec::new();
    for index in 0..genes.get("attachments").max(usize::from(wants_scores)).min(200) {
        let length = genes.get("heading").clamp(2, 190);
        let title = filled(0, length, index);
        if !budget.spend(&title, limits::LEAST_HEADING) {
            break;
        }
        let mut attachment = json!({ "title": title });
        let cover: Vec<[&str; 2]> = vec![["部门名称", title.as_str()]; genes.get("cover")];
        if index == 0 && wants_scores {
            attachment["score_table"] = json!(true);
        } else if index < projects {
            if let Some(project) = project(genes, budget, cells) {
                attachment["project_table"] = project;
            }
        } else {
            let mut body = blocks(genes, budget, false);
            body.extend((0..tables_each).filter_map(|_| table(genes, budget, cells)));
            if !body.is_empty() {
                attachment["orientation"] = json!(orientation);
                attachment["body"] = json!(body);
            }
        }
        if !cover.is_empty()
            && attachment.as_object().is_some_and(|content| content.len() > 1)
            && let Some(left) = cells.checked_sub(2 * cover.len())
        {
            *cells = left;
            attachment["cover"] = json!(cover);
        }
        all.push(attachment);
    }
    json!(all)
}

fn hundredths(count: usize) -> String {
    format!("{}.{:02}", count / 100, count % 100)
}

/// The items of an indicator, with a hundredth of a point each, as far as the budget allows them.
fn items(genes: &Genes, budget: &mut Budget, cells: &mut usize, index: usize) -> Vec<Value> {
    let mut items = Vec::new();
    while items.len() < genes.get("items") && *cells >= SCORE_COLUMNS {
        let title =
            filled(genes.get("heading-text"), genes.get("heading").max(1), index + items.len());
        if !budget.spend(&title, limits::LEAST_HEADING + SCORE_COLUMNS * limits::LEAST_CELL) {
            break;
        }
        *cells -= SCORE_COLUMNS;
        let point = hundredths(1);
        items.push(json!({ "title": title, "max_points": point, "self_score": point }));
    }
    items
}

/// A score sheet of one section, whose indicators and items have a hundredth of a point each.
fn scores(genes: &Genes, budget: &mut Budget, cells: &mut usize) -> Value {
    let (length, narrative) = (genes.get("heading").max(1), genes.get("narrative"));
    let (evidence, evidence_text) = (genes.get("evidence"), genes.get("evidence-text").max(12));
    // The score table prints the titles.
    let is_printed = genes.get("score-table") == 1 || genes.get("table-in-text") == 1;
    let is_untitled = genes.get("untitled") == 1 && narrative > 0 && !is_printed;
    let (mut indicators, mut count) = (Vec::new(), 0);
    while indicators.len() < genes.get("indicators") && *cells >= SCORE_COLUMNS {
        let index = indicators.len();
        let title = filled(genes.get("heading-text"), length, index);
        let text = filled(genes.get("text"), narrative.max(1), index);
        let evidence: Vec<String> =
            (0..evidence).map(|at| filled(0, evidence_text, index + at)).collect();
        let fits = budget.spend(&title, limits::LEAST_HEADING)
            && budget.spend(&text, limits::LEAST_PARAGRAPH)
            && budget.spend(&evidence.concat(), SCORE_COLUMNS * limits::LEAST_CELL);
        if !fits {
            break;
        }
        *cells -= SCORE_COLUMNS;
        let items = if is_untitled { Vec::new() } else { items(genes, budget, cells, index) };
        let points = hundredths(items.len().max(1));
        count += items.len().max(1);
        indicators.push(json!({
            "title": (!is_untitled).then_some(title), "max_points": points, "self_score": points,
            "narrative": [text],
            "evidence": evidence,
            "items": (!items.is_empty()).then_some(items),
        }));
    }
    if indicators.is_empty() {
        let one = hundredths(1);
        indicators.push(json!({ "title": "情况", "max_points": one, "self_score": one }));
        count = 1;
    }
    let sum = hundredths(count);
    let points_place = ["heading", "end"][genes.get("points-at-end")];
    json!({
        "points_place": points_place,
        "sections": [{ "title": "工作情况", "kind": "base", "max_points": sum, "self_score": sum,
            "indicators": indicators }],
        "total": { "max_points": sum, "self_score": sum }
    })
}

/// A project's table: a tenth of a point for the budget execution, a hundredth for each indicator.
fn project(genes: &Genes, budget: &mut Budget, cells: &mut usize) -> Option<Value> {
    let length = genes.get("cell").max(1);
    *cells = cells.checked_sub(9 + limits::PROJECT_CELLS)?;
    let mut indicators = Vec::new();
    while indicators.len() < genes.get("rows").max(1) && *cells >= 9 {
        let index = indicators.len();
        let text = |number| filled(genes.get("cell-text"), length.min(190), number);
        if !budget.spend(&text(index).repeat(5), 0)
            || !budget.spend_weight(limits::PROJECT_COLUMNS * limits::LEAST_CELL)
        {
            break;
        }
        *cells -= 9;
        indicators.push(json!({
            "first_level": text(index / 9), "second_level": text(index / 3), "title": text(index),
            "target": text(index), "actual": text(index), "max_points": "0.01", "self_score": "0.01"
        }));
    }
    let total = hundredths(indicators.len() + 10);
    (!indicators.is_empty()).then(|| {
        json!({
            "project_name": "项目", "department": "局", "implementing_unit": "站",
            "funds": [{ "name": "总额", "initial_budget": "10", "budget": "10", "executed": "10" }],
            "execution": { "max_points": "0.10", "self_score": "0.10" },
            "goal": { "expected": "甲", "actual": "乙" },
            "indicators": indicators,
            "total": { "max_points": total, "self_score": total }
        })
    })
}
