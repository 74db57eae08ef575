//! Who may do what with which credentials: headers of the configuration, tokens, or both, found when they are needed.
//!
//! A token is got once, by the first request that needs it, and renewed before it expires; whoever needs it in the
//! meantime waits. What went wrong is remembered, and told to everybody who needs what is therefore missing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use crate::client::http::Client;
use crate::config::{ClientCredentials, ClientSource, Config, Headers, Secret, Seller, SellerRole};
use crate::results::{Remark, RemarkLevel};

use super::agent::Agent;
use super::failure::AuthFailure;
use super::journey::{Arrival, Journey, JourneyFailure, PageImage};
use super::provider::{Authorization, Provider, Registered, SETTLING};
use super::tokens::Tokens;
use super::transport::AuthHttp;
use super::{BOOKING_SCOPE, FEED_SCOPE, SELLER_SCOPES};

/// Browsers that log in at the same time, at most.
const BROWSERS: usize = 2;
/// How long to wait before a client that has just registered is tried again.
const AGAIN: Duration = Duration::from_millis(200);

/// Where headers come from that must be asked for anew for every request, because tokens expire.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Always these.
    Fixed(Headers),
    /// Those of a Booking Partner for its feeds of Orders.
    Feed(Access, String),
}

impl Credentials {
    /// The headers for a request that is made now.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn headers(&self) -> Result<Headers, AuthFailure> {
        match self {
            Self::Fixed(headers) => Ok(headers.clone()),
            Self::Feed(access, partner) => access.feed_headers(partner).await,
        }
    }
}

type Outcome<T> = Result<T, AuthFailure>;
type Slot<T> = Arc<tokio::sync::Mutex<Option<Outcome<T>>>>;

/// One slot for each key, each with a lock of its own.
#[derive(Debug)]
struct Slots<K, T>(Mutex<HashMap<K, Slot<T>>>);

impl<K, T> Default for Slots<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: std::hash::Hash + Eq, T> Slots<K, T> {
    fn get(&self, key: K) -> Slot<T> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(key).or_default())
    }
}

#[derive(Debug)]
struct Inner {
    config: Arc<Config>,
    client: Client,
    /// `accessService.authenticationAuthority`
    authority: Option<String>,
    agent: Agent,
    provider: OnceCell<Outcome<Provider>>,
    clients: Slots<String, ClientCredentials>,
    feeds: Slots<String, Tokens>,
    sellers: Slots<(SellerRole, String), Tokens>,
    browsers: tokio::sync::Semaphore,
    screenshots: Mutex<Vec<PageImage>>,
    remarks: Mutex<Vec<Remark>>,
}

/// The credentials of a run.
#[derive(Debug, Clone)]
pub struct Access(Arc<Inner>);

impl Access {
    /// Nothing is asked of the provider yet.
    #[must_use]
    pub fn new(config: Arc<Config>, client: Client, authority: Option<String>, agent: Agent) -> Self {
        Self(Arc::new(Inner {
            config,
            client,
            authority,
            agent,
            provider: OnceCell::new(),
            clients: Slots::default(),
            feeds: Slots::default(),
            sellers: Slots::default(),
            browsers: tokio::sync::Semaphore::new(BROWSERS),
            screenshots: Mutex::default(),
            remarks: Mutex::default(),
        }))
    }

