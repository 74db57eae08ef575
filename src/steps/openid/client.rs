//! The client that a test goes on as.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::OAuthClient;
use crate::config::ClientSource;
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, unconfigured};
use crate::steps::reading::{name, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "client",
    "use a client of the configuration",
    |fields, _| Some(Arc::new(Client(name(fields, "client")?))),
    || one_of(ClientChoice::ALL),
);

named! {
    /// Which client of the OpenID provider a test goes on as.
    "client"
    enum ClientChoice {
        /// That of `broker.bookingPartners.primary`.
        Primary = "primary",
        /// `integrationTests.bookingPartnersForSpecificTests.authorizationPersisted`
        AuthorizationPersisted = "authorization-persisted",
    }
}

#[derive(Debug)]
struct Client(ClientChoice);

impl Act for Client {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Client".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("use the client of the {} Booking Partner", self.0)
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "client": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            client(driver, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

/// The client that the test goes on as.
async fn client(driver: &mut dyn Driver, choice: ClientChoice, spec: &str) {
    let found = match choice {
        ClientChoice::Primary => driver.access().client_of("primary").await,
        ClientChoice::AuthorizationPersisted => {
            let key = "integrationTests.bookingPartnersForSpecificTests.authorizationPersisted";
            match driver
                .facts()
                .config
                .specific_partners
                .get("authorizationPersisted")
                .and_then(|it| it.client.as_ref())
            {
                Some(ClientSource::Registered(credentials)) => Ok(OAuthClient::configured(credentials)),
                _ => Err(unconfigured(&format!("{key}.authentication.clientCredentials"))),
            }
        }
    };
    driver.kept_mut().openid().client = driver.attempt(authentication::OWN_CLIENT, found, spec);
}
