//! The OpenID provider under test: discovery, registration, grants, and that it refuses what it must.

mod authorize;
mod claims;
mod discover;
mod grants;
mod present;
mod read_feed;
mod redeem;
mod register;

use serde_json::json;

use crate::catalogue::{ClientChoice, OpenIdAct, Step};
use crate::checks::authentication;
use crate::client::auth::{AuthFailure, FormAnswer, Provider, Tokens};
use crate::config::{ClientCredentials, ClientSource};
use crate::run::cell::CellRun;
use crate::trace::{Event, Exchanges, Problem};

/// What a cell knows of the provider and of itself as a client.
#[derive(Debug, Default)]
pub(in crate::run) struct OpenIdState {
    provider: Option<Provider>,
    client: Option<ClientCredentials>,
    /// What client credentials brought last.
    feed_tokens: Option<Tokens>,
    /// What a Seller's authorization brought last.
    seller_tokens: Option<Tokens>,
}

/// OpenID Connect of the Open Booking API.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/#openid-connect-booking-partner-authentication-for-multiple-seller-systems";

/// Makes a step.
pub(super) async fn make(run: &mut CellRun, act: OpenIdAct, step: &Step) -> bool {
    run.begin(act.word(), act.title());
    let spec = step.spec.clone().or_else(|| run.cell.test.spec.clone()).unwrap_or_else(|| SPEC.to_owned());
    let http = run.session.access.http();
    match act {
        OpenIdAct::Discover => discover::discover(run, &http, &spec).await,
        OpenIdAct::Register(who, template) => register::register(run, &http, who, template, &spec).await,
        OpenIdAct::Client(choice) => client(run, choice, &spec).await,
        OpenIdAct::ClientCredentials(template) => grants::client_credentials(run, &http, template, &spec).await,
        OpenIdAct::Authorize(template, consent) => authorize::authorize(run, &http, template, consent, &spec).await,
        OpenIdAct::Redeem(template) => redeem::redeem(run, &http, template, &spec).await,
        OpenIdAct::Refresh(template) => grants::refresh(run, &http, template, &spec).await,
        OpenIdAct::Present(flaw) => present::present(run, flaw, &spec).await,
        OpenIdAct::ReadFeed(reader) => read_feed::read_feed(run, reader, &spec).await,
    }
    run.see(Event::Exchanges(Exchanges { exchanges: http.exchanges() }));
    run.end()
}

/// What an earlier step should have brought; without it this one cannot be made.
fn had<T>(run: &mut CellRun, what: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        let message = format!("{what} is missing: an earlier step should have brought it");
        run.lacks_because(what, Problem { message, ..Problem::default() });
    }
    value
}

fn provider(run: &mut CellRun) -> Option<Provider> {
    let provider = run.openid.provider.clone();
    had(run, "an OpenID provider", provider)
}

fn own_client(run: &mut CellRun) -> Option<ClientCredentials> {
    let client = run.openid.client.clone();
    had(run, "a client", client)
}

/// The client that the test goes on as.
async fn client(run: &mut CellRun, choice: ClientChoice, spec: &str) {
    let found = match choice {
        ClientChoice::Primary => run.session.access.client_of("primary").await,
        ClientChoice::AuthorizationPersisted => {
            let key = "integrationTests.bookingPartnersForSpecificTests.authorizationPersisted";
            match run.session.config.specific_partners.get("authorizationPersisted").and_then(|it| it.client.as_ref()) {
                Some(ClientSource::Registered(credentials)) => Ok(credentials.clone()),
                _ => Err(unconfigured(&format!("{key}.authentication.clientCredentials"))),
            }
        }
    };
    run.openid.client = run.attempt(authentication::OWN_CLIENT, found, spec);
}

/// That the configuration lacks something.
fn unconfigured(key: &str) -> AuthFailure {
    let failure = AuthFailure::new(format!("`{key}` is not configured")).hint(format!("set `{key}`"));
    AuthFailure { unreachable: true, ..failure }
}

/// Sees that the token endpoint gave nothing out, to a request that it must reject.
fn refused(run: &mut CellRun, what: &str, answer: &FormAnswer, spec: &str) {
    let check = authentication::TOKEN_REQUEST_REJECTED;
    if let Some(reason) = &answer.failure {
        run.unknown(check, format!("the token endpoint did not answer: {reason}"), spec, answer.exchange);
        return;
    }
    let observed = json!({
        "what": what,
        "granted": answer.granted(),
        "status": answer.status,
        "error": answer.body.get("error"),
    });
    run.fact(check, observed, spec, answer.exchange);
}

/// Another client than that of the test: the secondary Booking Partner's.
async fn other_client(run: &mut CellRun, spec: &str) -> Option<ClientCredentials> {
    let other = run.session.access.client_of("secondary").await;
    let other = other.map_err(|failure| AuthFailure { unreachable: true, ..failure });
    run.attempt(authentication::OWN_CLIENT, other, spec)
}
