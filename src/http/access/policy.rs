//! What access is decided by: shares, cookies, the public origin, the provider, and whether there
//! are keys.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::http::request::Parts;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;
use crate::http::access::credentials::Cookies;
use crate::http::access::origin::{Origin, Page, page};
use crate::http::access::provider::Provider;
use crate::http::access::shares::{Share, Shares};

/// How long the answer that there are no keys is cached, in milliseconds.
const NO_KEYS_FOR: i64 = 2_000;

/// The state and settings that access is decided by.
#[derive(Debug)]
pub struct Access {
    /// The share of the server that each caller has.
    pub shares: Shares,
    /// The site's cookies.
    pub cookies: Cookies,
    /// The public origin of the server; `None` accepts any.
    pub origin: Option<Origin>,
    /// The OpenID Connect provider of staff.
    pub provider: Option<Provider>,
    // Stays true once there was a key.
    keys_seen: AtomicBool,
    asked_at: AtomicI64,
}

impl Access {
    /// Creates the state for a server with this share per caller, public origin and provider.
    pub fn new(share: Share, origin: Option<Origin>, provider: Option<Provider>) -> Self {
        Self {
            shares: Shares::new(share),
            cookies: Cookies::new(origin.as_ref()),
            origin,
            provider,
            keys_seen: AtomicBool::new(false),
            asked_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether the request says that one of the server's own pages sent it.
    pub fn is_own_page(&self, request: &Parts) -> bool {
        page(request, self.origin.as_ref()) == Page::Own
    }

    /// Whether callers need credentials: a key has existed, or staff can sign in.
    ///
    /// # Errors
    /// Fails if the database cannot be queried; the request should be refused as unavailable.
    pub async fn needs_credentials(&self, archive: &Archive) -> Result<bool, ArchiveError> {
        if self.provider.is_some() || self.keys_seen.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let Moment(now) = archive.now();
        let age = now.saturating_sub(self.asked_at.load(Ordering::Relaxed));
        if (0..NO_KEYS_FOR).contains(&age) {
            return Ok(false);
        }
        let has_keys = archive.has_keys().await?;
        self.keys_seen.store(has_keys, Ordering::Relaxed);
        self.asked_at.store(now, Ordering::Relaxed);
        Ok(has_keys)
    }
}
