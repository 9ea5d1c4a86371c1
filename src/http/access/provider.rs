//! The provider of OpenID Connect that vouches for staff.

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
use crate::http::access::fetch::Fetch;
use crate::http::access::origin::Origin;
use crate::http::access::sign_in_error::{SignInError, Unproven};

/// How long what the provider says of itself is believed, in milliseconds.
const FRESH_FOR: i64 = 60 * 60 * 1000;

/// How long a provider that did not answer is left alone, in milliseconds.
const DOWN_FOR: i64 = 5 * 1000;

/// How old the provider's keys are at least before a signature by another has them fetched anew.
const KEYS_KEPT_FOR: i64 = 60 * 1000;

/// The longest subject, as OpenID Connect has it.
const LONGEST_SUBJECT: usize = 255;

/// Signatures that only the provider can make: no secret that is shared with it.
const SIGNED_WITH: [CoreJwsSigningAlgorithm; 9] = [
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

/// What is set about a provider.
#[derive(Clone)]
pub struct Settings {
    /// Where it is: the text that its tokens name as their issuer.
    pub issuer: String,
    /// What it knows this site as.
    pub client_id: String,
    /// What this site proves itself with; `None` where the provider asks for nothing.
    pub client_secret: Option<String>,
    /// The address of this site.
    pub origin: Origin,
    /// The claim that names a person's agency; `None` binds nobody to one.
    pub agency_claim: Option<String>,
    /// What staff may.
    pub roles: Roles,
}

/// A provider, asked when somebody signs in and at no other time.
#[derive(Debug)]
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    back: RedirectUrl,
    agency_claim: Option<String>,
    roles: Roles,
    fetch: Fetch,
    said: Mutex<Said>,
}

/// What the provider last said of itself, and when; and when it last did not answer.
#[derive(Debug, Default)]
struct Said {
    of_itself: Option<(i64, Arc<CoreProviderMetadata>)>,
    down_since: Option<i64>,
}

/// A sign-in under way; the browser keeps it till it comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What comes back with the browser.
    pub state: String,
    /// What comes back inside the token.
    pub nonce: String,
    /// What proves to the provider that the same site asks.
    pub verifier: String,
}

/// A person that the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id among callers.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// What they may.
    pub grant: Grant,
}

