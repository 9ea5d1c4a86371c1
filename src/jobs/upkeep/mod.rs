//! What a server does from time to time, without a request.

pub(crate) mod collect;
pub mod fixity;
pub(crate) mod keep_renderer;
pub(crate) mod locks;
pub(crate) mod sweep;
