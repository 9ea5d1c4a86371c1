//! The fonts of agencies: administrators add and remove them, and the filings of an agency are set in
//! them.

use bytes::Bytes;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Object;
use crate::document::moment::Moment;

/// The most files of an agency.
pub const MOST_FONTS: usize = 10;

/// The most bytes of the files of an agency together.
pub const MOST_BYTES: u64 = 64 << 20;

/// The fonts that an agency uses now.
const USED: &str = "SELECT id, agency, file_name, families, suffix, sha256, bytes, added_by, added_at \
     FROM agency_fonts WHERE agency = $1 AND removed_at IS NULL ORDER BY added_at, id";

/// The fonts that any agency uses now.
const USED_BY_ANY: &str = "SELECT id, agency, file_name, families, suffix, sha256, bytes, added_by, added_at \
     FROM agency_fonts WHERE removed_at IS NULL ORDER BY agency, added_at, id";

/// A font file of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyFont {
    /// Its id.
    pub id: String,
    /// The agency.
    pub agency: String,
    /// The name of the file as uploaded, for people.
    pub file_name: String,
    /// The names of its licensed families.
    pub families: Vec<String>,
    /// The suffix that its content has: ttf, otf or ttc.
    pub suffix: String,
    /// The file.
    pub file: Object,
    /// Who added it.
    pub added_by: String,
    /// When it was added.
    pub added_at: Moment,
}

/// A font file to add.
#[derive(Debug, Clone, Copy)]
pub struct NewFont<'a> {
    /// The agency.
    pub agency: &'a str,
    /// The name of the file as uploaded.
    pub file_name: &'a str,
    /// The names of its licensed families.
    pub families: &'a [&'a str],
    /// The suffix that its content has.
    pub suffix: &'a str,
    /// Its content.
    pub bytes: &'a Bytes,
}

/// Why a font is not added.
#[derive(Debug, thiserror::Error)]
pub enum AddFontError {
    /// The agency has a font of this family.
    #[error("the agency has a font of the family {0}")]
    FamilyThere(String),
    /// The agency has as many files as it may have.
    #[error("the agency has too many fonts")]
    TooMany,
    /// The files of the agency would be too long together.
    #[error("the fonts of the agency are too long together")]
    TooLong,
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl AgencyFont {
    /// The name of its file among the files of a renderer. Unlike the name as uploaded it is unique, and
    /// always the name of a file.
    pub fn stored_name(&self) -> String {
        let Self { file, suffix, .. } = self;
        format!("agency-{}.{suffix}", file.sha256.get(..16).unwrap_or(&file.sha256))
    }
}

impl Archive {
    /// The fonts of an agency, in the order in which they were added.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn fonts_of_agency(&self, agency: &str) -> Result<Vec<AgencyFont>, ArchiveError> {
        self.database.query(USED).bind(agency).fetch_all().await?.iter().map(font).collect()
    }

    /// The fonts of all agencies, by agency.
    ///
    /// # Errors
    /// Like `fonts_of_agency`.
    pub async fn fonts_of_agencies(&self) -> Result<Vec<AgencyFont>, ArchiveError> {
        self.database.query(USED_BY_ANY).fetch_all().await?.iter().map(font).collect()
    }

