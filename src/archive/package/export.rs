//! Exports the archive as a package.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::FilingRecord;
use crate::archive::id::Id;
use crate::archive::log::receipts::ReceiptState;
use crate::archive::objects::Object;
use crate::archive::package::eep::{self, Eep};
use crate::archive::package::error::PackageError;
use crate::archive::package::evidence::TrustList;
use crate::archive::package::metadata::{Packaged, metadata, retention_title};
use crate::archive::package::tables::{TABLES, Table};
use crate::archive::package::transfer_form::{Directory, FORM, Totals, form_xml};
use crate::archive::package::writer::{BagWriter, Payload};
use crate::render::typesetter::Typesetter;

/// What was exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// The filings, without those whose files are destroyed.
    pub filings: u64,
    /// The bytes of their files.
    pub bytes: u64,
}

/// The folder of the files of the log in a package.
pub(crate) const LOG_FOLDER: &str = "其他/log";

const ABOUT: &str = "\
本包是hongtou档案的导出件，为BagIt 1.0格式（RFC 8493），data目录的结构按档发〔2012〕7号附件2。\r\n\
文件目录.XML 各件公文的目录。\r\n\
电子档案/年度/保管期限/公文/ 签署件或原件（PDF）、元数据.xml、source.json（生成所用的数据）、verdict.json（归档时的核验结论）、\
evidence.json（核验所依据的证书和吊销列表，按SHA-256见其他/objects）、renderer.json（排版程序的清单）、\
receipt.tlog-proof（存证回执；另有签署件的，原件的回执为原件.tlog-proof）。尚未签入存证日志的没有回执。\r\n\
其他/records/ 全部记录，每行一条JSON；其他/objects/ 核验依据、排版程序的清单和程序、核对报告、销毁清册，以SHA-256命名；\
其他/log/ 存证日志的条目、检查点、见证方的签名和时间戳（C2SP tlog-tiles）。\r\n\
移交与接收登记表见本包根目录的PDF，数据见其他/移交与接收登记表.xml。\r\n\
读取PDF、XML、JSON和文本即可，不需要专用软件。各文件的摘要见manifest-sha256.txt和manifest-sha512.txt。\r\n\
导入：hongtou archive import 目录。核验：hongtou verify PDF文件；核验回执：hongtou verify --receipt 回执 --policy 文件 PDF文件。\r\n";

impl Archive {
    /// Writes the whole archive to a new folder as a package. Nothing should write to the archive
    /// meanwhile. Fonts of the agency are left out, because their licences may forbid it.
    ///
    /// # Errors
    /// Returns `PackageError::Exists` if the folder exists, `PackageError::Io` if it cannot be
    /// written, `PackageError::Form` if the form cannot be typeset, and
    /// `PackageError::Archive` if the archive fails or has lost an object.
    pub async fn export(
        &self,
        folder: &Path,
        typesetter: &Typesetter,
        actor: Actor<'_>,
    ) -> Result<Exported, PackageError> {
        self.export_as(folder, typesetter, actor, false).await
    }

    /// The same, with an EEP (DA/T 48) of each filing in addition.
    ///
    /// # Errors
    /// Like `export`.
    pub async fn export_with_eep(
        &self,
        folder: &Path,
        typesetter: &Typesetter,
        actor: Actor<'_>,
    ) -> Result<Exported, PackageError> {
        self.export_as(folder, typesetter, actor, true).await
    }

    async fn export_as(
        &self,
        folder: &Path,
        typesetter: &Typesetter,
        actor: Actor<'_>,
        with_eep: bool,
    ) -> Result<Exported, PackageError> {
        let mut export = Export::begin(self, folder, with_eep).await?;
        // Before the records, so that they include it.
        self.record_event(actor, Act::Exported, "").await?;
        for table in &TABLES {
            export.add_table(table).await?;
        }
        export.add_other_objects().await?;
        export.add_log_files().await?;
        export.finish(typesetter).await
    }
}

/// A package that is being written.
struct Export<'a> {
    archive: &'a Archive,
    bag: BagWriter,
    directory: (Directory, Payload),
    /// The evidence of verdicts, by the SHA-256 of the trust settings.
    trust_lists: BTreeMap<String, TrustList>,
    /// Whether each filing gets an EEP.
    with_eep: bool,
    exported: Exported,
}

