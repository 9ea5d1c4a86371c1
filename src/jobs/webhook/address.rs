//! Checks the addresses of webhooks: only public ones, and hosts that are allowed by name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// The longest URL of a webhook, in bytes.
const MAX_URL_LENGTH: usize = 2048;

/// IPv4 networks that are not public, from IANA's registry of special-purpose addresses: this
/// network, private use, shared (carrier-grade NAT), loopback, link-local (with the metadata
/// services of clouds), protocol assignments, documentation, 6to4 relays, benchmarks, multicast,
/// reserved.
const SPECIAL_V4: [Ipv4Net; 15] = [
    net_v4([0, 0, 0, 0], 8),
    net_v4([10, 0, 0, 0], 8),
    net_v4([100, 64, 0, 0], 10),
    net_v4([127, 0, 0, 0], 8),
    net_v4([169, 254, 0, 0], 16),
    net_v4([172, 16, 0, 0], 12),
    net_v4([192, 0, 0, 0], 24),
    net_v4([192, 0, 2, 0], 24),
    net_v4([192, 88, 99, 0], 24),
    net_v4([192, 168, 0, 0], 16),
    net_v4([198, 18, 0, 0], 15),
    net_v4([198, 51, 100, 0], 24),
    net_v4([203, 0, 113, 0], 24),
    net_v4([224, 0, 0, 0], 4),
    net_v4([240, 0, 0, 0], 4),
];

/// Public IPv6 addresses, except those of `SPECIAL_V6`. Loopback, unique local, link-local,
/// multicast and translated IPv4 addresses (mapped, NAT64) are outside of it.
const PUBLIC_V6: Ipv6Net = net_v6([0x2000, 0], 3);

/// Protocol assignments (with Teredo), documentation, and 6to4, which contains an IPv4 address.
const SPECIAL_V6: [Ipv6Net; 4] = [
    net_v6([0x2001, 0], 23),
    net_v6([0x2001, 0xdb8], 32),
    net_v6([0x2002, 0], 16),
    net_v6([0x3fff, 0], 20),
];

/// Why a webhook may not be sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The server has no secret to sign webhooks with.
    #[error("webhooks are not set up")]
    NotSetUp,
    /// It is not a URL of HTTP or HTTPS, is too long, or contains credentials.
    #[error("not a valid address")]
    Invalid,
    /// It is not HTTPS.
    #[error("not https")]
    NotHttps,
    /// Its host is unknown or in a private network. The two are one error, so that nobody can find the
    /// names of the internal network.
    #[error("not a public address")]
    NotPublic,
}

/// Allows public addresses, and hosts by name.
#[derive(Debug, Clone)]
pub(crate) struct AddressPolicy {
    allowed: Arc<BTreeSet<String>>,
}

const fn net_v4(octets: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::from_octets(octets), length)
}

