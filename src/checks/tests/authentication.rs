//! OpenID Connect, and the rejection of wrong credentials.

use serde_json::{Value, json};

use crate::trace::{Body, Event, Exchanged, Purpose, StepProblem, Wanted};
use crate::vocabulary::{ConfigurationRule, Stage};

use super::documents::error;
use super::honest::{exchange, wrong_credentials};
use super::lines::{Lines, hold, row};
use super::preconditions::configuration;
use super::trace::{Trace, fact};

/// Rows about something that is tried: it succeeds, or there is a problem.
const ATTEMPTS: &[&str] = &[
    "credentials",
    "provider-named",
    "discovery",
    "issuer",
    "own-client",
    "registration",
    "client-credentials",
    "authorization",
    "redirect-state",
    "redirect-issuer",
    "id-token-nonce",
    "refresh-token",
    "refresh",
];

/// An observation with a problem: a member that has another value, or something that keeps it from being judged.
fn trouble(check: &str, blocks: bool) -> Trace {
    let difference = Some(("a value".to_owned(), "another one".to_owned()));
    let problem = StepProblem { difference, path: Some("member".to_owned()), blocks, ..StepProblem::default() };
    fact(check, Value::Null).event("fact", |event| {
        if let Event::Fact(fact) = event {
            fact.problem = Some(problem);
        }
    })
}

/// The Orders feed, read with a token.
fn feed_page(page: Value) -> Trace {
    let exchanged =
        Exchanged { body: Body::Object, ..exchange(Stage::Auth, Purpose::FeedPage, Wanted::Success(vec![200]), 200) };
    Trace::new().request("page", exchanged, Value::Null, page)
}

