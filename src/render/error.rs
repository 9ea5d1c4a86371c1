//! Why a filing could not be rendered.

/// An error while writing page data as CBOR.
pub type PageDataError = ciborium::ser::Error<std::io::Error>;

/// Why an accepted filing could not be rendered: a fault of the program or its fonts, not of the input.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The page data could not be serialised.
    #[error("page data could not be serialised")]
    PageData(#[source] PageDataError),
    /// Typst returned errors or warnings.
    #[error("typesetting failed: {}", .0.join("; "))]
    Typst(Vec<String>),
    /// No pass put the colophon on an even last page.
    #[error("the layout did not converge: the colophon is not on an even last page")]
    Unsettled,
    /// The PDF export refused the pages.
    #[error("export failed: {}", .0.join("; "))]
    Export(Vec<String>),
    /// The exported file has another structure than expected.
    #[error("export failed: unexpected file structure")]
    FileStructure,
    /// A page could not be encoded as PNG.
    #[error("a picture could not be encoded")]
    Picture(#[from] png::EncodingError),
}
