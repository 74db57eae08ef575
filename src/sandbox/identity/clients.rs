//! Booking Partners as clients of the provider, and the people who log in.

use std::collections::BTreeMap;

use super::{random, same};

/// A Booking Partner that is known from the start. The values are those that configurations of the public test suite
/// have, so that they work unchanged; they protect nothing.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct SeededPartner {
    pub(in crate::sandbox) name: &'static str,
    pub(in crate::sandbox) initial_access_token: Option<&'static str>,
    pub(in crate::sandbox) credentials: Option<(&'static str, &'static str)>,
}

const fn registering(name: &'static str, token: &'static str) -> SeededPartner {
    SeededPartner { name, initial_access_token: Some(token), credentials: None }
}

const fn registered(name: &'static str, id: &'static str) -> SeededPartner {
    SeededPartner { name, initial_access_token: None, credentials: Some((id, "secret")) }
}

/// The Booking Partners.
pub(in crate::sandbox) const PARTNERS: &[SeededPartner] = &[
    registering("booking-partner-1", "openactive_test_suite_client_12345xaq"),
    registered("booking-partner-2", "clientid_800"),
    registered("booking-partner-3", "clientid_801"),
    registering("booking-partner-4", "dynamic-primary-745ddf2d13019ce8b69c"),
    registering("booking-partner-5", "dynamic-secondary-a21518cb57af7b6052df"),
];

/// Users who can log in: name, which is also the password, and number of the Seller.
pub(in crate::sandbox) const USERS: &[(&str, usize)] = &[("test1", 1), ("test2", 2)];

/// The redirect URI at which the public test suite listens.
const USUAL_REDIRECT: &str = "http://localhost:3000/cb";

/// A client.
#[derive(Debug, Clone)]
pub(super) struct Client {
    /// The Booking Partner.
    pub(super) partner: String,
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) name: String,
    pub(super) redirect_uris: Vec<String>,
    pub(super) grant_types: Vec<String>,
    pub(super) scope: String,
    /// Whether it has registered itself.
    pub(super) registered: bool,
}

/// Everything that client metadata may ask for.
pub(super) const GRANT_TYPES: &[&str] = &["authorization_code", "refresh_token", "client_credentials"];

/// The clients, by identifier.
#[derive(Debug, Default)]
pub(super) struct Clients {
    known: BTreeMap<String, Client>,
    /// The identifier that a Booking Partner keeps through every registration.
    identifiers: BTreeMap<String, String>,
}

impl Clients {
    pub(super) fn seeded() -> Self {
        let mut clients = Self::default();
        for partner in PARTNERS {
            let Some((id, secret)) = partner.credentials else { continue };
            clients.put(Client {
                partner: partner.name.to_owned(),
                id: id.to_owned(),
                secret: secret.to_owned(),
                name: partner.name.to_owned(),
                redirect_uris: vec![USUAL_REDIRECT.to_owned()],
                grant_types: GRANT_TYPES.iter().map(|&grant| grant.to_owned()).collect(),
                scope: "openid profile offline_access openactive-openbooking openactive-ordersfeed openactive-identity"
                    .to_owned(),
                registered: false,
            });
        }
        clients
    }

    pub(super) fn get(&self, id: &str) -> Option<&Client> {
        self.known.get(id)
    }

    pub(super) fn partner_of(&self, id: &str) -> Option<String> {
        self.get(id).map(|client| client.partner.clone())
    }

    fn put(&mut self, client: Client) {
        self.known.insert(client.id.clone(), client);
    }

    /// Registers a Booking Partner, anew where it was registered: the identifier stays, so that its Orders do, and the
    /// secret is another.
    pub(super) fn register(&mut self, partner: &str, client: impl FnOnce(String, String) -> Client) -> Client {
        let id = self.identifiers.entry(partner.to_owned()).or_insert_with(random).clone();
        let client = client(id, random());
        self.put(client.clone());
        client
    }
}

/// The Booking Partner that an initial access token belongs to.
pub(super) fn registering_partner(token: &str) -> Option<&'static str> {
    PARTNERS.iter().find(|partner| partner.initial_access_token.is_some_and(|known| same(known, token))).map(|p| p.name)
}

/// The Seller that a person acts for.
pub(super) fn seller_of(username: &str, password: &str) -> Option<usize> {
    USERS.iter().find(|(name, _)| *name == username && same(name, password)).map(|(_, seller)| *seller)
}
