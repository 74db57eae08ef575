//! The OpenID provider as a client sees it: discovery, registration, and authorization requests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::message::{Payload, Response};
use crate::config::{Headers, Secret};
use crate::results::ExchangeId;

use super::error_response::ErrorResponse;
use super::failure::AuthFailure;
use super::journey::{Arrival, loses_tls};
use super::metadata::{Metadata, OddMember, REQUIRED};
use super::oauth_client::OAuthClient;
use super::tokens::Tokens;
use super::transport::{AuthHttp, Sent};
use super::{BOOKING_SCOPE, FEED_SCOPE, IDENTITY_SCOPE, OFFLINE_SCOPE, UPDATE_SCOPE};

/// 256 random bits, of which RFC 7636 has a verifier made: <https://www.rfc-editor.org/rfc/rfc7636#section-4.1>.
fn unguessable() -> Result<String, AuthFailure> {
    let bytes: [u8; 32] = ring::rand::generate(&ring::rand::SystemRandom::new())
        .map_err(|_| AuthFailure::new("this machine has no random numbers for an authorization request").blocking())?
        .expose();
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `S256`: <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

/// A client as it was registered.
#[derive(Debug, Clone)]
pub struct Registered {
    /// Identifier, secret and authentication method.
    pub client: OAuthClient,
    /// The metadata that was registered and that the response does not have, which it should.
    pub missing: Vec<&'static str>,
    /// The exchange.
    pub exchange: Option<ExchangeId>,
}

/// An authorization that a Seller is asked for: the request, and the values that responses must reflect.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The URL of the request.
    pub url: String,
    /// `redirect_uri`
    pub redirect_uri: String,
    /// `state`
    pub state: String,
    /// `nonce`
    pub nonce: String,
    /// `code_verifier`
    pub verifier: String,
    /// The requested scopes.
    pub scopes: Vec<&'static str>,
}

impl Authorization {
    /// Whether a refresh token was asked for.
    #[must_use]
    pub fn offline(&self) -> bool {
        self.scopes.contains(&OFFLINE_SCOPE)
    }
}

/// By how much the clock of the provider differs from ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew(pub i64);

/// An OpenID provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The discovery document.
    pub document: Value,
    /// Optional members of the discovery document, and the media type of the keys, that are wrong.
    pub odd: Vec<OddMember>,
    /// The exchange that brought the discovery document.
    pub exchange: Option<ExchangeId>,
    pub(super) metadata: Metadata,
    pub(super) keys: Vec<Value>,
    authority: String,
}

/// That no response came.
pub(super) fn silent(response: &Response, what: &str) -> Option<AuthFailure> {
    let failure = response.failure.as_ref()?;
    Some(AuthFailure::new(format!("{what} cannot be read: {}", failure.message)).at(response.exchange()).blocking())
}

/// That the discovery document lacks an endpoint.
pub(super) fn lacks(endpoint: &str) -> AuthFailure {
    AuthFailure::new(format!("`{endpoint}` of the discovery document is missing"))
        .expected("a URL", "nothing")
        .path(endpoint)
}

