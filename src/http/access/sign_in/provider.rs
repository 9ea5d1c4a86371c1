//! The OpenID Connect provider that authenticates staff.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::archive::access::caller::{Grant, GrantError, Roles};
use crate::document::moment::Moment;
use crate::http::access::origin::Origin;
use crate::http::access::sign_in::error::{Rejection, SignInError};
use crate::http::access::sign_in::http_client::HttpClient;

/// How long the provider's metadata is cached, in milliseconds.
const METADATA_MAX_AGE_MS: i64 = 60 * 60 * 1000;

/// How long to wait after a failed discovery before the next one, in milliseconds.
const DISCOVERY_PAUSE_MS: i64 = 5 * 1000;

/// The minimum age of cached keys before an unknown signing key causes a new discovery, in
/// milliseconds.
const KEYS_MAX_AGE_MS: i64 = 60 * 1000;

/// The longest subject that OpenID Connect allows.
const SUBJECT_LIMIT: usize = 255;

/// The accepted signature algorithms: only asymmetric ones, because with a shared secret this server
/// could have made the signature itself.
const ALLOWED_ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The settings of a provider.
#[derive(Clone)]
pub struct Settings {
    /// The issuer URL, exactly as in its tokens.
    pub issuer: String,
    /// The client id of this server.
    pub client_id: String,
    /// The client secret; `None` for a public client.
    pub client_secret: Option<String>,
    /// The public origin of this server.
    pub origin: Origin,
    /// The claim that holds a person's agency; without it nobody is limited to an agency.
    pub agency_claim: Option<String>,
    /// The roles of everyone who signs in.
    pub roles: Roles,
}

/// A provider. Requests to it are only sent during sign-ins.
#[derive(Debug)]
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect_url: RedirectUrl,
    agency_claim: Option<String>,
    roles: Roles,
    http_client: HttpClient,
    discovery: Mutex<Discovery>,
}

/// The cached result of discovery.
#[derive(Debug, Default)]
struct Discovery {
    // With the time it was fetched.
    metadata: Option<(i64, Arc<CoreProviderMetadata>)>,
    // The time of the last discovery, if it failed.
    failed_at: Option<i64>,
}

/// A started sign-in. The browser holds it in a cookie until the callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSignIn {
    /// The `state` that the callback must repeat.
    pub state: String,
    /// The `nonce` that the ID token must contain.
    pub nonce: String,
    /// The PKCE code verifier.
    pub verifier: String,
}

