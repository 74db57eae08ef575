//! OpenID Connect: discovery, registration, grants, tokens and claims.
//!
//! Most of it rests on secrets. What the live run saw of them is in [`Fact`]s, which these checks judge.

use serde_json::Value;

use crate::results::{Remark, RemarkLevel};
use crate::trace::{Fact, Purpose};

use super::outcome::Outcome;
use super::row::rows;
use super::value::{brief, shown};
use super::view::{Answered, problem_of, with};
use crate::results::Finding;

/// The longest life of an access token that the specification recommends, in seconds.
const LIFE: u64 = 15 * 60;
/// Clocks that are further apart than this, in seconds, are worth a word.
const SKEW: i64 = 60;

rows! {
    CREDENTIALS = "credentials": "there are credentials for the requests"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    PROVIDER_NAMED = "provider-named": "the dataset site names an OpenID provider"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    DISCOVERY = "discovery": "the OpenID provider can be discovered"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    ISSUER = "issuer": "the issuer is the one that the dataset site names"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    TOKEN_ENDPOINT = "token-endpoint": "the discovery document names the token endpoint"
        at [Auth], strict_fact(token_endpoint) {
        Any: [],
    }
    PKCE_METHODS = "pkce-methods": "code_challenge_methods_supported has S256"
        at [Auth], strict_fact(pkce_methods) {
        Any: [],
    }
    DISCOVERY_MEMBERS = "discovery-members": "the discovery document includes the required members"
        at [Auth], strict_fact(discovery_members) {
        Any: [],
    }
    PROVIDER_MEMBERS = "provider-members": "documents of the OpenID provider have the right types, also where nobody needs them"
        at [Auth], fact(provider_members) {
        Any: [],
    }
    OWN_CLIENT = "own-client": "there is a client for the test"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    REGISTRATION = "registration": "the client is registered"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    REGISTRATION_REJECTED = "registration-rejected": "the registration is rejected"
        at [Auth], fact(registration_rejected) {
        Any: [],
    }
    CLIENT_CREDENTIALS = "client-credentials": "client credentials bring a token"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    AUTHORIZATION = "authorization": "the Seller authorizes the client"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    REDIRECT_STATE = "redirect-state": "the authorization response reflects state"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    REDIRECT_ISSUER = "redirect-issuer": "the authorization response includes the issuer, where the provider says so"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    ID_TOKEN_NONCE = "id-token-nonce": "the ID token reflects nonce"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    REFRESH_TOKEN = "refresh-token": "the token response includes a refresh token"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    CONSENT = "consent": "the Seller is asked for consent, and once"
        at [Auth], fact(consent) {
        Any: [],
    }
    REDIRECT_URI = "redirect-uri": "nobody is sent to a redirect URI that was not registered"
        at [Auth], fact(redirect_uri) {
        Any: [],
    }
    PLAIN_CHALLENGE = "plain-challenge": "a plain code_challenge is rejected, unless the provider says that it has it"
        at [Auth], fact(plain_challenge) {
        Any: [],
    }
    TOKEN_REQUEST_REJECTED = "token-request-rejected": "the token endpoint rejects what it must"
        at [Auth], fact(token_request_rejected) {
        Any: [],
    }
    REFRESH = "refresh": "the refresh token brings new tokens"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    NEW_ACCESS_TOKEN = "new-access-token": "the access token is a new one"
        at [Auth], strict_fact(new_access_token) {
        Any: [],
    }
    SAME_SUBJECT = "same-subject": "the ID token is of the same subject"
        at [Auth], strict_fact(same_subject) {
        Any: [],
    }
    TOKEN_TYPE = "token-type": "the token is a bearer token"
        at [Auth], strict_fact(token_type) {
        Any: [],
    }
    TOKEN_SCOPE = "token-scope": "the token has the scope that was asked for"
        at [Auth], strict_fact(token_scope) {
        Any: [],
    }
    ACCESS_TOKEN_LIFETIME = "access-token-lifetime": "an access token lives 15 minutes at most"
        at [Auth], fact(lifetime) {
        Auth: ["OB-oauth-flows-and-scopes-2"],
    }, violates {
        [Auth] => ["OB-oauth-flows-and-scopes-2"],
    }
    ID_TOKEN_SELLER = "id-token-seller": "the ID token names the Seller"
        at [Auth], fact(id_token_seller) {
        Any: [],
    }
    ID_TOKEN_CLAIMS = "id-token-claims": "the ID token has the claims about the Seller by their names"
        at [Auth], fact(id_token_claims) {
        Auth: ["OB-id-token-claims-1", "OB-id-token-claims-2"],
    }
    ID_TOKEN_CLAIMS_MATCH = "id-token-claims-match": "what the ID token says of Seller and booking system is what the feeds and the dataset site say"
        at [Auth], fact(id_token_claims_match) {
        Auth: [
            "OB-id-token-claims-3",
            "OB-id-token-claims-4",
            "OB-id-token-claims-5",
            "OB-id-token-claims-7",
            "OB-id-token-claims-8",
        ],
    }
    PROVIDER_CLOCK = "provider-clock": "the clock of the OpenID provider is right"
        at [Auth], fact(provider_clock) {
        Any: [],
    }
    JUDGED_TOKENS = "judged-tokens": "tokens can have the flaw that the test is about"
        at [Auth], fact(judged_tokens) {
        Any: [],
    }
    CREDENTIALS_REJECTED = "credentials-rejected": "a request with wrong credentials is rejected"
        at [Auth], response(credentials_rejected) {
        Any: [],
    }
    CREDENTIALS_ERROR = "credentials-error": "the error says that it is about credentials"
        at [Auth], response(credentials_error) {
        Any: [],
    }
    FEED_PAGE = "feed-page": "the Orders feed returns a page"
        at [Auth], response(feed_page) {
        Any: [],
    }
    PREFERRED_AUTHENTICATION = "preferred-authentication": "Booking Partners and Sellers are known by OpenID Connect"
        at [Any], configuration {
        Any: [],
    }, step true, level Should
}