/// Why a provider cannot be one.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Its address is none, or others could read what goes there.
    #[error("the issuer is no https address")]
    Issuer,
    /// Staff would have no role, or one that does not go with agencies.
    #[error("staff cannot have these roles")]
    Roles(#[source] GrantError),
    /// There are no certificates to trust.
    #[error("no certificates are trusted")]
    Certificates(#[source] reqwest::Error),
}

/// Claims beside those that OpenID Connect names.
#[derive(Debug, Serialize, Deserialize)]
struct Others {
    #[serde(flatten)]
    claims: BTreeMap<String, Value>,
}

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Answer = StandardTokenResponse<Fields, CoreTokenType>;
type Site = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
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
    /// A provider; it is not asked yet.
    ///
    /// # Errors
    /// Settings that do not go together.
    pub fn new(settings: Settings) -> Result<Self, ProviderError> {
        let Settings { issuer, client_id, client_secret, origin, agency_claim, roles } = settings;
        let issuer = IssuerUrl::new(issuer).map_err(|_| ProviderError::Issuer)?;
        let url = issuer.url();
        let is_here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
            return Err(ProviderError::Issuer);
        }
        let some_agency = agency_claim.as_ref().map(|_| "机关".to_owned());
        Grant::new(roles.clone(), some_agency).map_err(ProviderError::Roles)?;
        let back = RedirectUrl::new(format!("{}/auth/callback", origin.as_str()))
            .expect("an origin with a path is an address");
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(ClientSecret::new),
            back,
            agency_claim,
            roles,
            fetch: Fetch::new().map_err(ProviderError::Certificates)?,
            said: Mutex::default(),
        })
    }

    /// Begins a sign-in: where the browser goes, and what it keeps.
    ///
    /// # Errors
    /// A provider that does not answer.
    pub async fn begin(&self, now: Moment) -> Result<(String, Begun), SignInError> {
        let site = self.site(&*self.said_of_itself(now, FRESH_FOR).await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = site
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok((address.to_string(), begun))
    }

    /// Ends a sign-in with the code that the browser brought.
    ///
    /// # Errors
    /// A provider that does not answer, or a token that does not hold.
    pub async fn end(
        &self,
        code: String,
        begun: Begun,
        now: Moment,
    ) -> Result<Person, SignInError> {
        let site = self.site(&*self.said_of_itself(now, FRESH_FOR).await?);
        let answer = site
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| SignInError::Down(error.into()))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier))
            .request_async(&self.fetch)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(said) => {
                    SignInError::Refused(Unproven::Denied(said.error().to_string()))
                }
                other => SignInError::Down(other.into()),
            })?;
        let nonce = Nonce::new(begun.nonce);
        let mut proven = claims(&site, &answer, &nonce, now);
        if let Err(ClaimsVerificationError::SignatureVerification(_)) = proven {
            // The provider may have a new key since it was last asked for them.
            let site = self.site(&*self.said_of_itself(now, KEYS_KEPT_FOR).await?);
            proven = claims(&site, &answer, &nonce, now);
        }
        let claims =
            proven.map_err(|error| SignInError::Refused(Unproven::Token(error.to_string())))?;
        self.person(claims)
    }

    /// What the provider says of itself, no older than so many milliseconds where it answers.
    async fn said_of_itself(
        &self,
        Moment(now): Moment,
        fresh_for: i64,
    ) -> Result<Arc<CoreProviderMetadata>, SignInError> {
        let mut said = self.said.lock().await;
        let within = |since: i64, time: i64| (0..time).contains(&now.saturating_sub(since));
        if let Some((at, metadata)) = &said.of_itself
            && within(*at, fresh_for)
        {
            return Ok(Arc::clone(metadata));
        }
        let known = said.of_itself.as_ref().map(|(_, metadata)| Arc::clone(metadata));
        if said.down_since.is_some_and(|since| within(since, DOWN_FOR)) {
            return known.ok_or_else(|| SignInError::Down("it did not answer just now".into()));
        }
        let issuer = self.issuer.clone();
        match CoreProviderMetadata::discover_async(issuer, &self.fetch).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *said = Said { of_itself: Some((now, Arc::clone(&metadata))), down_since: None };
                Ok(metadata)
            }
            Err(error) => {
                said.down_since = Some(now);
                known.ok_or_else(|| SignInError::Down(error.into()))
            }
        }
    }

    fn site(&self, metadata: &CoreProviderMetadata) -> Site {
        Client::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.back.clone())
    }

    fn person(
        &self,
        claims: &IdTokenClaims<Others, CoreGenderClaim>,
    ) -> Result<Person, SignInError> {
        let refused = |what| SignInError::Refused(what);
        let others = &claims.additional_claims().claims;
        let agency = match &self.agency_claim {
            Some(claim) => {
                let agency = others.get(claim).and_then(Value::as_str);
                Some(agency.ok_or_else(|| refused(Unproven::NoAgency))?.to_owned())
            }
            None => None,
        };
        let grant = Grant::new(self.roles.clone(), agency)
            .map_err(|error| refused(Unproven::Token(error.to_string())))?;
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || !subject.is_ascii() {
            return Err(refused(Unproven::Token("the subject is none".to_owned())));
        }
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str());
        let login = claims.preferred_username().map(|name| name.as_str());
        let name = name.or(login).unwrap_or(subject).chars().filter(|c| !c.is_control());
        Ok(Person { id: format!("oidc:{subject}"), name: name.take(100).collect(), grant })
    }
}

/// The claims of a token whose signature, issuer, audience, nonce and time hold.
fn claims<'a>(
    site: &Site,
    answer: &'a Answer,
    nonce: &Nonce,
    Moment(now): Moment,
) -> Result<&'a IdTokenClaims<Others, CoreGenderClaim>, ClaimsVerificationError> {
    let no_token = || ClaimsVerificationError::Other("there is no ID token".to_owned());
    let verifier = site
        .id_token_verifier()
        .set_allowed_algs(SIGNED_WITH)
        .set_time_fn(move || DateTime::from_timestamp_millis(now).unwrap_or_default());
    answer.id_token().ok_or_else(no_token)?.claims(&verifier, nonce)
}

#[cfg(test)]
mod tests {
    use super::{Provider, ProviderError, Settings};

    #[test]
    fn what_goes_to_a_provider_is_read_by_nobody_else() {
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
        let of_agency = settings("https://id.example", "read,admin", Some("agency"));
        assert!(matches!(refused(of_agency), ProviderError::Roles(_)));
        let of_none = settings("https://id.example", "", None);
        assert!(matches!(refused(of_none), ProviderError::Roles(_)));
        for issuer in ["https://id.example/realm", "http://127.0.0.1:4000", "http://localhost:4000"]
        {
            assert!(Provider::new(settings(issuer, "read", Some("agency"))).is_ok(), "{issuer}");
        }
    }
}