impl<'a> Export<'a> {
    async fn begin(
        archive: &'a Archive,
        folder: &Path,
        with_eep: bool,
    ) -> Result<Self, PackageError> {
        let bag = BagWriter::new(folder)?;
        let mut payload = bag.begin("文件目录.XML")?;
        payload.write(Directory::HEAD.as_bytes())?;
        let trust_lists = archive.trust_lists().await?;
        let directory = (Directory::default(), payload);
        let exported = Exported::default();
        Ok(Self { archive, bag, directory, trust_lists, with_eep, exported })
    }

    /// Adds the rows of a table, one a line, and the files of each filing.
    async fn add_table(&mut self, table: &Table) -> Result<(), PackageError> {
        let mut payload = self.bag.begin(&table.path())?;
        let mut last = None;
        loop {
            let rows = self.archive.rows(table, last.as_ref()).await?;
            if rows.is_empty() {
                return self.bag.end(payload);
            }
            for row in &rows {
                // Strings and numbers always serialize.
                payload.write(&serde_json::to_vec(row).unwrap_or_default())?;
                payload.write(b"\n")?;
                if table.name == "filings" && row["disposal_id"].is_null() {
                    let id = row["id"].as_str().and_then(Id::parse);
                    let id = id.ok_or(ArchiveError::InvalidRecord("the id of a filing"))?;
                    let filing = self.archive.filing(&Caller::local(), &id).await?;
                    let filing = filing.ok_or(ArchiveError::InvalidRecord("a filing"))?;
                    self.add_filing(&filing).await?;
                }
            }
            last = rows.into_iter().next_back();
        }
    }

    /// Adds the files of a filing.
    async fn add_filing(&mut self, filing: &FilingRecord) -> Result<(), PackageError> {
        let retention = self.archive.retention(&filing.id).await?;
        let number = file_name(&filing.document_number);
        let title = retention_title(retention.as_ref());
        let folder = format!("{}/{title}/{number}-{}", filing.year, filing.id);
        let file = format!("{number}.pdf");
        let mut files = vec![("source.json", &filing.source)];
        match &filing.signed {
            Some(signed) => {
                files.extend([(file.as_str(), &signed.file), ("原件.pdf", &filing.pdf)]);
                files.extend(signed.verdict.iter().map(|verdict| ("verdict.json", verdict)));
            }
            None => files.push((&file, &filing.pdf)),
        }
        let mut source = Value::Null;
        for (name, object) in &files {
            let content = self.archive.objects.get(&object.sha256).await?;
            match *name {
                "source.json" => source = serde_json::from_slice(&content).unwrap_or_default(),
                "verdict.json" => self.add_evidence(&folder, &content)?,
                _ => {}
            }
            self.bag.add(&format!("电子档案/{folder}/{name}"), &content)?;
            self.exported.bytes += object.bytes;
        }
        self.add_proofs(filing, &folder).await?;
        let packaged = Packaged {
            filing,
            source: &source,
            retention: retention.as_ref(),
            folder: &folder,
            file: &file,
        };
        let metadata = metadata(&packaged);
        self.bag.add(&format!("电子档案/{folder}/元数据.xml"), metadata.as_bytes())?;
        let (directory, payload) = &mut self.directory;
        payload.write(directory.entry(&packaged).as_bytes())?;
        self.exported.filings += 1;
        if self.with_eep {
            let (item, at) = (self.exported.filings, self.archive.now());
            let eep = Eep { packaged: &packaged, item, files: &files, at };
            let mut payload = self.bag.begin(&format!("电子档案/{folder}/{number}.eep"))?;
            eep.write(&self.archive.objects, &mut payload).await?;
            self.bag.end(payload)?;
        }
        Ok(())
    }

    /// Says what the verdict rested on, if that is stored.
    fn add_evidence(&mut self, folder: &str, verdict: &[u8]) -> Result<(), PackageError> {
        let verdict: Value = serde_json::from_slice(verdict).unwrap_or_default();
        let trust = verdict["trust"]["sha256"].as_str().unwrap_or_default();
        let Some(list) = self.trust_lists.get(trust) else { return Ok(()) };
        // Strings always serialize.
        let json = serde_json::to_vec_pretty(list).unwrap_or_default();
        self.bag.add(&format!("电子档案/{folder}/evidence.json"), &json)
    }

