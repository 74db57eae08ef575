//! The OpenID provider of the sandbox: Booking Partners are its clients, and the people who log in act for Sellers.
//!
//! <https://openactive.io/open-booking-api/EditorsDraft/#openid-connect-booking-partner-authentication-for-multiple-seller-systems>

mod authorize;
mod clients;
mod endpoints;
mod grants;
mod incoming;
mod keys;
mod pages;
mod register;
mod signature;
mod token;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jsonwebtoken::errors::ErrorKind;
use serde_json::{Map, Value, json};

use super::clock::now;
use super::faults::{Fault, Faults};
use super::seller::Seller;
use super::switches::{Switch, Switches};
use super::variants::{Variant, Variants};

use clients::Clients;
use grants::Grants;
use keys::Keys;

pub(super) use clients::{PARTNERS, USERS};
pub(super) use endpoints::answer;
pub(super) use incoming::Incoming;
pub(super) use keys::sign_again;

/// The namespace of the claims that the Open Booking API defines.
const CLAIMS: &str = "https://openactive.io/";
/// Scope of the booking endpoints.
pub(super) const BOOKING_SCOPE: &str = "openactive-openbooking";
/// Scope of the Orders feeds.
pub(super) const FEED_SCOPE: &str = "openactive-ordersfeed";
/// Scope that adds the claims of the Seller.
const IDENTITY_SCOPE: &str = "openactive-identity";
/// Scope that adds a refresh token.
const OFFLINE_SCOPE: &str = "offline_access";
/// Scopes of the authorization endpoint.
const SCOPES: &[&str] = &["openid", "profile", OFFLINE_SCOPE, BOOKING_SCOPE, IDENTITY_SCOPE];
/// Seconds for which an authorization code can be redeemed.
const CODE_SECONDS: i64 = 60;

/// How the provider is set up.
#[derive(Debug, Clone)]
pub(super) struct IdentityOptions {
    pub(super) origin: String,
    /// The base URL of the Open Booking API: the audience of access tokens.
    pub(super) audience: String,
    pub(super) switches: Switches,
    pub(super) faults: Faults,
    pub(super) sellers: Vec<Seller>,
    /// Seconds that an access token lives.
    pub(super) token_seconds: i64,
    /// Whether its pages need JavaScript.
    pub(super) scripted: bool,
    /// The designs that differ from its usual one.
    pub(super) variants: Variants,
}

/// The provider.
#[derive(Debug)]
pub(super) struct Identity {
    /// `iss`, and the base of its endpoints.
    pub(super) issuer: String,
    audience: String,
    switches: Switches,
    faults: Faults,
    sellers: Vec<Seller>,
    token_seconds: i64,
    scripted: bool,
    variants: Variants,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    clients: Clients,
    grants: Grants,
    keys: Keys,
    /// The signed tokens behind opaque access tokens.
    opaque: HashMap<String, String>,
}

/// Permissions of a token.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    /// The Booking Partner.
    pub(super) partner: String,
    /// The `@id` of the Seller.
    pub(super) seller: Option<String>,
    /// Whether the scope that was asked about is among those of the token.
    pub(super) in_scope: bool,
}

/// Why a token allows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no token of this provider.
    Invalid,
    /// It was one.
    Expired,
}

fn random() -> String {
    use base64::Engine as _;
    use ring::rand::SecureRandom as _;
    let mut bytes = [0_u8; 32];
    // Where the system has no randomness left, nothing can be given out safely: the text is then empty, and refused.
    match ring::rand::SystemRandom::new().fill(&mut bytes) {
        Ok(()) => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes),
        Err(_) => String::new(),
    }
}