    /// Adds a font to those of an agency. Filings that are made from now on are set in it.
    ///
    /// # Errors
    /// Returns `AddFontError::FamilyThere`, `AddFontError::TooMany` or `AddFontError::TooLong` if the
    /// fonts of the agency do not permit it, and `AddFontError::Archive` if the archive fails.
    pub async fn add_font(
        &self,
        new: NewFont<'_>,
        actor: Actor<'_>,
    ) -> Result<AgencyFont, AddFontError> {
        // Before the object is written, so that refused files do not fill the store.
        check(&self.fonts_of_agency(new.agency).await?, new)?;
        let file = Object::of(new.bytes).await;
        self.objects.put_hashed(&file.sha256, new.bytes.clone()).await?;
        let mut transaction = self.database.begin().await?;
        transaction.lock(&format!("fonts {}", new.agency)).await?;
        let rows = transaction.query(USED).bind(new.agency).fetch_all().await?;
        let there: Vec<AgencyFont> = rows.iter().map(font).collect::<Result<_, _>>()?;
        check(&there, new)?;
        let added = AgencyFont {
            id: self.new_id(),
            agency: new.agency.to_owned(),
            file_name: new.file_name.to_owned(),
            families: new.families.iter().map(|&family| family.to_owned()).collect(),
            suffix: new.suffix.to_owned(),
            file,
            added_by: actor.caller.to_owned(),
            added_at: self.now(),
        };
        insert(&mut transaction, &added).await?;
        let subject = format!("{} {}", added.agency, added.file_name);
        self.record_act(&mut transaction, actor, Act::FontAdded, &subject).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Removes a font from those of its agency; its row stays. Returns whether there was such a font.
    /// Filings that were made with it keep it, for their renderer names it.
    ///
    /// # Errors
    /// Like `fonts_of_agency`.
    pub async fn remove_font(&self, id: &str, actor: Actor<'_>) -> Result<bool, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let removed = transaction
            .query(
                "UPDATE agency_fonts SET removed_by = $1, removed_at = $2 \
             WHERE id = $3 AND removed_at IS NULL RETURNING agency, file_name",
            )
            .bind(actor.caller)
            .bind(self.now().0)
            .bind(id)
            .fetch_optional()
            .await?;
        let Some(row) = removed else { return Ok(false) };
        let (agency, file_name): (&str, &str) = (row.try_get("agency")?, row.try_get("file_name")?);
        let subject = format!("{agency} {file_name}");
        self.record_act(&mut transaction, actor, Act::FontRemoved, &subject).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Whether a font may be added to those that are there.
fn check(there: &[AgencyFont], new: NewFont<'_>) -> Result<(), AddFontError> {
    let mut families = there.iter().flat_map(|font| &font.families);
    if let Some(family) = families.find(|family| new.families.contains(&family.as_str())) {
        return Err(AddFontError::FamilyThere(family.clone()));
    }
    if there.len() >= MOST_FONTS {
        return Err(AddFontError::TooMany);
    }
    let bytes: u64 = there.iter().map(|font| font.file.bytes).sum();
    if bytes + new.bytes.len() as u64 > MOST_BYTES {
        return Err(AddFontError::TooLong);
    }
    Ok(())
}

async fn insert(transaction: &mut Transaction, font: &AgencyFont) -> Result<(), ArchiveError> {
    transaction
        .query(
            "INSERT INTO agency_fonts (id, agency, file_name, families, suffix, sha256, bytes, \
         added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(font.id.as_str())
        .bind(font.agency.as_str())
        .bind(font.file_name.as_str())
        // Strings always serialize.
        .bind(serde_json::to_string(&font.families).unwrap_or_default())
        .bind(font.suffix.as_str())
        .bind(font.file.sha256.as_str())
        .bind(i64::try_from(font.file.bytes).unwrap_or(i64::MAX))
        .bind(font.added_by.as_str())
        .bind(font.added_at.0)
        .execute()
        .await?;
    Ok(())
}

fn font(row: &AnyRow) -> Result<AgencyFont, ArchiveError> {
    let invalid = || ArchiveError::InvalidRecord("agency_fonts");
    let families = serde_json::from_str(row.try_get("families")?).map_err(|_| invalid())?;
    let bytes = u64::try_from(row.try_get::<i64, _>("bytes")?).map_err(|_| invalid())?;
    Ok(AgencyFont {
        id: row.try_get("id")?,
        agency: row.try_get("agency")?,
        file_name: row.try_get("file_name")?,
        families,
        suffix: row.try_get("suffix")?,
        file: Object { sha256: row.try_get("sha256")?, bytes },
        added_by: row.try_get("added_by")?,
        added_at: Moment(row.try_get("added_at")?),
    })
}
