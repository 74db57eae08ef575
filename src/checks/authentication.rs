//! OpenID Connect: discovery, registration, grants, tokens and claims.
//!
//! Most of it rests on secrets. What the live run saw of them is in [`Fact`]s, which these checks judge.

use serde_json::Value;

use crate::results::{Remark, RemarkLevel};
use crate::trace::{Fact, Purpose};

use super::outcome::Outcome;
use super::row::rows;
use super::value::{brief, quoted, shown};
use super::view::{Answered, problem_of, with};
use crate::results::Finding;

/// The longest recommended `expires_in` of an access token, in seconds.
const LIFE: u64 = 15 * 60;
/// Clocks that differ by more than this, in seconds, are worth a remark.
const SKEW: i64 = 60;
/// The scope that opens the Orders feed.
const FEED_SCOPE: &str = "openactive-ordersfeed";

// Rules of OAuth 2.0 and OpenID Connect have no identifiers: their checks violate nothing by identifier and are failures. What
// the Open Booking API says of both it only recommends: checks that a feature promises all the same are failures, too.
rows! {
    CREDENTIALS = "credentials": "credentials for the requests are available"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    PROVIDER_NAMED = "provider-named": "`accessService.authenticationAuthority` of the dataset site names the OpenID provider"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    DISCOVERY = "discovery": "the OpenID provider has a discovery document"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    ISSUER = "issuer": "`issuer` equals the authenticationAuthority of the dataset site"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    TOKEN_ENDPOINT = "token-endpoint": "the discovery document includes `token_endpoint`"
        at [Auth], strict_fact(token_endpoint) {
        Any: [],
    }
    PKCE_METHODS = "pkce-methods": "`code_challenge_methods_supported` includes S256"
        at [Auth], strict_fact(pkce_methods) {
        Any: [],
    }
    DISCOVERY_MEMBERS = "discovery-members": "the discovery document includes the required members"
        at [Auth], strict_fact(discovery_members) {
        Any: [],
    }
    PROVIDER_MEMBERS = "provider-members": "optional members of documents of the OpenID provider have the right types"
        at [Auth], fact(provider_members) {
        Any: [],
    }
    OWN_CLIENT = "own-client": "a client for the test is available"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    REGISTRATION = "registration": "client registration succeeds"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }
    REGISTRATION_REJECTED = "registration-rejected": "an invalid client registration is rejected"
        at [Auth], fact(registration_rejected) {
        Any: [],
    }
    CLIENT_CREDENTIALS = "client-credentials": "client credentials return an access token"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }, violates {
        [Auth] => ["OB-oauth-flows-and-scopes-6", "OB-oauth-flows-and-scopes-4"],
    }, promised true
    AUTHORIZATION = "authorization": "the Authorization Code Flow returns tokens"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }, violates {
        [Auth] "id_token" if "missing" => ["OB-authorization-code-flow-3"],
        [Auth] "id_token" => [],
        [Auth] "alg" => [],
        [Auth] "kid" => [],
        [Auth] "iss" => [],
        [Auth] "sub" => [],
        [Auth] "aud" => [],
        [Auth] "azp" => [],
        [Auth] "exp" => [],
        [Auth] "iat" => [],
        [Auth] "nbf" => [],
        [Auth] "at_hash" => [],
        [Auth] "code" => [],
        [Auth] => ["OB-oauth-flows-and-scopes-3"],
    }, promised true
    REDIRECT_STATE = "redirect-state": "`state` of the authorization response is that of the request"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    REDIRECT_ISSUER = "redirect-issuer": "`iss` of the authorization response is the issuer, and included if the discovery document promises it"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    ID_TOKEN_NONCE = "id-token-nonce": "`nonce` of the ID token is that of the request"
        at [Auth], strict_fact(attempt) {
        Any: [],
    }
    REFRESH_TOKEN = "refresh-token": "the token response includes `refresh_token`"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }, violates {
        [Auth] => ["OB-authorization-code-flow-2"],
    }, promised true
    CONSENT = "consent": "consent of the Seller is requested once"
        at [Auth], fact(consent) {
        Any: [],
    }
    REDIRECT_URI = "redirect-uri": "an unregistered `redirect_uri` receives no authorization response"
        at [Auth], fact(redirect_uri) {
        Any: [],
    }
    PLAIN_CHALLENGE = "plain-challenge": "`code_challenge_method` plain is rejected unless it is published"
        at [Auth], fact(plain_challenge) {
        Any: [],
    }
    TOKEN_REQUEST_REJECTED = "token-request-rejected": "an invalid token request is rejected"
        at [Auth], fact(token_request_rejected) {
        Any: [],
    }
    REPLAY_REVOKES = "replay-revokes": "tokens of an authorization code that is redeemed twice are revoked"
        at [Auth], strict_fact(replay_revokes) {
        Any: [],
    }, level Should
    REFRESH = "refresh": "the refresh token returns new tokens"
        at [Auth], needed_fact(attempt) {
        Any: [],
    }, violates {
        [Auth] "id_token" => [],
        [Auth] "alg" => [],
        [Auth] "kid" => [],
        [Auth] "iss" => [],
        [Auth] "sub" => [],
        [Auth] "aud" => [],
        [Auth] "azp" => [],
        [Auth] "exp" => [],
        [Auth] "iat" => [],
        [Auth] "nbf" => [],
        [Auth] "at_hash" => [],
        [Auth] => ["OB-authorization-code-flow-2"],
    }, promised true
    NEW_ACCESS_TOKEN = "new-access-token": "the refresh token returns another access token"
        at [Auth], strict_fact(new_access_token) {
        Any: [],
    }
    SAME_SUBJECT = "same-subject": "`sub` of the ID token stays the same when tokens are refreshed"
        at [Auth], strict_fact(same_subject) {
        Any: [],
    }
    TOKEN_TYPE = "token-type": "`token_type` is Bearer"
        at [Auth], strict_fact(token_type) {
        Any: [],
    }
    TOKEN_SCOPE = "token-scope": "`scope` of the token response includes the requested scope"
        at [Auth], strict_fact(token_scope) {
        Any: [],
    }, promised true
    ACCESS_TOKEN_LIFETIME = "access-token-lifetime": "`expires_in` is at most 15 minutes"
        at [Auth], fact(lifetime) {
        Auth: ["OB-oauth-flows-and-scopes-2"],
    }, violates {
        [Auth] => ["OB-oauth-flows-and-scopes-2"],
    }
    ID_TOKEN_SELLER = "id-token-seller": "`sellerId` of the ID token is the Seller who logged in"
        at [Auth], fact(id_token_seller) {
        Any: [],
    }, violates {
        [Auth] if "missing" => ["OB-authorization-code-flow-3", "OB-id-token-claims-1"],
        [Auth] => ["OB-id-token-claims-6"],
    }, promised true
    ID_TOKEN_CLAIMS = "id-token-claims": "the ID token includes the claims of the Seller"
        at [Auth], fact(id_token_claims) {
        Auth: ["OB-id-token-claims-1", "OB-id-token-claims-2"],
    }, violates {
        [Auth] => ["OB-id-token-claims-1", "OB-authorization-code-flow-3"],
    }, promised true
    ID_TOKEN_CLAIMS_MATCH = "id-token-claims-match": "claims of the ID token equal the Seller of the feeds and the BookingService of the dataset site"
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
    JUDGED_TOKENS = "judged-tokens": "tokens can have the flaw that is tested"
        at [Auth], fact(judged_tokens) {
        Any: [],
    }
    CREDENTIALS_REJECTED = "credentials-rejected": "a request with wrong credentials is rejected"
        at [Auth], response(credentials_rejected) {
        Any: [],
    }, step true, promised true
    CREDENTIALS_ERROR = "credentials-error": "HTTP status and error of the rejection are about credentials"
        at [Auth], response(credentials_error) {
        Any: [],
    }
    FEED_PAGE = "feed-page": "the Orders feed returns a page"
        at [Auth], response(feed_page) {
        Any: [],
    }, violates {
        [Auth] => ["OB-orders-feed-notifications-updates-and-refunds-1", "OB-realtime-paged-data-exchange-1-0-1"],
    }
    PREFERRED_AUTHENTICATION = "preferred-authentication": "Booking Partners and Sellers authenticate by OpenID Connect"
        at [Any], configuration {
        Any: [],
    }, step true, level Should
}

