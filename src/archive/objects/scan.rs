//! Reads the store part by part, to check that every object is what its name says.

use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path as ObjectPath;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};

use crate::archive::error::ArchiveError;
use crate::archive::objects::{ASIDE, Objects, StoredObject, object_path, stored_object};

/// The folders of the store that do not have objects.
const OTHER_FOLDERS: [&str; 2] = [ASIDE, "log"];

/// A part of the store: the objects whose SHA-256 begins with one byte.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// The objects.
    pub(crate) objects: Vec<StoredObject>,
    /// The paths of files that are not objects.
    pub(crate) others: Vec<String>,
}

impl Objects {
    /// The part of the store whose names begin with this byte.
    pub(crate) async fn part(&self, prefix: u8) -> Result<Part, ArchiveError> {
        let folder = ObjectPath::from(hex::encode([prefix]));
        let mut found = self.store.list(Some(&folder));
        let mut part = Part::default();
        while let Some(meta) = found.try_next().await? {
            match stored_object(&meta) {
                Some(object) => part.objects.push(object),
                None => part.others.push(meta.location.to_string()),
            }
        }
        Ok(part)
    }

    /// What the store has beside its parts: files, and folders with a `/` at the end.
    pub(crate) async fn beside_parts(&self) -> Result<Vec<String>, ArchiveError> {
        let found = self.store.list_with_delimiter(None).await?;
        let is_part = |name: &str| name.len() == 2 && hex::decode(name).is_ok();
        let folders = found.common_prefixes.iter().map(ToString::to_string);
        let folders = folders
            .filter(|name| !is_part(name) && !OTHER_FOLDERS.contains(&name.as_str()))
            .map(|name| format!("{name}/"));
        let files = found.objects.iter().map(|meta| meta.location.to_string());
        Ok(folders.chain(files).collect())
    }

    /// Whether there is an object with this name.
    pub(crate) async fn has(&self, sha256: &str) -> Result<bool, ArchiveError> {
        match self.store.head(&object_path(sha256)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads an object and returns the SHA-256 and the number of its bytes; `None` if it is missing.
    /// `pause` runs after every chunk with its length.
    pub(crate) async fn digest<P: Future<Output = ()>>(
        &self,
        sha256: &str,
        pause: impl Fn(usize) -> P,
    ) -> Result<Option<(String, u64)>, ArchiveError> {
        let found = match self.store.get(&object_path(sha256)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (mut chunks, mut hash, mut bytes) = (found.into_stream().boxed(), Sha256::new(), 0);
        while let Some(chunk) = chunks.try_next().await? {
            hash.update(&chunk);
            bytes += chunk.len() as u64;
            pause(chunk.len()).await;
        }
        Ok(Some((hex::encode(hash.finalize()), bytes)))
    }

    /// Destroys an object. Only the disposal of filings may call this, for an object that no record
    /// names; everything else removes objects through `set_aside`.
    pub(crate) async fn destroy(&self, sha256: &str) -> Result<(), ArchiveError> {
        match self.store.delete(&object_path(sha256)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