/// A finding about a fact.
fn finding(fact: &Fact, message: impl Into<String>) -> Finding {
    with(Finding::new(message).spec(&fact.spec), fact.exchange)
}

/// Something that was tried: it went well, or there is a problem.
fn attempt(fact: &Fact) -> Outcome {
    match &fact.problem {
        None => Outcome::held(),
        Some(problem) => {
            let finding = problem_of(problem);
            if problem.blocks { Outcome::blocked(finding) } else { Outcome::broken(finding) }
        }
    }
}

/// Something that must be rejected: it was, or whether it was is not known.
fn judged(fact: &Fact, broken: impl FnOnce() -> Option<Finding>) -> Outcome {
    if fact.problem.is_some() { attempt(fact) } else { Outcome::of(broken()) }
}

fn text<'f>(fact: &'f Fact, name: &str) -> Option<&'f str> {
    fact.observed.get(name).and_then(Value::as_str)
}

fn flag(fact: &Fact, name: &str) -> bool {
    fact.observed.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn number(fact: &Fact, name: &str) -> Option<u64> {
    fact.observed.get(name).and_then(Value::as_u64)
}

fn token_endpoint(fact: &Fact) -> Outcome {
    Outcome::of((!flag(fact, "named")).then(|| {
        let finding = finding(fact, "the discovery document names no token endpoint");
        finding.expected("token_endpoint", "nothing").path("token_endpoint")
    }))
}

/// What PKCE needs the provider to have: <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>.
fn pkce_methods(fact: &Fact) -> Outcome {
    let methods = fact.observed.get("methods").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let methods: Vec<&str> = methods.iter().filter_map(Value::as_str).collect();
    Outcome::of((!methods.contains(&"S256")).then(|| {
        let message = "`code_challenge_methods_supported` does not include S256";
        finding(fact, message).expected("S256", methods.join(", ")).path("code_challenge_methods_supported")
    }))
}

fn discovery_members(fact: &Fact) -> Outcome {
    let missing = fact.observed.get("missing").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let missing: Vec<&str> = missing.iter().filter_map(Value::as_str).collect();
    Outcome::of(missing.first().map(|first| {
        let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let finding = finding(fact, format!("{names} of the discovery document {verb} missing"));
        finding.expected("the members that OpenID Connect Discovery requires", "nothing").path(*first)
    }))
}

/// A member that is wrong and that nobody needs.
fn provider_members(fact: &Fact) -> Outcome {
    let said = |name: &str| text(fact, name).unwrap_or_default();
    let (document, member) = (said("document"), said("member"));
    let message = format!("`{member}` of {document} is not {} (found {})", said("expected"), said("found"));
    remark(RemarkLevel::Warning, message, member, fact.exchange)
}

fn statuses(value: Option<&Value>) -> Vec<u64> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64).collect()
}

