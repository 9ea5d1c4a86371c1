//! From a request body to a finished filing: the one way every caller takes.
