//! The file with the local token, and the address that signs a browser in with it.

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::archive::access::keys::Token;
use crate::http::access::origin::Origin;

/// The name of the file in the data folder.
const FILE: &str = "local-token";

/// Writes the token for programs of this user, readable by its owner only. Returns the path.
///
/// # Errors
/// Returns the `io::Error` of the folder or the file.
pub fn write(folder: &Path, token: &Token) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    // A new temporary file has mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", token.reveal())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

/// Removes the file of an earlier start, whose token is no longer accepted.
pub fn remove(folder: &Path) {
    // There is usually none.
    let _ = fs::remove_file(folder.join(FILE));
}

/// The address that signs a browser in: at the public origin, or at the address that is listened on.
pub fn sign_in_url(address: SocketAddr, origin: Option<&Origin>, token: &Token) -> String {
    let own = || format!("http://{}", reachable(address));
    let origin = origin.map_or_else(own, |origin| origin.as_str().to_owned());
    format!("{origin}/auth/local?token={}", token.reveal())
}

/// An address that a browser on this machine can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
