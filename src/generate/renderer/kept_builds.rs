//! Kept builds of the program as files that can be run.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use memchr::memmem;
use tempfile::{NamedTempFile, TempDir};
use tokio::sync::OnceCell;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Object;
use crate::archive::renderers::kept::KeptRenderer;
use crate::generate::renderer::KeptBuild;
use crate::generate::renderer::confinement::Confinement;
use crate::generate::renderer::manifest::target;

/// How many kept builds are considered for a file, the newest first.
const CONSIDERED: u32 = 20;

/// How many of them are run for it.
const TRIED: usize = 3;

/// The kept builds of an archive. Without a confinement there are none.
#[derive(Debug, Default)]
pub struct KeptBuilds {
    confinement: Option<Confinement>,
    /// Where they are extracted, for the life of this process.
    folder: OnceCell<TempDir>,
}

/// Why kept builds cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The files cannot be written.
    #[error("a kept build cannot be written to the disk")]
    Disk(#[from] io::Error),
}

impl KeptBuilds {
    /// The kept builds of an archive, each run in this confinement.
    pub fn new(confinement: Confinement) -> Self {
        Self { confinement: Some(confinement), folder: OnceCell::new() }
    }

    /// How they are run.
    pub fn confinement(&self) -> Option<&Confinement> {
        self.confinement.as_ref()
    }

    /// The kept builds that may have made this PDF of a lead agency, the likeliest first. Those of the
    /// version that the PDF names come first, then those that filings of the agency name.
    ///
    /// # Errors
    /// Returns `ExtractError::Archive` if the archive is unavailable or has lost a file of a build,
    /// and `ExtractError::Disk` if there is no room for them.
    pub async fn for_file(
        &self,
        archive: &Archive,
        agency: Option<&str>,
        file: &[u8],
    ) -> Result<Vec<KeptBuild>, ExtractError> {
        if self.confinement.is_none() {
            return Ok(Vec::new());
        }
        let mut renderers = archive.other_renderers(&target(), agency, CONSIDERED).await?;
        let named = version_in(file);
        renderers.sort_by_key(|renderer| named != Some(&renderer.version));
        let mut builds = Vec::new();
        for renderer in renderers.iter().take(TRIED) {
            builds.push(self.extract(archive, renderer).await?);
        }
        Ok(builds)
    }

    async fn extract(
        &self,
        archive: &Archive,
        renderer: &KeptRenderer,
    ) -> Result<KeptBuild, ExtractError> {
        let folder = self.folder.get_or_try_init(async || TempDir::new()).await?.path();
        let program = folder.join(&renderer.program.sha256);
        extract_file(archive, &renderer.program, &program).await?;
        let fonts = folder.join(format!("fonts-{}", renderer.sha256));
        if !renderer.fonts.is_empty() {
            fs::create_dir_all(&fonts)?;
        }
        for (name, font) in &renderer.fonts {
            extract_file(archive, font, &fonts.join(name)).await?;
        }
        Ok(KeptBuild {
            name: format!("所存的{}版程序", renderer.version),
            program,
            fonts: (!renderer.fonts.is_empty()).then_some(fonts),
        })
    }
}

/// Writes an object to a file that can be executed, unless it exists. The object is verified.
async fn extract_file(archive: &Archive, object: &Object, path: &Path) -> Result<(), ExtractError> {
    let (false, Some(folder)) = (path.exists(), path.parent()) else { return Ok(()) };
    let mut file = NamedTempFile::new_in(folder)?;
    let mut chunks = archive.objects.read(object, 0..object.bytes).await?;
    while let Some(chunk) = chunks.try_next().await? {
        file.write_all(&chunk)?;
    }
    fs::set_permissions(file.path(), Permissions::from_mode(0o500))?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The version of this program that a PDF names as its creator.
fn version_in(file: &[u8]) -> Option<&str> {
    let start = memmem::find(file, b"hongtou ")? + "hongtou ".len();
    let is_version = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let length = file[start..].iter().take_while(|byte| is_version(byte)).count();
    str::from_utf8(&file[start..start + length]).ok()
}

/// The programs in a folder, each with the fonts in a folder beside it that has its name and `.fonts`.
/// The last names come first.
///
/// # Errors
/// Returns the `io::Error` of the folder.
pub fn builds_in(folder: &Path) -> io::Result<Vec<KeptBuild>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    let build = |program: PathBuf| {
        let fonts = program.with_added_extension("fonts");
        let name = program.file_name().unwrap_or_default().display().to_string();
        KeptBuild { name, fonts: fonts.is_dir().then_some(fonts), program }
    };
    Ok(paths.into_iter().rev().map(build).collect())
}
