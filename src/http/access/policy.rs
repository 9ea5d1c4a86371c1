//! The state and settings of access control.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::http::request::Parts;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Identity};
use crate::archive::access::keys::Token;
use crate::archive::access::secret::Secret;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;
use crate::http::access::client::TrustedProxy;
use crate::http::access::credentials::Cookies;
use crate::http::access::limits::{CallerLimiter, CallerLimits};
use crate::http::access::origin::{Initiator, Origin, initiator};
use crate::http::access::sign_in::provider::Provider;

/// How long the result that no keys exist is cached, in milliseconds.
const NO_KEYS_CACHED_MS: i64 = 2_000;

/// The display name of the holder of the local token.
const LOCAL_NAME: &str = "本机";

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
    /// The token that is accepted as long as callers need no credentials of their own. `None` accepts
    /// keys and sessions only.
    pub local_token: Option<Token>,
    /// The proxies whose word about the address of a client is believed.
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Whether filings need an approved draft (审签), unless their caller is exempt.
    pub requires_approval: bool,
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
            local_token: None,
            trusted_proxies: Vec::new(),
            requires_approval: false,
            keys_seen: AtomicBool::new(false),
            no_keys_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether the filings of a caller need an approved draft.
    pub fn requires_approval_of(&self, caller: &Caller) -> bool {
        self.requires_approval && !caller.roles.are_exempt_from_approval()
    }

    /// Whether a page of this server initiated the request.
    pub fn is_same_origin(&self, request: &Parts) -> bool {
        initiator(request, self.origin.as_ref()) == Initiator::SameOrigin
    }

    /// The caller of a key, or of the local token.
    ///
    /// # Errors
    /// Returns the `ArchiveError` if the database cannot be queried. The request must then be
    /// refused.
    pub async fn caller_of_key(
        &self,
        archive: &Archive,
        token: &Token,
    ) -> Result<Option<Identity>, ArchiveError> {
        if !token.is_local() {
            return archive.caller_of_key(token).await;
        }
        let own = self.local_token.as_ref();
        let is_own = own.is_some_and(|own| token.secret.matches_sha256(&own.secret.sha256()));
        let is_accepted = is_own && self.accepts_local_token(archive).await?;
        Ok(is_accepted.then(|| Identity { caller: Caller::local(), name: LOCAL_NAME.to_owned() }))
    }

    /// The caller of a session. Sessions of the local token end when the token is no longer accepted.
    ///
    /// # Errors
    /// As `caller_of_key`.
    pub async fn caller_of_session(
        &self,
        archive: &Archive,
        secret: &Secret,
    ) -> Result<Option<Identity>, ArchiveError> {
        let known = archive.session(secret).await?;
        let is_local = known.as_ref().is_some_and(|known| known.caller.is_local());
        let has_ended = is_local && !self.accepts_local_token(archive).await?;
        Ok(known.filter(|_| !has_ended))
    }

    /// Whether the local token is accepted: this server has one, and there are no keys.
    ///
    /// # Errors
    /// As `caller_of_key`.
    pub async fn accepts_local_token(&self, archive: &Archive) -> Result<bool, ArchiveError> {
        Ok(self.local_token.is_some() && !self.has_credentials(archive).await?)
    }

    /// Whether callers have credentials of their own: a key has existed, or staff can sign in.
    ///
    /// # Errors
    /// Returns the `ArchiveError` if the database cannot be queried. The request must then be
    /// refused.
    pub async fn has_credentials(&self, archive: &Archive) -> Result<bool, ArchiveError> {
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

    /// Ends the acceptance of the local token at once: a key was added.
    pub fn key_added(&self) {
        self.keys_seen.store(true, Ordering::Relaxed);
    }
}
