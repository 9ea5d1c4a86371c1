//! Pictures of pages against their references.
