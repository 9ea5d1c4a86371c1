//! Finds the renderers whose program is kept.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Object;

/// A renderer that can be run: its program for this target, and the office's own fonts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRenderer {
    /// The SHA-256 of its manifest.
    pub sha256: String,
    /// The version of the program.
    pub version: String,
    /// The program.
    pub program: Object,
    /// The fonts, by file name.
    pub fonts: Vec<(String, Object)>,
}

impl Archive {
    /// The renderers other than those of this archive whose program for this target is kept, at most
    /// `limit`: first those that filings of this lead agency name, then the newest. Those with the fonts
    /// of other agencies are left out.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn other_renderers(
        &self,
        target: &str,
        agency: Option<&str>,
        limit: u32,
    ) -> Result<Vec<KeptRenderer>, ArchiveError> {
        let base = self.renderer.as_ref().and_then(|own| own.base.as_ref());
        let base = base.map(|base| base.renderer.sha256.as_str());
        let rows = self
            .database
            .query(
                "WITH used (sha256) AS (SELECT DISTINCT renderer_sha256 FROM filings \
             WHERE lead_issuer = $1 AND renderer_sha256 IS NOT NULL) \
             SELECT r.sha256, r.version, p.sha256 AS program_sha256, p.bytes AS program_bytes \
             FROM renderers r \
             JOIN renderer_files p ON p.renderer_sha256 = COALESCE(r.base_sha256, r.sha256) \
             LEFT JOIN used u ON u.sha256 = r.sha256 \
             WHERE p.role = 'program' AND p.name = $2 AND r.sha256 <> $3 AND r.sha256 <> $4 \
             AND (r.base_sha256 IS NULL OR u.sha256 IS NOT NULL) \
             ORDER BY CASE WHEN u.sha256 IS NULL THEN 1 ELSE 0 END, r.released_at DESC, r.sha256 \
             LIMIT $5",
            )
            .bind(agency.unwrap_or_default())
            .bind(target)
            .bind(self.renderer_name().unwrap_or_default())
            .bind(base.unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all()
            .await?;
        let mut kept = Vec::new();
        for row in &rows {
            let sha256: String = row.try_get("sha256")?;
            let program = Object {
                sha256: row.try_get("program_sha256")?,
                bytes: length(row.try_get("program_bytes")?)?,
            };
            let fonts = self.fonts_of(&sha256).await?;
            kept.push(KeptRenderer { sha256, version: row.try_get("version")?, program, fonts });
        }
        Ok(kept)
    }

    async fn fonts_of(&self, renderer: &str) -> Result<Vec<(String, Object)>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT name, sha256, bytes FROM renderer_files \
             WHERE renderer_sha256 = $1 AND role = 'font' ORDER BY name",
            )
            .bind(renderer)
            .fetch_all()
            .await?;
        rows.iter()
            .map(|row| {
                let bytes = length(row.try_get("bytes")?)?;
                Ok((row.try_get("name")?, Object { sha256: row.try_get("sha256")?, bytes }))
            })
            .collect()
    }
}

fn length(bytes: i64) -> Result<u64, ArchiveError> {
    u64::try_from(bytes).map_err(|_| ArchiveError::InvalidRecord("a file's length"))
}
