//! The state and settings of access control.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::http::request::Parts;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;
use crate::http::access::credentials::Cookies;
use crate::http::access::limits::{CallerLimiter, CallerLimits};
use crate::http::access::origin::{Initiator, Origin, initiator};
use crate::http::access::sign_in::provider::Provider;

/// How long the result that no keys exist is cached, in milliseconds.
const NO_KEYS_CACHED_MS: i64 = 2_000;

/// The state and settings of access control.
#[derive(Debug)]
pub struct Access {
    /// Applies the limits per caller.
    pub limiter: CallerLimiter,
    /// The site's cookies.
    pub cookies: Cookies,
    /// The public origin of the server; `None` accepts any.
    pub origin: Option<Origin>,
    /// The OpenID Connect provider of staff.
    pub provider: Option<Provider>,
    // Stays true once a key has existed.
    keys_seen: AtomicBool,
    no_keys_at: AtomicI64,
}

impl Access {
    /// Creates the state for a server with these limits, public origin and provider.
    pub fn new(limits: CallerLimits, origin: Option<Origin>, provider: Option<Provider>) -> Self {
        Self {
            limiter: CallerLimiter::new(limits),
            cookies: Cookies::new(origin.as_ref()),
            origin,
            provider,
            keys_seen: AtomicBool::new(false),
            no_keys_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether a page of this server initiated the request.
    pub fn is_same_origin(&self, request: &Parts) -> bool {
        initiator(request, self.origin.as_ref()) == Initiator::SameOrigin
    }

    /// Whether callers need credentials: a key has existed, or staff can sign in.
    ///
    /// # Errors
    /// Returns the `ArchiveError` if the database cannot be queried. The request must then be
    /// refused.
    pub async fn needs_credentials(&self, archive: &Archive) -> Result<bool, ArchiveError> {
        if self.provider.is_some() || self.keys_seen.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let Moment(now) = archive.now();
        let age = now.saturating_sub(self.no_keys_at.load(Ordering::Relaxed));
        if (0..NO_KEYS_CACHED_MS).contains(&age) {
            return Ok(false);
        }
        let has_keys = archive.has_keys().await?;
        self.keys_seen.store(has_keys, Ordering::Relaxed);
        self.no_keys_at.store(now, Ordering::Relaxed);
        Ok(has_keys)
    }
}
