//! What is wrong with how a signature lies in its file.

/// A fault in how a signature lies in its file; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// No field of the form leads to it.
    #[error("签名不属于文件表单中的任何签名域，阅读器不会显示它。")]
    Unreachable,
    /// Several fields lead to it.
    #[error("几个签名域共用同一个签名。")]
    Shared,
    /// Its dictionary is not where the cross-references say, or is none.
    #[error("签名字典无法读取。")]
    Dictionary,
    /// An entry that counts stands in the dictionary twice, so that readers may disagree.
    #[error("签名字典中有重复的项，不同阅读器的理解可能不同。")]
    Duplicate,
    /// `/ByteRange` is missing or is not four integers.
    #[error("签名的覆盖范围（ByteRange）缺失或格式不正确。")]
    ByteRange,
    /// It does not begin with the first byte.
    #[error("签名没有从文件的第一个字节起覆盖。")]
    NotFromTheStart,
    /// Its parts overlap, or lie beyond the end.
    #[error("签名的覆盖范围相互重叠，或超出文件。")]
    OutOfBounds,
    /// `/Contents` is missing or is no hexadecimal string.
    #[error("签名的内容（Contents）缺失或格式不正确。")]
    Contents,
    /// What is left out is more or less than the signature itself.
    #[error("签名未覆盖的部分不恰好是签名本身，其间可能夹带内容。")]
    Gap,
    /// It does not reach to the end of the revision that it was written in.
    #[error("签名没有覆盖到其所在修订的末尾。")]
    NotToTheEnd,
    /// What is shown now is not what was signed.
    #[error("签名之后文件又被改动，现在看到的不是签名时的内容。")]
    ChangedAfterwards,
}

impl Fault {
    /// Its word, which programs may rely on.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "signature_unreachable",
            Self::Shared => "signature_shared",
            Self::Dictionary => "signature_dictionary_unreadable",
            Self::Duplicate => "signature_entry_duplicated",
            Self::ByteRange => "byte_range_malformed",
            Self::NotFromTheStart => "byte_range_not_from_start",
            Self::OutOfBounds => "byte_range_out_of_bounds",
            Self::Contents => "contents_malformed",
            Self::Gap => "byte_range_gap",
            Self::NotToTheEnd => "byte_range_not_to_end",
            Self::ChangedAfterwards => "changed_after_signing",
        }
    }
}