fn alternatives<T: ToString>(statuses: &[T]) -> String {
    statuses.iter().map(T::to_string).collect::<Vec<_>>().join(" or ")
}

fn registration_rejected(fact: &Fact) -> Outcome {
    let status = number(fact, "status").unwrap_or_default();
    let wanted = statuses(fact.observed.get("wanted"));
    judged(fact, || {
        if flag(fact, "registered") || (200..300).contains(&status) {
            let finding = finding(fact, "a client was registered that must not be");
            Some(finding.expected("an error", format!("HTTP {status}")))
        } else if !wanted.contains(&status) {
            let finding = finding(fact, "the registration is refused with a status that says something else");
            let found = text(fact, "response").map_or_else(|| format!("HTTP {status}"), str::to_owned);
            Some(finding.expected(format!("HTTP {}", alternatives(&wanted)), found))
        } else {
            None
        }
    })
}

fn consent(fact: &Fact) -> Outcome {
    let (wanted, asked) = (flag(fact, "wanted"), flag(fact, "asked"));
    Outcome::of((asked != wanted).then(|| {
        let shown = |asked: bool| if asked { "a page for consent" } else { "no page for consent" };
        finding(fact, "consent is not asked for as it should be").expected(shown(wanted), shown(asked))
    }))
}

fn redirect_uri(fact: &Fact) -> Outcome {
    judged(fact, || {
        text(fact, "arrived").map(|what| {
            finding(fact, "the authorization endpoint sends the Seller to a redirect URI that was not registered")
                .expected("a page that says what is wrong", format!("a redirect to it, with {what}"))
        })
    })
}

fn plain_challenge(fact: &Fact) -> Outcome {
    judged(fact, || {
        flag(fact, "code").then(|| {
            let message =
                "the authorization endpoint accepts a plain code_challenge, which the provider does not say that it has";
            finding(fact, message).expected("invalid_request", "a code")
        })
    })
}

/// The token endpoint gives nothing out to a request that it must reject, and says so.
fn token_request_rejected(fact: &Fact) -> Outcome {
    let what = text(fact, "what").unwrap_or_default();
    judged(fact, || {
        let status = number(fact, "status").unwrap_or_default();
        if flag(fact, "granted") {
            let finding = finding(fact, format!("the token endpoint grants a token although {what}"));
            Some(finding.expected("an error response", "an access token"))
        } else if !(400..500).contains(&status) {
            let message = format!("the token endpoint rejects with HTTP {status} a request of which {what}");
            let found = text(fact, "response").map_or_else(|| format!("HTTP {status}"), str::to_owned);
            Some(finding(fact, message).expected("HTTP 400 or 401", found))
        } else {
            None
        }
    })
}

fn new_access_token(fact: &Fact) -> Outcome {
    Outcome::of(flag(fact, "same").then(|| {
        finding(fact, "the refresh token brings the same access token again").expected("a new one", "the same")
    }))
}

fn same_subject(fact: &Fact) -> Outcome {
    let (before, now) = (fact.observed.get("before"), fact.observed.get("now"));
    Outcome::of(
        (before != now).then(|| {
            finding(fact, "the new ID token is of somebody else").expected(shown(before), shown(now)).path("sub")
        }),
    )
}

fn token_type(fact: &Fact) -> Outcome {
    let found = text(fact, "token_type").unwrap_or_default();
    Outcome::of((!found.eq_ignore_ascii_case("bearer")).then(|| {
        finding(fact, "`token_type` of the token response is not Bearer")
            .expected("Bearer", if found.is_empty() { "nothing" } else { found })
            .path("token_type")
    }))
}

fn token_scope(fact: &Fact) -> Outcome {
    let wanted = text(fact, "wanted").unwrap_or_default();
    // A response that does not say otherwise grants what was asked for.
    let other = text(fact, "granted").filter(|granted| !granted.split(' ').any(|known| known == wanted));
    Outcome::of(other.map(|granted| {
        finding(fact, "the token has not the scope that was asked for").expected(wanted, granted).path("scope")
    }))
}

fn lifetime(fact: &Fact) -> Outcome {
    let Some(life) = number(fact, "expires_in") else {
        // RFC 6749, 5.1 recommends it, and the token may have an end all the same.
        let message = "`expires_in` of the token response is missing, so nobody knows when the access token ends";
        return remark(RemarkLevel::Suggestion, message.to_owned(), "expires_in", fact.exchange);
    };
    Outcome::of((life > LIFE).then(|| {
        let finding = finding(fact, "`expires_in` of the token response is longer than 15 minutes");
        finding.expected(format!("{LIFE} or less"), life.to_string()).path("expires_in")
    }))
}

