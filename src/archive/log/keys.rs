//! The keys of the log. A new key takes over with a hand-over, which is a file of the log; the old keys
//! stay valid for the checkpoints before it.

use futures_util::TryStreamExt;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::log::error::LogError;
use crate::archive::log::files::{CHECKPOINTS, size_in_name};
use crate::archive::log::head::{lock, number};
use crate::archive::objects::sha256;
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::hand_over::HandOver;
use crate::log::note::keys::{Algorithm, SigningKey, VerifierKey};
use crate::log::note::policy::Policy;
use crate::log::note::signed_note::SignedNote;

/// The folder of the hand-overs.
pub(crate) const HAND_OVERS: &str = "keys";

/// A key that signed checkpoints of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// The key.
    pub key: VerifierKey,
    /// The greatest size that it signed; `None` for the key that signs now.
    pub until: Option<u64>,
}

/// The keys that may sign a checkpoint of this size.
pub(crate) fn keys_at(keys: &[LogKey], size: u64) -> Vec<VerifierKey> {
    let valid = keys.iter().filter(|known| known.until.is_none_or(|until| size <= until));
    valid.map(|known| known.key.clone()).collect()
}

/// A key of the log and those before it, as `Archive::log_keys`.
pub(crate) fn keys_before(key: &VerifierKey, hand_overs: &[HandOver]) -> Vec<LogKey> {
    let mut keys = vec![LogKey { key: key.clone(), until: None }];
    let mut next = 0;
    while let Some(LogKey { key, until }) = keys.get(next).cloned() {
        for hand_over in hand_overs.iter().filter(|hand_over| hand_over.new == key) {
            let HandOver { old, size, .. } = hand_over;
            let size = until.map_or(*size, |until| until.min(*size));
            match keys.iter_mut().find(|known| known.key == *old) {
                // A command that was interrupted and repeated leaves two hand-overs.
                Some(known) => known.until = known.until.map(|until| until.max(size)),
                None => keys.push(LogKey { key: old.clone(), until: Some(size) }),
            }
        }
        next += 1;
    }
    keys
}

/// The hand-over in a file of the log; `None` if it is not signed.
pub(crate) fn hand_over(file: &[u8]) -> Option<HandOver> {
    let note = SignedNote::parse(str::from_utf8(file).ok()?).ok()?;
    HandOver::verify(&note)
}

impl Archive {
    /// This key of the log and those before it, as far as hand-overs lead. A hand-over to an old key
    /// is believed only up to the end of that key: who has a stolen old key can sign hand-overs, too.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the store is unreachable. Retry later.
    pub async fn log_keys(&self, key: &VerifierKey) -> Result<Vec<LogKey>, ArchiveError> {
        Ok(keys_before(key, &self.hand_overs().await?))
    }

    /// A policy that trusts checkpoints of this size of the log of this archive, as its database names
    /// the key. Returns `None` before the log begins.
    ///
    /// # Errors
    /// Like `log_keys`; also if the database is unavailable.
    pub async fn log_policy(&self, size: u64) -> Result<Option<Policy>, ArchiveError> {
        let Some(head) = self.log_head().await? else { return Ok(None) };
        let invalid = ArchiveError::InvalidRecord("the key of the log");
        let Ok(key) = VerifierKey::parse(&head.vkey) else { return Err(invalid) };
        let keys = keys_at(&self.log_keys(&key).await?, size);
        let lines = keys.iter().map(|key| format!("log {}\n", key.to_vkey()));
        let text = lines.chain(["quorum none".to_owned()]).collect::<String>();
        Policy::parse(&text).map(Some).map_err(|_| invalid)
    }

    /// Whether hand-overs that each old key signed lead from one key to another.
    pub(crate) async fn succeeds(&self, old: &str, new: &str) -> Result<bool, ArchiveError> {
        Ok(self.successors(old).await?.iter().any(|key| key == new))
    }

    /// A key, and those that hand-overs signed by the old key lead to from it.
    async fn successors(&self, old: &str) -> Result<Vec<String>, ArchiveError> {
        let mut hand_overs = self.hand_overs().await?;
        hand_overs.retain(|hand_over| hand_over.is_signed_by_old);
        let mut reached = vec![old.to_owned()];
        let mut next = 0;
        while let Some(key) = reached.get(next).cloned() {
            let followers = hand_overs.iter().filter(|hand_over| hand_over.old.to_vkey() == key);
            let followers = followers.map(|hand_over| hand_over.new.to_vkey());
            let unknown: Vec<String> = followers.filter(|key| !reached.contains(key)).collect();
            reached.extend(unknown);
            next += 1;
        }
        Ok(reached)
    }

