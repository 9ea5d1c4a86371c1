//! What a file is, by its content.

use crate::source::archive::Archive;
use crate::source::error::ImportError;
use crate::source::limits::UNPACKED;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Plain text.
    Text,
    /// A Word file (.docx).
    Word,
    /// A workbook (.xlsx or .xls).
    Workbook,
}

/// The first bytes of an OLE file: .xls, .doc, and OOXML files with a password.
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

impl FileKind {
    /// The kind of a file.
    ///
    /// # Errors
    /// Returns an error for an empty file, for formats that are not read, and for ZIP files that are
    /// damaged or too large.
    pub fn of(file: &[u8]) -> Result<Self, ImportError> {
        if file.is_empty() {
            return Err(ImportError::Empty);
        }
        if file.len() > UNPACKED {
            return Err(ImportError::TooLarge);
        }
        if file.starts_with(b"PK") {
            return Self::of_archive(&Archive::open(file)?);
        }
        if file.starts_with(OLE) {
            return Self::of_ole(file);
        }
        let refused: [(&[u8], &str); 3] = [
            (b"%PDF", "这是PDF，请上传Word、Excel文件或文本。"),
            (b"{\\rtf", "这是RTF，请在Word或WPS中另存为.docx再上传。"),
            (b"\x89PNG", "这是图片，请先识别成文字。"),
        ];
        match refused.iter().find(|(first, _)| file.starts_with(first)) {
            Some((_, sentence)) => Err(ImportError::Format(sentence)),
            None => Ok(Self::Text),
        }
    }

    /// OLE files list their streams in UTF-16.
    fn of_ole(file: &[u8]) -> Result<Self, ImportError> {
        let has = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            file.windows(name.len()).any(|bytes| bytes == name)
        };
        if has("EncryptedPackage") {
            return Err(ImportError::Encrypted);
        }
        if has("WordDocument") {
            return Err(ImportError::Format(
                "这是旧版Word文件，请在Word或WPS中另存为.docx再上传。",
            ));
        }
        Ok(Self::Workbook)
    }

    fn of_archive(archive: &Archive<'_>) -> Result<Self, ImportError> {
        if archive.has("word/document.xml") {
            Ok(Self::Word)
        } else if archive.has("workbook.xml") || archive.has("workbook.bin") {
            Ok(Self::Workbook)
        } else {
            Err(ImportError::Format("这不是Word（.docx）或Excel（.xlsx）文件。"))
        }
    }
}
