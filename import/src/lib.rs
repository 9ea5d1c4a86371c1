//! Reads spreadsheets, Word files and text into submissions.
