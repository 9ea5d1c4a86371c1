//! Stores the manifest and the files of the renderer of this process.

use std::sync::Arc;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::renderers::{Content, OwnRenderer, RendererFile};

/// The server itself, which releases its renderer without a request.
pub const SERVER: Actor<'static> = Actor { caller: "server", request_id: "", address: "" };

const INSERT_FILE: &str = "INSERT INTO renderer_files (renderer_sha256, role, name, sha256, bytes) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (renderer_sha256, role, name) DO NOTHING";

impl Archive {
    /// The name of the renderer that new filings name.
    pub(crate) fn renderer_name(&self) -> Option<&str> {
        self.renderer.as_ref().map(|own| own.renderer.sha256.as_str())
    }

    /// Stores the manifest of the renderer that new filings name, once. A filing that names it is
    /// recorded after it. The fonts of an agency are stored with it: they may be removed at any time.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// store or the database is unavailable. Retry later.
    pub async fn release_renderer(&self) -> Result<(), ArchiveError> {
        let Some(own) = &self.renderer else { return Ok(()) };
        if let Some(base) = &own.base {
            // The log says of each renderer that it was released.
            self.naming_renderer(Some(Arc::clone(base))).release_own(base).await?;
        }
        self.release_own(own).await
    }

    async fn release_own(&self, own: &OwnRenderer) -> Result<(), ArchiveError> {
        own.released
            .get_or_try_init(async || {
                let renderer = &own.renderer;
                self.objects.put_hashed(&renderer.sha256, renderer.manifest.clone()).await?;
                let files: &[RendererFile] =
                    if own.base.is_some() { &renderer.files } else { Default::default() };
                for file in files {
                    self.put_file(file).await?;
                }
                let mut transaction = self.database.begin().await?;
                let inserted = transaction
                    .query(
                        "INSERT INTO renderers (sha256, bytes, version, released_at, base_sha256) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO NOTHING",
                    )
                    .bind(renderer.sha256.as_str())
                    .bind(length(renderer.manifest.len() as u64))
                    .bind(renderer.version.as_str())
                    .bind(self.now().0)
                    .bind(own.base.as_ref().map(|base| base.renderer.sha256.as_str()))
                    .execute()
                    .await?;
                for file in files {
                    record_file(&mut transaction, &renderer.sha256, file).await?;
                }
                if inserted == 1 {
                    let act = Act::RendererReleased;
                    self.record_act(&mut transaction, SERVER, act, &renderer.sha256).await?;
                }
                transaction.commit().await
            })
            .await?;
        Ok(())
    }

    /// Stores the files of the renderer of this process: its program and the office's own fonts.
    ///
    /// # Errors
    /// Like `release_renderer`; also returns `ArchiveError::Corrupt` if the program was replaced on
    /// the disk since it started.
    pub async fn keep_renderer_files(&self) -> Result<(), ArchiveError> {
        let Some(own) = &self.renderer else { return Ok(()) };
        self.release_renderer().await?;
        for file in &own.renderer.files {
            if !self.is_kept(&own.renderer.sha256, file).await? {
                self.put_file(file).await?;
                let mut transaction = self.database.begin().await?;
                record_file(&mut transaction, &own.renderer.sha256, file).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    async fn put_file(&self, file: &RendererFile) -> Result<(), ArchiveError> {
        let sha256 = &file.object.sha256;
        match &file.content {
            Content::Bytes(bytes) => self.objects.put_hashed(sha256, bytes.clone()).await,
            Content::File(path) => self.objects.put_file(path, sha256).await,
        }
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
}

async fn record_file(
    transaction: &mut Transaction,
    renderer: &str,
    file: &RendererFile,
) -> Result<(), ArchiveError> {
    transaction
        .query(INSERT_FILE)
        .bind(renderer)
        .bind(file.role.name())
        .bind(file.name.as_str())
        .bind(file.object.sha256.as_str())
        .bind(length(file.object.bytes))
        .execute()
        .await?;
    Ok(())
}

/// A number of bytes as BIGINT.
fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