/// A finding about a fact.
fn finding(fact: &Fact, message: impl Into<String>) -> Finding {
    with(Finding::new(message).spec(&fact.spec), fact.exchange)
}

/// An attempt: it succeeded, or there is a problem.
fn attempt(fact: &Fact) -> Outcome {
    match &fact.problem {
        None => Outcome::held(),
        Some(problem) => {
            let finding = problem_of(problem);
            if problem.blocks { Outcome::blocked(finding) } else { Outcome::broken(finding) }
        }
    }
}

/// Something that must be rejected: it was, or that is not known.
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
        let finding = finding(fact, "`token_endpoint` of the discovery document is missing");
        finding.expected("a URL", "nothing").path("token_endpoint")
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

/// An optional member of another type.
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
            let finding = finding(fact, "an invalid client registration succeeds");
            Some(finding.expected("an error", format!("HTTP {status}")))
        } else if !wanted.contains(&status) {
            let finding = finding(fact, "an invalid client registration is rejected with the wrong HTTP status");
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
        let shown = |asked: bool| if asked { "a consent page" } else { "no consent page" };
        let defect = if wanted { "is not requested" } else { "is requested again, although it was given" };
        finding(fact, format!("consent of the Seller {defect}")).expected(shown(wanted), shown(asked))
    }))
}

