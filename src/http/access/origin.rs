//! Where a request comes from: this machine or another, and the site that initiated it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, Method, Uri, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers that proxies add. A request with one of them comes from another machine.
const PROXY_HEADERS: [HeaderName; 4] = [
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-forwarded-host"),
];

/// A web origin: scheme, host and port, as browsers serialize it (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// The text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an origin is http:// or https://, a host and an optional port")]
pub struct InvalidOrigin;

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let uri: Uri = text.parse().map_err(|_| InvalidOrigin)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidOrigin);
        };
        let default_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(InvalidOrigin),
        };
        let authority = authority.as_str().to_ascii_lowercase();
        let is_bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#');
        if authority.contains('@') || !is_bare {
            return Err(InvalidOrigin);
        }
        // Browsers omit the default port.
        let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

impl Origin {
    /// The origin as a browser serializes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the scheme is https.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// What initiated a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator {
    /// A page of this server, or the user, by typing the address.
    SameOrigin,
    /// A page of another origin.
    OtherSite,
    /// Unknown: the client is not a browser, or an old one.
    Unknown,
}

/// Whether a request was sent from this machine to this machine. Checks `Host` too: after DNS
/// rebinding, a page still sends its own name there.
pub fn is_local(request: &Parts) -> bool {
    let loopback = peer(request).is_some_and(|address| address.is_loopback());
    let proxied = PROXY_HEADERS.iter().any(|name| request.headers.contains_key(name));
    let mut named = request.headers.get_all(header::HOST).iter().map(|host| host.to_str());
    loopback
        && !proxied
        && named.all(|host| host.is_ok_and(is_loopback_host))
        && request.uri.authority().is_none_or(|name| is_loopback_host(name.as_str()))
}

/// The address of the client; `None` for requests without a connection, as in tests.
pub fn peer(request: &Parts) -> Option<IpAddr> {
    let ConnectInfo(address) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(address.ip().to_canonical())
}

/// The network that shares one rate limit: an IPv4 address or a /64 prefix of IPv6, which is what
/// one household or office usually has.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let prefix = u128::from(v6) >> 64 << 64;
            Ipv6Addr::from(prefix).into()
        }
    }
}

/// Whether a method is unsafe (RFC 9110, 9.2.1), that is, may change something.
pub fn may_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Returns what initiated a request to the server at `own`. Without `own`, `Host` is compared.
pub fn initiator(request: &Parts, own: Option<&Origin>) -> Initiator {
    let text = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = request.headers.get(SEC_FETCH_SITE) {
        let own = site == "same-origin" || site == "none";
        return if own { Initiator::SameOrigin } else { Initiator::OtherSite };
    }
    if !request.headers.contains_key(header::ORIGIN) {
        return Initiator::Unknown;
    }
    let origin = text(header::ORIGIN);
    let is_own = match own {
        Some(own) => origin == Some(own.as_str()),
        None => {
            let host = text(header::HOST);
            host.is_some()
                && origin.and_then(|origin| origin.split_once("://")).map(|(_, host)| host) == host
        }
    };
    if is_own { Initiator::SameOrigin } else { Initiator::OtherSite }
}

fn is_loopback_host(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use axum::http::Request;
    use axum::http::request::Parts;

    use super::{Initiator, Origin, initiator, is_local, network};

    fn request(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post("/v1/filings");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn from(peer: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = request(headers);
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions.insert(ConnectInfo(peer));
        request
    }

    #[test]
    fn a_local_request_comes_from_loopback_and_names_loopback() {
        let local = [
            from("127.0.0.1:5", &[]),
            from("127.8.8.8:5", &[("host", "localhost:8080")]),
            from("[::1]:5", &[("host", "[::1]:8080")]),
            from("[::ffff:127.0.0.1]:5", &[("host", "127.0.0.1")]),
        ];
        for request in local {
            assert!(is_local(&request), "{request:?}");
        }
        let elsewhere = [
            request(&[]),
            from("10.0.0.7:5", &[("host", "localhost")]),
            from("127.0.0.1:5", &[("host", "evil.example")]),
            from("127.0.0.1:5", &[("host", "localhost.evil.example")]),
            from("127.0.0.1:5", &[("host", "127.0.0.1"), ("host", "evil.example")]),
            from("127.0.0.1:5", &[("host", "")]),
            from("127.0.0.1:5", &[("forwarded", "for=10.0.0.7")]),
            from("127.0.0.1:5", &[("x-forwarded-for", "127.0.0.1")]),
            from("127.0.0.1:5", &[("x-real-ip", "127.0.0.1")]),
        ];
        for request in elsewhere {
            assert!(!is_local(&request), "{request:?}");
        }
    }

    #[test]
    fn origins_are_serialized_as_browsers_do() {
        let cases = [
            ("https://Filings.example", Some("https://filings.example")),
            ("https://filings.example:443/", Some("https://filings.example")),
            ("http://10.0.0.7:8080", Some("http://10.0.0.7:8080")),
            ("https://filings.example/app", None),
            ("https://filings.example?x", None),
            ("https://user@filings.example", None),
            ("ftp://filings.example", None),
            ("filings.example", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let origin = text.parse::<Origin>().ok();
            assert_eq!(origin.as_ref().map(Origin::as_str), expected, "{text}");
        }
    }

    #[test]
    fn the_initiator_is_read_from_the_headers() {
        let filings = "https://filings.example".parse().unwrap();
        let own = Some(&filings);
        let cases = [
            (vec![("sec-fetch-site", "same-origin")], None, Initiator::SameOrigin),
            (vec![("sec-fetch-site", "none")], None, Initiator::SameOrigin),
            (
                vec![("sec-fetch-site", "same-site"), ("origin", "https://filings.example")],
                own,
                Initiator::OtherSite,
            ),
            (vec![("sec-fetch-site", "cross-site")], None, Initiator::OtherSite),
            (vec![("host", "a:80"), ("origin", "http://a:80")], None, Initiator::SameOrigin),
            (vec![("host", "a:80"), ("origin", "http://b:80")], None, Initiator::OtherSite),
            (vec![("host", "a:80"), ("origin", "null")], None, Initiator::OtherSite),
            (vec![("origin", "http://a")], None, Initiator::OtherSite),
            (
                vec![("host", "inner:80"), ("origin", "https://filings.example")],
                own,
                Initiator::SameOrigin,
            ),
            (vec![("host", "inner:80"), ("origin", "https://inner:80")], own, Initiator::OtherSite),
            (vec![("host", "a:80")], own, Initiator::Unknown),
        ];
        for (headers, own, expected) in cases {
            assert_eq!(initiator(&request(&headers), own), expected, "{headers:?}");
        }
    }

    #[test]
    fn an_ipv6_prefix_is_one_network() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("10.0.0.7"), "10.0.0.7");
    }
}
