//! The address of the client, also behind trusted proxies.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A proxy, or a network of proxies, whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

/// The text is neither an address nor a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a proxy is an IP address or a network such as 10.0.0.0/8")]
pub struct InvalidProxy;

/// The address of the client of a request.
#[derive(Debug, Clone, Copy)]
struct ClientAddress(IpAddr);

impl FromStr for TrustedProxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let network = text.parse::<IpNet>().ok();
        let network = network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        network.map(Self).ok_or(InvalidProxy)
    }
}

/// Records the address of the client with the request.
pub async fn record(
    State(trusted): State<Arc<[TrustedProxy]>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let address = client(peer.ip(), request.headers(), &trusted);
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// The address of the client; `None` for requests without a connection, as in tests.
pub fn client_address(request: &Parts) -> Option<IpAddr> {
    of(&request.extensions)
}

/// The address that `record` found.
pub fn of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address)
}

/// Follows `X-Forwarded-For` from its end, where the nearest proxy writes, as long as the address that
/// wrote an entry is a trusted proxy. Everything before that is what the client claims.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[TrustedProxy]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|TrustedProxy(net)| net.contains(&address));
    let mut client = peer.to_canonical();
    for line in headers.get_all(X_FORWARDED_FOR).iter().rev() {
        for entry in line.to_str().unwrap_or_default().rsplit(',') {
            if !is_trusted(client) {
                return client;
            }
            let Some(address) = address(entry.trim()) else { return client };
            client = address;
        }
    }
    client
}

/// An entry of `X-Forwarded-For`: an address, which some proxies write with a port.
fn address(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{TrustedProxy, X_FORWARDED_FOR, client};

    fn found(peer: &str, lines: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted: Vec<TrustedProxy> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_may_name_another_client() {
        let cases: [(&str, &[&'static str], &[&str], &str); 11] = [
            ("127.0.0.1", &["10.0.0.7"], &[], "127.0.0.1"),
            ("127.0.0.1", &[], &["127.0.0.1"], "127.0.0.1"),
            ("127.0.0.1", &["10.0.0.7"], &["127.0.0.1"], "10.0.0.7"),
            ("::ffff:127.0.0.1", &["10.0.0.7"], &["127.0.0.1"], "10.0.0.7"),
            ("10.0.0.9", &["127.0.0.1"], &["127.0.0.1"], "10.0.0.9"),
            ("127.0.0.1", &["6.6.6.6, 10.0.0.7"], &["127.0.0.1"], "10.0.0.7"),
            ("127.0.0.1", &["6.6.6.6", "10.0.0.7"], &["127.0.0.1"], "10.0.0.7"),
            ("10.1.0.1", &["6.6.6.6, 10.0.0.7, 10.1.0.2"], &["10.1.0.0/16"], "10.0.0.7"),
            ("127.0.0.1", &["10.0.0.7:4711"], &["127.0.0.1"], "10.0.0.7"),
            ("::1", &["[2001:db8::7]:4711"], &["::1"], "2001:db8::7"),
            ("127.0.0.1", &["10.0.0.7, unknown"], &["127.0.0.1"], "127.0.0.1"),
        ];
        for (peer, lines, trusted, expected) in cases {
            assert_eq!(found(peer, lines, trusted), expected, "{peer} {lines:?} {trusted:?}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for text in ["127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8"] {
            assert!(text.parse::<TrustedProxy>().is_ok(), "{text}");
        }
        for text in ["", "localhost", "10.0.0.0/33", "*"] {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