fn redirect_uri(fact: &Fact) -> Outcome {
    judged(fact, || {
        text(fact, "arrived").map(|what| {
            finding(fact, "an unregistered `redirect_uri` receives an authorization response")
                .expected("an error page without a redirect", format!("a redirect with {what}"))
                .path("redirect_uri")
        })
    })
}

fn plain_challenge(fact: &Fact) -> Outcome {
    judged(fact, || {
        flag(fact, "code").then(|| {
            let message = "`code_challenge_method` plain is accepted, although it is not published";
            finding(fact, message).expected("invalid_request", "a code").path("code_challenge_method")
        })
    })
}

/// The token endpoint issues nothing to a request that it must reject, and responds with an error.
fn token_request_rejected(fact: &Fact) -> Outcome {
    let what = text(fact, "what").unwrap_or_default();
    judged(fact, || {
        let status = number(fact, "status").unwrap_or_default();
        if flag(fact, "granted") {
            let finding = finding(fact, format!("the token endpoint issues a token although {what}"));
            Some(finding.expected("an error response", "an access token"))
        } else if !(400..500).contains(&status) {
            let message =
                format!("the token endpoint responds with HTTP {status}, not with an error response, although {what}");
            let found = text(fact, "response").map_or_else(|| format!("HTTP {status}"), str::to_owned);
            Some(finding(fact, message).expected("HTTP 400 or 401", found))
        } else {
            None
        }
    })
}

/// RFC 6749, section 4.1.2: tokens that were issued for a code should be revoked once the code is used again.
fn replay_revokes(fact: &Fact) -> Outcome {
    Outcome::of(flag(fact, "granted").then(|| {
        finding(fact, "`refresh_token` is accepted after its authorization code was redeemed twice")
            .expected("an error response", "an access token")
            .path("refresh_token")
    }))
}

fn new_access_token(fact: &Fact) -> Outcome {
    Outcome::of(flag(fact, "same").then(|| {
        finding(fact, "`access_token` of the refresh response is the previous one")
            .expected("a new access token", "the same access token")
            .path("access_token")
    }))
}

fn same_subject(fact: &Fact) -> Outcome {
    let (before, now) = (fact.observed.get("before"), fact.observed.get("now"));
    Outcome::of((before != now).then(|| {
        finding(fact, "`sub` of the refreshed ID token is another one").expected(shown(before), shown(now)).path("sub")
    }))
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
    // A response without `scope` grants what was requested.
    let other = text(fact, "granted").filter(|granted| !granted.split(' ').any(|known| known == wanted));
    Outcome::of(other.map(|granted| {
        // Which scope opens what is recommended; that a token has the scope which its request names is RFC 6749, 3.3.
        let opens = if wanted == FEED_SCOPE { "OB-oauth-flows-and-scopes-6" } else { "OB-oauth-flows-and-scopes-5" };
        let finding = finding(fact, format!("`scope` of the token response omits {wanted}")).violating([opens]);
        finding.expected(wanted, granted).path("scope")
    }))
}

