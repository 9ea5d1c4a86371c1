//! Refuses requests that do not say clearly what they ask for: of which host, and in which encoding.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::http::problem::Problem;

/// Marks a request that came over a connection, unlike those of tests.
#[derive(Debug, Clone, Copy)]
pub struct Received;

/// Passes a request on if it has one valid `Host` (RFC 9112, 3.2) and its query is UTF-8.
pub async fn check(request: Request, next: Next) -> Response {
    let is_received = request.extensions().get::<Received>().is_some();
    if is_received && !is_host_valid(request.version(), request.headers()) {
        return Problem::Host.into_response();
    }
    let query = request.uri().query().unwrap_or_default();
    if percent_decode_str(query).decode_utf8().is_err() {
        let sentence = "查询条件应为UTF-8编码，不能用GBK等其他编码。";
        return Problem::Query(sentence.to_owned()).into_response();
    }
    next.run(request).await
}

fn is_host_valid(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(is_host),
        (Some(_), Some(_)) => false,
    }
}

fn is_host(text: &str) -> bool {
    let authority = text.parse::<Authority>();
    authority.is_ok_and(|authority| {
        !text.contains('@') && !authority.host().is_empty() && is_port(&authority, text)
    })
}

/// Whether what follows the host is nothing or a port.
fn is_port(authority: &Authority, text: &str) -> bool {
    let port = text.strip_prefix(authority.host());
    port.is_some_and(|port| port.is_empty() || port == ":" || authority.port_u16().is_some())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Version, header};

    use super::is_host_valid;

    #[test]
    fn a_request_has_one_valid_host() {
        let is_valid = |version, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            is_host_valid(version, &headers)
        };
        for host in ["localhost", "localhost:8080", "10.0.0.7", "[::1]:8080", "hongtou.example.cn"]
        {
            assert!(is_valid(Version::HTTP_11, &[host]), "{host}");
        }
        for host in ["", "a b", "a:b", "a:99999", "user@a", "http://a", "a/b", "a,b:c"] {
            assert!(!is_valid(Version::HTTP_11, &[host]), "{host}");
        }
        assert!(!is_valid(Version::HTTP_11, &[]));
        assert!(!is_valid(Version::HTTP_11, &["a", "b"]));
        assert!(is_valid(Version::HTTP_10, &[]));
    }
}