impl Provider {
    /// Reads the discovery document and the keys.
    ///
    /// <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>
    ///
    /// # Errors
    /// Why they cannot be used. Optional members are no reason: see [`odd`](Self::odd),
    /// [`other_issuer`](Self::other_issuer) and [`missing`](Self::missing).
    pub async fn discover(http: &AuthHttp, authority: &str) -> Result<Self, AuthFailure> {
        http.about("OpenID provider: discovery");
        let url = format!("{}/.well-known/openid-configuration", authority.trim_end_matches('/'));
        let response = http.send(Method::GET, &url, &Headers::new(), Sent::for_json(None, Payload::Empty)).await;
        let at = response.exchange();
        if let Some(failure) = silent(&response, "the discovery document") {
            return Err(failure);
        }
        if response.status != Some(200) {
            let failure = AuthFailure::new(format!("the OpenID provider {authority} has no discovery document"));
            return Err(failure
                .expected("HTTP 200", ErrorResponse::of(&response).to_string())
                .hint("its URL is accessService.authenticationAuthority with /.well-known/openid-configuration")
                .at(at));
        }
        let document = match response.json() {
            Ok(Value::Object(document)) => document,
            Ok(other) => {
                let failure = AuthFailure::new(format!("the discovery document of {authority} is not a JSON object"));
                return Err(failure.expected("an object", super::metadata::brief(Some(&other))).at(at));
            }
            Err(problem) => {
                let message = format!("the discovery document of {authority} is not JSON: {problem}");
                return Err(AuthFailure::new(message).at(at));
            }
        };
        let (metadata, mut odd) = Metadata::read(&document).map_err(|failure| failure.at(at))?;
        for (name, endpoint) in metadata.endpoints() {
            if loses_tls(authority, endpoint) {
                let failure = AuthFailure::new(format!("`{name}` of the discovery document is without TLS"));
                return Err(failure.expected("https, as for the provider", endpoint).path(name).at(at));
            }
        }
        let keys = match &metadata.jwks_uri {
            Some(url) => {
                let (keys, media_type) = keys(http, url).await?;
                odd.extend(media_type);
                keys
            }
            None => Vec::new(),
        };
        Ok(Self {
            document: Value::Object(document),
            odd,
            exchange: at,
            metadata,
            keys,
            authority: authority.to_owned(),
        })
    }

    /// The provider with its current keys; without keys if they cannot be loaded.
    pub(super) async fn with_new_keys(&self, http: &AuthHttp) -> Option<Self> {
        let (keys, _) = keys(http, self.metadata.jwks_uri.as_deref()?).await.ok()?;
        Some(Self { keys, ..self.clone() })
    }