    /// Hands the log over to a new key. From then on, servers with the old key sign nothing. `old` is
    /// `None` if that key is lost. Done again, it changes nothing.
    ///
    /// # Errors
    /// Returns `LogError::OtherOrigin` or `LogError::OtherKey` if the keys are not those of the log, and
    /// `LogError::Archive` if there is no log yet, or the database or the store is unavailable.
    pub async fn hand_over_log(
        &self,
        old: Option<&SigningKey>,
        new: &SigningKey,
        actor: Actor<'_>,
    ) -> Result<(), LogError> {
        let vkey = |key: &SigningKey| key.verifier(Algorithm::Ed25519).to_vkey();
        let invalid = |_| ArchiveError::InvalidRecord("the key of the log");
        let mut transaction = self.database.begin().await?;
        let head = lock(&mut transaction).await?;
        let head = head.ok_or(ArchiveError::InvalidRecord("the head of the log"))?;
        if head.vkey == vkey(new) {
            return Ok(());
        }
        if head.origin != new.name() {
            return Err(LogError::OtherOrigin(head.origin));
        }
        if old.is_some_and(|old| vkey(old) != head.vkey) {
            return Err(LogError::OtherKey(head.vkey));
        }
        let sql = "SELECT COALESCE(MAX(size), 0) AS size FROM log_checkpoints";
        // No checkpoint is signed meanwhile, because the log is locked.
        let size = number(&transaction.query(sql).fetch_one().await?, "size")?;
        let key = VerifierKey::parse(&head.vkey).map_err(invalid)?;
        // A restored database may be older than the published log, and than a hand-over of it.
        let (key, size) = match self.newest_published(&key).await? {
            Some((published_by, published)) => (published_by, published.max(size)),
            None => (key, size),
        };
        if old.is_some_and(|old| vkey(old) != key.to_vkey()) {
            return Err(LogError::OtherKey(key.to_vkey()));
        }
        let note = HandOver::sign(size, &key, old, new).to_text();
        let name = format!("{HAND_OVERS}/{size:012}.{}", sha256(note.as_bytes()));
        self.objects.put_named(&name, note.into()).await?;
        let (act, subject) = (Act::LogKeyChanged, vkey(new));
        self.record_act(&mut transaction, actor, act, &subject).await?;
        let update = transaction.query("UPDATE log_head SET vkey = $1").bind(subject);
        update.execute().await?;
        Ok(transaction.commit().await?)
    }

    /// The size of the newest checkpoint in the store, and the key that signed it: this key, or one that
    /// hand-overs lead to from it. `None` if there is no checkpoint.
    async fn newest_published(
        &self,
        key: &VerifierKey,
    ) -> Result<Option<(VerifierKey, u64)>, ArchiveError> {
        let names = self.objects.named_after(CHECKPOINTS, CHECKPOINTS);
        let names: Vec<String> = names.try_collect().await?;
        let Some(newest) = names.iter().max_by_key(|name| size_in_name(name)) else {
            return Ok(None);
        };
        let bytes = self.objects.get_named(newest).await?.unwrap_or_default();
        let note = str::from_utf8(&bytes).ok().and_then(|text| SignedNote::parse(text).ok());
        let signed_by = |key: &VerifierKey| {
            let checkpoint = Checkpoint::verify(note.as_ref()?, std::slice::from_ref(key)).ok()?;
            Some((key.clone(), checkpoint.size))
        };
        let successors = self.successors(&key.to_vkey()).await?;
        let keys = successors.iter().filter_map(|vkey| VerifierKey::parse(vkey).ok());
        let found = keys.filter_map(|key| signed_by(&key)).next();
        found.map(Some).ok_or(ArchiveError::InvalidRecord("the newest checkpoint of the log"))
    }

    /// The valid hand-overs. Others prove nothing.
    async fn hand_overs(&self) -> Result<Vec<HandOver>, ArchiveError> {
        let names = self.objects.named_after(HAND_OVERS, HAND_OVERS);
        let mut found = Vec::new();
        for name in names.try_collect::<Vec<String>>().await? {
            let bytes = self.objects.get_named(&name).await?.unwrap_or_default();
            found.extend(hand_over(&bytes));
        }
        Ok(found)
    }
}
