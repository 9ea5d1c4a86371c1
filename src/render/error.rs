//! Why a filing could not be set in type.

/// An error while writing page data as CBOR.
pub type PageDataError = ciborium::ser::Error<std::io::Error>;

/// Why an accepted filing could not be set: a fault of the program or its fonts, not of the input.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The page data could not be written as CBOR.
    #[error("page data could not be written")]
    PageData(#[source] PageDataError),
    /// Typst failed or warned.
    #[error("typesetting failed: {}", .0.join("; "))]
    Typst(Vec<String>),
    /// The colophon did not come to stand on the last, even side.
    #[error("the colophon did not settle on an even last side")]
    Unsettled,
    /// The export refused the laid-out pages.
    #[error("export failed: {}", .0.join("; "))]
    Export(Vec<String>),
    /// A side could not be drawn as a picture.
    #[error("a picture could not be written")]
    Picture(#[from] png::EncodingError),
}
