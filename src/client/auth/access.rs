//! Who may do what with which credentials: headers of the configuration, tokens, or both, found when they are needed.
//!
//! A token is requested once, by the first request that needs it, and renewed before it expires; other requests that need it
//! wait meanwhile. An error is remembered, and returned to every request that needs the token.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::client::http::Client;
use crate::config::{ClientSource, Config, Headers, Secret, Seller, SellerRole};
use crate::results::{ExchangeId, Remark, RemarkLevel};

use super::agent::Agent;
use super::failure::AuthFailure;
use super::grants::code_of;
use super::journey::{Arrival, Journey, JourneyEnd, JourneyFailure, PageImage};
use super::oauth_client::OAuthClient;
use super::provider::{Authorization, Provider, Registered};
use super::tokens::Tokens;
use super::transport::AuthHttp;
use super::{BOOKING_SCOPE, FEED_SCOPE};

/// Browsers that log in at the same time, at most.
const BROWSERS: usize = 2;

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

    /// The headers with which a request is sent once more after HTTP 401: see [`Access::renewed_headers`].
    pub async fn renewed(&self, sent: &Headers, exchange: Option<ExchangeId>) -> Option<Renewal> {
        match self {
            Self::Fixed(_) => None,
            Self::Feed(access, partner) => {
                access.renewed_headers(&TokenOwner::Feed(partner.clone()), sent, exchange).await
            }
        }
    }

    /// Notes the status of a request that was sent with these headers: see [`Access::used`].
    pub fn used(&self, sent: &Headers, status: Option<u16>, renewal: Option<&Renewal>) {
        if let Self::Feed(access, _) = self {
            access.used(sent, status, renewal);
        }
    }
}

/// Headers with a token that was renewed because of HTTP 401.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The headers.
    pub headers: Headers,
    /// What is worth knowing where the new token works, and the exchange that shows it.
    remark: Option<(String, Option<ExchangeId>)>,
}

/// Whose access token a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenOwner {
    /// That of a Booking Partner for its Orders feeds.
    Feed(String),
    /// That of a Booking Partner who acts for a Seller.
    Seller(SellerRole, String),
}

impl std::fmt::Display for TokenOwner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Feed(partner) => write!(f, "of the {partner} Booking Partner for its Orders feeds"),
            Self::Seller(role, partner) => write!(f, "of the {partner} Booking Partner for the {} Seller", role.name()),
        }
    }
}

/// What an authorization code flow brought.
#[derive(Debug, Clone)]
pub struct Authorized {
    /// The tokens.
    pub tokens: Tokens,
    /// Whether the Seller was asked for consent.
    pub consent: bool,
    /// The request.
    pub authorization: Authorization,
    /// The authorization response.
    pub arrival: Arrival,
    /// Whether it was asked for consent by `prompt=consent`, because no refresh token came otherwise.
    pub prompted: bool,
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
    clients: Slots<String, OAuthClient>,
    feeds: Slots<String, Tokens>,
    sellers: Slots<(SellerRole, String), Tokens>,
    /// Access tokens that were renewed because of a 401, and got another one at once.
    fruitless: Mutex<HashSet<String>>,
    /// Whether refresh tokens come with `prompt=consent` only.
    prompt: AtomicBool,
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
            fruitless: Mutex::default(),
            prompt: AtomicBool::new(false),
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
    pub fn note_registration(&self, registered: Registered) -> OAuthClient {
        if !registered.missing.is_empty() {
            let missing = registered.missing.join(" and ");
            let message = format!("the client registration response omits {missing} (RFC 7591, 3.2.1)");
            self.note("client-registration", message, registered.exchange);
        }
        registered.client
    }

