//! The log: every act gets a number and a receipt, and what was published is never contradicted.

mod receipts;
mod recovery;
mod steps;
mod cosigned;
mod keys;

use hongtou::archive::Archive;
use hongtou::archive::log::steps::keeper::{LogKeeper, Round};
use hongtou::archive::log::verify::LogReport;
use hongtou::document::moment::Moment;
use hongtou::log::note::keys::{Algorithm, SigningKey};
use hongtou::log::note::policy::Policy;
use sqlx::AssertSqlSafe;

pub(crate) const ORIGIN: &str = "archive.example/hongtou/1";

pub(crate) fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seeds(name, &[seed; 32], &[seed; 32]).unwrap()
}

/// The keeper of an archive's log, which is open and compared with what is published.
pub(crate) async fn keeper(archive: &Archive) -> LogKeeper {
    let keeper = LogKeeper::new(archive, key(ORIGIN, 1));
    keeper.open().await.unwrap();
    keeper.recover().await.unwrap();
    keeper
}

/// Numbers all that waits and publishes a checkpoint.
pub(crate) async fn round(keeper: &LogKeeper) -> Round {
    keeper.round(Moment(i64::MAX)).await.unwrap()
}

async fn report(archive: &Archive) -> LogReport {
    let key = key(ORIGIN, 1).verifier(Algorithm::Ed25519);
    archive.verify_log(&key, |_, _| ()).await.unwrap()
}

/// A policy that trusts the log and needs these witnesses.
pub(crate) fn policy(witnesses: &str) -> Policy {
    let log = key(ORIGIN, 1).verifier(Algorithm::Ed25519).to_vkey();
    Policy::parse(&format!("log {log}\n{witnesses}\n")).unwrap()
}

/// Adds acts that store nothing.
async fn acts(archive: &Archive, count: u32) {
    for _ in 0..count {
        let actor = crate::http::access::ACTOR;
        let act = hongtou::archive::audit::act::Act::KeyRevoked;
        archive.record_event(actor, act, "a-key").await.unwrap();
    }
}

async fn count(archive: &Archive, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let row = archive.database.query(AssertSqlSafe(sql)).fetch_one().await.unwrap();
    sqlx::Row::get(&row, "n")
}
