//! Exports the archive as a package.

use std::path::Path;

use serde_json::Value;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::FilingRecord;
use crate::archive::id::Id;
use crate::archive::package::error::PackageError;
use crate::archive::package::metadata::{Directory, Packaged, metadata, retention_title};
use crate::archive::package::tables::{TABLES, Table};
use crate::archive::package::writer::BagWriter;

/// What was exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// The filings, without those whose files are destroyed.
    pub filings: u64,
    /// The bytes of their files.
    pub bytes: u64,
}

const ABOUT: &str = "\
本包是hongtou档案的导出件，为BagIt 1.0格式（RFC 8493），data目录的结构按档发〔2012〕7号附件2。\r\n\
文件目录.XML 各件公文的目录。\r\n\
电子档案/年度/保管期限/公文/ 签署件或原件（PDF）、元数据.xml、source.json（生成所用的数据）、verdict.json（归档时的核验结论）。\r\n\
其他/records/ 全部记录，每行一条JSON；其他/objects/ 排版程序的清单和程序、核对报告、销毁清册，以SHA-256命名。\r\n\
读取PDF、XML、JSON和文本即可，不需要专用软件。各文件的摘要见manifest-sha256.txt和manifest-sha512.txt。\r\n\
导入：hongtou archive import 目录。核验：hongtou verify PDF文件。\r\n";

impl Archive {
    /// Writes the whole archive to a new folder as a package. Nothing should write to the archive
    /// meanwhile. Fonts of the agency are left out, because their licences may forbid it.
    ///
    /// # Errors
    /// Returns `PackageError::Exists` if the folder exists, `PackageError::Io` if it cannot be
    /// written, and `PackageError::Archive` if the archive fails or has lost an object.
    pub async fn export(&self, folder: &Path, actor: Actor<'_>) -> Result<Exported, PackageError> {
        let mut bag = BagWriter::new(folder)?;
        // Before the records, so that they include it.
        self.record_event(actor, Act::Exported, "").await?;
        let (mut directory, mut exported) = (Directory::default(), Exported::default());
        for table in &TABLES {
            let text = self.table_text(table, &mut bag, &mut directory, &mut exported).await?;
            bag.add(&format!("其他/records/{}.ndjson", table.name), text.as_bytes())?;
        }
        self.add_other_objects(&mut bag).await?;
        bag.add("文件目录.XML", directory.document().as_bytes())?;
        bag.add("说明文件.TXT", ABOUT.as_bytes())?;
        let register = directory.register(exported.bytes);
        bag.add("其他/移交与接收登记表.xml", register.as_bytes())?;
        let date = self.now().to_string();
        bag.finish(&[
            ("Bag-Software-Agent", concat!("hongtou ", env!("CARGO_PKG_VERSION"))),
            ("Bagging-Date", date.get(..10).unwrap_or(&date)),
            ("External-Identifier", &self.new_id()),
        ])?;
        Ok(exported)
    }

    /// The rows of a table, one a line. Adds the files of each filing to the bag.
    async fn table_text(
        &self,
        table: &Table,
        bag: &mut BagWriter,
        directory: &mut Directory,
        exported: &mut Exported,
    ) -> Result<String, PackageError> {
        let (mut text, mut skipped) = (String::new(), 0);
        loop {
            let rows = self.rows(table, skipped).await?;
            if rows.is_empty() {
                return Ok(text);
            }
            for row in &rows {
                // Strings and numbers always serialize.
                text += &serde_json::to_string(row).unwrap_or_default();
                text.push('\n');
                if table.name == "filings" && row["disposal_id"].is_null() {
                    let id = row["id"].as_str().and_then(Id::parse);
                    let id = id.ok_or(ArchiveError::InvalidRecord("the id of a filing"))?;
                    let filing = self.filing(&Caller::local(), &id).await?;
                    let filing = filing.ok_or(ArchiveError::InvalidRecord("a filing"))?;
                    exported.bytes += self.add_filing(&filing, bag, directory).await?;
                    exported.filings += 1;
                }
            }
            skipped += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        }
    }

    /// Adds the files of a filing, and returns their length.
    async fn add_filing(
        &self,
        filing: &FilingRecord,
        bag: &mut BagWriter,
        directory: &mut Directory,
    ) -> Result<u64, PackageError> {
        let retention = self.retention(&filing.id).await?;
        let number = file_name(&filing.document_number);
        let title = retention_title(retention.as_ref());
        let folder = format!("{}/{title}/{number}-{}", filing.year, filing.id);
        let file = format!("{number}.pdf");
        let mut files = vec![("source.json".to_owned(), filing.source.clone())];
        match &filing.signed {
            Some(signed) => {
                files.push((file.clone(), signed.file.clone()));
                files.push(("原件.pdf".to_owned(), filing.pdf.clone()));
                let verdict = signed.verdict.iter().cloned();
                files.extend(verdict.map(|verdict| ("verdict.json".to_owned(), verdict)));
            }
            None => files.push((file.clone(), filing.pdf.clone())),
        }
        let (mut bytes, mut source) = (0, Value::Null);
        for (name, object) in files {
            let content = self.objects.get(&object.sha256).await?;
            if name == "source.json" {
                source = serde_json::from_slice(&content).unwrap_or_default();
            }
            bag.add(&format!("电子档案/{folder}/{name}"), &content)?;
            bytes += object.bytes;
        }
        let packaged = Packaged {
            filing,
            source: &source,
            retention: retention.as_ref(),
            folder: &folder,
            file: &file,
        };
        bag.add(&format!("电子档案/{folder}/元数据.xml"), metadata(&packaged).as_bytes())?;
        directory.add(&packaged);
        Ok(bytes)
    }

    /// Adds the objects that belong to no filing, and the signed copies that were withdrawn.
    async fn add_other_objects(&self, bag: &mut BagWriter) -> Result<(), PackageError> {
        let rows = self
            .database
            .query(
                "SELECT DISTINCT name FROM named_objects WHERE role IN ('renderer', 'program', \
             'fixity_report', 'disposal_register', 'withdrawn', 'withdrawn_verdict') ORDER BY name",
            )
            .fetch_all()
            .await?;
        for row in &rows {
            let sha256: &str = row.try_get("name")?;
            bag.add(&format!("其他/objects/{sha256}"), &self.objects.get(sha256).await?)?;
        }
        Ok(())
    }
}

/// A 发文字号 as the name of a file or folder.
fn file_name(number: &str) -> String {
    let is_unusable = |c: char| c.is_control() || "/\\:*?\"<>|%".contains(c);
    let name = number.replace(is_unusable, "_");
    // A leading dot would hide it.
    if name.starts_with('.') { format!("_{name}") } else { name }
}
