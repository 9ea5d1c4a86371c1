//! Stores the manifest and the files of the renderer of this process.

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::renderers::{Content, RendererFile};

/// The server itself, which releases its renderer without a request.
pub const SERVER: Actor<'static> = Actor { caller: "server", request_id: "", address: "" };

impl Archive {
    /// The name of the renderer of this process.
    pub(crate) fn renderer_name(&self) -> Option<&str> {
        self.renderer.as_ref().map(|own| own.renderer.sha256.as_str())
    }

    /// Stores the manifest of the renderer of this process, once. A filing that names it is recorded
    /// after it.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// store or the database is unavailable. Retry later.
    pub async fn release_renderer(&self) -> Result<(), ArchiveError> {
        let Some(own) = &self.renderer else { return Ok(()) };
        own.released
            .get_or_try_init(async || {
                let renderer = &own.renderer;
                self.objects.put_hashed(&renderer.sha256, renderer.manifest.clone()).await?;
                let mut transaction = self.database.begin().await?;
                let inserted = transaction
                    .query(
                        "INSERT INTO renderers (sha256, bytes, version, released_at) \
                     VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING",
                    )
                    .bind(renderer.sha256.as_str())
                    .bind(length(renderer.manifest.len() as u64))
                    .bind(renderer.version.as_str())
                    .bind(self.now().0)
                    .execute()
                    .await?;
                if inserted == 1 {
                    let act = Act::RendererReleased;
                    self.record_act(&mut transaction, SERVER, act, &renderer.sha256).await?;
                }
                transaction.commit().await
            })
            .await?;
        Ok(())
    }

    /// Stores the files of the renderer of this process: its program and the agency's own fonts.
    ///
    /// # Errors
    /// Like `release_renderer`; also returns `ArchiveError::Corrupt` if the program was replaced on
    /// the disk since it started.
    pub async fn keep_renderer_files(&self) -> Result<(), ArchiveError> {
        let Some(own) = &self.renderer else { return Ok(()) };
        self.release_renderer().await?;
        for file in &own.renderer.files {
            if !self.is_kept(&own.renderer.sha256, file).await? {
                self.keep_file(&own.renderer.sha256, file).await?;
            }
        }
        Ok(())
    }

    async fn is_kept(&self, renderer: &str, file: &RendererFile) -> Result<bool, ArchiveError> {
        let found = self
            .database
            .query(
                "SELECT 1 AS one FROM renderer_files WHERE renderer_sha256 = $1 AND role = $2 AND name = $3",
            )
            .bind(renderer)
            .bind(file.role.name())
            .bind(file.name.as_str())
            .fetch_optional()
            .await?;
        Ok(found.is_some())
    }

    async fn keep_file(&self, renderer: &str, file: &RendererFile) -> Result<(), ArchiveError> {
        let sha256 = &file.object.sha256;
        match &file.content {
            Content::Bytes(bytes) => self.objects.put_hashed(sha256, bytes.clone()).await?,
            Content::File(path) => self.objects.put_file(path, sha256).await?,
        }
        self.database
            .query(
                "INSERT INTO renderer_files (renderer_sha256, role, name, sha256, bytes) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (renderer_sha256, role, name) DO NOTHING",
            )
            .bind(renderer)
            .bind(file.role.name())
            .bind(file.name.as_str())
            .bind(file.object.sha256.as_str())
            .bind(length(file.object.bytes))
            .execute()
            .await?;
        Ok(())
    }
}

/// A number of bytes as BIGINT.
fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
