//! The integration tests, in one binary.

mod compare;
mod docx;
mod hostile;
mod printed;
mod texts;
mod word;
mod workbooks;
