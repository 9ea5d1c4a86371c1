//! The role of every string of a submission: which keys hold which kind of text.

use serde_json::{Map, Value};

use crate::submission::names::key_name::key_order;
use crate::submission::names::path::{Step, last_key};

/// What a string is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// A listed value, a date, a number or 机关代字.
    Symbol,
    /// The name of an agency, a person or a position.
    Name,
    /// 标题 of the document.
    Title,
    /// A heading that is printed with a number.
    Heading,
    /// A heading of the score sheet or a component, printed with its points.
    ScoreHeading,
    /// The title of an attachment.
    AttachmentTitle,
    /// 附注.
    Annotation,
    /// Text in which the totals of the sheet are inserted.
    Running,
    /// The same, printed after the number of a heading: a paragraph with a level, or the first paragraph
    /// of an entry without a title.
    Numbered,
    /// The same, printed after the number of an article.
    Article,
    /// Any other text.
    Line,
}

impl TextRole {
    /// The role of the string at a path. The text of an unknown key is a line. `has` says whether the
    /// innermost object around the string has a key.
    pub fn of(path: &[Step<'_>], has: impl Fn(&str) -> bool) -> Self {
        let is_in_scores = path.iter().any(|step| step.key() == Some("scores"));
        let mut keys = path.iter().rev().filter_map(Step::key);
        let (key, owner) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
        match (key, owner) {
            ("issuers", "issuer_mark") => Self::Symbol,
            ("text", "issuer_mark") => Self::Name,
            ("title", "document") => Self::Title,
            ("title", "attachments") => Self::AttachmentTitle,
            ("title", "heading") => Self::Heading,
            ("name", "grades") | ("unit", "table") => Self::Line,
            ("paragraph", _) if has("level") && !has("heading") => Self::Numbered,
            ("narrative", "indicators" | "items")
                if path.last() == Some(&Step::Item(0)) && !has("title") =>
            {
                Self::Numbered
            }
            ("title" | "name", _) if is_in_scores => Self::ScoreHeading,
            _ => Self::of_key(key),
        }
    }

    fn of_key(key: &str) -> Self {
        match key {
            "form" | "document_kind" | "direction" | "suffix" | "agency_code" | "level"
            | "urgency" | "seal" | "sign_off_place" | "binding" | "document_date"
            | "printing_date" | "orientation" | "align" | "kind" | "max_points" | "self_score"
            | "initial_budget" | "budget" | "executed" | "unit" | "placement" | "points_place"
            | "not_applicable" | "numbering" | "at_least" | "format" => Self::Symbol,
            "issuers" | "signatories" | "primary_recipients" | "sign_off"
            | "sign_off_positions" | "chair" | "present" | "absent" | "observers" | "recorder"
            | "copy_recipients" | "subordinates" | "printing_office" | "department"
            | "implementing_unit" => Self::Name,
            "annotation" | "note" | "notes" => Self::Annotation,
            "chapter" | "section" => Self::Heading,
            "article" => Self::Article,
            "opening" | "closing" | "body" | "narrative" | "paragraph" | "head" | "rows"
            | "text" => Self::Running,
            _ => Self::Line,
        }
    }

    /// Whether the totals of the sheet are inserted in the text.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Numbered | Self::Article)
    }
}

/// A string of a submission.
#[derive(Debug, Clone, Copy)]
pub struct PostedString<'t> {
    /// Where it is.
    pub path: &'t [Step<'t>],
    /// What it is for.
    pub role: TextRole,
    /// The string.
    pub text: &'t str,
}

impl PostedString<'_> {
    /// The last key of its path.
    pub fn key(&self) -> &str {
        last_key(self.path)
    }
}

/// Visits every string in the order in which they are printed.
pub fn each_text(json: &Value, visit: &mut dyn FnMut(PostedString<'_>)) {
    below(json, None, &mut Vec::new(), visit);
}

fn below<'j>(
    json: &'j Value,
    owner: Option<&'j Map<String, Value>>,
    path: &mut Vec<Step<'j>>,
    visit: &mut dyn FnMut(PostedString<'_>),
) {
    match json {
        Value::String(text) => {
            let has = |key: &str| {
                owner.and_then(|owner| owner.get(key)).is_some_and(|value| !value.is_null())
            };
            visit(PostedString { path, role: TextRole::of(path, has), text });
        }
        Value::Array(list) => {
            for (index, entry) in list.iter().enumerate() {
                path.push(Step::Item(index));
                below(entry, owner, path, visit);
                path.pop();
            }
        }
        Value::Object(object) => {
            let mut entries: Vec<(&String, &Value)> = object.iter().collect();
            entries.sort_by_key(|(key, _)| (key_order(key), *key));
            for (key, value) in entries {
                path.push(Step::Key(key.as_str().into()));
                below(value, Some(object), path, visit);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