    /// The issuer that ID tokens must have.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.metadata.issuer.as_deref().unwrap_or(&self.authority)
    }

    /// What is wrong with `issuer`, if it is not the authority that the dataset site names.
    #[must_use]
    pub fn other_issuer(&self) -> Option<AuthFailure> {
        let issuer = self.metadata.issuer.as_deref();
        (issuer != Some(&self.authority)).then(|| {
            AuthFailure::new(
                "`issuer` of the discovery document is not the authenticationAuthority of the dataset site",
            )
            .expected(self.authority.clone(), issuer.unwrap_or("nothing"))
            .path("issuer")
            .at(self.exchange)
        })
    }

    /// Members that the discovery document must have and does not.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let there = |name: &&str| self.document.get(name).is_some_and(|value| !value.is_null());
        REQUIRED.iter().copied().filter(|name| !there(name)).collect()
    }

    /// `code_challenge_methods_supported`; `None` where the provider does not publish it.
    #[must_use]
    pub fn challenge_methods(&self) -> Option<&[String]> {
        self.metadata.challenge_methods.as_deref()
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&str> {
        self.metadata.token_endpoint.as_deref()
    }

    /// The registration endpoint.
    #[must_use]
    pub fn registration_endpoint(&self) -> Option<&str> {
        self.metadata.registration_endpoint.as_deref()
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> Option<&str> {
        self.metadata.authorization_endpoint.as_deref()
    }

    /// Whether a scope can be asked for: `scopes_supported` has it, or is not published.
    #[must_use]
    pub fn offers(&self, scope: &str) -> bool {
        self.metadata.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|known| known == scope))
    }

    /// The scopes that a Booking Partner asks a Seller for. Those that the Open Booking API needs are asked for in any case;
    /// `offline_access` and `openactive-identity` where the provider offers them.
    #[must_use]
    pub fn seller_scopes(&self) -> Vec<&'static str> {
        let optional = [OFFLINE_SCOPE, IDENTITY_SCOPE].into_iter().filter(|scope| self.offers(scope));
        ["openid", BOOKING_SCOPE].into_iter().chain(optional).collect()
    }

    /// The scopes that bring the claims of the Seller: `openactive-identity`, or what brings them implicitly.
    #[must_use]
    pub fn identity_scopes(&self) -> Vec<&'static str> {
        vec!["openid", if self.offers(IDENTITY_SCOPE) { IDENTITY_SCOPE } else { BOOKING_SCOPE }]
    }

    /// The scopes that a client registers for: those that it asks for later. One that the public test suite registers for and
    /// misspells is among them where the provider offers it.
    fn registered_scopes(&self) -> String {
        let published = self.metadata.scopes.is_some() && self.offers(UPDATE_SCOPE);
        let mut scopes = self.seller_scopes();
        scopes.push(FEED_SCOPE);
        scopes.extend(published.then_some(UPDATE_SCOPE));
        scopes.join(" ")
    }

    /// Whether the provider offers `client_secret_post` and not `client_secret_basic`.
    pub(super) fn only_post(&self) -> bool {
        let offers = |wanted: &str| {
            self.metadata.auth_methods.as_ref().is_some_and(|methods| methods.iter().any(|method| method == wanted))
        };
        offers("client_secret_post") && !offers("client_secret_basic")
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
        let Some(endpoint) = self.registration_endpoint() else { return Err(lacks("registration_endpoint")) };
        if let Err(error) = url::Url::parse(redirect_uri) {
            let message = format!("the redirect URI {redirect_uri} is not a URL: {error}");
            return Err(AuthFailure::new(message).hint("see `broker.authenticationRedirectUri`").blocking());
        }
        let scopes = self.registered_scopes();
        let mut metadata = json!({
            "client_name": "oa-test",
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "redirect_uris": [redirect_uri],
            "scope": scopes,
        });
        if let Some(metadata) = metadata.as_object_mut().filter(|_| self.only_post()) {
            metadata.insert("token_endpoint_auth_method".to_owned(), json!("client_secret_post"));
        }
        let headers = vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))];
        let sent = Sent::for_json(Some("application/json"), Payload::Json(&metadata));
        let response = http.send(Method::POST, endpoint, &headers, sent).await;
        let at = response.exchange();
        if let Some(failure) = silent(&response, "the client registration response") {
            return Err(failure);
        }
        let status = response.status.unwrap_or_default();
        if status != 201 {
            let refusal = ErrorResponse::of(&response);
            let hint = match status {
                401 | 403 => "see `initialAccessToken`: it may have expired or have been used".to_owned(),
                400..500 => format!(
                    "the request includes the scopes `{scopes}`; `scopes_supported` decides which optional ones"
                ),
                _ => "a client registration returns HTTP 201 and JSON".to_owned(),
            };
            let with = refusal.error.as_ref().map(|error| format!(" with {error}")).unwrap_or_default();
            let mut failure = AuthFailure::new(match status {
                200..300 => format!("the client registration returns HTTP {status}"),
                _ => format!("the client registration is rejected{with}"),
            });
            failure.code.clone_from(&refusal.error);
            return Err(failure.expected("HTTP 201", refusal.to_string()).hint(hint).at(at));
        }
        let body = response.json().map_err(|problem| {
            AuthFailure::new(format!("the client registration response is not JSON: {problem}")).at(at)
        })?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let needed = |name: &str| {
            let failure = AuthFailure::new(format!("`{name}` of the client registration response is missing"));
            let found = super::metadata::kind(body.get(name));
            text(name).map(str::to_owned).ok_or_else(|| failure.expected("a string", found).path(name).at(at))
        };
        let (id, secret) = (needed("client_id")?, needed("client_secret")?);
        let has = |name: &&str| body.get(*name).is_some_and(|value| !value.is_null());
        let missing = ["redirect_uris", "scope"].into_iter().filter(|name| !has(name)).collect();
        let method = text("token_endpoint_auth_method").map(str::to_owned);
        let client = OAuthClient::registered(id, Secret::new(secret), method);
        Ok(Registered { client, missing, exchange: at })
    }

    /// The authorization request: <https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest>, with PKCE. With
    /// `prompt`, it asks the provider to ask for consent.
    ///
    /// # Errors
    /// The provider has no authorization endpoint, or takes no request of this kind.
    pub fn authorization(
        &self,
        client: &OAuthClient,
        redirect_uri: &str,
        scopes: &[&'static str],
        prompt: bool,
    ) -> Result<Authorization, AuthFailure> {
        let endpoint =
            self.authorization_endpoint().ok_or_else(|| lacks("authorization_endpoint").at(self.exchange))?;
        if self.metadata.pushed_only {
            let failure = AuthFailure::new("the OpenID provider requires pushed authorization requests (RFC 9126)");
            return Err(failure
                .expected("false or nothing", "true")
                .path("require_pushed_authorization_requests")
                .hint("oa-test sends no pushed authorization requests: allow other requests of this client")
                .at(self.exchange)
                .blocking());
        }
        let mut url = url::Url::parse(endpoint).map_err(|_| lacks("authorization_endpoint").at(self.exchange))?;
        let (state, nonce, verifier) = (unguessable()?, unguessable()?, unguessable()?);
        {
            let mut pairs = url.query_pairs_mut();
            pairs.append_pair("response_type", "code").append_pair("client_id", &client.id);
            pairs.append_pair("redirect_uri", redirect_uri).append_pair("scope", &scopes.join(" "));
            pairs.append_pair("state", &state).append_pair("nonce", &nonce);
            pairs.append_pair("code_challenge", &challenge(&verifier)).append_pair("code_challenge_method", "S256");
            if prompt {
                pairs.append_pair("prompt", "consent");
            }
        }
        Ok(Authorization {
            url: url.into(),
            redirect_uri: redirect_uri.to_owned(),
            state,
            nonce,
            verifier,
            scopes: scopes.to_vec(),
        })
    }

    /// What is wrong with `iss` of an authorization response: <https://www.rfc-editor.org/rfc/rfc9207#section-2.4>.
    ///
    /// # Errors
    /// It is that of another issuer, or missing although the provider says that it sends it.
    pub fn redirect_issuer(&self, arrival: &Arrival) -> Result<(), AuthFailure> {
        let found = arrival.get("iss");
        if found == Some(self.issuer()) || (found.is_none() && !self.metadata.names_issuer) {
            return Ok(());
        }
        let defect = if found.is_some() { "is not the issuer of the provider" } else { "is missing" };
        Err(AuthFailure::new(format!("`iss` of the authorization response {defect}"))
            .expected(self.issuer(), found.unwrap_or("nothing"))
            .path("iss")
            .at(arrival.exchange))
    }

    /// How far the clocks are apart, by `iat` of an ID token that has just come.
    #[must_use]
    pub fn skew(tokens: &Tokens) -> Option<Skew> {
        let issued = tokens.id.as_ref()?.claims.get("iat")?.as_i64()?;
        Some(Skew(issued - jiff::Timestamp::now().as_second()))
    }
}

