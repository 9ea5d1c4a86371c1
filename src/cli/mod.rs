//! The `hongtou` command line.
