//! Certificates, chain validation and revocation status.

pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod revocation;
pub(crate) mod ocsp;
pub mod trust;
pub(crate) mod context;
pub(crate) mod budget;
pub(crate) mod cert_status;
pub(crate) mod crl;
