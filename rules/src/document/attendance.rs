//! 出席, 请假 and 列席: the attendance of the meeting that minutes record.

/// The lists of those present, absent and observing; the first is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    /// 出席.
    pub present: Vec<String>,
    /// 请假.
    pub absent: Vec<String>,
    /// 列席.
    pub observers: Vec<String>,
}
