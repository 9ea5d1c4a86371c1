//! The typesetters of a process: one with the fonts of the server, and those with the fonts of agencies,
//! made when they are first needed.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::sha256;
use crate::archive::renderers::OwnRenderer;
use crate::archive::renderers::agency_fonts::AgencyFont;
use crate::generate::renderer::manifest::renderer_with_fonts;
use crate::render::typesetter::Typesetter;

/// The most sets of fonts of agencies in memory, and their most bytes. The least recently used are
/// dropped first, and read again when they are needed.
const MOST_SETS: usize = 16;
const MOST_BYTES: u64 = 256 << 20;

/// The longest body whose lead agency is read on an async thread, in bytes.
const READ_INLINE: usize = 64 << 10;

/// The typesetters of a process; clones share them.
#[derive(Debug, Clone)]
pub struct Typesetters(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    of_server: Typesetter,
    /// The least recently used first.
    of_agencies: Mutex<VecDeque<FontsInMemory>>,
    /// Held while fonts are read, so that many requests at once read them once.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct FontsInMemory {
    chosen: AgencyTypesetter,
    bytes: u64,
    /// The renderer of the process for which the renderer of these fonts was described.
    base: Option<String>,
}

/// The typesetter for the filings of an agency, and the renderer that these name.
#[derive(Debug, Clone)]
pub struct AgencyTypesetter {
    typesetter: Typesetter,
    /// Names the fonts; empty for those of the server.
    fonts: Arc<str>,
    renderer: Option<Arc<OwnRenderer>>,
}