const fn net_v6([first, second]: [u16; 2], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

/// Whether an address is public.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            PUBLIC_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// The form in which hosts are compared: lower case, without the brackets of IPv6 and without a
/// final dot.
fn normalized_host(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.trim_end_matches('.').to_ascii_lowercase()
}

impl AddressPolicy {
    pub(crate) fn new(allowed: impl IntoIterator<Item = String>) -> Self {
        Self { allowed: Arc::new(allowed.into_iter().map(|host| normalized_host(&host)).collect()) }
    }

    /// Checks an address without resolving its name. Names are checked when they are resolved.
    pub(crate) fn check(&self, address: &str) -> Result<Url, AddressError> {
        let url = Url::parse(address).map_err(|_| AddressError::Invalid)?;
        let host = url.host_str().map(normalized_host).ok_or(AddressError::Invalid)?;
        let has_no_credentials = url.username().is_empty() && url.password().is_none();
        if address.len() > MAX_URL_LENGTH || !has_no_credentials {
            return Err(AddressError::Invalid);
        }
        let allowed = self.allowed.contains(&host);
        match url.scheme() {
            "https" => {}
            "http" if allowed => {}
            "http" => return Err(AddressError::NotHttps),
            _ => return Err(AddressError::Invalid),
        }
        // The client does not resolve a host that is an IP address, so it is checked here.
        match host.parse() {
            Ok(address) if !allowed && !is_public(address) => Err(AddressError::NotPublic),
            _ => Ok(url),
        }
    }

    /// Checks an address and what its name resolves to now.
    pub(crate) async fn check_resolved(&self, address: &str) -> Result<Url, AddressError> {
        let url = self.check(address)?;
        let host = url.host_str().map(normalized_host).unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let found = lookup_host((host.as_str(), port)).await;
        let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
        if self.reachable(&host, found).is_empty() {
            return Err(AddressError::NotPublic);
        }
        Ok(url)
    }

    fn reachable(&self, host: &str, mut found: Vec<SocketAddr>) -> Vec<SocketAddr> {
        if !self.allowed.contains(&normalized_host(host)) {
            found.retain(|address| is_public(address.ip()));
        }
        found
    }
}

/// Resolves names for the HTTP client. A name that resolved to a public address when the batch was
/// posted may resolve to another one when the webhook is sent.
impl Resolve for AddressPolicy {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.clone();
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?.collect();
            let reachable = policy.reachable(name.as_str(), found);
            if reachable.is_empty() {
                return Err(AddressError::NotPublic.into());
            }
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressError, AddressPolicy};

    #[test]
    fn only_public_addresses_are_accepted_in_every_notation() {
        let policy = AddressPolicy::new(["Hooks.Internal".to_owned(), "10.1.2.3".to_owned()]);
        let private = Err(AddressError::NotPublic);
        let cases = [
            ("https://example.org/hook", Ok(())),
            ("https://8.8.8.8/", Ok(())),
            ("https://[2606:4700:4700::1111]/", Ok(())),
            ("http://example.org/", Err(AddressError::NotHttps)),
            ("ftp://example.org/", Err(AddressError::Invalid)),
            ("example.org", Err(AddressError::Invalid)),
            ("https://name:word@example.org/", Err(AddressError::Invalid)),
            ("http://hooks.internal:8080/a", Ok(())),
            ("https://10.1.2.3/", Ok(())),
            ("https://10.1.2.4/", private),
            ("https://127.0.0.1/", private),
            ("https://127.1/", private),
            ("https://0x7f000001/", private),
            ("https://2130706433/", private),
            ("https://0/", private),
            ("https://169.254.169.254/latest/meta-data", private),
            ("https://100.64.0.1/", private),
            ("https://172.31.255.255/", private),
            ("https://192.168.0.1/", private),
            ("https://[::1]/", private),
            ("https://[::]/", private),
            ("https://[::ffff:127.0.0.1]/", private),
            ("https://[::ffff:8.8.8.8]/", private),
            ("https://[64:ff9b::7f00:1]/", private),
            ("https://[2002:7f00:1::]/", private),
            ("https://[fe80::1]/", private),
            ("https://[fd00:ec2::254]/", private),
            ("https://[ff02::1]/", private),
        ];
        for (address, expected) in cases {
            assert_eq!(policy.check(address).map(|_| ()), expected, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_is_refused_unless_it_is_allowed() {
        let policy = AddressPolicy::new([]);
        assert_eq!(
            policy.check_resolved("https://localhost/").await.map(|_| ()),
            Err(AddressError::NotPublic)
        );
        // The same refusal as for a name that does not exist: nobody learns which internal names do.
        assert_eq!(
            policy.check_resolved("https://no-such-host.invalid/").await.map(|_| ()),
            Err(AddressError::NotPublic)
        );
        let policy = AddressPolicy::new(["localhost".to_owned()]);
        assert_eq!(policy.check_resolved("http://LOCALHOST.:9/").await.map(|_| ()), Ok(()));
    }
}
