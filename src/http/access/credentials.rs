//! Reads the credentials of a request: the token of a key, or the cookie of a session.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::archive::access::keys::Token;
use crate::archive::access::secret::Secret;
use crate::http::access::error::AccessError;
use crate::http::access::origin::Origin;

/// The credentials of a request.
#[derive(Debug)]
pub enum Credentials {
    /// The token of a key.
    Key(Token),
    /// The secret of a session.
    Session(Secret),
    /// No credentials.
    None,
}

/// The names and attributes of the server's cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Creates the cookies for a public origin. Over TLS their names begin with `__Host-`, so no
    /// other host and no plain connection can set them.
    pub fn new(origin: Option<&Origin>) -> Self {
        Self { secure: origin.is_some_and(Origin::is_secure) }
    }

    /// The name of the session cookie.
    pub fn session(&self) -> &'static str {
        if self.secure { "__Host-hongtou" } else { "hongtou" }
    }

    /// The name of the cookie that holds a pending sign-in.
    pub fn sign_in(&self) -> &'static str {
        if self.secure { "__Host-hongtou-sign-in" } else { "hongtou-sign-in" }
    }

    /// The `Set-Cookie` value for a cookie with this lifetime. Scripts cannot read it, and a form
    /// on another site does not send it, but a link from there does.
    pub fn set(&self, name: &'static str, value: &str, lifetime: Duration) -> HeaderValue {
        let cookie = Cookie::build((name, value))
            .path("/")
            .max_age(lifetime.try_into().expect("lifetimes are hours"))
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure);
        HeaderValue::try_from(cookie.to_string()).expect("names and values are visible ASCII")
    }

    /// The `Set-Cookie` value that deletes a cookie.
    pub fn delete(&self, name: &'static str) -> HeaderValue {
        self.set(name, "", Duration::ZERO)
    }
}

/// Reads the credentials of a request. A key takes precedence over a session, because browsers
/// send cookies automatically.
///
/// # Errors
/// Returns `AccessError::InvalidKey` if `Authorization` holds no well-formed token.
pub fn read(headers: &HeaderMap, cookies: &Cookies) -> Result<Credentials, AccessError> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(bearer).and_then(|text| text.parse().ok());
        return token.map(Credentials::Key).ok_or(AccessError::InvalidKey);
    }
    Ok(session(headers, cookies).map_or(Credentials::None, Credentials::Session))
}

/// The secret in the session cookie of a request.
pub fn session(headers: &HeaderMap, cookies: &Cookies) -> Option<Secret> {
    Secret::parse(CookieJar::from_headers(headers).get(cookies.session())?.value())
}

/// The token after the scheme `Bearer`, in any case.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderName};

    use super::{Cookies, Credentials, read};
    use crate::http::access::error::AccessError;

    fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs.map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_key_takes_precedence_over_a_session() {
        let secret = "a".repeat(43);
        let key = ("authorization", format!("bearer ht_k1_{secret}"));
        let cookie = ("cookie", format!("x=1; hongtou={secret}"));
        let read = |pairs: &[_]| read(&headers(pairs), &Cookies::new(None));
        assert!(matches!(read(&[key, cookie.clone()]), Ok(Credentials::Key(_))));
        assert!(matches!(read(std::slice::from_ref(&cookie)), Ok(Credentials::Session(_))));
        assert!(matches!(read(&[("cookie", "hongtou=short".to_owned())]), Ok(Credentials::None)));
        let basic = ("authorization", "Basic aGk=".to_owned());
        assert!(matches!(read(&[basic, cookie]), Err(AccessError::InvalidKey)));
    }

    #[test]
    fn cookies_over_tls_have_the_host_prefix() {
        let cookies = Cookies::new(Some(&"https://filings.example".parse().unwrap()));
        let cookie = cookies.set(cookies.session(), "x", Duration::from_secs(9));
        assert_eq!(cookie, "__Host-hongtou=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=9");
        let secret = "a".repeat(43);
        let plain = headers(&[("cookie", format!("hongtou={secret}"))]);
        assert!(matches!(read(&plain, &cookies), Ok(Credentials::None)));
    }
}
