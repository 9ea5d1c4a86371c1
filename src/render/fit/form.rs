//! What a form prints otherwise than the ordinary document (GB/T 9704 section 10).

use crate::document::OfficialDocument;
use crate::document::attendance::Attendance;
use crate::document::masthead::Form;
use crate::render::page_data::AttendanceRow;

/// The template of a form.
pub(crate) fn template(form: Form) -> &'static str {
    match form {
        // Minutes differ in their data alone: mark, lists of who was there, no seal (S1 10.3).
        Form::Report | Form::Notice | Form::Minutes => "report",
        Form::Letter => "letter",
        Form::Command => "command",
    }
}

/// The first side with a number: a letter's first has none (N-7).
pub(crate) fn first_numbered(form: Form) -> usize {
    match form {
        Form::Letter => 2,
        Form::Report | Form::Notice | Form::Command | Form::Minutes => 1,
    }
}

/// On which side the colophon may stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ColophonSide {
    /// The last side, which is even (V-3).
    #[default]
    LastEven,
    /// The last side whatever its number. A letter's 抄送 stand there by S1 10.1, which says nothing
    /// of even sides; a blank side would also part a letter of one side from its 抄送. The rule of
    /// even sides (V-3) is about a 版记 with its rules and its 印发 line, which a letter lacks.
    Last,
}

/// Where the form wants its colophon.
pub(crate) fn colophon_side(form: Form) -> ColophonSide {
    match form {
        Form::Letter => ColophonSide::Last,
        Form::Report | Form::Notice | Form::Command | Form::Minutes => ColophonSide::LastEven,
    }
}

/// The number as the form prints it: a command's serial number alone, 令号 (S1 10.2).
pub(crate) fn number(document: &OfficialDocument) -> String {
    match document.form {
        Form::Command => format!("第{}号", document.document_number.serial()),
        Form::Report | Form::Notice | Form::Letter | Form::Minutes => {
            document.document_number.to_string()
        }
    }
}

/// 出席, 请假 and 列席, as far as there are any, each on a row of its own (S1 10.3).
pub(crate) fn attendance_rows(attendance: &Attendance) -> Vec<AttendanceRow> {
    let Attendance { present, absent, observers } = attendance;
    [("出席：", present), ("请假：", absent), ("列席：", observers)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(label, names)| AttendanceRow { label, names: names.join("、") })
        .collect()
}
