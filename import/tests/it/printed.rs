//! A submission as an office prints it: lines with generated numbers and points, and tables.

use hongtou_rules::document::numeral::chinese;
use serde_json::Value;

use crate::printed_issued;

/// A line or a table of a printed document.
#[derive(Debug, Clone)]
pub enum Line {
    /// A line of the masthead, a heading or a whole paragraph.
    Text(String),
    /// A numbered paragraph: the level, the number and the text.
    Numbered(usize, usize, String),
    /// A table as in a submission.
    Table(Value),
}

/// The printed number of a level.
pub fn number(level: usize, count: usize) -> String {
    match level {
        1 => format!("{}、", chinese(count)),
        2 => format!("（{}）", chinese(count)),
        3 => format!("{count}."),
        _ => format!("（{count}）"),
    }
}

/// The lines of a submission.
pub fn lines(submission: &Value) -> Vec<Line> {
    let mut printed = Printed { submission, lines: Vec::new(), counters: [0; 5], way: "" };
    printed.masthead();
    let numbering = text(&submission["document"]["numbering"]);
    printed.way = if numbering.is_empty() { "by_heading" } else { numbering };
    printed.blocks(&submission["opening"]);
    printed.blocks(&submission["body"]);
    if submission["scores"].is_object() && submission["scores"]["placement"] != "attachment" {
        printed.scores(if numbering.is_empty() { "continuous" } else { numbering });
        printed.way = if numbering.is_empty() { "by_heading" } else { numbering };
    }
    printed.blocks(&submission["closing"]);
    printed.closing();
    printed.lines
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub fn names(value: &Value, separator: &str) -> String {
    list(value).iter().map(text).collect::<Vec<_>>().join(separator)
}

fn points(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

pub fn date(value: &Value) -> String {
    let parts: Vec<&str> =
        text(value).split('-').map(|part| part.trim_start_matches('0')).collect();
    format!("{}年{}月{}日", parts[0], parts[1], parts[2])
}

struct Printed<'s> {
    submission: &'s Value,
    lines: Vec<Line>,
    counters: [usize; 5],
    way: &'s str,
}

impl<'s> Printed<'s> {
    fn push(&mut self, text: impl Into<String>) {
        let text: String = text.into();
        let scores = &self.submission["scores"];
        let total = |key: &str| points(&scores["total"][key]);
        let mut text = text
            .replace("{total.self_score}", &total("self_score"))
            .replace("{total.max_points}", &total("max_points"));
        let own: f64 = total("self_score").parse().unwrap_or_default();
        let at_least = |grade: &&Value| points(&grade["at_least"]).parse::<f64>().unwrap() <= own;
        if let Some(grade) = list(&scores["grades"]).iter().find(at_least) {
            text = text.replace("{total.grade}", grade["name"].as_str().unwrap());
        }
        self.lines.push(Line::Text(text));
    }

    fn masthead(&mut self) {
        let document = &self.submission["document"];
        if let Some(copy) = document["copy_number"].as_i64() {
            self.push(format!("{copy:06}"));
        }
        let mark = &document["issuer_mark"];
        let suffix = match (text(&mark["suffix"]), text(&document["form"])) {
            ("无", _) | ("", "letter") => "",
            ("", "command") => "令",
            ("", "minutes") => "纪要",
            ("", _) => "文件",
            (suffix, _) => suffix,
        };
        let mut issuers = names(&document["issuers"], "  ");
        if text(&mark["issuers"]) == "lead" || text(&document["form"]) == "letter" {
            issuers = text(&document["issuers"][0]).to_owned();
        }
        self.push(format!("{issuers}{suffix}"));
        let number = &document["document_number"];
        let printed =
            format!("{}〔{}〕{}号", text(&number["agency_code"]), number["year"], number["serial"]);
        let is_command = document["form"] == "command";
        let printed = if is_command { format!("第{}号", number["serial"]) } else { printed };
        let signatories = names(&document["signatories"], "　");
        match signatories.is_empty() {
            true => self.push(printed),
            false => self.push(format!("{printed}    签发人：{signatories}")),
        }
        if !is_command {
            self.push(text(&document["title"]));
        }
        if !list(&document["primary_recipients"]).is_empty() {
            let is_class = list(&document["primary_recipients"])
                .iter()
                .any(|name| text(name).replace("（市、区）", "").contains('、'));
            let separator = if is_class { "，" } else { "、" };
            self.push(format!("{}：", names(&document["primary_recipients"], separator)));
        }
    }

    fn count(&mut self, level: usize) -> usize {
        self.counters[level] += 1;
        if self.way != "continuous" {
            self.counters[level + 1..].fill(0);
        }
        self.counters[level]
    }

    fn numbered(&mut self, level: usize, text: impl Into<String>) {
        let count = self.count(level);
        self.lines.push(Line::Numbered(level, count, text.into()));
    }

    fn blocks(&mut self, blocks: &Value) {
        let (mut chapters, mut sections, mut articles) = (0, 0, 0);
        for block in list(blocks) {
            if let Some(paragraph) = block.as_str() {
                self.push(paragraph);
            } else if let Some(title) = block["chapter"].as_str() {
                (chapters, sections) = (chapters + 1, 0);
                self.restart();
                self.push(format!("第{}章　{title}", chinese(chapters)));
            } else if let Some(title) = block["section"].as_str() {
                sections += 1;
                self.restart();
                self.push(format!("第{}节　{title}", chinese(sections)));
            } else if let Some(article) = block["article"].as_str() {
                articles += 1;
                self.counters.fill(0);
                self.push(format!("第{}条　{article}", chinese(articles)));
            } else if block["heading"].is_object() {
                let level = block["heading"]["level"].as_u64().unwrap() as usize;
                let title = text(&block["heading"]["title"]);
                match block["paragraph"].as_str() {
                    Some(paragraph) => self.numbered(level, format!("{title}。{paragraph}")),
                    None => self.numbered(level, title),
                }
            } else if block["level"].is_u64() {
                let level = block["level"].as_u64().unwrap() as usize;
                self.numbered(level, text(&block["paragraph"]));
            } else if block["table"].is_object() {
                if let Some(caption) = block["table"]["caption"].as_str() {
                    self.push(caption);
                }
                self.lines.push(Line::Table(block["table"].clone()));
            }
        }
    }

    fn restart(&mut self) {
        match self.way {
            "continuous" => {}
            "first_level_continuous" => self.counters[2..].fill(0),
            _ => self.counters.fill(0),
        }
    }

    fn scores(&mut self, way: &'s str) {
        if way == "continuous" {
            self.way = "continuous";
        }
        self.counters[2..].fill(0);
        let scores = &self.submission["scores"];
        for section in list(&scores["sections"]) {
            self.entry(section, 1);
        }
        self.counters[2..].fill(0);
    }

    fn entry(&mut self, entry: &'s Value, level: usize) {
        let star = if entry["starred"] == true { "★" } else { "" };
        let heading = format!("{star}{}", self.heading(entry, level));
        let narrative = list(&entry["narrative"]);
        let run_in = self.submission["scores"]["run_in"] == true && !narrative.is_empty();
        if run_in {
            let stop = if heading.contains('。') { "" } else { "。" };
            self.numbered(level, format!("{heading}{stop}{}", text(&narrative[0])));
        } else {
            self.numbered(level, heading);
        }
        for paragraph in &narrative[usize::from(run_in)..] {
            self.push(text(paragraph));
        }
        for (key, below) in [("groups", 2), ("indicators", 3), ("items", 4)] {
            for part in list(&entry[key]) {
                self.entry(part, below);
            }
        }
    }

    fn heading(&self, entry: &Value, level: usize) -> String {
        let title = text(&entry["title"]);
        let wording = &self.submission["scores"]["wording"];
        let (max, own) = (points(&entry["max_points"]), points(&entry["self_score"]));
        let unit = wording["unit"].as_str().unwrap_or("分");
        let score = |max: &str, own: &str, level: usize| -> String {
            let is_full = max == own || (max.starts_with('-') && own == "0");
            let own_of = |word: &str| match own {
                "不涉及" => own.to_owned(),
                own => format!("{word}{own}{unit}"),
            };
            if wording.is_object() {
                let max_word =
                    wording["max_points"].as_str().filter(|word| *word != "none").unwrap_or("");
                let word = wording["self_score"].as_str().unwrap_or("自评得分");
                return format!("（{max_word}{max}{unit}，{}）", own_of(word));
            }
            match level {
                1 if entry["kind"] == "base" => format!("（{max}分，{}）", own_of("自查得分")),
                1 | 2 => format!("（分值{max}分，{}）", own_of("自评得分")),
                _ if is_full => format!("（{max}分）"),
                _ => format!("（{max}分，{}）", own_of("自评得分")),
            }
        };
        let components = list(&entry["components"]);
        if !components.is_empty() {
            let mut shown = String::new();
            let mut rest = title;
            for component in components {
                let name = text(&component["name"]);
                let (before, after) = rest.split_once(name).unwrap();
                let of = |key: &str| points(&component[key]);
                shown +=
                    &format!("{before}{name}{}", score(&of("max_points"), &of("self_score"), 3));
                rest = after;
            }
            return format!("{shown}{rest}{}", if wording.is_object() { "" } else { "。" });
        }
        let label = match text(&entry["kind"]) {
            "bonus" => "（加分项）",
            "deduction" => "（扣分项）",
            _ => "",
        };
        let stop = if wording.is_object() || level == 1 { "" } else { "。" };
        format!("{title}{label}{stop}{}", score(&max, &own, level))
    }

    fn closing(&mut self) {
        let document = &self.submission["document"];
        self.attachment_list(&document["attachments"]);
        if document["sign_off_positions"].is_array() {
            self.push(names(&document["sign_off_positions"], "  "));
        } else if document["sign_off"].is_array() {
            self.push(names(&document["sign_off"], "  "));
        }
        self.push(date(&document["document_date"]));
        match &document["annotation"] {
            Value::String(text) => self.push(format!("（{text}）")),
            Value::Array(lines) => {
                lines.iter().for_each(|line| self.push(format!("（{}）", text(line))));
            }
            _ => {}
        }
        self.attached(&document["attachments"]);
        for issued in printed_issued::texts(&self.submission["issued"]) {
            self.push(text(&issued["title"]));
            printed_issued::above(issued).into_iter().for_each(|line| self.push(line));
            self.counters.fill(0);
            self.blocks(&issued["body"]);
            self.attachment_list(&issued["attachments"]);
            printed_issued::below(issued).into_iter().for_each(|line| self.push(line));
            self.attached(&issued["attachments"]);
        }
        if document["copy_recipients"].is_array() {
            self.push(format!("抄送：{}。", names(&document["copy_recipients"], "，")));
        }
        if document["printing_office"].is_string() && document["form"] != "letter" {
            let office = text(&document["printing_office"]);
            self.push(format!("{office}      {}印发", date(&document["printing_date"])));
        }
    }

    fn attachment_list(&mut self, attachments: &'s Value) {
        match list(attachments) {
            [] => {}
            [one] => self.push(format!("附件：{}", text(&one["title"]))),
            several => {
                for (index, one) in several.iter().enumerate() {
                    let label = if index == 0 { "附件：" } else { "" };
                    self.push(format!("{label}{}.{}", index + 1, text(&one["title"])));
                }
            }
        }
    }

    fn attached(&mut self, attachments: &'s Value) {
        let several = list(attachments).len() > 1;
        for (index, attachment) in list(attachments).iter().enumerate() {
            let has_content = ["body", "score_table", "project_table"]
                .iter()
                .any(|key| !attachment[*key].is_null() && attachment[*key] != false);
            if !has_content {
                continue;
            }
            self.push(if several { format!("附件{}", index + 1) } else { "附件".to_owned() });
            self.push(text(&attachment["title"]));
            self.counters.fill(0);
            self.blocks(&attachment["body"]);
            if attachment["score_table"] == true {
                let table = score_table(&self.submission["scores"]);
                self.lines.push(Line::Table(table));
            }
        }
    }
}

/// The self-evaluation table, with one row per entry without parts.
fn score_table(scores: &Value) -> Value {
    let depth = list(&scores["sections"]).iter().map(depth).max().unwrap_or(1);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for section in list(&scores["sections"]) {
        score_rows(section, 0, depth, &mut rows);
    }
    let levels = ["一级指标", "二级指标", "三级指标", "四级指标"];
    let heads = levels[..depth].iter().chain(&["分值", "自评得分", "扣分原因", "佐证材料"]);
    let mut total = vec![serde_json::json!({ "text": "合计", "column_span": depth })];
    total.extend([
        points(&scores["total"]["max_points"]).into(),
        points(&scores["total"]["self_score"]).into(),
        "".into(),
        "".into(),
    ]);
    rows.push(total);
    serde_json::json!({
        "columns": (0..depth + 4).map(|_| serde_json::json!({})).collect::<Vec<_>>(),
        "head": [heads.collect::<Vec<_>>()],
        "rows": rows,
    })
}

fn depth(entry: &Value) -> usize {
    let parts = ["groups", "indicators", "items"].into_iter().flat_map(|key| list(&entry[key]));
    1 + parts.map(depth).max().unwrap_or(0)
}

fn score_rows(entry: &Value, column: usize, levels: usize, rows: &mut Vec<Vec<Value>>) {
    let first = rows.len();
    let parts: Vec<&Value> =
        ["groups", "indicators", "items"].into_iter().flat_map(|key| list(&entry[key])).collect();
    let kind = match text(&entry["kind"]) {
        "bonus" => "加分项，",
        "deduction" => "扣分项，",
        _ => "",
    };
    let star = if entry["starred"] == true { "★" } else { "" };
    let max = points(&entry["max_points"]);
    let title = format!("{star}{}", text(&entry["title"]));
    if parts.is_empty() {
        let title = if column == 0 { format!("{title}（{kind}{max}分）") } else { title };
        rows.push(vec![
            serde_json::json!({ "text": title, "column_span": levels - column }),
            max.into(),
            points(&entry["self_score"]).into(),
            text(&entry["reason"]).into(),
            names(&entry["evidence"], "；").into(),
        ]);
        return;
    }
    for part in parts {
        score_rows(part, column + 1, levels, rows);
    }
    let span = rows.len() - first;
    let label = format!("{title}（{kind}{max}分）");
    rows[first].insert(0, serde_json::json!({ "text": label, "row_span": span }));
}
