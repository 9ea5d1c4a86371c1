//! Where a request comes from: this machine or not, and which site's page made a browser ask.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, Method, Uri, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a proxy adds to what it passes on: such a request began on another machine.
const OF_PROXIES: [HeaderName; 4] = [
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-forwarded-host"),
];

/// The address at which people reach a site: scheme, host and port, as browsers write an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not http or https, a host and perhaps a port, and nothing more")]
pub struct NoOrigin;

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let uri: Uri = text.parse().map_err(|_| NoOrigin)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(NoOrigin);
        };
        let usual_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(NoOrigin),
        };
        let authority = authority.as_str().to_ascii_lowercase();
        let is_bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#');
        if authority.contains('@') || !is_bare {
            return Err(NoOrigin);
        }
        // A browser leaves out the port that goes without saying.
        let authority = authority.strip_suffix(usual_port).unwrap_or(&authority);
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

impl Origin {
    /// The origin as a browser writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people come over TLS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Which page made a browser ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// One of this server's, or nobody's: an address that was typed.
    Own,
    /// Another site's.
    Foreign,
    /// It is not said: no browser asks, or an old one.
    Unsaid,
}

/// Whether a request was sent on this machine, and by a program that meant this machine: a page
/// whose name was bent to 127.0.0.1 (DNS rebinding) still sends its own name as `Host`.
pub fn is_local(request: &Parts) -> bool {
    let loopback = peer(request).is_some_and(|address| address.is_loopback());
    let passed_on = OF_PROXIES.iter().any(|name| request.headers.contains_key(name));
    let mut named = request.headers.get_all(header::HOST).iter().map(|host| host.to_str());
    loopback
        && !passed_on
        && named.all(|host| host.is_ok_and(names_loopback))
        && request.uri.authority().is_none_or(|name| names_loopback(name.as_str()))
}

/// The address at the other end of the connection; `None` where there is no connection.
pub fn peer(request: &Parts) -> Option<IpAddr> {
    let ConnectInfo(address) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(address.ip().to_canonical())
}

/// The network that shares one allowance: an address, or the 64 bits that one house of IPv6 has.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let house = u128::from(v6) >> 64 << 64;
            Ipv6Addr::from(house).into()
        }
    }
}

/// Whether a method may change something.
pub fn may_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Which page made a browser send this, for a server whose address is `own` where it is known.
pub fn page(request: &Parts, own: Option<&Origin>) -> Page {
    let text = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = request.headers.get(SEC_FETCH_SITE) {
        let own = site == "same-origin" || site == "none";
        return if own { Page::Own } else { Page::Foreign };
    }
    if !request.headers.contains_key(header::ORIGIN) {
        return Page::Unsaid;
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
    if is_own { Page::Own } else { Page::Foreign }
}

fn names_loopback(authority: &str) -> bool {
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

    use super::{Origin, Page, is_local, network, page};

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
    fn local_is_what_was_sent_here_and_meant_here() {
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
    fn an_origin_is_what_a_browser_sends() {
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
    fn a_page_is_its_own_or_foreign() {
        let filings = "https://filings.example".parse().unwrap();
        let own = Some(&filings);
        let cases = [
            (vec![("sec-fetch-site", "same-origin")], None, Page::Own),
            (vec![("sec-fetch-site", "none")], None, Page::Own),
            (
                vec![("sec-fetch-site", "same-site"), ("origin", "https://filings.example")],
                own,
                Page::Foreign,
            ),
            (vec![("sec-fetch-site", "cross-site")], None, Page::Foreign),
            (vec![("host", "a:80"), ("origin", "http://a:80")], None, Page::Own),
            (vec![("host", "a:80"), ("origin", "http://b:80")], None, Page::Foreign),
            (vec![("host", "a:80"), ("origin", "null")], None, Page::Foreign),
            (vec![("origin", "http://a")], None, Page::Foreign),
            (vec![("host", "inner:80"), ("origin", "https://filings.example")], own, Page::Own),
            (vec![("host", "inner:80"), ("origin", "https://inner:80")], own, Page::Foreign),
            (vec![("host", "a:80")], own, Page::Unsaid),
        ];
        for (headers, own, expected) in cases {
            assert_eq!(page(&request(&headers), own), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_house_of_ipv6_is_one_network() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("10.0.0.7"), "10.0.0.7");
    }
}
