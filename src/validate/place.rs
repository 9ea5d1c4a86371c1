//! A place in the posted JSON, kept as its path and written only when something is wrong there.

use crate::validate::key_name::key_name;

/// A place as its parent and one step; lives on the stack of the check that stands there.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Root,
    // Invariant: a key of the input format, which never holds `~` or `/`.
    Key(&'static str),
    Item(usize),
}

impl<'p> Place<'p> {
    /// The whole of the posted JSON.
    pub const ROOT: Place<'static> = Place { parent: None, step: Step::Root };

    /// The value of a key here.
    pub fn key(&'p self, key: &'static str) -> Place<'p> {
        Place { parent: Some(self), step: Step::Key(key) }
    }

    /// An entry of the list here, counted from 0.
    pub fn item(&'p self, index: usize) -> Place<'p> {
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

    /// What staff call this place: 标题, 第2个发文机关, 第3段正文.
    pub fn label(&self) -> String {
        match (self.step, self.parent) {
            (Step::Key(key), _) => key_name(key).unwrap_or(key).to_owned(),
            (Step::Item(index), Some(list)) => {
                let name = list.label();
                let measure = if name.starts_with("正文") { "段" } else { "个" };
                format!("第{}{measure}{name}", index + 1)
            }
            (Step::Item(_) | Step::Root, _) => "公文".to_owned(),
        }
    }
}
