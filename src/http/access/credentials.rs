//! What a request says of who asks: a key's token, or the cookie of a session.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::archive::access::keys::Token;
use crate::archive::access::secret::Secret;
use crate::http::access::origin::Origin;
use crate::http::access::refusal::Refusal;

/// What came with a request.
#[derive(Debug)]
pub enum Credentials {
    /// A key.
    Key(Token),
    /// A session that a browser is in.
    Session(Secret),
    /// Nothing.
    None,
}

/// How the cookies of a site are called and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Cookies of a site that people reach over TLS, or not. With TLS their names begin with
    /// `__Host-`, and no other host or plain connection can set them.
    pub fn new(origin: Option<&Origin>) -> Self {
        Self { secure: origin.is_some_and(Origin::is_secure) }
    }

    /// The name of the cookie that a session is in.
    pub fn session(&self) -> &'static str {
        if self.secure { "__Host-hongtou" } else { "hongtou" }
    }

    /// The name of the cookie that carries a sign-in from its beginning to its end.
    pub fn sign_in(&self) -> &'static str {
        if self.secure { "__Host-hongtou-sign-in" } else { "hongtou-sign-in" }
    }

    /// The header value that sets a cookie for so long. No script reads it, and no foreign page's
    /// form sends it along, but a link to here does.
    pub fn set(&self, name: &'static str, value: &str, lifetime: Duration) -> HeaderValue {
        let cookie = Cookie::build((name, value))
            .path("/")
            .max_age(lifetime.try_into().expect("lifetimes are hours"))
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure);
        HeaderValue::try_from(cookie.to_string())
            .expect("names and values are letters, digits and marks")
    }

    /// The header value that takes a cookie back.
    pub fn forget(&self, name: &'static str) -> HeaderValue {
        self.set(name, "", Duration::ZERO)
    }
}

/// The credentials of a request. A key comes before a session: who sends one means it.
///
/// # Errors
/// An `Authorization` that holds no token.
pub fn read(headers: &HeaderMap, cookies: &Cookies) -> Result<Credentials, Refusal> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(bearer).and_then(|text| text.parse().ok());
        return token.map(Credentials::Key).ok_or(Refusal::BadKey);
    }
    Ok(session(headers, cookies).map_or(Credentials::None, Credentials::Session))
}

/// The session that a request's cookie names.
pub fn session(headers: &HeaderMap, cookies: &Cookies) -> Option<Secret> {
    Secret::parse(CookieJar::from_headers(headers).get(cookies.session())?.value())
}

/// The token behind the scheme, which is written in capitals or not.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderName};

    use super::{Cookies, Credentials, read};
    use crate::http::access::refusal::Refusal;

    fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs.map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_key_comes_before_a_session() {
        let secret = "a".repeat(43);
        let key = ("authorization", format!("bearer ht_k1_{secret}"));
        let cookie = ("cookie", format!("x=1; hongtou={secret}"));
        let read = |pairs: &[_]| read(&headers(pairs), &Cookies::new(None));
        assert!(matches!(read(&[key, cookie.clone()]), Ok(Credentials::Key(_))));
        assert!(matches!(read(std::slice::from_ref(&cookie)), Ok(Credentials::Session(_))));
        assert!(matches!(read(&[("cookie", "hongtou=short".to_owned())]), Ok(Credentials::None)));
        let basic = ("authorization", "Basic aGk=".to_owned());
        assert!(matches!(read(&[basic, cookie]), Err(Refusal::BadKey)));
    }

    #[test]
    fn a_site_with_tls_has_cookies_that_nobody_else_sets() {
        let cookies = Cookies::new(Some(&"https://filings.example".parse().unwrap()));
        let cookie = cookies.set(cookies.session(), "x", Duration::from_secs(9));
        assert_eq!(cookie, "__Host-hongtou=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=9");
        let secret = "a".repeat(43);
        let plain = headers(&[("cookie", format!("hongtou={secret}"))]);
        assert!(matches!(read(&plain, &cookies), Ok(Credentials::None)));
    }
}
