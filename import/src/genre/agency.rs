//! Tells names of agencies from other lines.

/// Whether a line is the name of an agency.
pub fn is_agency(line: &str) -> bool {
    is_name(line) && ends_as_agency(line)
}

/// Whether a line may be a name: it is short and has no marks.
pub fn is_name(line: &str) -> bool {
    (3..=60).contains(&line.chars().count())
        && !line.contains(['。', '：', '；', '，', '、', '.'])
        && !line.starts_with("附件")
}

/// Whether a text ends as names of agencies do.
pub fn ends_as_agency(text: &str) -> bool {
    const ENDS: &str = "局厅部委会府院室处科办心所站社队团校司署组联盟行关";
    text.ends_with(|c| ENDS.contains(c))
}