/// The keys of a provider, and what is wrong with their media type.
async fn keys(http: &AuthHttp, url: &str) -> Result<(Vec<Value>, Option<OddMember>), AuthFailure> {
    http.about("OpenID provider: keys");
    let response = http.send(Method::GET, url, &Headers::new(), Sent::for_json(None, Payload::Empty)).await;
    let at = response.exchange();
    if let Some(failure) = silent(&response, "the JSON Web Key Set") {
        return Err(failure);
    }
    let failed = |message: &str| AuthFailure::new(message).path("jwks_uri").at(at);
    if response.status != Some(200) {
        let failure = failed("the JSON Web Key Set of the OpenID provider cannot be read");
        return Err(failure.expected("HTTP 200", ErrorResponse::of(&response).to_string()));
    }
    let body = response
        .json()
        .map_err(|problem| failed(&format!("the JSON Web Key Set of the OpenID provider is not JSON: {problem}")))?;
    let Some(keys) = body.get("keys").and_then(Value::as_array) else {
        let found = super::metadata::brief(body.get("keys"));
        return Err(failed("`keys` of the JSON Web Key Set is missing").expected("an array", found).path("keys"));
    };
    let media_type = response.header("content-type").unwrap_or("nothing");
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let odd = (!(essence == "application/json" || essence == "application/jwk-set+json")).then(|| OddMember {
        document: "the JSON Web Key Set",
        path: "Content-Type".to_owned(),
        expected: "application/json or application/jwk-set+json",
        found: media_type.to_owned(),
    });
    Ok((keys.clone(), odd))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_challenge_is_the_one_of_rfc_7636() {
        // Appendix B.
        let challenge = super::challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