impl Typesetters {
    /// Begins with the typesetter that has the fonts of the server.
    pub fn new(of_server: Typesetter) -> Self {
        let (of_agencies, reading) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { of_server, of_agencies, reading }))
    }

    /// The typesetter with the fonts of the server.
    pub fn of_server(&self) -> &Typesetter {
        &self.0.of_server
    }

    /// The typesetter for agencies without fonts of their own.
    pub fn without_agency(&self, renderer: Option<&Arc<OwnRenderer>>) -> AgencyTypesetter {
        let renderer = renderer.cloned();
        AgencyTypesetter { typesetter: self.0.of_server.clone(), fonts: Arc::from(""), renderer }
    }

    /// The typesetter for the filings of a lead agency. Its fonts are looked up each time, so a change
    /// holds for all servers of the archive at once.
    ///
    /// # Errors
    /// Returns an `ArchiveError` if the archive is unavailable or a font is lost. Other fonts are never
    /// used instead.
    pub async fn of_agency(
        &self,
        archive: &Archive,
        agency: Option<&str>,
    ) -> Result<AgencyTypesetter, ArchiveError> {
        let Some(agency) = agency else { return Ok(self.without_agency(archive.renderer())) };
        let fonts = archive.fonts_of_agency(agency).await?;
        if fonts.is_empty() {
            return Ok(self.without_agency(archive.renderer()));
        }
        let base = archive.renderer().map(|own| own.renderer().sha256.clone());
        let name = name_of(&fonts);
        if let Some(chosen) = self.in_memory(&name, base.as_deref()) {
            return Ok(chosen);
        }
        let _reading = self.0.reading.lock().await;
        if let Some(chosen) = self.in_memory(&name, base.as_deref()) {
            return Ok(chosen);
        }
        let bytes = fonts.iter().map(|font| font.file.bytes).sum();
        let mut files = Vec::new();
        for font in &fonts {
            files.push((font.stored_name(), archive.objects.get(&font.file.sha256).await?));
        }
        let (of_server, renderer) = (self.0.of_server.clone(), archive.renderer().cloned());
        let make = move || make(&of_server, renderer.as_ref(), name, files);
        // The task is cancelled only while the runtime shuts down.
        let chosen = spawn_blocking(make).await.map_err(|_| ArchiveError::Deadline)??;
        self.remember(FontsInMemory { chosen: chosen.clone(), bytes, base });
        Ok(chosen)
    }

    /// The typesetter for a posted body: for the agency of its caller, or if the caller may file for
    /// all, for the lead agency that the body names. Returns the body, too.
    ///
    /// # Errors
    /// Like `of_agency`.
    pub async fn of_body<B: Deref<Target = [u8]> + Send + 'static>(
        &self,
        archive: &Archive,
        agency: Option<&str>,
        body: B,
    ) -> Result<(AgencyTypesetter, B), ArchiveError> {
        if let Some(agency) = agency {
            return Ok((self.of_agency(archive, Some(agency)).await?, body));
        }
        let (lead, body) = if body.len() > READ_INLINE {
            let read = spawn_blocking(move || (lead_agency(&body), body));
            read.await.map_err(|_| ArchiveError::Deadline)?
        } else {
            (lead_agency(&body), body)
        };
        Ok((self.of_agency(archive, lead.as_deref()).await?, body))
    }

    fn in_memory(&self, name: &str, base: Option<&str>) -> Option<AgencyTypesetter> {
        let mut all = self.all();
        let is_it = |one: &FontsInMemory| &*one.chosen.fonts == name && one.base.as_deref() == base;
        let place = all.iter().position(is_it)?;
        let found = all.remove(place)?;
        let chosen = found.chosen.clone();
        all.push_back(found);
        Some(chosen)
    }

    fn remember(&self, fonts: FontsInMemory) {
        let mut all = self.all();
        all.push_back(fonts);
        while all.len() > MOST_SETS || bytes_of(&all) > MOST_BYTES {
            all.pop_front();
        }
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<FontsInMemory>> {
        self.0.of_agencies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AgencyTypesetter {
    /// The typesetter.
    pub fn typesetter(&self) -> &Typesetter {
        &self.typesetter
    }

    /// Names the fonts; empty for those of the server.
    pub fn fonts_name(&self) -> &str {
        &self.fonts
    }

    /// Whether these are the fonts of an agency.
    pub fn is_of_agency(&self) -> bool {
        !self.fonts.is_empty()
    }

    /// The archive, in which filings of this typesetter name its renderer.
    pub fn archive(&self, archive: &Archive) -> Archive {
        archive.naming_renderer(self.renderer.clone())
    }
}

/// A lead agency as a body names it.
#[derive(Deserialize)]
struct Body {
    document: Document,
}

#[derive(Deserialize)]
struct Document {
    issuers: Vec<String>,
}

/// The lead agency that a body names. `None` if there is none, or the body is not a filing.
pub fn lead_agency(body: &[u8]) -> Option<String> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let body: Body = serde_json::from_slice(body).ok()?;
    body.document.issuers.into_iter().next()
}

/// A name for these fonts: agencies with the same files share them.
fn name_of(fonts: &[AgencyFont]) -> String {
    let mut names: Vec<String> = fonts.iter().map(AgencyFont::stored_name).collect();
    names.sort();
    sha256(names.join("\n").as_bytes())
}

fn bytes_of(all: &VecDeque<FontsInMemory>) -> u64 {
    all.iter().map(|one| one.bytes).sum()
}

fn make(
    of_server: &Typesetter,
    base: Option<&Arc<OwnRenderer>>,
    name: String,
    files: Vec<(String, Bytes)>,
) -> Result<AgencyTypesetter, ArchiveError> {
    let given: Vec<Bytes> = files.iter().map(|(_, bytes)| bytes.clone()).collect();
    let fonts = of_server.fonts().with_agency(files);
    let fonts = fonts.map_err(|_| ArchiveError::InvalidRecord("agency_fonts"))?;
    let typesetter = of_server.with_fonts(fonts);
    let renderer = base.map(|base| {
        let renderer = renderer_with_fonts(base.renderer(), &typesetter, &given);
        Arc::new(OwnRenderer::with_fonts(base, renderer))
    });
    Ok(AgencyTypesetter { typesetter, fonts: name.into(), renderer })
}

#[cfg(test)]
mod tests {
    use super::lead_agency;

    #[test]
    fn the_lead_agency_is_the_first_issuer() {
        let lead = |body: &str| lead_agency(body.as_bytes());
        assert_eq!(lead(r#"{"document":{"issuers":["甲局","乙局"]}}"#).as_deref(), Some("甲局"));
        assert_eq!(
            lead("\u{FEFF}{\"document\":{\"issuers\":[\"甲局\"]}}").as_deref(),
            Some("甲局")
        );
        for none in ["", "{}", r#"{"document":{"issuers":[]}}"#, r#"{"document":{"issuers":"甲"}}"#]
        {
            assert_eq!(lead(none), None, "{none}");
        }
    }
}
