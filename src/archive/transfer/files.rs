//! Copies the objects, group by group, and reads each back.

use futures_util::{StreamExt, TryStreamExt};

use crate::archive::error::ArchiveError;
use crate::archive::objects::StoredObject;
use crate::archive::transfer::{COMPLETE, Moved, Transfer};

/// How many objects are copied concurrently. Each is in memory as a whole.
const CONCURRENT: usize = 4;

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

    /// Both reads verify the SHA-256.
    async fn copy_object(&self, object: &StoredObject) -> Result<(), ArchiveError> {
        let bytes = self.source.objects.get(&object.sha256).await?;
        self.target.objects.put_hashed(&object.sha256, bytes).await?;
        self.target.objects.get(&object.sha256).await.map(drop)
    }
}
