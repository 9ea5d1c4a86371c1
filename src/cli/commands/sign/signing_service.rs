//! The interface of the Cloud Signature Consortium, versions 1 and 2: a service signs a digest with a
//! key that it keeps.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::commands::sign::credentials::Secret;
use crate::cli::commands::sign::error::SigningError;
use crate::cli::commands::sign::json_client::JsonClient;

/// The object identifier of RSA keys, which some services use for RSA signatures.
const RSA: &str = "1.2.840.113549.1.1.1";

/// The object identifiers of RSA keys and signatures begin like this.
const RSA_FAMILY: &str = "1.2.840.113549.1.1.";

/// The member with the digest algorithm, in version 2.
const V2_HASH_ALGORITHM: &str = "hashAlgorithmOID";

/// A signing service.
pub struct SigningService {
    client: JsonClient,
    /// Version 2 has other names for hashes.
    is_v2: bool,
    pin: Option<Secret>,
}

/// A certificate of the service, and how its key is used.
pub struct Credential {
    id: String,
    /// The certificates in DER, the signer's first.
    pub certificates: Vec<Vec<u8>>,
    /// The signature algorithms of the key.
    algorithms: Vec<String>,
    /// Whether the service authorizes each signature.
    needs_authorization: bool,
}

/// A digest to be signed.
pub struct ToBeSigned {
    /// The digest; `None` for algorithms that sign none.
    pub hash: Option<Vec<u8>>,
    /// The object identifier of the digest algorithm.
    pub hash_algorithm_oid: String,
    /// The object identifier of the signature algorithm.
    pub sign_algorithm_oid: String,
}

#[derive(Debug, Deserialize)]
struct Info {
    specs: String,
}

