//! Exports laid-out pages as a file that is both PDF/A-3a and PDF/UA-1.

use std::sync::LazyLock;

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::render::engine::print_settings;
use crate::render::engine::world::messages;
use crate::render::error::RenderError;

static STANDARDS: LazyLock<PdfStandards> = LazyLock::new(|| {
    PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .expect("PDF/A-3a and PDF/UA-1 can be combined")
});

/// A finished filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file, PDF/A-3a and PDF/UA-1.
    pub pdf: Vec<u8>,
    /// Number of pages; those of a filing are always even (V-3).
    pub pages: usize,
}

/// Writes the file. Its bytes depend only on the pages and the identifier, not on time or randomness.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn export(document: &PagedDocument, identifier: &str) -> Result<Printed, RenderError> {
    let options = PdfOptions {
        ident: Smart::Custom(identifier.to_owned()),
        creator: Smart::Custom(Some(concat!("hongtou ", env!("CARGO_PKG_VERSION")).to_owned())),
        timestamp: None,
        page_ranges: None,
        standards: STANDARDS.clone(),
        tagged: true,
        pretty: false,
    };
    let pdf = typst_pdf::pdf(document, &options)
        .map_err(|errors| RenderError::Export(messages(&errors)))?;
    let pdf = print_settings::adjust(pdf).ok_or(RenderError::FileStructure)?;
    Ok(Printed { pdf, pages: document.pages().len() })
}
