//! Why a file handed in is not read.

/// Why a file is not read; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It does not begin as a PDF does.
    #[error("文件不以“%PDF-”开头，不是PDF。")]
    NotPdf,
    /// Its cross-references do not lead through it.
    #[error("文件的交叉引用残缺或自相矛盾，不能确认各阅读器看到的内容相同。")]
    CrossReferences,
    /// Its objects cannot be read.
    #[error("文件已损坏，不能作为PDF读取。")]
    Broken,
    /// It has no page.
    #[error("文件中没有页面。")]
    NoPages,
    /// It is encrypted.
    #[error("文件已加密，请提交未加密的PDF。")]
    Encrypted,
    /// It would take too much memory or time.
    #[error("文件过于复杂（修订过多，或解压后过大），不予读取。")]
    TooComplex,
}

impl Unreadable {
    /// One of each.
    pub const ALL: [Self; 6] = [
        Self::NotPdf,
        Self::CrossReferences,
        Self::Broken,
        Self::NoPages,
        Self::Encrypted,
        Self::TooComplex,
    ];

    /// Its word, which programs may rely on.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotPdf => "not_pdf",
            Self::CrossReferences => "unreadable_cross_references",
            Self::Broken => "unreadable_pdf",
            Self::NoPages => "no_pages",
            Self::Encrypted => "encrypted_pdf",
            Self::TooComplex => "too_complex",
        }
    }
}
