//! The attendance of minutes: 主持, 出席, 请假, 列席 and 记录 (S1 10.3).

use crate::document::attendance::Attendance;
use crate::render::lines::width::half_characters;
use crate::render::page_data::AttendanceRow;
use crate::render::page_data::text::TextRun;

/// The longest name that is unbreakable, in half characters: half a line.
const LONGEST_UNBREAKABLE: usize = 24;

/// Each list that is not empty, in its own row.
pub(crate) fn rows(attendance: &Attendance) -> Vec<AttendanceRow> {
    let Attendance { chair, present, absent, observers, recorder } = attendance;
    [
        ("主持：", chair),
        ("出席：", present),
        ("请假：", absent),
        ("列席：", observers),
        ("记录：", recorder),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(label, names)| AttendanceRow { label, names: runs(names) })
    .collect()
}

/// The names with 、 between them. A name stays on one line, what follows it in brackets may be broken.
fn runs(names: &[String]) -> Vec<TextRun> {
    let run =
        |text: &str, unbreakable| TextRun { text: text.to_owned(), strong: false, unbreakable };
    let mut runs = Vec::with_capacity(2 * names.len());
    for (index, name) in names.iter().enumerate() {
        let (name, post) = name.split_at(name.find('（').unwrap_or(name.len()));
        runs.push(run(name, half_characters(name) <= LONGEST_UNBREAKABLE));
        let mark = if index + 1 < names.len() { "、" } else { "" };
        runs.push(run(&format!("{post}{mark}"), false));
    }
    runs.retain(|run| !run.text.is_empty());
    runs
}
