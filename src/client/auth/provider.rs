//! The OpenID provider as a client sees it: discovery, registration, and the grants.

use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGrantType, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, AuthorizationCode, ClientId, ClientSecret, ConfigurationError, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata,
    RedirectUrl, RefreshToken, Scope,
};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::message::Payload;
use crate::config::{ClientCredentials, Headers, Secret};
use crate::results::ExchangeId;

use super::answer::{silent, whole};
use super::failure::AuthFailure;
use super::journey::loses_tls;
use super::tokens::Tokens;
use super::transport::{AuthHttp, Sent};

/// Metadata of RFC 8414 that OpenID Connect Discovery does not have.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Beyond {
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl AdditionalProviderMetadata for Beyond {}

type Metadata = ProviderMetadata<
    Beyond,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type OidcClient =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// A client as it was registered.
#[derive(Debug, Clone)]
pub struct Registered {
    /// Its identifier and secret.
    pub client: ClientCredentials,
    /// The metadata that was registered and that the response does not have, which it should.
    pub missing: Vec<&'static str>,
    /// The exchange.
    pub exchange: Option<ExchangeId>,
}

/// The scopes that a client registers for. One of them is misspelled in the public test suite, and providers may have
/// been built against that.
const REGISTERED_SCOPES: &str = "openid profile openactive-openbooking openactive-ordersfeed oauth-dymamic-client-update \
     openactive-identity";

/// An authorization that a Seller is asked for: what is sent to the authorization endpoint, and what must come of it.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Where the Seller's browser is sent.
    pub url: String,
    /// `state`
    pub state: String,
    /// `nonce`
    pub nonce: String,
    /// `code_verifier`
    pub verifier: String,
    /// The scopes that were asked for.
    pub scopes: Vec<String>,
}

/// By how much the clock of the provider differs from ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew(pub i64);

/// An OpenID provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The discovery document.
    pub document: Value,
    metadata: Metadata,
    authority: String,
}

/// The answer to a request that the crate could not make sense of.
fn unreadable(error: &serde_json::Error, what: &str) -> AuthFailure {
    AuthFailure::new(format!("{what} cannot be read: {error}"))
}

