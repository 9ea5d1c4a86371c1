//! A hongtou server: prepares a filing for a signature and takes the signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::archive::id::Id;
use crate::cli::commands::sign::error::SigningError;
use crate::cli::commands::sign::json_client::JsonClient;
use crate::cli::commands::sign::signing_service::ToBeSigned;

/// A hongtou server.
pub struct FilingServer(JsonClient);

/// A prepared filing.
pub struct PreparedFiling {
    /// The path to which the signature is sent.
    path: String,
    /// What is signed.
    pub(super) to_be_signed: ToBeSigned,
}

/// The members of a prepared signing that are used.
#[derive(Debug, Deserialize)]
struct Signing {
    id: String,
    to_be_signed: Attributes,
}

#[derive(Debug, Deserialize)]
struct Attributes {
    hash: Option<String>,
    hash_algorithm_oid: String,
    sign_algorithm_oid: String,
}

/// The member of a record that is used.
#[derive(Debug, Deserialize)]
struct Record {
    document_number: String,
}

impl FilingServer {
    /// The server behind a client.
    pub(super) fn new(client: JsonClient) -> Self {
        Self(client)
    }

    /// Has a filing prepared for the signature of a certificate.
    pub(super) async fn prepare(
        &self,
        filing: &Id,
        certificates: &[Vec<u8>],
    ) -> Result<PreparedFiling, SigningError> {
        let path = format!("/v1/filings/{filing}/signing");
        let body = json!({"container": "cms", "certificates": in_base64(certificates)});
        let Signing { id, to_be_signed } = self.0.send(Method::POST, &path, &body).await?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let hash = to_be_signed.hash.map(|hash| STANDARD.decode(hash)).transpose();
        let (true, Ok(hash)) = (id.chars().all(is_name), hash) else {
            return Err(self.0.unexpected());
        };
        let Attributes { hash_algorithm_oid, sign_algorithm_oid, .. } = to_be_signed;
        let to_be_signed = ToBeSigned { hash, hash_algorithm_oid, sign_algorithm_oid };
        Ok(PreparedFiling { path: format!("{path}/{id}"), to_be_signed })
    }

    /// Hands in a signature value and returns the 发文字号 of the filing.
    pub(super) async fn complete(
        &self,
        filing: &PreparedFiling,
        value: &[u8],
        certificates: &[Vec<u8>],
    ) -> Result<String, SigningError> {
        let signature = STANDARD.encode(value);
        let body = json!({"signature": signature, "certificates": in_base64(certificates)});
        let record: Record = self.0.send(Method::PUT, &filing.path, &body).await?;
        Ok(record.document_number)
    }
}

fn in_base64(certificates: &[Vec<u8>]) -> Value {
    certificates.iter().map(|one| STANDARD.encode(one)).collect()
}
