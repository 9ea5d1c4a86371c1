//! Files of the log, which have names of their own instead of a SHA-256. They never change and are never
//! removed.

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path as ObjectPath;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use crate::archive::error::ArchiveError;
use crate::archive::objects::Objects;

/// The folder of the log. It differs from the folders of objects, which have two hexadecimal digits.
const FOLDER: &str = "log";

impl Objects {
    /// Stores a file under a name in the folder of the log. Storing the same bytes again changes
    /// nothing.
    ///
    /// # Errors
    /// Returns `ArchiveError::Conflict` if the file exists with other bytes, and `ArchiveError::Store`
    /// if the store is unreachable or full; the latter is worth a retry.
    pub(crate) async fn put_named(&self, name: &str, bytes: Bytes) -> Result<(), ArchiveError> {
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path(name), bytes.clone().into(), create).await {
            Ok(_) => Ok(()),
            Err(Error::AlreadyExists { .. }) => {
                if self.get_named(name).await?.is_some_and(|stored| stored == bytes) {
                    Ok(())
                } else {
                    Err(ArchiveError::Conflict(name.to_owned()))
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a file of the log. Returns `None` if there is none with this name.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the store is unreachable. Retry later.
    pub(crate) async fn get_named(&self, name: &str) -> Result<Option<Bytes>, ArchiveError> {
        match self.store.get(&path(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all files of the log, in any order.
    pub(crate) fn named(&self) -> BoxStream<'static, Result<String, ArchiveError>> {
        self.store
            .list(Some(&ObjectPath::from(FOLDER)))
            .map_ok(name)
            .map_err(ArchiveError::from)
            .boxed()
    }

    /// The names in a subfolder of the log that sort after `after`, in any order.
    pub(crate) fn named_after(
        &self,
        subfolder: &str,
        after: &str,
    ) -> BoxStream<'static, Result<String, ArchiveError>> {
        let found = self.store.list_with_offset(Some(&path(subfolder)), &path(after));
        found.map_ok(name).map_err(ArchiveError::from).boxed()
    }
}

/// The name of a file that the store lists.
fn name(meta: ObjectMeta) -> String {
    let path = meta.location.as_ref();
    path.split_once('/').map_or(path, |(_, name)| name).to_owned()
}

fn path(name: &str) -> ObjectPath {
    ObjectPath::from(format!("{FOLDER}/{name}"))
}