    /// A warning, once.
    fn note(&self, rule: &str, message: String, exchange: Option<ExchangeId>) {
        let mut remarks = self.0.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remarks.iter_mut().find(|remark| remark.rule == rule && remark.message == message) {
            known.count += 1;
            return;
        }
        remarks.push(Remark {
            level: RemarkLevel::Warning,
            message,
            path: String::new(),
            rule: rule.to_owned(),
            model: None,
            requirements: Vec::new(),
            count: 1,
            first: None,
            exchange,
        });
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
                return Err(AuthFailure::new("`accessService.authenticationAuthority` of the dataset site is missing")
                    .expected("the URL of the OpenID provider", "nothing"));
            };
            Provider::discover(&self.http(), authority).await
        });
        found.await.clone()
    }

    /// The client that a Booking Partner is.
    ///
    /// # Errors
    /// Why it is none.
    pub async fn client_of(&self, partner: &str) -> Outcome<OAuthClient> {
        let slot = self.0.clients.get(partner.to_owned());
        let mut slot = slot.lock().await;
        if let Some(known) = &*slot {
            return known.clone();
        }
        let source = self.0.config.partners.get(partner).and_then(|partner| partner.client.as_ref());
        let outcome = match source {
            None => Err(AuthFailure::new(format!(
                "the {partner} Booking Partner has no client credentials for the OpenID provider"
            ))
            .hint(format!(
                "set `broker.bookingPartners.{partner}.authentication.clientCredentials` or `initialAccessToken`"
            ))
            .blocking()),
            Some(ClientSource::Registered(credentials)) => Ok(OAuthClient::configured(credentials)),
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

    /// Whether tokens can be obtained for a Booking Partner.
    fn has_client(&self, partner: &str) -> bool {
        let client = self.0.config.partners.get(partner).and_then(|partner| partner.client.as_ref());
        client.is_some() && self.0.authority.is_some()
    }

    async fn grant(&self, client: &OAuthClient, scopes: &[&str]) -> Outcome<Tokens> {
        self.provider().await?.client_credentials(&self.http(), client, scopes).await
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
            Ok(client) => self.grant(&client, &[FEED_SCOPE]).await,
            Err(failure) => Err(failure),
        };
        let outcome = outcome.map_err(|failure| {
            in_context(failure, &format!("the {partner} Booking Partner has no token for its feeds"))
        });
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
                "`accessService.authenticationAuthority` of the dataset site is missing, and the configuration has only \
                 credentials for an OpenID provider",
            );
            return Err(failure.expected("the URL of the OpenID provider", "nothing").hint(
                "if the booking system authenticates by headers, set `requestHeaders` and `ordersFeedRequestHeaders`",
            ));
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
                Err(failure) if !failure.blocks => self.new_seller_token(role, partner).await,
                renewed => renewed,
            },
            _ => self.new_seller_token(role, partner).await,
        };
        let outcome = outcome.map_err(|failure| {
            in_context(failure, &format!("the {partner} Booking Partner has no token for the {} Seller", role.name()))
        });
        *slot = Some(outcome.clone());
        outcome
    }

    async fn renewed(&self, partner: &str, tokens: &Tokens) -> Outcome<Tokens> {
        let provider = self.provider().await?;
        provider.refresh(&self.http(), &self.client_of(partner).await?, tokens).await
    }

    /// The client whose credentials book for a Seller without a login.
    async fn seller_client(&self, role: SellerRole) -> Option<OAuthClient> {
        let seller = self.seller(role);
        let (None, Some(credentials)) = (&seller.login, &seller.client) else { return None };
        // Its name is none that a Booking Partner can have.
        let slot = self.0.clients.get(format!("\u{0}{}", role.name()));
        let mut slot = slot.lock().await;
        slot.get_or_insert_with(|| Ok(OAuthClient::configured(credentials))).clone().ok()
    }

    async fn new_seller_token(&self, role: SellerRole, partner: &str) -> Outcome<Tokens> {
        if let Some(client) = self.seller_client(role).await {
            return self.grant(&client, &[FEED_SCOPE, BOOKING_SCOPE]).await;
        }
        let client = self.client_of(partner).await?;
        if let Some(failure) = client.rejected().await {
            return Err(failure);
        }
        let provider = self.provider().await?;
        let authorized = self.authorize(&provider, role, &client, &provider.seller_scopes(), &self.http()).await?;
        if authorized.authorization.offline() && authorized.tokens.refresh.is_none() {
            let message = "the token response omits refresh_token for the scope offline_access: the Seller logs in for each \
                           access token";
            self.note("refresh-token", message.to_owned(), authorized.arrival.exchange);
        }
        Ok(authorized.tokens)
    }

    /// The headers with which a request is sent once more, where these got HTTP 401 and carry a token that can be renewed:
    /// <https://www.rfc-editor.org/rfc/rfc6750#section-3.1>. `None` where there is no other token, or where another one was
    /// of no use either.
    pub async fn renewed_headers(
        &self,
        owner: &TokenOwner,
        sent: &Headers,
        exchange: Option<ExchangeId>,
    ) -> Option<Renewal> {
        if self.0.client.tape().is_some() {
            return None;
        }
        let carries = |tokens: &Tokens| sent.iter().any(|(_, value)| *value == tokens.authorization());
        let (lost, fresh) = match owner {
            TokenOwner::Feed(partner) => {
                let slot = self.0.feeds.get(partner.clone());
                let mut slot = slot.lock().await;
                let tokens = slot.as_ref()?.as_ref().ok()?.clone();
                if self.is_fruitless(&tokens) {
                    return None;
                }
                if !carries(&tokens) {
                    drop(slot);
                    return self.other_headers(owner, sent, None).await;
                }
                let client = self.client_of(partner).await.ok()?;
                let fresh = self.grant(&client, &[FEED_SCOPE]).await.ok()?;
                *slot = Some(Ok(fresh.clone()));
                (tokens, fresh)
            }
            TokenOwner::Seller(role, partner) => {
                let slot = self.0.sellers.get((*role, partner.clone()));
                let mut slot = slot.lock().await;
                let tokens = slot.as_ref()?.as_ref().ok()?.clone();
                if self.is_fruitless(&tokens) {
                    return None;
                }
                if !carries(&tokens) {
                    drop(slot);
                    return self.other_headers(owner, sent, None).await;
                }
                let renewed = if tokens.refresh.is_some() { self.renewed(partner, &tokens).await.ok() } else { None };
                // The grant may be revoked as a whole, and then the Seller logs in again.
                let fresh = match renewed {
                    Some(fresh) => fresh,
                    None => self.new_seller_token(*role, partner).await.ok()?,
                };
                *slot = Some(Ok(fresh.clone()));
                (tokens, fresh)
            }
        };
        let age = lost.received.elapsed();
        // What is rejected beyond its end is rejected rightly.
        let early = lost.expires_in.is_none_or(|life| age < life);
        let message = format!(
            "an access token {owner} was rejected with HTTP 401 before its end, and was renewed (RFC 6750, 3.1)"
        );
        if fresh.access == lost.access {
            self.0.fruitless.lock().unwrap_or_else(PoisonError::into_inner).insert(fresh.access.reveal().to_owned());
            return None;
        }
        self.other_headers(owner, sent, early.then_some((message, exchange))).await
    }

    fn is_fruitless(&self, tokens: &Tokens) -> bool {
        self.0.fruitless.lock().unwrap_or_else(PoisonError::into_inner).contains(tokens.access.reveal())
    }

    /// The headers as they are now, where they are others.
    async fn other_headers(
        &self,
        owner: &TokenOwner,
        sent: &Headers,
        remark: Option<(String, Option<ExchangeId>)>,
    ) -> Option<Renewal> {
        let headers = match owner {
            TokenOwner::Feed(partner) => self.feed_headers(partner).await,
            TokenOwner::Seller(role, partner) => self.booking_headers(*role, partner).await,
        };
        headers.ok().filter(|headers| headers != sent).map(|headers| Renewal { headers, remark })
    }

    /// Notes the status of a request that was sent with these headers. Where a token that was renewed because of a 401 gets
    /// another 401, it is not the token that is wrong: it is not renewed again until it has worked.
    pub fn used(&self, sent: &Headers, status: Option<u16>, renewal: Option<&Renewal>) {
        let token = sent.iter().find_map(|(_, value)| value.reveal().strip_prefix("Bearer "));
        let (Some(token), Some(status)) = (token, status) else { return };
        let mut fruitless = self.0.fruitless.lock().unwrap_or_else(PoisonError::into_inner);
        if status == 401 && renewal.is_some() {
            fruitless.insert(token.to_owned());
        } else if status < 400 {
            fruitless.remove(token);
        }
        drop(fruitless);
        if let Some((message, exchange)) = renewal.and_then(|renewal| renewal.remark.clone()).filter(|_| status != 401)
        {
            self.note("access-token", message, exchange);
        }
    }

    /// Drops the token of a Booking Partner for a Seller, after a step that may have revoked it.
    pub async fn forget_seller_token(&self, role: SellerRole, partner: &str) {
        let slot = self.0.sellers.get((role, partner.to_owned()));
        let mut slot = slot.lock().await;
        if matches!(&*slot, Some(Ok(_))) {
            *slot = None;
        }
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
            let message = format!("`{key}` is not configured");
            return Err(JourneyFailure::new(JourneyEnd::Unreachable, message).hint(format!("set `{key}`")));
        };
        let config = &self.0.config;
        let registered = &config.redirect_uri;
        let journey = Journey { url, redirect_uri, registered, login, selectors: &config.login_selectors };
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

    /// The authorization code flow, from the authorization endpoint to the tokens. Where no refresh token comes, it is made
    /// once more with `prompt=consent`, without which a provider may ignore the scope `offline_access`:
    /// <https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess>.
    ///
    /// # Errors
    /// Where it ended.
    pub async fn authorize(
        &self,
        provider: &Provider,
        role: SellerRole,
        client: &OAuthClient,
        scopes: &[&'static str],
        http: &AuthHttp,
    ) -> Outcome<Authorized> {
        let prompt = self.0.prompt.load(Ordering::Relaxed);
        let authorized = self.authorize_once(provider, role, client, (scopes, prompt), http).await?;
        if authorized.tokens.refresh.is_some() || !authorized.authorization.offline() || authorized.prompted {
            return Ok(authorized);
        }
        match self.authorize_once(provider, role, client, (scopes, true), http).await {
            Ok(second) => {
                if second.tokens.refresh.is_some() {
                    self.0.prompt.store(true, Ordering::Relaxed);
                }
                Ok(Authorized { consent: authorized.consent || second.consent, ..second })
            }
            // What came without it is of use all the same.
            Err(_) => Ok(authorized),
        }
    }

    async fn authorize_once(
        &self,
        provider: &Provider,
        role: SellerRole,
        client: &OAuthClient,
        (scopes, prompt): (&[&'static str], bool),
        http: &AuthHttp,
    ) -> Outcome<Authorized> {
        let redirect_uri = &self.0.config.redirect_uri;
        let prompted = prompt && scopes.contains(&super::OFFLINE_SCOPE);
        let authorization = provider.authorization(client, redirect_uri, scopes, prompted)?;
        let arrival = self
            .visit_to(role, &authorization.url, redirect_uri, http)
            .await
            .map_err(|failure| failure.of_client(client, redirect_uri))?;
        let code = code_of(&arrival)?;
        let tokens = provider.redeem(http, client, &authorization, &code).await?;
        Ok(Authorized { tokens, consent: arrival.consent, authorization, arrival, prompted })
    }

    /// The headers of a booking request: the token, under the headers of the Seller, under those of another Booking Partner.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn booking_headers(&self, role: SellerRole, partner: &str) -> Outcome<Headers> {
        // A record has no secrets, and a replay needs none.
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

/// A failure, with the token that is missing because of it.
fn in_context(failure: AuthFailure, what: &str) -> AuthFailure {
    if failure.message.starts_with(what) {
        return failure;
    }
    AuthFailure { message: format!("{what}: {}", failure.message), ..failure }
}