/// An authenticated person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The caller id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The roles and the agency.
    pub grant: Grant,
}

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The issuer is not an https URL, nor an http URL of this machine.
    #[error("the issuer is not an https URL")]
    Issuer,
    /// The roles are empty or not allowed for people of an agency.
    #[error("the roles of staff are invalid")]
    Roles(#[source] GrantError),
    /// The system has no root certificates.
    #[error("the system has no root certificates")]
    Certificates(#[source] reqwest::Error),
}

/// Claims that OpenID Connect does not define.
#[derive(Debug, Serialize, Deserialize)]
struct ExtraClaims {
    #[serde(flatten)]
    claims: BTreeMap<String, Value>,
}

impl AdditionalClaims for ExtraClaims {}

type TokenFields = IdTokenFields<
    ExtraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type TokenBody = StandardTokenResponse<TokenFields, CoreTokenType>;
type OidcClient = Client<
    ExtraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenBody,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Creates a provider without contacting it.
    ///
    /// # Errors
    /// Returns `ProviderError` if the issuer or the roles are invalid, or if the system has no root
    /// certificates.
    pub fn new(settings: Settings) -> Result<Self, ProviderError> {
        let Settings { issuer, client_id, client_secret, origin, agency_claim, roles } = settings;
        let issuer = IssuerUrl::new(issuer).map_err(|_| ProviderError::Issuer)?;
        let url = issuer.url();
        let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
            return Err(ProviderError::Issuer);
        }
        let some_agency = agency_claim.as_ref().map(|_| "机关".to_owned());
        Grant::new(roles.clone(), some_agency).map_err(ProviderError::Roles)?;
        let redirect_url = RedirectUrl::new(format!("{}/auth/callback", origin.as_str()))
            .expect("an origin with a path is a URL");
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(ClientSecret::new),
            redirect_url,
            agency_claim,
            roles,
            http_client: HttpClient::new().map_err(ProviderError::Certificates)?,
            discovery: Mutex::default(),
        })
    }

    /// Starts a sign-in. Returns the URL to redirect the browser to, and the state for its cookie.
    ///
    /// # Errors
    /// Returns `SignInError::Unavailable` if discovery fails.
    pub async fn start(&self, now: Moment) -> Result<(String, PendingSignIn), SignInError> {
        let client = self.client(&*self.metadata(now, METADATA_MAX_AGE_MS).await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let pending = PendingSignIn {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok((address.to_string(), pending))
    }

    /// Finishes a sign-in with the authorization code from the callback.
    ///
    /// # Errors
    /// Returns `SignInError::Unavailable` if a request to the provider fails, and
    /// `SignInError::Rejected` if it denies the code or its ID token is invalid.
    pub async fn finish(
        &self,
        code: String,
        pending: PendingSignIn,
        now: Moment,
    ) -> Result<Person, SignInError> {
        let client = self.client(&*self.metadata(now, METADATA_MAX_AGE_MS).await?);
        let response = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| SignInError::Unavailable(error.into()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
            .request_async(&self.http_client)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(error) => {
                    SignInError::Rejected(Rejection::Denied(error.error().to_string()))
                }
                other => SignInError::Unavailable(other.into()),
            })?;
        let nonce = Nonce::new(pending.nonce);
        let mut verified = claims(&client, &response, &nonce, now);
        if let Err(ClaimsVerificationError::SignatureVerification(_)) = verified {
            // The provider may have rotated its keys.
            let client = self.client(&*self.metadata(now, KEYS_MAX_AGE_MS).await?);
            verified = claims(&client, &response, &nonce, now);
        }
        let claims = verified
            .map_err(|error| SignInError::Rejected(Rejection::InvalidToken(error.to_string())))?;
        self.person(claims)
    }

    /// Returns the provider's metadata, at most `max_age_ms` old. If discovery fails, older metadata
    /// is returned.
    async fn metadata(
        &self,
        Moment(now): Moment,
        max_age_ms: i64,
    ) -> Result<Arc<CoreProviderMetadata>, SignInError> {
        let mut discovery = self.discovery.lock().await;
        let within = |since: i64, time: i64| (0..time).contains(&now.saturating_sub(since));
        if let Some((at, metadata)) = &discovery.metadata
            && within(*at, max_age_ms)
        {
            return Ok(Arc::clone(metadata));
        }
        let known = discovery.metadata.as_ref().map(|(_, metadata)| Arc::clone(metadata));
        if discovery.failed_at.is_some_and(|since| within(since, DISCOVERY_PAUSE_MS)) {
            return known
                .ok_or_else(|| SignInError::Unavailable("discovery failed just now".into()));
        }
        let issuer = self.issuer.clone();
        match CoreProviderMetadata::discover_async(issuer, &self.http_client).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *discovery =
                    Discovery { metadata: Some((now, Arc::clone(&metadata))), failed_at: None };
                Ok(metadata)
            }
            Err(error) => {
                discovery.failed_at = Some(now);
                known.ok_or_else(|| SignInError::Unavailable(error.into()))
            }
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OidcClient {
        Client::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect_url.clone())
    }

    fn person(
        &self,
        claims: &IdTokenClaims<ExtraClaims, CoreGenderClaim>,
    ) -> Result<Person, SignInError> {
        let rejected = |what| SignInError::Rejected(what);
        let extra = &claims.additional_claims().claims;
        let agency = match &self.agency_claim {
            Some(claim) => {
                let agency = extra.get(claim).and_then(Value::as_str);
                Some(agency.ok_or_else(|| rejected(Rejection::NoAgency))?.to_owned())
            }
            None => None,
        };
        let grant = Grant::new(self.roles.clone(), agency)
            .map_err(|error| rejected(Rejection::InvalidToken(error.to_string())))?;
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_LIMIT || !subject.is_ascii() {
            return Err(rejected(Rejection::InvalidToken("invalid subject".to_owned())));
        }
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str());
        let login = claims.preferred_username().map(|name| name.as_str());
        let name = name.or(login).unwrap_or(subject).chars().filter(|c| !c.is_control());
        Ok(Person { id: format!("oidc:{subject}"), name: name.take(100).collect(), grant })
    }
}

/// Verifies signature, issuer, audience, nonce and time of the ID token, and returns its claims.
fn claims<'a>(
    client: &OidcClient,
    response: &'a TokenBody,
    nonce: &Nonce,
    Moment(now): Moment,
) -> Result<&'a IdTokenClaims<ExtraClaims, CoreGenderClaim>, ClaimsVerificationError> {
    let no_token = || ClaimsVerificationError::Other("the response has no ID token".to_owned());
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALLOWED_ALGORITHMS)
        .set_time_fn(move || DateTime::from_timestamp_millis(now).unwrap_or_default());
    response.id_token().ok_or_else(no_token)?.claims(&verifier, nonce)
}

#[cfg(test)]
mod tests {
    use super::{Provider, ProviderError, Settings};

    #[test]
    fn issuers_without_tls_and_invalid_roles_are_refused() {
        let settings = |issuer: &str, roles: &str, agency_claim: Option<&str>| Settings {
            issuer: issuer.to_owned(),
            client_id: "hongtou".to_owned(),
            client_secret: None,
            origin: "https://filings.example".parse().unwrap(),
            agency_claim: agency_claim.map(str::to_owned),
            roles: roles.parse().unwrap(),
        };
        let refused = |settings| Provider::new(settings).unwrap_err();
        for issuer in
            ["http://id.example", "id.example", "ftp://127.0.0.1", "http://127.0.0.1.x.example"]
        {
            let error = refused(settings(issuer, "read", None));
            assert!(matches!(error, ProviderError::Issuer), "{issuer}");
        }
        let admin_of_agency = settings("https://id.example", "read,admin", Some("agency"));
        assert!(matches!(refused(admin_of_agency), ProviderError::Roles(_)));
        let without_roles = settings("https://id.example", "", None);
        assert!(matches!(refused(without_roles), ProviderError::Roles(_)));
        for issuer in ["https://id.example/realm", "http://127.0.0.1:4000", "http://localhost:4000"]
        {
            assert!(Provider::new(settings(issuer, "read", Some("agency"))).is_ok(), "{issuer}");
        }
    }
}