#[derive(Debug, Deserialize)]
struct CredentialList {
    #[serde(rename = "credentialIDs")]
    ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct CredentialInfo {
    key: KeyInfo,
    cert: CertificateInfo,
    /// Version 1.
    #[serde(rename = "authMode")]
    auth_mode: Option<String>,
    /// Version 2.
    auth: Option<AuthorizationInfo>,
}

#[derive(Debug, Deserialize)]
struct KeyInfo {
    status: String,
    #[serde(default)]
    algo: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct CertificateInfo {
    #[serde(default)]
    certificates: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct AuthorizationInfo {
    mode: String,
}

#[derive(Debug, Deserialize)]
struct Authorization {
    #[serde(rename = "SAD")]
    activation_data: String,
}

#[derive(Debug, Deserialize)]
struct Signatures {
    signatures: Vec<String>,
}

impl SigningService {
    /// Asks a service for its version.
    ///
    /// # Errors
    /// Fails if the service cannot be reached or refuses.
    pub(super) async fn open(
        client: JsonClient,
        pin: Option<Secret>,
    ) -> Result<Self, SigningError> {
        let info: Info = client.send(Method::POST, "/info", &json!({})).await?;
        Ok(Self { client, is_v2: info.specs.starts_with("2."), pin })
    }

    /// Finds a credential: the named one, or the only one.
    ///
    /// # Errors
    /// Fails if the service refuses, there are several credentials, or the credential cannot be used.
    pub(super) async fn credential(&self, named: Option<&str>) -> Result<Credential, SigningError> {
        let id = match named {
            Some(id) => id.to_owned(),
            None => {
                let list: CredentialList = self.send("/credentials/list", json!({})).await?;
                match list.ids.as_slice() {
                    [] => return Err(SigningError::NoCredential),
                    [id] => id.clone(),
                    _ => return Err(SigningError::Credentials(list.ids)),
                }
            }
        };
        let body = json!({"credentialID": id, "certificates": "chain"});
        let info: CredentialInfo = self.send("/credentials/info", body).await?;
        if info.key.status != "enabled" {
            return Err(SigningError::Disabled(info.key.status));
        }
        let certificates = info.cert.certificates.iter().map(|one| STANDARD.decode(one));
        let certificates: Vec<_> =
            certificates.collect::<Result<_, _>>().map_err(|_| self.client.unexpected())?;
        let mode = info.auth.map(|auth| auth.mode).or(info.auth_mode);
        // With OAuth 2.0, the access token itself authorizes the signature.
        let needs_authorization = mode.is_none_or(|mode| mode != "oauth2code");
        Ok(Credential { id, certificates, algorithms: info.key.algo, needs_authorization })
    }

    /// Has a digest signed and returns the signature value.
    ///
    /// # Errors
    /// Fails if the service refuses or does not support the algorithm.
    pub(super) async fn sign(
        &self,
        credential: &Credential,
        to_be_signed: &ToBeSigned,
    ) -> Result<Vec<u8>, SigningError> {
        let algorithm = credential.algorithm(&to_be_signed.sign_algorithm_oid)?;
        let hash = to_be_signed.hash.as_ref();
        let hash = hash.ok_or_else(|| SigningError::Algorithm(algorithm.to_owned()))?;
        let hashes = json!([STANDARD.encode(hash)]);
        let hash_algorithm = &to_be_signed.hash_algorithm_oid;
        let (hash_key, algorithm_key) =
            if self.is_v2 { ("hashes", V2_HASH_ALGORITHM) } else { ("hash", "hashAlgo") };
        let mut body = json!({"credentialID": credential.id});
        body[hash_key] = hashes;
        if credential.needs_authorization {
            let request = match self.is_v2 {
                true => authorization_v2(body.clone(), hash_algorithm, self.pin.as_ref()),
                false => authorization_v1(body.clone(), self.pin.as_ref()),
            };
            let authorization: Authorization = self.send("/credentials/authorize", request).await?;
            body["SAD"] = json!(authorization.activation_data);
        }
        body[algorithm_key] = json!(hash_algorithm);
        body["signAlgo"] = json!(algorithm);
        let Signatures { signatures } = self.send("/signatures/signHash", body).await?;
        let [signature] = signatures.as_slice() else { return Err(self.client.unexpected()) };
        STANDARD.decode(signature).map_err(|_| self.client.unexpected())
    }

    async fn send<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: Value,
    ) -> Result<T, SigningError> {
        self.client.send(Method::POST, path, &body).await
    }
}

/// The body that authorizes the signature of a hash, in version 1. `body` names the credential and the
/// hash.
fn authorization_v1(mut body: Value, pin: Option<&Secret>) -> Value {
    body["numSignatures"] = json!(1);
    if let Some(pin) = pin {
        body["PIN"] = json!(pin.reveal());
    }
    body
}

/// The same in version 2.
fn authorization_v2(mut body: Value, hash_algorithm: &str, pin: Option<&Secret>) -> Value {
    body["numSignatures"] = json!(1);
    body[V2_HASH_ALGORITHM] = json!(hash_algorithm);
    if let Some(pin) = pin {
        body["authData"] = json!([{"id": "PIN", "value": pin.reveal()}]);
    }
    body
}

impl Credential {
    /// The name that the service has for a signature algorithm.
    fn algorithm<'n>(&self, wanted: &'n str) -> Result<&'n str, SigningError> {
        let has = |name: &str| self.algorithms.iter().any(|known| known == name);
        if self.algorithms.is_empty() || has(wanted) {
            Ok(wanted)
        } else if wanted.starts_with(RSA_FAMILY) && has(RSA) {
            Ok(RSA)
        } else {
            Err(SigningError::Algorithm(wanted.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_place_for_the_pin() {
        let (body, pin) = (json!({"credentialID": "a"}), Secret::from("123456"));
        let first = json!({"credentialID": "a", "numSignatures": 1, "PIN": "123456"});
        assert_eq!(authorization_v1(body.clone(), Some(&pin)), first);
        let second = json!({
            "credentialID": "a",
            "numSignatures": 1,
            "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
            "authData": [{"id": "PIN", "value": "123456"}],
        });
        let sha256 = "2.16.840.1.101.3.4.2.1";
        assert_eq!(authorization_v2(body.clone(), sha256, Some(&pin)), second);
        for without in [authorization_v1(body.clone(), None), authorization_v2(body, sha256, None)]
        {
            assert!(without.get("PIN").is_none() && without.get("authData").is_none());
        }
    }

    #[test]
    fn an_rsa_signature_has_two_names() {
        let credential = |algorithms: &[&str]| Credential {
            id: String::new(),
            certificates: Vec::new(),
            algorithms: algorithms.iter().map(|&name| name.to_owned()).collect(),
            needs_authorization: true,
        };
        let (rsa, ecdsa) = ("1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2");
        assert_eq!(credential(&[]).algorithm(rsa).unwrap(), rsa);
        assert_eq!(credential(&[RSA, rsa]).algorithm(rsa).unwrap(), rsa);
        assert_eq!(credential(&[RSA]).algorithm(rsa).unwrap(), RSA);
        assert!(credential(&[RSA]).algorithm(ecdsa).is_err());
        assert!(credential(&[ecdsa]).algorithm(rsa).is_err());
    }
}