fn lifetime(fact: &Fact) -> Outcome {
    let Some(life) = number(fact, "expires_in") else {
        // RFC 6749, 5.1 recommends it, and the token may have an end all the same.
        let message = "`expires_in` of the token response is missing, so that the end of the access token is unknown";
        return remark(RemarkLevel::Suggestion, message.to_owned(), "expires_in", fact.exchange);
    };
    Outcome::of((life > LIFE).then(|| {
        let finding = finding(fact, "`expires_in` of the token response is longer than 15 minutes");
        finding.expected(format!("{LIFE} or less"), life.to_string()).path("expires_in")
    }))
}

fn id_token_seller(fact: &Fact) -> Outcome {
    let wanted = text(fact, "seller").unwrap_or_default();
    let found = fact.observed.get("found").filter(|found| !found.is_null());
    Outcome::of((found.and_then(Value::as_str) != Some(wanted)).then(|| {
        let defect = if found.is_none() { "is missing" } else { "is not the Seller who logged in" };
        let finding = finding(fact, format!("`sellerId` of the ID token {defect}"));
        finding.expected(quoted(wanted), shown(found)).path(text(fact, "claim").unwrap_or_default())
    }))
}

fn id_token_claims(fact: &Fact) -> Outcome {
    let claim = text(fact, "claim").unwrap_or_default();
    Outcome::of((!flag(fact, "present")).then(|| {
        finding(fact, format!("{claim} of the ID token is missing")).expected("the claim", "nothing").path(claim)
    }))
}

fn id_token_claims_match(fact: &Fact) -> Outcome {
    let claim = text(fact, "claim").unwrap_or_default();
    let (expected, found) = (fact.observed.get("expected"), fact.observed.get("found"));
    Outcome::of((expected != found).then(|| {
        let what = text(fact, "what").unwrap_or_default();
        let finding =
            finding(fact, format!("{claim} of the ID token is not the {what}")).violating(text(fact, "requirement"));
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
    Outcome { unjudged: Some(why.to_owned()), silent: true, ..Outcome::held() }
}

/// A request with wrong credentials is rejected.
fn credentials_rejected(answered: &Answered<'_>) -> Outcome {
    let Purpose::WrongCredentials(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let (what, reply) = (&answered.exchanged.what, &answered.exchanged.reply);
    let Some(status) = reply.status else { return Outcome::absent() };
    Outcome::of((status < 400).then(|| {
        let message = format!("{what} with wrong credentials is not rejected");
        answered.finding(message).expected(format!("HTTP {}", alternatives(wanted)), reply.shown())
    }))
}

/// Status and error of the rejection are about credentials. Which of the errors it is depends on what the system makes of the
/// credentials.
fn credentials_error(answered: &Answered<'_>) -> Outcome {
    const KNOWN: &[&str] =
        &["UnauthenticatedError", "NoAPITokenError", "InvalidAPITokenError", "InvalidAuthorizationDetailsError"];
    let Purpose::WrongCredentials(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let (what, reply) = (&answered.exchanged.what, &answered.exchanged.reply);
    let Some(status) = reply.status.filter(|status| *status >= 400) else { return Outcome::absent() };
    if !wanted.contains(&status) {
        let message = format!("{what} with wrong credentials is rejected with the wrong HTTP status");
        let finding = answered.finding(message);
        return Outcome::broken(finding.expected(format!("HTTP {}", alternatives(wanted)), reply.shown()));
    }
    let kind = answered.seen.body.get("@type");
    Outcome::of((!kind.and_then(Value::as_str).is_some_and(|kind| KNOWN.contains(&kind))).then(|| {
        let message = format!("`@type` of the error of {what} is not about credentials");
        answered.finding(message).expected(KNOWN.join(" or "), shown(kind)).path("@type")
    }))
}

/// The Orders feed returns a page.
fn feed_page(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::FeedPage || !answered.succeeded() {
        return Outcome::absent();
    }
    let found = answered.seen.body.get("items");
    Outcome::of((!found.is_some_and(Value::is_array)).then(|| {
        let defect = if found.is_none() { "is missing" } else { "is not an array" };
        let finding = answered.finding(format!("`items` of the Orders feed {defect}"));
        finding.expected("an array", shown(found)).path("items")
    }))
}