    /// Adds the receipts of the files, and the manifest of the renderer.
    async fn add_proofs(
        &mut self,
        filing: &FilingRecord,
        folder: &str,
    ) -> Result<(), PackageError> {
        let original = ("原件.tlog-proof", &filing.pdf);
        let receipts = match &filing.signed {
            Some(signed) => vec![("receipt.tlog-proof", &signed.file), original],
            None => vec![("receipt.tlog-proof", &filing.pdf)],
        };
        for (name, object) in receipts {
            if let ReceiptState::Ready(receipt) = self.archive.receipt(&object.sha256).await? {
                let path = format!("电子档案/{folder}/{name}");
                self.bag.add(&path, receipt.to_text().as_bytes())?;
            }
        }
        if let Some(renderer) = &filing.renderer {
            let manifest = self.archive.objects.get(renderer).await?;
            self.bag.add(&format!("电子档案/{folder}/renderer.json"), &manifest)?;
        }
        Ok(())
    }

    /// Adds the objects that are not files of a filing: evidence, renderers with their programs,
    /// reports, and the signed copies that were withdrawn.
    async fn add_other_objects(&mut self) -> Result<(), PackageError> {
        let mut last = String::new();
        loop {
            let sql = "SELECT name, MAX(bytes) AS bytes FROM named_objects WHERE role NOT IN \
                 ('source', 'pdf', 'signed', 'verdict', 'font', 'batch_line') AND name > $1 \
                 GROUP BY name ORDER BY name LIMIT 1000";
            let rows = self.archive.database.query(sql).bind(&*last).fetch_all().await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                last = row.try_get("name")?;
                self.add_other_object(&last, row.try_get("bytes")?).await?;
            }
        }
    }

    async fn add_other_object(
        &mut self,
        sha256: &str,
        bytes: Option<i64>,
    ) -> Result<(), PackageError> {
        let mut payload = self.bag.begin(&format!("其他/objects/{sha256}"))?;
        match bytes.and_then(|bytes| u64::try_from(bytes).ok()) {
            // A program is long, so it is read in chunks.
            Some(bytes) => {
                let object = Object { sha256: sha256.to_owned(), bytes };
                let mut chunks = self.archive.objects.read(&object, 0..bytes).await?;
                while let Some(chunk) = chunks.try_next().await? {
                    payload.write(&chunk)?;
                }
            }
            None => payload.write(&self.archive.objects.get(sha256).await?)?,
        }
        self.bag.end(payload)
    }

    /// Adds the files of the log.
    async fn add_log_files(&mut self) -> Result<(), PackageError> {
        let mut names = self.archive.objects.named();
        while let Some(name) = names.try_next().await? {
            let content = self.archive.objects.get_named(&name).await?;
            let content = content.ok_or_else(|| ArchiveError::Missing(name.clone()))?;
            self.bag.add(&format!("{LOG_FOLDER}/{name}"), &content)?;
        }
        Ok(())
    }

    async fn finish(self, typesetter: &Typesetter) -> Result<Exported, PackageError> {
        let Self { archive, mut bag, directory: (_, mut payload), with_eep, exported, .. } = self;
        payload.write(Directory::END.as_bytes())?;
        bag.end(payload)?;
        let mut about = ABOUT.to_owned();
        if with_eep {
            about += eep::ABOUT;
            bag.add(eep::SCHEMA_PATH, eep::SCHEMA.as_bytes())?;
        }
        bag.add("说明文件.TXT", about.as_bytes())?;
        let checkpoint = archive.newest_checkpoint().await?.map(|note| note.text);
        let package = archive.new_id();
        let Exported { filings, bytes } = exported;
        let checkpoint = checkpoint.as_deref();
        let date = archive.now().date_in_china();
        let totals = Totals { filings, bytes, package: &package, date: &date, checkpoint };
        bag.add("其他/移交与接收登记表.xml", form_xml(&totals).as_bytes())?;
        let info = [
            ("Bag-Software-Agent", concat!("hongtou ", env!("CARGO_PKG_VERSION"))),
            ("Bagging-Date", &date),
            ("External-Identifier", &package),
        ];
        let form = |contents: &_| Ok(typesetter.transfer_form(&totals.form(contents))?);
        bag.finish(&info, (FORM, form))?;
        Ok(exported)
    }
}

/// A 发文字号 as the name of a file or folder.
fn file_name(number: &str) -> String {
    let is_unusable = |c: char| c.is_control() || "/\\:*?\"<>|%".contains(c);
    let name = number.replace(is_unusable, "_");
    // A leading dot would hide it.
    if name.starts_with('.') { format!("_{name}") } else { name }
}
