//! Why a submitted PDF is rejected as unreadable.

use std::fmt;

/// Why a PDF is rejected. Displays as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadablePdf {
    /// The file does not start with `%PDF-`.
    NotPdf,
    /// Its cross-reference tables are incomplete or contradictory.
    CrossReferences,
    /// Its objects cannot be read.
    Broken,
    /// It has no page.
    NoPages,
    /// It has a password.
    Encrypted,
    /// It is encrypted in a way that is not supported, or that readers may interpret differently.
    UnclearEncryption,
    /// Reading it would take too much memory or time.
    TooComplex,
}

impl UnreadablePdf {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::NotPdf,
        Self::CrossReferences,
        Self::Broken,
        Self::NoPages,
        Self::Encrypted,
        Self::UnclearEncryption,
        Self::TooComplex,
    ];

    /// The stable code, in `snake_case`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The code and the sentence of each reason.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::NotPdf => ("not_pdf", "文件不以“%PDF-”开头，不是PDF。"),
            Self::CrossReferences => (
                "unreadable_cross_references",
                "文件的交叉引用残缺或自相矛盾，不能确认各阅读器看到的内容相同。",
            ),
            Self::Broken => ("unreadable_pdf", "文件已损坏，不能作为PDF读取。"),
            Self::NoPages => ("no_pages", "文件中没有页面。"),
            Self::Encrypted => {
                ("encrypted_pdf", "文件已加密，须输入口令才能打开，请提交不需要口令的PDF。")
            }
            Self::UnclearEncryption => (
                "unclear_encryption",
                "文件的加密方式不受支持或前后不一致，不能确认各阅读器看到的内容相同。",
            ),
            Self::TooComplex => {
                ("too_complex", "文件过于复杂（修订过多，或解压后过大），不予读取。")
            }
        }
    }
}

impl fmt::Display for UnreadablePdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

impl std::error::Error for UnreadablePdf {}
