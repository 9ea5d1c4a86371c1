//! The narratives of a score sheet that is only a table, which does not print them.

use crate::submission::names::path::parse;
use crate::submission::scores::PostedScores;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::scores::entry::PostedEntry;

/// Refuses the narratives of the score sheet of an attachment. Returns whether there are any.
pub fn refuse(check: &mut Checker<'_>, sections: &Place<'_>, posted: &PostedScores) -> bool {
    let found = pointers(sections, posted);
    for pointer in &found {
        let detail = "附件自己的评分表只印成自评表，工作情况写了也不印，请删去。".to_owned();
        check.error_at(&parse(pointer), Code::Unsupported, detail);
    }
    !found.is_empty()
}

/// Warns of narratives if the score sheet is printed only in the attached table.
pub fn warn(check: &mut Checker<'_>, sections: &Place<'_>, posted: &PostedScores) {
    let found = pointers(sections, posted);
    let detail = format!(
        "得分只列在附表中，附表不印工作情况（narrative），有{}处写了而不会印出；请写入正文的开头或结尾，或把得分印在正文中。",
        found.len()
    );
    match found.as_slice() {
        [] => {}
        [only] => check.warning_at(&parse(only), Code::NotPrinted, detail),
        _ => check.warning(sections, Code::NotPrinted, detail),
    }
}

fn pointers(sections: &Place<'_>, posted: &PostedScores) -> Vec<String> {
    let mut found = Vec::new();
    for (index, section) in posted.sections.iter().enumerate() {
        add(&sections.item(index), &section.into(), &mut found);
    }
    found
}

fn add(place: &Place<'_>, entry: &PostedEntry<'_>, found: &mut Vec<String>) {
    if !entry.narrative.is_empty() {
        found.push(place.key("narrative").pointer());
    }
    let (key, parts) = entry.parts();
    let list = place.key(key);
    for (index, part) in parts.iter().enumerate() {
        add(&list.item(index), part, found);
    }
}