/// Compares two secrets in constant time.
fn same(one: &str, other: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    !one.is_empty() && bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

impl Identity {
    pub(super) fn new(options: IdentityOptions) -> Self {
        // A fault that shows only once a token has expired, shows soon.
        let life = if options.faults.has(Fault::TokenExpiryIgnored) {
            2
        } else if options.faults.has(Fault::TokensLongLived) {
            60 * 60
        } else {
            options.token_seconds
        };
        Self {
            issuer: format!("{}/identity", options.origin),
            audience: options.audience,
            switches: options.switches,
            faults: options.faults,
            sellers: options.sellers,
            token_seconds: life,
            scripted: options.scripted,
            variants: options.variants,
            state: Mutex::new(State {
                clients: Clients::seeded(),
                grants: Grants::default(),
                keys: Keys::new(life),
                opaque: HashMap::new(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, fault: Fault) -> bool {
        self.faults.has(fault)
    }

    fn is(&self, variant: Variant) -> bool {
        self.variants.has(variant)
    }

    /// The scopes that can be asked for at the authorization endpoint.
    fn scopes(&self) -> impl Iterator<Item = &'static str> {
        let identity = !self.is(Variant::IdentityScopeMissing);
        SCOPES.iter().copied().filter(move |scope| identity || *scope != IDENTITY_SCOPE)
    }

    fn registers(&self) -> bool {
        self.switches.has(Switch::DynamicRegistration)
    }

    /// Whether people log in for Sellers; where not, the credentials of a client book for the only Seller.
    fn has_sellers(&self) -> bool {
        self.switches.has(Switch::OpenIdSellers)
    }

    fn seller(&self, number: usize) -> Option<&Seller> {
        self.sellers.iter().find(|seller| seller.number == number)
    }

    /// An access token.
    fn access_token(
        &self,
        state: &mut State,
        partner: &str,
        client: &str,
        seller: Option<usize>,
        scopes: &[String],
    ) -> String {
        let issued = now().as_second();
        let grant = seller.map(|number| state.grants.grant(client, number));
        let seller = seller.and_then(|number| self.seller(number));
        let mut claims = json!({
            "iss": self.issuer,
            "aud": self.audience,
            "sub": seller.map_or_else(|| client.to_owned(), subject),
            "iat": issued,
            "exp": issued + self.token_seconds,
            "jti": random(),
            "client_id": client,
            "scope": scopes.join(" "),
            format!("{CLAIMS}clientId"): client,
            "partner": partner,
        });
        if let (Some(seller), Some(claims)) = (seller, claims.as_object_mut()) {
            claims.insert(format!("{CLAIMS}sellerId"), json!(seller.id()));
            claims.insert("grant".to_owned(), json!(grant));
        }
        let token = state.keys.sign("at+jwt", &claims);
        if !self.is(Variant::AccessTokensOpaque) {
            return token;
        }
        let opaque = random();
        state.opaque.insert(opaque.clone(), token);
        opaque
    }

    /// An ID token.
    fn id_token(
        &self,
        state: &mut State,
        client: &str,
        seller: usize,
        scopes: &[String],
        nonce: Option<&str>,
    ) -> String {
        let issued = now().as_second();
        let Some(seller) = self.seller(seller) else { return String::new() };
        let audience = if self.has(Fault::IdTokenOtherAudience) { "somebody-else" } else { client };
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        put("iss", json!(self.issuer));
        put("aud", json!(audience));
        // Only a token that was renewed has no nonce, where the client sends one.
        let other = nonce.is_none() && self.has(Fault::RefreshChangesSubject);
        put("sub", json!(if other { "somebody-else".to_owned() } else { subject(seller) }));
        put("iat", json!(issued));
        if self.has(Fault::IdTokenNotYetValid) {
            put("nbf", json!(issued + 3600));
        }
        if self.is(Variant::UnneededMembersOdd) {
            put("email_verified", json!("true"));
            put("updated_at", json!("2026-01-31"));
        }
        put("exp", json!(if self.has(Fault::IdTokenExpired) { issued - 3600 } else { issued + 300 }));
        if let Some(nonce) = nonce.filter(|_| !self.has(Fault::NonceDropped)) {
            put("nonce", json!(nonce));
        }
        let in_scope = scopes.iter().any(|scope| scope == BOOKING_SCOPE || scope == IDENTITY_SCOPE);
        if in_scope && !self.has(Fault::IdTokenWithoutSeller) {
            let shown = seller.json();
            let text = |pointer: &str| shown.pointer(pointer).cloned().unwrap_or_default();
            let other = self.sellers.iter().find(|other| other.number != seller.number);
            let id = match other.filter(|_| self.has(Fault::IdTokenOtherSeller)) {
                Some(other) => json!(other.id()),
                None => json!(seller.id()),
            };
            let name = if self.has(Fault::IdTokenOtherName) { json!("Somebody") } else { text("/name") };
            put(&format!("{CLAIMS}sellerId"), id);
            put(&format!("{CLAIMS}sellerName"), name);
            put(&format!("{CLAIMS}sellerUrl"), text("/url"));
            put(&format!("{CLAIMS}sellerLogo"), text("/logo/url"));
            put(&format!("{CLAIMS}bookingServiceName"), json!("Sandbox Booking"));
            put(&format!("{CLAIMS}bookingServiceUrl"), json!("https://sandbox.example.org/"));
        }
        let claims = Value::Object(claims);
        if self.has(Fault::IdTokenUnsigned) {
            return keys::unsigned(&claims);
        }
        let token = state.keys.sign("JWT", &claims);
        if self.has(Fault::IdTokenWrongSignature) { keys::broken(&token) } else { token }
    }

    /// Permissions of a token for a scope.
    ///
    /// # Errors
    /// Why it allows nothing.
    pub(super) fn granted(&self, token: &str, scope: &str) -> Result<Granted, Refused> {
        let mut state = self.state();
        let own = if self.is(Variant::AccessTokensOpaque) { state.opaque.get(token).cloned() } else { None };
        let token = own.as_deref().unwrap_or(token);
        let claims = match state.keys.verified(token, &self.issuer, &self.audience, &self.faults) {
            Ok(claims) => claims,
            Err(error) if *error.kind() == ErrorKind::ExpiredSignature => return Err(Refused::Expired),
            Err(_) => return Err(Refused::Invalid),
        };
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("grant").is_some_and(|grant| state.grants.is_revoked(&grant)) {
            return Err(Refused::Invalid);
        }
        let client = text("client_id").or_else(|| text(&format!("{CLAIMS}clientId"))).or_else(|| text("aud"));
        let partner = client.and_then(|client| state.clients.partner_of(&client)).ok_or(Refused::Invalid)?;
        let scopes = text("scope").unwrap_or_default();
        let in_scope = (scopes.is_empty() && self.has(Fault::TokenAudienceIgnored))
            || self.has(Fault::TokenScopesIgnored)
            || scopes.split(' ').any(|known| known == scope);
        let seller = text(&format!("{CLAIMS}sellerId"))
            .or_else(|| (!self.has_sellers()).then(|| self.sellers.first().map(Seller::id)).flatten());
        Ok(Granted { partner, seller, in_scope })
    }
}

/// The subject of tokens identifies the Seller, not the user.
fn subject(seller: &Seller) -> String {
    format!("seller-{}", seller.number)
}