    /// `accessService.authenticationAuthority`
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.0.authority.as_deref()
    }

    /// Who goes through pages.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.0.agent
    }

    /// A client for exchanges with the provider.
    #[must_use]
    pub fn http(&self) -> AuthHttp {
        AuthHttp::new(self.0.client.clone(), self.0.config.request_timeout)
    }

    /// Pictures of the pages at which a browser could not go on.
    #[must_use]
    pub fn screenshots(&self) -> Vec<PageImage> {
        self.0.screenshots.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client out of a registration. The first response that lacks what was registered is worth a warning.
    pub fn note_registration(&self, registered: Registered) -> ClientCredentials {
        let mut remarks = self.0.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        if !registered.missing.is_empty() && remarks.is_empty() {
            let missing = registered.missing.join(" and ");
            remarks.push(Remark {
                level: RemarkLevel::Warning,
                message: format!("the client registration response does not include {missing} (RFC 7591, 3.2.1)"),
                path: String::new(),
                rule: "client-registration".to_owned(),
                model: None,
                requirements: Vec::new(),
                count: 1,
                first: None,
                exchange: registered.exchange,
            });
        }
        registered.client
    }

    /// What is worth knowing of the OpenID provider and no failure.
    #[must_use]
    pub fn remarks(&self) -> Vec<Remark> {
        self.0.remarks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The provider.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn provider(&self) -> Outcome<Provider> {
        let found = self.0.provider.get_or_init(|| async {
            let Some(authority) = &self.0.authority else {
                return Err(AuthFailure::new("the dataset site names no OpenID provider")
                    .expected("accessService.authenticationAuthority", "nothing"));
            };
            Provider::discover(&self.http(), authority).await
        });
        found.await.clone()
    }

    /// The client that a Booking Partner is.
    ///
    /// # Errors
    /// Why it is none.
    pub async fn client_of(&self, partner: &str) -> Outcome<ClientCredentials> {
        let slot = self.0.clients.get(partner.to_owned());
        let mut slot = slot.lock().await;
        if let Some(known) = &*slot {
            return known.clone();
        }
        let source = self.0.config.partners.get(partner).and_then(|partner| partner.client.as_ref());
        let outcome = match source {
            None => Err(AuthFailure::new(format!(
                "the {partner} Booking Partner has no client of the OpenID provider"
            ))
            .hint(format!(
                "set `broker.bookingPartners.{partner}.authentication.clientCredentials` or `initialAccessToken`"
            ))),
            Some(ClientSource::Registered(credentials)) => Ok(credentials.clone()),
            Some(ClientSource::Registration(token)) => match self.provider().await {
                Ok(provider) => {
                    let registered = provider.register(&self.http(), token, &self.0.config.redirect_uri).await;
                    registered.map(|registered| self.note_registration(registered))
                }
                Err(failure) => Err(failure),
            },
        };
        *slot = Some(outcome.clone());
        outcome
    }

    /// Whether tokens are to be had at all for a Booking Partner.
    fn has_client(&self, partner: &str) -> bool {
        let client = self.0.config.partners.get(partner).and_then(|partner| partner.client.as_ref());
        client.is_some() && self.0.authority.is_some()
    }

    /// Client credentials, tried again for a moment where the client may have registered just now.
    async fn grant(&self, credentials: &ClientCredentials, scopes: &[&str]) -> Outcome<Tokens> {
        let provider = self.provider().await?;
        let begun = Instant::now();
        loop {
            let outcome = provider.client_credentials(&self.http(), credentials, scopes).await;
            match outcome {
                Err(failure) if failure.code.as_deref() == Some("invalid_client") && begun.elapsed() < SETTLING => {
                    tokio::time::sleep(AGAIN).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// The token of a Booking Partner for its feeds of Orders.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn feed_token(&self, partner: &str) -> Outcome<Tokens> {
        let slot = self.0.feeds.get(partner.to_owned());
        let mut slot = slot.lock().await;
        match &*slot {
            Some(Ok(tokens)) if !tokens.stale() => return Ok(tokens.clone()),
            Some(Err(failure)) => return Err(failure.clone()),
            _ => {}
        }
        let credentials = self.client_of(partner).await;
        let outcome = match credentials {
            Ok(credentials) => self.grant(&credentials, &[FEED_SCOPE]).await,
            Err(failure) => Err(failure),
        };
        let outcome = outcome
            .map_err(|failure| told(failure, &format!("the {partner} Booking Partner has no token for its feeds")));
        *slot = Some(outcome.clone());
        outcome
    }

    /// The headers of a request for a feed of Orders.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn feed_headers(&self, partner: &str) -> Outcome<Headers> {
        let fixed =
            self.0.config.partners.get(partner).map(|partner| partner.orders_feed_headers.clone()).unwrap_or_default();
        if self.has_client(partner) {
            let tokens = self.feed_token(partner).await?;
            return Ok(over(vec![("Authorization".to_owned(), tokens.authorization())], &fixed));
        }
        self.without_provider(
            &fixed,
            self.0.config.partners.get(partner).is_some_and(|partner| partner.client.is_some()),
        )?;
        Ok(fixed)
    }

    /// Credentials of OpenID Connect are of no use where the dataset site names no provider. Where there are headers too,
    /// these may be enough.
    fn without_provider(&self, fixed: &Headers, wanted: bool) -> Outcome<()> {
        if wanted && fixed.is_empty() && self.0.authority.is_none() {
            let failure = AuthFailure::new(
                "there are credentials of OpenID Connect, but the dataset site names no OpenID provider for them",
            );
            return Err(failure
                .expected("accessService.authenticationAuthority", "nothing")
                .hint("where the booking system knows Booking Partners and Sellers by headers, set `requestHeaders` and `ordersFeedRequestHeaders`"));
        }
        Ok(())
    }

    fn seller(&self, role: SellerRole) -> &Seller {
        self.0.config.sellers.get(role).unwrap_or(&self.0.config.sellers.primary)
    }

    /// The token of a Booking Partner that acts for a Seller.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn seller_token(&self, role: SellerRole, partner: &str) -> Outcome<Tokens> {
        let slot = self.0.sellers.get((role, partner.to_owned()));
        let mut slot = slot.lock().await;
        let outcome = match &*slot {
            Some(Ok(tokens)) if !tokens.stale() => return Ok(tokens.clone()),
            Some(Err(failure)) => return Err(failure.clone()),
            Some(Ok(tokens)) if tokens.refresh.is_some() => match self.renewed(partner, tokens).await {
                // Whether refresh tokens work is judged by their own tests; everything else can go on without.
                Err(failure) if !failure.unreachable => self.new_seller_token(role, partner).await,
                renewed => renewed,
            },
            _ => self.new_seller_token(role, partner).await,
        };
        let outcome = outcome.map_err(|failure| {
            told(failure, &format!("the {partner} Booking Partner has no token for the {} Seller", role.name()))
        });
        *slot = Some(outcome.clone());
        outcome
    }

    async fn renewed(&self, partner: &str, tokens: &Tokens) -> Outcome<Tokens> {
        let provider = self.provider().await?;
        provider.refresh(&self.http(), &self.client_of(partner).await?, tokens).await
    }

    async fn new_seller_token(&self, role: SellerRole, partner: &str) -> Outcome<Tokens> {
        let seller = self.seller(role);
        if let (None, Some(credentials)) = (&seller.login, &seller.client) {
            return self.grant(&credentials.clone(), &[FEED_SCOPE, BOOKING_SCOPE]).await;
        }
        let credentials = self.client_of(partner).await?;
        let provider = self.provider().await?;
        let (tokens, _) = self.authorize(&provider, role, &credentials, SELLER_SCOPES, &self.http()).await?;
        Ok(tokens)
    }

    /// What a booking request of this Booking Partner for this Seller is authenticated by, as far as it is known by now.
    #[must_use]
    pub fn known_headers(&self, role: SellerRole, partner: &str) -> Headers {
        let slot = self.0.sellers.get((role, partner.to_owned()));
        let token = match slot.try_lock().as_deref() {
            Ok(Some(Ok(tokens))) => Some(("Authorization".to_owned(), tokens.access.clone())),
            _ => None,
        };
        let fixed = &self.seller(role).request_headers;
        let other = self.0.config.partners.get(partner).map(|partner| partner.orders_feed_headers.clone());
        fixed.iter().cloned().chain(other.unwrap_or_default()).chain(token).collect()
    }

    /// Hides a token that was made out of others.
    pub fn hides(&self, token: &Secret) {
        self.0.client.recorder().redactor().learn(token.reveal());
    }

    /// Sends a Seller to the authorization endpoint, and brings back the parameters of the redirect and whether consent was
    /// asked for.
    ///
    /// # Errors
    /// Where it ended.
    pub async fn visit_to(
        &self,
        role: SellerRole,
        url: &str,
        redirect_uri: &str,
        http: &AuthHttp,
    ) -> Result<Arrival, JourneyFailure> {
        let seller = self.seller(role);
        let Some(login) = &seller.login else {
            let key = format!("sellers.{}.authentication.loginCredentials", role.name());
            return Err(JourneyFailure {
                unreachable: true,
                ..JourneyFailure::new(format!("nobody can log in for {}", seller.id))
            }
            .hint(format!("set `{key}`")));
        };
        let config = &self.0.config;
        let journey = Journey { url, redirect_uri, login, selectors: &config.login_selectors };
        // Each browser is a process; forms cost nothing.
        let _permit = match &self.0.agent {
            Agent::Browser(_) => self.0.browsers.acquire().await.ok(),
            Agent::Forms => None,
        };
        let outcome = self.0.agent.travel(http, journey).await;
        if let Err(JourneyFailure { screenshot: Some(picture), .. }) = &outcome {
            self.0.screenshots.lock().unwrap_or_else(PoisonError::into_inner).push(picture.clone());
        }
        outcome
    }

    /// The authorization code flow, from the authorization endpoint to the tokens.
    ///
    /// # Errors
    /// Where it ended.
    pub async fn authorize(
        &self,
        provider: &Provider,
        role: SellerRole,
        credentials: &ClientCredentials,
        scopes: &[&str],
        http: &AuthHttp,
    ) -> Outcome<(Tokens, bool)> {
        let redirect_uri = &self.0.config.redirect_uri;
        let authorization = provider.authorization(credentials, redirect_uri, scopes)?;
        let arrival = self
            .visit_to(role, &authorization.url, redirect_uri, http)
            .await
            .map_err(|failure| of_journey(&failure))?;
        let code = code_of(&arrival, &authorization)?;
        let tokens = provider.redeem(http, credentials, redirect_uri, &authorization, &code).await?;
        Ok((tokens, arrival.consent))
    }

    /// The headers of a booking request: the token, under the headers of the Seller, under those of another Booking Partner.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn booking_headers(&self, role: SellerRole, partner: &str) -> Outcome<Headers> {
        // A record has no secrets, and what is answered out of it needs none.
        if self.0.client.tape().is_some() {
            return Ok(Headers::new());
        }
        let config = &self.0.config;
        let seller = self.seller(role);
        let mut fixed = seller.request_headers.clone();
        if partner != "primary"
            && let Some(other) = config.partners.get(partner)
        {
            fixed = over(fixed, &other.orders_feed_headers);
        }
        let alone = seller.login.is_none() && seller.client.is_some() && self.0.authority.is_some();
        if alone || (seller.login.is_some() && self.has_client(partner)) {
            let tokens = self.seller_token(role, partner).await?;
            return Ok(over(vec![("Authorization".to_owned(), tokens.authorization())], &fixed));
        }
        self.without_provider(&fixed, seller.login.is_some() || seller.client.is_some())?;
        Ok(fixed)
    }
}

/// Headers over others: those of the same name are replaced.
fn over(mut under: Headers, headers: &Headers) -> Headers {
    for (name, value) in headers {
        under.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        under.push((name.clone(), value.clone()));
    }
    under
}

/// A failure with what it means for whoever needed the token.
fn told(failure: AuthFailure, what: &str) -> AuthFailure {
    if failure.message.starts_with(what) {
        return failure;
    }
    AuthFailure { message: format!("{what}: {}", failure.message), ..failure }
}

/// A journey that ended early, as a failure.
#[must_use]
pub fn of_journey(failure: &JourneyFailure) -> AuthFailure {
    let mut told = AuthFailure::new(failure.message.clone()).at(failure.exchange);
    told.hint.clone_from(&failure.hint);
    told.unreachable = failure.unreachable;
    told
}

/// The code that came with the redirect, if the redirect is an answer to this request.
///
/// <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>
///
/// # Errors
/// Why it is none.
pub fn code_of(arrival: &Arrival, authorization: &Authorization) -> Outcome<String> {
    let failed = |message: String| AuthFailure::new(message).at(arrival.exchange);
    if let Some(error) = arrival.get("error") {
        let description = arrival.get("error_description").map(|text| format!(": {text}")).unwrap_or_default();
        let mut failure = failed(format!("the authorization endpoint answers with {error}{description}"));
        failure.code = Some(error.to_owned());
        return Err(failure);
    }
    if arrival.get("state") != Some(&authorization.state) {
        let found = if arrival.get("state").is_some() { "another one" } else { "nothing" };
        return Err(failed("the authorization endpoint does not send state back".to_owned())
            .expected("the state of the request", found));
    }
    let code = arrival.get("code").filter(|code| !code.is_empty());
    code.map(str::to_owned)
        .ok_or_else(|| failed("the authorization endpoint sends no code back".to_owned()).expected("code", "nothing"))
}
