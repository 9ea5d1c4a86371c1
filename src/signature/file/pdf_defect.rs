//! Defects in how a signature is embedded in its PDF.

use std::fmt;

/// A defect in how a signature is embedded in its PDF. Displays as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PdfDefect {
    /// No signature field refers to the signature.
    Unreachable,
    /// Several signature fields refer to it.
    Shared,
    /// Its dictionary cannot be read at the offset in the cross-reference table.
    Dictionary,
    /// Its dictionary has a duplicate entry, which readers may interpret differently.
    DuplicateEntry,
    /// `/ByteRange` is missing or is not four integers.
    ByteRange,
    /// `/ByteRange` does not start at the first byte.
    NotFromStart,
    /// The ranges overlap or exceed the file.
    OutOfBounds,
    /// `/Contents` is missing or not a hexadecimal string.
    Contents,
    /// The gap of `/ByteRange` is not exactly `/Contents`.
    Gap,
    /// It does not cover its revision to the end.
    NotToEnd,
    /// The file was changed after signing.
    ChangedAfterwards,
}

impl PdfDefect {
    /// The stable code, in `snake_case`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The code and the sentence of each defect.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreachable => {
                ("signature_unreachable", "签名不属于文件表单中的任何签名域，阅读器不会显示它。")
            }
            Self::Shared => ("signature_shared", "几个签名域共用同一个签名。"),
            Self::Dictionary => ("signature_dictionary_unreadable", "签名字典无法读取。"),
            Self::DuplicateEntry => {
                ("signature_entry_duplicated", "签名字典中有重复的项，不同阅读器的理解可能不同。")
            }
            Self::ByteRange => {
                ("byte_range_malformed", "签名的覆盖范围（ByteRange）缺失或格式不正确。")
            }
            Self::NotFromStart => {
                ("byte_range_not_from_start", "签名没有从文件的第一个字节起覆盖。")
            }
            Self::OutOfBounds => {
                ("byte_range_out_of_bounds", "签名的覆盖范围相互重叠，或超出文件。")
            }
            Self::Contents => ("contents_malformed", "签名的内容（Contents）缺失或格式不正确。"),
            Self::Gap => ("byte_range_gap", "签名未覆盖的部分不恰好是签名本身，其间可能夹带内容。"),
            Self::NotToEnd => ("byte_range_not_to_end", "签名没有覆盖到其所在修订的末尾。"),
            Self::ChangedAfterwards => {
                ("changed_after_signing", "签名之后文件又被改动，现在看到的不是签名时的内容。")
            }
        }
    }
}

impl fmt::Display for PdfDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

impl std::error::Error for PdfDefect {}