fn id_token_seller(fact: &Fact) -> Outcome {
    let (wanted, found) = (text(fact, "seller").unwrap_or_default(), fact.observed.get("found"));
    Outcome::of((found.and_then(Value::as_str) != Some(wanted)).then(|| {
        let finding = finding(fact, "the ID token names another Seller than the one who logged in");
        finding.expected(wanted, shown(found)).path(text(fact, "claim").unwrap_or_default())
    }))
}

fn id_token_claims(fact: &Fact) -> Outcome {
    let claim = text(fact, "claim").unwrap_or_default();
    Outcome::of((!flag(fact, "present")).then(|| {
        finding(fact, format!("the ID token has no claim {claim}")).expected("the claim", "nothing").path(claim)
    }))
}

fn id_token_claims_match(fact: &Fact) -> Outcome {
    let claim = text(fact, "claim").unwrap_or_default();
    let (expected, found) = (fact.observed.get("expected"), fact.observed.get("found"));
    Outcome::of((expected != found).then(|| {
        let what = text(fact, "what").unwrap_or_default();
        let finding = finding(fact, format!("{claim} is not the {what}")).violating(text(fact, "requirement"));
        finding.expected(expected.map(brief).unwrap_or_default(), found.map(brief).unwrap_or_default()).path(claim)
    }))
}

/// A remark about authentication.
fn remark(level: RemarkLevel, message: String, path: &str, exchange: Option<u32>) -> Outcome {
    let remark = Remark {
        requirements: Vec::new(),
        level,
        message,
        path: path.to_owned(),
        rule: "openid-connect".to_owned(),
        model: None,
        count: 1,
        first: None,
        exchange,
    };
    Outcome { remarks: vec![remark], silent: true, ..Outcome::held() }
}

fn provider_clock(fact: &Fact) -> Outcome {
    let skew = fact.observed.get("seconds").and_then(Value::as_i64).unwrap_or_default();
    if skew.abs() <= SKEW {
        return Outcome::absent();
    }
    let message = format!("the clock of the OpenID provider differs from this one by {skew} s");
    remark(RemarkLevel::Warning, message, "iat", fact.exchange)
}

fn judged_tokens(fact: &Fact) -> Outcome {
    let why = text(fact, "why").unwrap_or_default();
    remark(RemarkLevel::Suggestion, format!("not judged: {why}"), "", None)
}

/// A request with wrong credentials is rejected, with one of these statuses.
fn credentials_rejected(answered: &Answered<'_>) -> Outcome {
    let Purpose::WrongCredentials(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let (what, status) = (&answered.exchanged.what, answered.exchanged.reply.status.unwrap_or_default());
    Outcome::of((!wanted.contains(&status)).then(|| {
        let message = if (200..300).contains(&status) {
            format!("{what} is answered, and must be refused")
        } else {
            format!("{what} is refused with another status")
        };
        let expected = format!("HTTP {}", alternatives(wanted));
        answered.finding(message).expected(expected, answered.exchanged.reply.shown())
    }))
}

/// The error says that it is about credentials.
fn credentials_error(answered: &Answered<'_>) -> Outcome {
    const KNOWN: &[&str] =
        &["UnauthenticatedError", "NoAPITokenError", "InvalidAPITokenError", "InvalidAuthorizationDetailsError"];
    let Purpose::WrongCredentials(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    if !answered.exchanged.reply.status.is_some_and(|status| wanted.contains(&status)) {
        return Outcome::absent();
    }
    let kind = answered.seen.body.get("@type");
    Outcome::of((!kind.and_then(Value::as_str).is_some_and(|kind| KNOWN.contains(&kind))).then(|| {
        let what = &answered.exchanged.what;
        let message = format!("the refusal of {what} is no error of the Open Booking API about credentials");
        answered.finding(message).expected(KNOWN.join(" or "), shown(kind)).path("@type")
    }))
}

/// The Orders feed returns a page.
fn feed_page(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::FeedPage || !answered.succeeded() {
        return Outcome::absent();
    }
    Outcome::of(
        (!answered.seen.body.get("items").is_some_and(Value::is_array))
            .then(|| answered.finding("the Orders feed answers with no page").expected("items", "none").path("items")),
    )
}