impl Provider {
    /// Reads the discovery document and the keys.
    ///
    /// <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>
    ///
    /// # Errors
    /// What is wrong with them. A document that names another issuer is returned all the same: see
    /// [`other_issuer`](Self::other_issuer).
    pub async fn discover(http: &AuthHttp, authority: &str) -> Result<Self, AuthFailure> {
        http.about("OpenID provider: discovery");
        let url = format!("{}/.well-known/openid-configuration", authority.trim_end_matches('/'));
        let response = http.send(Method::GET, &url, &Headers::new(), Sent::for_json(None, Payload::Empty)).await;
        let at = response.exchange();
        if let Some(failure) = &response.failure {
            return Err(silent(&failure.message, "the discovery document").at(at));
        }
        if response.status != Some(200) {
            let found = format!("HTTP {}", response.status.unwrap_or_default());
            let failure = AuthFailure::new(format!("the OpenID provider {authority} has no discovery document"));
            return Err(failure
                .expected("HTTP 200", found)
                .hint(
                    "it is looked for at /.well-known/openid-configuration under accessService.authenticationAuthority",
                )
                .at(at));
        }
        let document = response.json().map_err(|problem| {
            AuthFailure::new(format!("the discovery document of {authority} is no JSON: {problem}")).at(at)
        })?;
        let metadata: Metadata = serde_json::from_value(document.clone())
            .map_err(|error| unreadable(&error, "the discovery document").at(at))?;
        let endpoints = ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"];
        for name in endpoints {
            let endpoint = document.get(name).and_then(Value::as_str).unwrap_or(authority);
            if loses_tls(authority, endpoint) {
                let failure =
                    AuthFailure::new("the discovery document names an endpoint to which secrets would go without TLS");
                return Err(failure.expected(format!("https in {name}"), endpoint).at(at));
            }
        }
        http.about("OpenID provider: keys");
        let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), http).await;
        let keys = keys.map_err(|error| match http.silent() {
            Some(reason) => silent(&reason, "the keys of the OpenID provider").at(http.last()),
            None => AuthFailure::new(format!("the keys of the OpenID provider cannot be read: {}", whole(&error)))
                .at(http.last()),
        })?;
        Ok(Self { document, metadata: metadata.set_jwks(keys), authority: authority.to_owned() })
    }

    /// The provider with its keys as they are now; none where they cannot be had.
    pub(super) async fn with_new_keys(&self, http: &AuthHttp) -> Option<Self> {
        http.about("OpenID provider: keys");
        let keys = CoreJsonWebKeySet::fetch_async(self.metadata.jwks_uri(), http).await.ok()?;
        Some(Self { metadata: self.metadata.clone().set_jwks(keys), ..self.clone() })
    }

    /// What is wrong with `issuer`, if it is not the authority that the dataset site names.
    #[must_use]
    pub fn other_issuer(&self) -> Option<AuthFailure> {
        let issuer = self.metadata.issuer().as_str();
        (issuer != self.authority).then(|| {
            AuthFailure::new("the discovery document names another issuer than the dataset site")
                .expected(self.authority.clone(), issuer)
        })
    }

    /// The methods of PKCE that the provider says it has; none where it does not say.
    #[must_use]
    pub fn challenge_methods(&self) -> Option<&[String]> {
        self.metadata.additional_metadata().code_challenge_methods_supported.as_deref()
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&str> {
        self.metadata.token_endpoint().map(|url| url.as_str())
    }

    /// The registration endpoint.
    #[must_use]
    pub fn registration_endpoint(&self) -> Option<&str> {
        self.metadata.registration_endpoint().map(|url| url.as_str())
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> &str {
        self.metadata.authorization_endpoint().as_str()
    }

    /// Registers a client: <https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration>. Of the
    /// response, identifier and secret are needed: <https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1>.
    ///
    /// # Errors
    /// Why there is no client then.
    pub async fn register(
        &self,
        http: &AuthHttp,
        token: &Secret,
        redirect_uri: &str,
    ) -> Result<Registered, AuthFailure> {
        http.about("OpenID provider: registration");
        let Some(endpoint) = self.registration_endpoint() else {
            return Err(AuthFailure::new("the discovery document names no registration endpoint")
                .expected("registration_endpoint", "nothing"));
        };
        if let Err(error) = url::Url::parse(redirect_uri) {
            return Err(AuthFailure::new(format!("the redirect URI {redirect_uri} is no URL: {error}")));
        }
        let metadata = serde_json::json!({
            "client_name": "oa-test",
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "redirect_uris": [redirect_uri],
            "scope": REGISTERED_SCOPES,
        });
        let headers = vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))];
        let sent = Sent::for_json(Some("application/json"), Payload::Json(&metadata));
        let response = http.send(Method::POST, endpoint, &headers, sent).await;
        let at = response.exchange();
        if let Some(failure) = &response.failure {
            return Err(silent(&failure.message, "registration").at(at));
        }
        let status = response.status.unwrap_or_default();
        let body = response.json();
        let text = |name: &str| {
            let value = body.as_ref().ok()?.get(name)?.as_str()?;
            (!value.is_empty()).then_some(value)
        };
        if let Some(error) = text("error").filter(|_| status == 400) {
            let description = text("error_description").map(|text| format!(": {text}")).unwrap_or_default();
            return Err(AuthFailure::new(format!("the client could not be registered: {error}{description}")).at(at));
        }
        if status != 201 {
            let hint = if matches!(status, 401 | 403) {
                "see `initialAccessToken`: it may have expired, or may have been used"
            } else {
                "registration answers with HTTP 201 and JSON"
            };
            let failure = AuthFailure::new("the client could not be registered");
            return Err(failure.expected("HTTP 201", format!("HTTP {status}")).hint(hint).at(at));
        }
        if let Err(problem) = &body {
            return Err(AuthFailure::new(format!("the answer to registration cannot be used: {problem}")).at(at));
        }
        let needed = |name: &str, title: &str| {
            let failure = AuthFailure::new(format!("registration brought no client {title}"));
            text(name).map(str::to_owned).ok_or_else(|| failure.expected(name, "nothing").at(at))
        };
        let (id, secret) = (needed("client_id", "identifier")?, needed("client_secret", "secret")?);
        let has = |name: &&str| body.as_ref().is_ok_and(|body| body.get(*name).is_some_and(|value| !value.is_null()));
        let missing = ["redirect_uris", "scope"].into_iter().filter(|name| !has(name)).collect();
        Ok(Registered { client: ClientCredentials { id, secret: Secret::new(secret) }, missing, exchange: at })
    }

    pub(super) fn client(&self, credentials: &ClientCredentials) -> OidcClient {
        let id = ClientId::new(credentials.id.clone());
        let secret = ClientSecret::new(credentials.secret.reveal().to_owned());
        let client = CoreClient::from_provider_metadata(self.metadata.clone(), id, Some(secret));
        let methods = self.metadata.token_endpoint_auth_methods_supported();
        let only_post = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        client.set_auth_type(if only_post { AuthType::RequestBody } else { AuthType::BasicAuth })
    }

    /// Client credentials: <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn client_credentials(
        &self,
        http: &AuthHttp,
        credentials: &ClientCredentials,
        scopes: &[&str],
    ) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: client credentials");
        let client = self.client(credentials);
        let mut request = client.exchange_client_credentials().map_err(|error| no_endpoint(&error))?;
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        let answer = request.request_async(http).await;
        self.tokens(http, answer, "client credentials", None).await
    }

    /// What the Seller is asked for: <https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest>, with PKCE.
    ///
    /// # Errors
    /// That the redirect URI is none.
    pub fn authorization(
        &self,
        credentials: &ClientCredentials,
        redirect_uri: &str,
        scopes: &[&str],
    ) -> Result<Authorization, AuthFailure> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let redirect = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|error| AuthFailure::new(format!("the redirect URI {redirect_uri} is no URL: {error}")))?;
        let client = self.client(credentials).set_redirect_uri(redirect).disable_openid_scope();
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge);
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        let (url, state, nonce) = request.url();
        Ok(Authorization {
            url: url.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        })
    }

    /// Redeems an authorization code, and verifies the ID token that comes with it:
    /// <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>.
    ///
    /// # Errors
    /// Why there are no tokens, or why the ID token is not to be trusted.
    pub async fn redeem(
        &self,
        http: &AuthHttp,
        credentials: &ClientCredentials,
        redirect_uri: &str,
        authorization: &Authorization,
        code: &str,
    ) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: authorization code");
        http.client().recorder().redactor().learn(code);
        let redirect = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|error| AuthFailure::new(format!("the redirect URI {redirect_uri} is no URL: {error}")))?;
        let client = self.client(credentials).set_redirect_uri(redirect);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| no_endpoint(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(authorization.verifier.clone()))
            .request_async(http)
            .await;
        let tokens = self
            .tokens(http, answer, "the authorization code", Some((credentials, Some(&authorization.nonce))))
            .await?;
        if tokens.id.is_none() {
            return Err(AuthFailure::new("the authorization code brought no ID token")
                .expected("id_token", "nothing")
                .at(http.last()));
        }
        let offline = authorization.scopes.iter().any(|scope| scope == "offline_access");
        if offline && tokens.refresh.is_none() {
            return Err(AuthFailure::new(
                "the authorization code brought no refresh token, although the scope offline_access was asked for",
            )
            .expected("refresh_token", "nothing")
            .at(http.last()));
        }
        Ok(tokens)
    }

    /// Renews tokens: <https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens>.
    ///
    /// # Errors
    /// Why there are no new ones.
    pub async fn refresh(
        &self,
        http: &AuthHttp,
        credentials: &ClientCredentials,
        tokens: &Tokens,
    ) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: refresh token");
        let Some(refresh) = &tokens.refresh else {
            return Err(AuthFailure::new("there is no refresh token to renew the tokens with"));
        };
        let client = self.client(credentials);
        let token = RefreshToken::new(refresh.reveal().to_owned());
        let request = client.exchange_refresh_token(&token).map_err(|error| no_endpoint(&error))?;
        let answer = request.request_async(http).await;
        let fresh = self.tokens(http, answer, "the refresh token", Some((credentials, None))).await?;
        Ok(tokens.renewed(fresh))
    }

    /// How far the clocks are apart, by `iat` of an ID token that has just come.
    #[must_use]
    pub fn skew(tokens: &Tokens) -> Option<Skew> {
        let issued = tokens.id.as_ref()?.claims.get("iat")?.as_i64()?;
        Some(Skew(issued - jiff::Timestamp::now().as_second()))
    }
}

fn no_endpoint(error: &ConfigurationError) -> AuthFailure {
    AuthFailure::new(format!("the discovery document names no token endpoint: {error}"))
        .expected("token_endpoint", "nothing")
}

/// How long the first request of a client that has just registered is tried again, for providers that need a while.
pub(super) const SETTLING: Duration = Duration::from_secs(3);
