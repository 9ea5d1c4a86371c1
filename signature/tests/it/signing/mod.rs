//! Tests of preparing a PDF for a signature, and of inserting signatures that come from elsewhere.

mod keys;
mod prepared_files;
mod sealer;
mod seals;
mod signature_values;
