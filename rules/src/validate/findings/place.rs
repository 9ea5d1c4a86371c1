//! A place in the posted JSON, formatted as a JSON Pointer only when a check reports something there.

use crate::submission::names::key_name::key_name;

/// A place as a link to its parent and one step. It lives on the stack of the check.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    parent: Option<&'p Self>,
    step: Step,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Root,
    // Invariant: a key of the input format, which never contains `~` or `/`.
    Key(&'static str),
    Item(usize),
}

impl<'p> Place<'p> {
    /// The whole posted JSON.
    pub const ROOT: Place<'static> = Place { parent: None, step: Step::Root };

    /// The place of the value of a key.
    pub fn key(&'p self, key: &'static str) -> Self {
        Place { parent: Some(self), step: Step::Key(key) }
    }

    /// The place of an entry of this list, counted from 0.
    pub fn item(&'p self, index: usize) -> Self {
        Place { parent: Some(self), step: Step::Item(index) }
    }

    /// The JSON Pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Self::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                pointer.push('/');
                pointer.push_str(key);
            }
            Step::Item(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
        pointer
    }

    /// What staff call this place: 标题, 第2个发文机关, 第1部分第2组第1项指标的标题.
    pub fn label(&self) -> String {
        match (self.step, self.parent) {
            (Step::Key(key), Some(owner)) => {
                let name = key_name(key).unwrap_or(key);
                format!("{}{name}", owner.label_before("的"))
            }
            (Step::Item(index), Some(list)) => {
                let owner = list.parent.unwrap_or(&Place::ROOT);
                let number = index + 1;
                match list.step {
                    Step::Key("sections") => format!("第{number}部分"),
                    Step::Key("groups") => format!("{}第{number}组", owner.label_before("")),
                    Step::Key("indicators") => {
                        format!("{}第{number}项指标", owner.label_before(""))
                    }
                    Step::Key("items") => format!("{}第{number}个分项", owner.label_before("")),
                    Step::Key("opening" | "closing" | "narrative") => {
                        format!("{}第{number}段", list.label())
                    }
                    Step::Key("title") => format!("{}第{number}行", list.label()),
                    Step::Key("rows") => format!("表格第{number}行"),
                    Step::Key("head") => format!("表头第{number}行"),
                    Step::Key("body") => {
                        format!("{}正文第{number}段", owner.label_before("的"))
                    }
                    Step::Key(key) => {
                        let name = key_name(key).unwrap_or(key);
                        format!("{}第{number}个{name}", owner.label_before("的"))
                    }
                    // A list in a list is a row of a table.
                    Step::Item(_) => format!("{}第{number}格", list.label()),
                    Step::Root => format!("第{number}项"),
                }
            }
            (Step::Root, _) | (_, None) => "公文".to_owned(),
        }
    }

    /// The label of an entry and a joining word; empty for other places.
    fn label_before(&self, joint: &str) -> String {
        match self.step {
            Step::Item(_) => format!("{}{joint}", self.label()),
            Step::Root | Step::Key(_) => String::new(),
        }
    }
}