pub(super) fn lines() -> Vec<Lines> {
    let attempts = ATTEMPTS.iter().map(|id| {
        let lines = row(id).right(fact(id, Value::Null));
        lines.wrong(trouble(id, false), "member wrong").blocked(trouble(id, true), "member wrong")
    });
    let rejection = |status: u16, granted: bool| {
        let mut observed = json!({ "what": "the code is unknown", "granted": granted, "status": status });
        (observed["registered"], observed["wanted"]) = (json!(false), json!([400, 401]));
        observed
    };
    let seller = "https://id.example.com/sellers/1";
    let of_seller = |found: Value| json!({ "claim": "sellerId", "seller": seller, "found": found });
    let claim = |found: &str| {
        let requirement = "OB-id-token-claims-4";
        let (expected, what) = ("https://a.example.com", "url of the Seller");
        json!({ "claim": "sellerUrl", "what": what, "expected": expected, "found": found, "requirement": requirement })
    };
    let scope = |granted: &str| json!({ "wanted": "openactive-ordersfeed", "granted": granted });
    let member = json!({
        "document": "the discovery document", "member": "scopes_supported", "expected": "a list", "found": "a string"
    });
    let mut table: Vec<Lines> = attempts.collect();
    table.extend([
        row("token-endpoint")
            .right(fact("token-endpoint", json!({ "named": true })))
            .wrong(fact("token-endpoint", json!({ "named": false })), "token_endpoint missing"),
        row("pkce-methods")
            .right(fact("pkce-methods", json!({ "methods": ["plain", "S256"] })))
            .wrong(fact("pkce-methods", json!({ "methods": ["plain"] })), "code_challenge_methods_supported wrong"),
        row("discovery-members")
            .right(fact("discovery-members", json!({ "missing": [] })))
            .wrong(fact("discovery-members", json!({ "missing": ["jwks_uri", "issuer"] })), "jwks_uri missing"),
        row("provider-members").warned(fact("provider-members", member), "scopes_supported wrong"),
        row("registration-rejected")
            .right(fact("registration-rejected", rejection(401, false)))
            .wrong(fact("registration-rejected", rejection(201, false)), "authentication wrong")
            .wrong(fact("registration-rejected", rejection(500, false)), "authentication wrong")
            .blocked(trouble("registration-rejected", true), "member wrong"),
        row("consent")
            .right(fact("consent", json!({ "wanted": true, "asked": true })))
            .right(fact("consent", json!({ "wanted": false, "asked": false })))
            .wrong(fact("consent", json!({ "wanted": true, "asked": false })), "authentication wrong")
            .wrong(fact("consent", json!({ "wanted": false, "asked": true })), "authentication unexpected"),
        row("redirect-uri")
            .right(fact("redirect-uri", json!({})))
            .wrong(fact("redirect-uri", json!({ "arrived": "an error" })), "redirect_uri wrong"),
        row("plain-challenge")
            .right(fact("plain-challenge", json!({ "code": false })))
            .wrong(fact("plain-challenge", json!({ "code": true })), "code_challenge_method wrong"),
        row("token-request-rejected")
            .right(fact("token-request-rejected", rejection(401, false)))
            .wrong(fact("token-request-rejected", rejection(200, true)), "authentication wrong")
            .wrong(fact("token-request-rejected", rejection(500, false)), "authentication wrong"),
        row("replay-revokes")
            .right(fact("replay-revokes", json!({ "granted": false })))
            .warned(fact("replay-revokes", json!({ "granted": true })), "refresh_token wrong"),
        row("new-access-token")
            .right(fact("new-access-token", json!({ "same": false })))
            .wrong(fact("new-access-token", json!({ "same": true })), "access_token wrong"),
        row("same-subject")
            .right(fact("same-subject", json!({ "before": "a", "now": "a" })))
            .wrong(fact("same-subject", json!({ "before": "a", "now": "b" })), "sub wrong"),
        row("token-type")
            .right(fact("token-type", json!({ "token_type": "bearer" })))
            .wrong(fact("token-type", json!({ "token_type": "mac" })), "token_type wrong")
            .wrong(fact("token-type", json!({})), "token_type missing"),
        row("token-scope")
            .right(fact("token-scope", json!({ "wanted": "openactive-ordersfeed" })))
            .right(fact("token-scope", scope("openid openactive-ordersfeed")))
            .wrong(fact("token-scope", scope("openid")), "scope wrong")
            .wrong(fact("token-scope", scope("openactive-ordersfeeds")), "scope wrong"),
        row("access-token-lifetime")
            .right(fact("access-token-lifetime", json!({ "expires_in": 900 })))
            .warned(fact("access-token-lifetime", json!({ "expires_in": 901 })), "expires_in wrong")
            .warned(fact("access-token-lifetime", json!({})), "expires_in wrong"),
        row("id-token-seller")
            .right(fact("id-token-seller", of_seller(json!(seller))))
            .wrong(fact("id-token-seller", of_seller(json!("https://id.example.com/sellers/2"))), "sellerId wrong")
            .wrong(fact("id-token-seller", of_seller(Value::Null)), "sellerId missing"),
        row("id-token-claims")
            .right(fact("id-token-claims", json!({ "claim": "sellerName", "present": true })))
            .wrong(fact("id-token-claims", json!({ "claim": "sellerName", "present": false })), "sellerName missing"),
        row("id-token-claims-match")
            .right(fact("id-token-claims-match", claim("https://a.example.com")))
            .warned(fact("id-token-claims-match", claim("https://b.example.com")), "sellerUrl wrong"),
        row("provider-clock")
            .right(fact("provider-clock", json!({ "seconds": -60 })))
            .warned(fact("provider-clock", json!({ "seconds": -61 })), "iat wrong"),
        row("credentials-rejected")
            .right(wrong_credentials().status("response", 403))
            .wrong(wrong_credentials().status("response", 200), "authentication wrong"),
        row("credentials-error")
            .right(wrong_credentials().set("response/@type", "InvalidAuthorizationDetailsError"))
            .wrong(wrong_credentials().status("response", 400), "authentication wrong")
            .wrong(wrong_credentials().set("response", error("NotFoundError", 401)), "@type wrong"),
        row("feed-page")
            .right(feed_page(json!({ "items": [] })))
            .wrong(feed_page(json!({ "items": {} })), "items wrong")
            .wrong(feed_page(json!({})), "items missing"),
        row("preferred-authentication").right(configuration(ConfigurationRule::OpenId, "")).warned(
            configuration(ConfigurationRule::OpenId, "").feature("booking-partner-openid-authentication", Some(false)),
            "response wrong",
        ),
    ]);
    table
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
