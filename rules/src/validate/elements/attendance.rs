//! The checks of 主持, 出席, 请假, 列席 and 记录, which minutes alone have (GB/T 9704, 10.3).

use crate::document::attendance::Attendance;
use crate::document::masthead::Form;
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::rule::TextRule;

/// Checks the lists; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<Option<Attendance>> {
    let Some(posted) = &document.attendance else { return Some(None) };
    if document.form != Form::Minutes {
        let detail = "只有纪要才标注出席、请假和列席人员名单，请删去（GB/T 9704第10.3条）。";
        check.error(place, Code::FormElement, detail.to_owned());
    }
    let present_place = place.key("present");
    if posted.present.is_empty() {
        let detail = "出席人员至少要有一人，请填写。".to_owned();
        check.error(&present_place, Code::ListEmpty, detail);
    }
    let mut list =
        |key: &'static str, names: &[String]| check.texts(&place.key(key), names, &TextRule::NAME);
    let chair = list("chair", posted.chair.as_deref().unwrap_or_default());
    let present = list("present", &posted.present);
    let absent = list("absent", posted.absent.as_deref().unwrap_or_default());
    let observers = list("observers", posted.observers.as_deref().unwrap_or_default());
    let recorder = list("recorder", posted.recorder.as_deref().unwrap_or_default());
    Some(Some(Attendance {
        chair: chair?,
        present: present?,
        absent: absent?,
        observers: observers?,
        recorder: recorder?,
    }))
}
