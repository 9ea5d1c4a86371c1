//! Copies the objects, group by group, and reads each back; then the files of the log.

use futures_util::{StreamExt, TryStreamExt};

use crate::archive::error::ArchiveError;
use crate::archive::objects::{Object, StoredObject};
use crate::archive::transfer::{COMPLETE, Moved, Transfer};

/// How many objects are copied concurrently.
const CONCURRENT: usize = 4;

/// The longest object that is in memory as a whole, in bytes. Longer ones are copied part by part.
const WHOLE: u64 = 32 << 20;

impl Transfer<'_> {
    /// Copies the objects that are not copied yet. Groups are the objects with the same first two digits.
    pub(super) async fn copy_objects(
        &self,
        report: &mut dyn FnMut(Moved),
    ) -> Result<(), ArchiveError> {
        let all = u64::from(u8::MAX) + 1;
        for (done, first) in (1..).zip(0..=u8::MAX) {
            let group = hex::encode([first]);
            let part = format!("objects {group}");
            if self.target.progress(&part).await?.is_none() {
                let objects = self.source.objects.stored_in(&group).map(|found| async {
                    let object = found?;
                    self.copy_object(&object).await
                });
                objects.buffer_unordered(CONCURRENT).try_collect::<()>().await?;
                self.target.set_progress(&part, COMPLETE).await?;
            }
            report(Moved::Groups { done, all });
        }
        Ok(())
    }

    /// Copies the files of the log, which never change. Done again, it changes nothing.
    pub(super) async fn copy_log_files(&self) -> Result<(), ArchiveError> {
        let (source, target) = (&self.source.objects, &self.target.objects);
        let files = source.named().map(|name| async {
            let name = name?;
            let missing = || ArchiveError::Missing(name.clone());
            let bytes = source.get_named(&name).await?.ok_or_else(missing)?;
            target.put_named(&name, bytes).await
        });
        files.buffer_unordered(CONCURRENT).try_collect::<()>().await
    }

    /// Both reads verify the SHA-256.
    async fn copy_object(&self, object: &StoredObject) -> Result<(), ArchiveError> {
        if object.bytes > WHOLE {
            let known = Object { sha256: object.sha256.clone(), bytes: object.bytes };
            let chunks = self.source.objects.read(&known, 0..known.bytes).await?;
            self.target.objects.put_chunks(&known.sha256, chunks).await?;
            let copied = self.target.objects.read(&known, 0..known.bytes).await?;
            return copied.try_for_each(|_| async { Ok(()) }).await;
        }
        let bytes = self.source.objects.get(&object.sha256).await?;
        self.target.objects.put_hashed(&object.sha256, bytes).await?;
        self.target.objects.get(&object.sha256).await.map(drop)
    }
}
