//! Archives with filings that were never rendered, whose files the tests damage.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::Caller;
use hongtou::archive::audit::act::Actor;
use hongtou::archive::clock::{Clock, SystemClock};
use hongtou::archive::filings::records::FilingRecord;
use hongtou::archive::filings::signed::NewSignedCopy;
use hongtou::archive::filings::store::NewFiling;
use hongtou::archive::objects::{Object, Objects, sha256};
use hongtou::document::moment::Moment;
use hongtou::generate::accept;
use hongtou::signature::changes::derivation::DerivationKind;

use crate::archive::services;
use crate::http::in_process::{TYPESETTER, VALID};

pub(crate) const ACTOR: Actor<'static> = Actor { caller: "key", request_id: "", address: "" };

/// The clock of the system, some days later.
#[derive(Debug)]
pub(crate) struct Later {
    pub(crate) days: i64,
}

impl Clock for Later {
    fn now(&self) -> Moment {
        Moment(SystemClock.now().0 + self.days * 24 * 60 * 60 * 1000)
    }
}

/// An archive whose objects are in a folder, also if the tests run on services.
pub(crate) async fn archive(folder: &Path, days: i64) -> Archive {
    let database = services::empty().await.database;
    let objects = Objects::in_folder(folder).unwrap();
    Archive::new(database, objects, Arc::new(Later { days }))
}

/// Stores a filing with this number and made-up files.
pub(crate) async fn file(archive: &Archive, serial: u32) -> FilingRecord {
    let (source, pdf) = (format!("the source of {serial}"), format!("the filing {serial}"));
    file_with(archive, serial, &source, &pdf.repeat(100)).await
}

/// Stores a filing with this number and these files.
pub(crate) async fn file_with(
    archive: &Archive,
    serial: u32,
    source: &str,
    pdf: &str,
) -> FilingRecord {
    let number = format!("\"serial\": {serial}");
    let body = VALID.replace("\"serial\": 38", &number);
    let accepted = accept(body.as_bytes(), TYPESETTER.coverage()).unwrap();
    let (source, pdf) = (Bytes::from(source.to_owned()), Bytes::from(pdf.to_owned()));
    let filing = NewFiling {
        agency: None,
        document: accepted.filing.document(),
        source: &source,
        source_sha256: &sha256(&source),
        pdf: &pdf,
        pdf_sha256: &sha256(&pdf),
        pdf_crc32: 0,
        pages: 2,
        warnings: "[]",
    };
    let stored = archive.store(filing, ACTOR).await.unwrap();
    record(archive, &stored.id).await
}

/// Stores the signed copy of a filing.
pub(crate) async fn sign(archive: &Archive, filing: &FilingRecord) -> FilingRecord {
    let file = Bytes::from(format!("signed {}", filing.id));
    let signed = NewSignedCopy {
        object: Object::of(&file).await,
        file,
        derivation: DerivationKind::IdenticalSigned,
        verdict: Bytes::from(format!("verdict {}", filing.id)),
        evidence: Vec::new(),
    };
    archive.store_signed(filing, signed, ACTOR).await.unwrap();
    record(archive, &filing.id).await
}

pub(crate) async fn record(archive: &Archive, id: &str) -> FilingRecord {
    let id = hongtou::archive::id::Id::parse(id).unwrap();
    archive.filing(&Caller::local(), &id).await.unwrap().unwrap()
}

/// The file of an object.
pub(crate) fn path_of(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(&sha256[..2]).join(&sha256[2..])
}
