//! The Chinese layout of the help texts; clap's own headings are English.

/// The layout of a command's help.
pub const HELP: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

/// The heading above the options.
pub const OPTIONS: &str = "选项";
