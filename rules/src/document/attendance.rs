//! 主持, 出席, 请假, 列席 and 记录: the attendance of the meeting that minutes record.

/// Who took part and how; only the list of those present is never empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    /// 主持.
    pub chair: Vec<String>,
    /// 出席.
    pub present: Vec<String>,
    /// 请假.
    pub absent: Vec<String>,
    /// 列席.
    pub observers: Vec<String>,
    /// 记录.
    pub recorder: Vec<String>,
}
