//! Authentication: tokens of an OpenID provider, how they are come by, and who is refused.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use oa_test::client::auth::{Access, Agent};
use oa_test::client::{Client, Recorder, Redactor};
use oa_test::config::{Config, Layers, SellerRole, load};
use oa_test::sandbox::{
    Alteration, AlterationOptions, ExchangeKind, Fault, Faults, Furnishing, MemberChange, Sandbox, SandboxOptions,
    Variant, VariantGroup, Variants,
};
use oa_test::vocabulary::OpportunityType;
use serde_json::{Value, json};

use crate::citations::{assert_cited, of_failures};
use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, Target, respond, run};

/// A fault, the test that finds it, what it says, and every check that does not hold then.
type Found = (Fault, &'static str, &'static str, &'static [&'static str]);

const FAULTS: &[Found] = &[
    (
        Fault::AuthorityMissing,
        "booking-partner-openid-authentication/authentication-authority-present",
        "`accessService.authenticationAuthority` is missing",
        &["failed Dataset site: accessService.authenticationAuthority is a string"],
    ),
    (
        Fault::OrdersFeedWithoutItems,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`items` of the Orders feed is missing",
        &["failed Orders feed with the token: feed-page"],
    ),
    (
        Fault::PkceMethodsPlainOnly,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`code_challenge_methods_supported` does not include S256",
        &["failed Discovery: pkce-methods"],
    ),
    (
        Fault::RefreshChangesSubject,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`sub` of the refreshed ID token is another one",
        &["failed Refresh: same-subject"],
    ),
    (
        Fault::RefreshKeepsAccessToken,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`access_token` of the refresh response is the previous one",
        &["failed Refresh: new-access-token"],
    ),
    (
        Fault::TokenScopeOther,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`scope` of the token response omits openactive-ordersfeed",
        &["failed Client credentials: token-scope"],
    ),
    (
        Fault::AccessTokenEmpty,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`access_token` of the token response is not a string",
        &["failed Client credentials: client-credentials"],
    ),
    (
        Fault::TokenTypeOther,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`token_type` of the token response is not Bearer",
        &["failed Client credentials: token-type"],
    ),
    (
        Fault::ClientCredentialsRejected,
        "booking-partner-openid-authentication/client-credentials-flow",
        "unauthorized_client",
        &["failed Client credentials: client-credentials"],
    ),
    (
        Fault::ClientSecretIgnored,
        "booking-partner-openid-authentication/client-credentials-flow",
        "issues a token although the client secret is wrong",
        &["failed Client credentials with wrong secret: token-request-rejected"],
    ),
    (
        Fault::CodeInFragment,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "the authorization response is in the fragment",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::DiscoveryWithoutSubjectTypes,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`subject_types_supported` of the discovery document is missing",
        &["failed Discovery: discovery-members"],
    ),
    (
        Fault::IdTokenNotYetValid,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`nbf` of the ID token is in the future",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::RedirectIssuerMissing,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`iss` of the authorization response is missing",
        &["failed Authorization: redirect-issuer"],
    ),
    (
        Fault::RedirectIssuerOther,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`iss` of the authorization response is not the issuer",
        &["failed Authorization: redirect-issuer"],
    ),
    (
        Fault::CodeOfAnyClient,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although the code was issued to another client",
        &["failed Code redeemed by another client: token-request-rejected"],
    ),
    (
        Fault::CodeReusable,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although the code was redeemed before",
        &["failed Code redeemed twice: token-request-rejected"],
    ),
    (
        Fault::ConsentNotRetained,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-persisted",
        "consent of the Seller is requested again, although it was given",
        &["failed Authorization identity only: consent"],
    ),
    (
        Fault::ConsentSkipped,
        "dynamic-client-registration/authorization-code-flow",
        "consent of the Seller is not requested",
        &["failed Authorization: consent"],
    ),
    (
        Fault::DiscoveryMissing,
        "booking-partner-openid-authentication/client-credentials-flow",
        "has no discovery document",
        &["failed Discovery: discovery"],
    ),
    (
        Fault::DiscoveryOtherIssuer,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`issuer` of the discovery document is not the authenticationAuthority",
        &["failed Discovery: issuer"],
    ),
    (
        Fault::DiscoveryWithoutTokenEndpoint,
        "booking-partner-openid-authentication/client-credentials-flow",
        "`token_endpoint` of the discovery document is missing",
        &["failed Discovery: token-endpoint", "failed Client credentials: client-credentials"],
    ),
    (
        Fault::IdTokenExpired,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`exp` of the ID token is in the past",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::IdTokenMissing,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`id_token` of the token response is missing",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::IdTokenOtherAudience,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`aud` of the ID token does not include the client_id",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::IdTokenOtherSeller,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`sellerId` of the ID token is not the Seller who logged in",
        &["failed Authorization: id-token-seller"],
    ),
    (
        Fault::IdTokenUnsigned,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "the ID token is not signed",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::IdTokenWithoutSeller,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "https://openactive.io/sellerName of the ID token is missing",
        &["failed Authorization: id-token-seller", "failed Authorization: id-token-claims"],
    ),
    (
        Fault::IdTokenWrongSignature,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "the signature of the ID token is not valid",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::LoginPagesStatus500,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "HTTP 500",
        &["failed Authorization: authorization"],
    ),
    (
        Fault::NonceDropped,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`nonce` of the ID token is missing",
        &["failed Authorization: id-token-nonce"],
    ),
    (
        Fault::OrdersOfOthersChangeable,
        "booking-partner-authentication/booking-partner-partitioning-for-orders",
        "instead of being rejected with UnknownOrderError",
        &[
            "failed Secondary Booking Partner: Order Cancellation: rejection-status",
            "failed Secondary Booking Partner: Order Deletion: rejection-status",
        ],
    ),
    (
        Fault::OrdersOfOthersReadable,
        "booking-partner-authentication/booking-partner-partitioning-for-orders",
        "instead of being rejected with UnknownOrderError",
        &["failed Secondary Booking Partner: Order Status: rejection-status"],
    ),
    (
        Fault::PkceVerifierOptional,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although `code_verifier` is missing",
        &["failed Code redeemed without verifier: token-request-rejected"],
    ),
    (
        Fault::PkceIgnored,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although `code_verifier`",
        &[
            "failed Code redeemed with wrong verifier: token-request-rejected",
            "failed Code redeemed without verifier: token-request-rejected",
        ],
    ),
    (
        Fault::PkceNotRequired,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although the authorization request had no `code_challenge`",
        &["failed Code redeemed without challenge: token-request-rejected"],
    ),
    (
        Fault::PkcePlainAccepted,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-requests-protected",
        "`code_challenge_method` plain is accepted",
        &["failed Authorization with plain challenge: plain-challenge"],
    ),
    (
        Fault::RedirectUriLoose,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-requests-protected",
        "an unregistered `redirect_uri` receives an authorization response",
        &["failed Authorization with other redirect uri: redirect-uri"],
    ),
    (
        Fault::RedirectUriUnchecked,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected",
        "issues a token although `redirect_uri`",
        &["failed Code redeemed with other redirect uri: token-request-rejected"],
    ),
    (
        Fault::RefreshRejected,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "invalid_grant",
        &["failed Refresh: refresh"],
    ),
    (
        Fault::RefreshTokenMissing,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`refresh_token` of the token response is missing",
        &["failed Authorization: refresh-token"],
    ),
    (
        Fault::RefreshTokenOfAnyClient,
        "booking-partner-openid-authentication-for-multiple-sellers/refresh-tokens-protected",
        "issues a token although the refresh token",
        &["failed Refresh by another client: token-request-rejected"],
    ),
    (
        Fault::RegistrationOpen,
        "dynamic-client-registration/registration-protected",
        "an invalid client registration succeeds",
        &[
            "failed Registration with wrong token: registration-rejected",
            "failed Registration without token: registration-rejected",
        ],
    ),
    (
        Fault::RegistrationRejected,
        "dynamic-client-registration/client-credentials-flow",
        "the client registration is rejected with invalid_token",
        &["failed Registration: registration"],
    ),
    (
        Fault::RegistrationStatus200,
        "dynamic-client-registration/client-credentials-flow",
        "the client registration returns HTTP 200",
        &["failed Registration: registration"],
    ),
    (
        Fault::RegistrationUnchecked,
        "dynamic-client-registration/client-credentials-flow",
        "an invalid client registration succeeds",
        &["failed Registration without redirect uris: registration-rejected"],
    ),
    (
        Fault::RegistrationWithoutSecret,
        "dynamic-client-registration/client-credentials-flow",
        "`client_secret` of the client registration response is missing",
        &["failed Registration: registration"],
    ),
    (
        Fault::StateDropped,
        "booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow",
        "`state` of the authorization response is missing",
        &["failed Authorization: redirect-state"],
    ),
    (
        Fault::TokenAlgNoneAccepted,
        "booking-partner-openid-authentication/access-tokens-verified",
        "is not rejected",
        &["failed C1 with a token that is unsigned: credentials-rejected"],
    ),
    (
        Fault::TokenAudienceIgnored,
        "booking-partner-openid-authentication-for-multiple-sellers/tokens-for-one-purpose",
        "is not rejected",
        &["failed C1 with a token that is an ID token: credentials-rejected"],
    ),
    (
        Fault::TokenExpiryIgnored,
        "booking-partner-openid-authentication/access-tokens-verified",
        "is not rejected",
        &["failed C1 with a token that is expired: credentials-rejected"],
    ),
    (
        Fault::TokenScopesIgnored,
        "booking-partner-openid-authentication-for-multiple-sellers/tokens-for-one-purpose",
        "is not rejected",
        &[
            "failed C1 with a token that is for the Orders feeds only: credentials-rejected",
            "failed Orders feed with a token of a Seller: credentials-rejected",
        ],
    ),
    (
        Fault::TokenSignatureIgnored,
        "booking-partner-openid-authentication/access-tokens-verified",
        "is not rejected",
        &["failed C1 with a token that is wrongly signed: credentials-rejected"],
    ),
];

#[test]
fn each_fault_breaks_the_checks_that_are_about_it_and_no_other() {
    for (fault, finder, message, expected) in FAULTS {
        let (feature, test) = finder.split_once('/').unwrap();
        let outcome = run(&[
            "--fault",
            fault.name(),
            "--feature",
            feature,
            "--test",
            test,
            "--type",
            "ScheduledSession",
            "--flow",
            "OpenBookingSimpleFlow",
        ]);
        assert_eq!(outcome.code, 1, "{fault}\n{}", outcome.stdout);
        let broken = outcome.broken_checks();
        let (mut broken, mut expected): (Vec<&str>, Vec<&str>) =
            (broken.iter().map(String::as_str).collect(), expected.to_vec());
        broken.sort_unstable();
        expected.sort_unstable();
        assert_eq!(broken, expected, "{fault}");
        assert_cited(fault.name(), &of_failures(outcome.report()));
        assert!(outcome.messages().contains(message), "{fault}: {}", outcome.messages());
    }
}

#[test]
fn every_fault_of_authentication_is_in_the_table() {
    let finders = include_str!("../../fixtures/faults.txt");
    let listed = |name: &str| FAULTS.iter().any(|(fault, ..)| fault.name() == name);
    for (fault, finder) in finders.lines().filter_map(|line| line.split_once(' ')) {
        let of_openid = finder.starts_with("booking-partner-openid") || finder.starts_with("dynamic-client");
        assert!(!of_openid || listed(fault), "{fault}");
    }
}

#[test]
fn a_name_of_the_seller_that_differs_is_a_warning() {
    let feature = "booking-partner-openid-authentication-for-multiple-sellers";
    let arguments = ["--feature", feature, "--test", "authorization-code-flow", "--warnings"];
    let honest = run(&arguments);
    assert!(!honest.stdout.contains("sellerName"), "{}", honest.stdout);
    let with_fault: Vec<&str> = arguments.into_iter().chain(["--fault", Fault::IdTokenOtherName.name()]).collect();
    let outcome = run(&with_fault);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("sellerName of the ID token is not the name of the Seller"), "{}", outcome.stdout);
}

/// A sandbox, and the built-in configuration with it as its target.
struct Site {
    runtime: tokio::runtime::Runtime,
    sandbox: Sandbox,
}

impl Site {
    /// A sandbox with what controlled mode needs in its feeds: nothing is picked from them.
    fn new(options: SandboxOptions) -> Self {
        let types = vec![OpportunityType::ScheduledSession, OpportunityType::IndividualFacilityUseSlot];
        let options = SandboxOptions { furnishing: Furnishing::Sample, types, ..options };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { runtime, sandbox }
    }

    /// The built-in configuration as a file that names the sandbox.
    fn configuration(&self) -> Value {
        let mut config: Value = serde_json::from_str(include_str!("../../default.json")).unwrap();
        config["broker"]["datasetSiteUrl"] = self.sandbox.dataset_site().into();
        config
    }

    fn run(&self, change: impl FnOnce(&mut Value), arguments: &[&str]) -> Outcome {
        let bench = Bench::new();
        let mut config = self.configuration();
        change(&mut config);
        bench.write("config.json", &config.to_string());
        let all: Vec<&str> = ["run", "--config", "config.json"].into_iter().chain(arguments.iter().copied()).collect();
        bench.oa_test(&all)
    }

    fn authority(&self) -> String {
        format!("http://{}/identity", self.sandbox.address())
    }

    /// The credentials of a run, without a run.
    fn access(&self) -> (Access, Arc<Recorder>) {
        let config: Arc<Config> = Arc::new(load(&Layers::built_in().unwrap()).unwrap());
        let recorder = Arc::new(Recorder::new(Redactor::of(&config)));
        let client = Client::new(Arc::clone(&recorder), false).unwrap();
        (Access::new(config, client, Some(self.authority()), Agent::Forms), recorder)
    }
}

#[test]
fn a_refreshed_token_without_a_token_type_is_a_failure() {
    let kind = ExchangeKind::of("POST", "/identity/token", Some("grant_type=refresh_token"), 200);
    let alteration = Alteration::Member("/token_type".to_owned(), MemberChange::Omit);
    let alteration = Some(AlterationOptions { kind, alteration, delay: Duration::ZERO });
    let site = Site::new(SandboxOptions { alteration, ..SandboxOptions::default() });
    let feature = "booking-partner-openid-authentication-for-multiple-sellers";
    let outcome = site.run(|_| (), &["--feature", feature, "--test", "authorization-code-flow"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("`token_type` of the token response is not Bearer"), "{}", outcome.stdout);
}

fn count(recorder: &Recorder, label: &str) -> usize {
    recorder.all().iter().filter(|exchange| exchange.label == label).count()
}

const BOOKING: &[&str] = &["--feature", "opportunity-attendance-updates", "--type", "ScheduledSession"];

#[test]
fn everybody_who_needs_a_token_gets_the_same_one_and_it_is_renewed_once_before_it_expires() {
    let site = Site::new(SandboxOptions { token_seconds: 2, ..SandboxOptions::default() });
    let (access, recorder) = site.access();
    site.runtime.block_on(async {
        let all = || futures::future::join_all((0..20).map(|_| access.seller_token(SellerRole::Primary, "primary")));
        let first: BTreeSet<String> =
            all().await.into_iter().map(|tokens| tokens.unwrap().access.reveal().to_owned()).collect();
        assert_eq!(first.len(), 1);
        assert_eq!(count(&recorder, "OpenID provider: authorization code"), 1);
        let begun = Instant::now();
        let second: BTreeSet<String> = loop {
            let tokens = all().await;
            let now: BTreeSet<String> =
                tokens.into_iter().map(|tokens| tokens.unwrap().access.reveal().to_owned()).collect();
            if now != first {
                break now;
            }
            assert!(begun.elapsed() < Duration::from_secs(2), "the token is used beyond its end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(second.len(), 1);
        assert_eq!(count(&recorder, "OpenID provider: refresh token"), 1);
        assert_eq!(count(&recorder, "OpenID provider: authorization code"), 1, "nobody logs in again");
    });
}

#[test]
fn where_the_refresh_token_does_not_work_the_seller_logs_in_again() {
    let faults = Faults::new(vec![Fault::RefreshRejected]);
    let site = Site::new(SandboxOptions { token_seconds: 1, faults, ..SandboxOptions::default() });
    let (access, recorder) = site.access();
    site.runtime.block_on(async {
        let begun = Instant::now();
        while count(&recorder, "OpenID provider: authorization code") < 2 {
            access.seller_token(SellerRole::Primary, "primary").await.unwrap();
            assert!(begun.elapsed() < Duration::from_secs(20), "nobody logs in again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(count(&recorder, "OpenID provider: refresh token"), 1);
    });
}

#[test]
fn a_refresh_token_that_is_not_replaced_stays() {
    let tokens = |access: &str, refresh: Option<&str>| oa_test::client::auth::Tokens {
        access: oa_test::config::Secret::new(access),
        kind: "Bearer".to_owned(),
        expires_in: None,
        scope: refresh.map(|_| "openid".to_owned()),
        refresh: refresh.map(oa_test::config::Secret::new),
        id: None,
        received: Instant::now(),
        odd: Vec::new(),
    };
    let renewed = tokens("first", Some("kept")).renewed(tokens("second", None));
    assert_eq!(renewed.access.reveal(), "second");
    assert_eq!(renewed.refresh.unwrap().reveal(), "kept");
    assert_eq!(renewed.scope.as_deref(), Some("openid"));
    let replaced = tokens("first", Some("old")).renewed(tokens("second", Some("new")));
    assert_eq!(replaced.refresh.unwrap().reveal(), "new");
}

#[test]
fn keys_are_replaced_and_tokens_of_the_old_ones_still_verified() {
    let site = Site::new(SandboxOptions { token_seconds: 1, ..SandboxOptions::default() });
    let (access, _) = site.access();
    site.runtime.block_on(async {
        let mut keys = BTreeSet::new();
        let begun = Instant::now();
        while keys.len() < 2 {
            let provider = oa_test::client::auth::Provider::discover(&access.http(), &site.authority()).await.unwrap();
            let client = access.client_of("primary").await.unwrap();
            let tokens =
                provider.client_credentials(&access.http(), &client, &["openactive-ordersfeed"]).await.unwrap();
            use base64::Engine as _;
            let header = tokens.access.reveal().split('.').next().unwrap().to_owned();
            let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
            let header: Value = serde_json::from_slice(&header).unwrap();
            keys.insert(header["kid"].as_str().unwrap().to_owned());
            assert!(begun.elapsed() < Duration::from_secs(20), "one key for ever");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // An ID token of the key that is there now is verified by keys that were read before it was.
        access.seller_token(SellerRole::Secondary, "secondary").await.unwrap();
    });
}

#[test]
fn a_token_that_has_expired_is_tried_where_tokens_live_for_seconds() {
    let site = Site::new(SandboxOptions { token_seconds: 2, ..SandboxOptions::default() });
    let arguments =
        ["--test", "access-tokens-verified", "--type", "ScheduledSession", "--type", "IndividualFacilityUseSlot"];
    let outcome = site.run(|_| (), &arguments);
    assert_eq!(outcome.counts(), (2, 0, 0), "{}", outcome.stdout);
    let step = |outcome: &Outcome| {
        let steps = outcome.cells()[0]["steps"].as_array().unwrap().clone();
        steps.into_iter().find(|step| step["title"] == "C1 with a token that is expired").unwrap()
    };
    assert!(step(&outcome)["checks"].to_string().contains("credentials-rejected"));
    let usual = run(&arguments);
    let step = step(&usual);
    assert!(!step["checks"].to_string().contains("credentials-rejected"), "{step}");
    assert_eq!(step["note"], "not judged: `expires_in` is longer than a test waits", "{step}");
    assert_eq!(step["verdict"], "passed", "{step}");
}

#[test]
fn a_run_goes_on_while_its_tokens_expire() {
    // A token is renewed a second before it expires, so that a busy machine has a second to send it. One cell at a time makes
    // the run last longer than a token.
    let site = Site::new(SandboxOptions { token_seconds: 5, ..SandboxOptions::default() });
    let one = "integrationTests.maximumNumberOfSimultaneousBookings=1";
    let arguments = ["--category", "notifications", "--category", "cancellation", "--set", one];
    let outcome = site.run(|_| (), &arguments);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}", outcome.stdout);
    assert!(passed > 50);
}

#[test]
fn a_wrong_password_is_reported_as_such_and_blocks_what_needs_the_token() {
    let site = Site::new(SandboxOptions::default());
    let wrong = |config: &mut Value| {
        config["sellers"]["primary"]["authentication"]["loginCredentials"]["password"] = "canary-of-a-password".into();
    };
    let outcome = site.run(wrong, BOOKING);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((passed, failed), (0, 0), "{}", outcome.stdout);
    assert!(blocked > 0);
    let messages = outcome.messages();
    assert!(messages.contains("the login is rejected: Name or password is wrong."), "{messages}");
    let hint = outcome.findings()[0]["hint"].as_str().unwrap();
    assert!(hint.contains("loginCredentials"), "{hint}");
    assert!(!outcome.report().to_string().contains("canary-of-a-password"));
}

#[test]
fn the_seller_who_cannot_log_in_keeps_nobody_else_from_it() {
    let site = Site::new(SandboxOptions::default());
    let wrong = |config: &mut Value| {
        config["sellers"]["secondary"]["authentication"]["loginCredentials"]["password"] = "another".into();
    };
    let outcome = site.run(wrong, BOOKING);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let outcome =
        site.run(wrong, &["--feature", "business-to-consumer-tax-calculation-net", "--type", "ScheduledSession"]);
    let (_, failed, blocked) = outcome.counts();
    assert_eq!(failed, 0, "{}", outcome.stdout);
    assert!(blocked > 0, "{}", outcome.stdout);
}

#[test]
fn headers_and_tokens_may_be_mixed() {
    let site = Site::new(SandboxOptions::default());
    let mixed = |config: &mut Value| {
        let primary = &mut config["broker"]["bookingPartners"]["primary"]["authentication"];
        primary["ordersFeedRequestHeaders"] = json!({ "X-Trace": "of-the-feed-canary" });
        let seller = &mut config["sellers"]["primary"]["authentication"];
        seller["requestHeaders"] = json!({ "X-Trace": "of-the-booking-canary" });
        config["broker"]["bookingPartners"]["secondary"]["authentication"] =
            json!({ "ordersFeedRequestHeaders": { "Authorization": "Bearer nobody-gave-this" } });
    };
    let outcome = site.run(mixed, BOOKING);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let report = outcome.report().to_string();
    assert!(report.contains("x-trace") && !report.contains("canary"), "headers are sent beside the token, and hidden");
    // The other Booking Partner has a header that opens nothing here: what needs it is blocked, and it alone.
    let outcome = site.run(mixed, &["--feature", "booking-partner-authentication", "--type", "ScheduledSession"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(
        outcome.verdicts().iter().any(|(cell, verdict)| cell.contains("credentials-required") && verdict == "passed")
    );
}

#[test]
fn a_single_seller_needs_nobody_to_log_in() {
    let single = [
        "integrationTests.implementedFeatures.booking-partner-openid-authentication-for-multiple-sellers=false",
        "integrationTests.implementedFeatures.multiple-sellers=false",
        "integrationTests.implementedFeatures.single-seller=true",
        "sellers.secondary=null",
        "sellers.primary.authentication.loginCredentials=null",
        r#"sellers.primary.authentication.clientCredentials={"clientId":"clientid_801","clientSecret":"secret"}"#,
        r#"broker.bookingPartners.primary.authentication={"initialAccessToken":null,"clientCredentials":{"clientId":"clientid_801","clientSecret":"secret"}}"#,
    ];
    let mut arguments = BOOKING.to_vec();
    for setting in &single {
        arguments.extend(["--set", setting]);
    }
    let outcome = run(&arguments);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
}

#[test]
fn credentials_that_lack_half_are_placed() {
    let bench = Bench::new();
    bench.write(
        "config.json",
        "{\n  \"broker\": { \"datasetSiteUrl\": \"https://example.org/\",\n    \"bookingPartners\": { \"primary\": { \
         \"authentication\": {\n      \"clientCredentials\": { \"clientId\": \"x\" } } } } },\n  \"sellers\": { \"primary\": { \
         \"@id\": \"https://example.org/seller\" } } }",
    );
    let outcome = bench.oa_test(&["run", "--config", "config.json"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("config.json:4:28"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`clientCredentials` lacks `clientSecret`"), "{}", outcome.stderr);
    let outcome = bench.oa_test(&["run", "--set", "broker.loginPagesSelectors.button=.btn[["]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("must be a CSS selector"), "{}", outcome.stderr);
    let outcome = bench.oa_test(&["run", "--set", "integrationTests.bookingPartnersForSpecificTests.dynamicPrimry={}"]);
    assert!(outcome.stderr.contains("did you mean `dynamicPrimary`?"), "{}", outcome.stderr);
}

/// A dataset site that names an OpenID provider, which a test defines.
fn provider(answers: impl Fn(&str, &str) -> Option<axum::response::Response> + Send + Sync + 'static) -> Target {
    let host = Arc::new(std::sync::OnceLock::<String>::new());
    let known = Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path == "/" {
            let dataset = json!({
                "@type": "Dataset",
                "name": "Hostile",
                "distribution": [],
                "accessService": {
                    "@type": "WebAPI",
                    "endpointUrl": format!("http://{host}/api"),
                    "authenticationAuthority": format!("http://{host}/identity")
                }
            });
            let page = format!("<html><script type=\"application/ld+json\">{dataset}</script></html>");
            return respond(200, "text/html", page);
        }
        answers(host, path).unwrap_or_else(|| respond(204, "text/plain", ""))
    });
    host.set(target.address.to_string()).unwrap();
    target
}

fn metadata(host: &str) -> Value {
    json!({
        "issuer": format!("http://{host}/identity"),
        "authorization_endpoint": format!("http://{host}/identity/authorize"),
        "token_endpoint": format!("http://{host}/identity/token"),
        "jwks_uri": format!("http://{host}/identity/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"]
    })
}

/// A provider that does well until somebody is to log in.
fn up_to_the_login(host: &str, path: &str) -> Option<axum::response::Response> {
    let body = match path {
        path if path.ends_with("configuration") => metadata(host).to_string(),
        path if path.ends_with("jwks") => r#"{"keys": []}"#.to_owned(),
        path if path.ends_with("token") => r#"{"access_token": "a-token-canary", "token_type": "Bearer"}"#.to_owned(),
        _ => return None,
    };
    Some(respond(200, "application/json", body))
}

/// The built-in configuration with a client, for a target.
fn configuration_of(target: &Target) -> Value {
    let mut config: Value = serde_json::from_str(include_str!("../../default.json")).unwrap();
    config["broker"]["datasetSiteUrl"] = target.url("/").into();
    config["broker"]["bookingPartners"]["primary"]["authentication"] =
        json!({ "clientCredentials": { "clientId": "us", "clientSecret": "a-secret-canary" } });
    config["integrationTests"]["openBookingApiRequestTimeout"] = 2000.into();
    config
}

/// `oa-test auth login` at a target.
fn login(target: &Target) -> Outcome {
    let bench = Bench::new();
    bench.write("config.json", &configuration_of(target).to_string());
    bench.oa_test(&["auth", "login", "--config", "config.json", "--color", "never", "--verbose"])
}

#[test]
fn whatever_a_provider_sends_is_reported_and_nothing_worse() {
    type Answer = fn(&str, &str) -> Option<axum::response::Response>;
    let cases: &[(&str, Answer)] = &[
        ("has no discovery document", |_, _| Some(respond(404, "text/html", "<h1>Nothing</h1>"))),
        ("is not JSON", |_, _| Some(respond(200, "text/html", "<h1>Welcome</h1>"))),
        ("`token_endpoint` of the discovery document is missing", |_, _| {
            Some(respond(200, "application/json", "{\"issuer\": \"http://x/\"}"))
        }),
        ("is not a JSON object", |_, _| Some(respond(200, "application/json", "[[[]]]"))),
        ("the JSON Web Key Set of the OpenID provider cannot be read", |host, path| {
            let is = path.ends_with("configuration");
            Some(if is {
                respond(200, "application/json", metadata(host).to_string())
            } else {
                respond(500, "text/plain", "")
            })
        }),
        ("`access_token` of the token response is not a string", |host, path| {
            Some(match path {
                path if path.ends_with("configuration") => respond(200, "application/json", metadata(host).to_string()),
                path if path.ends_with("jwks") => respond(200, "application/json", "{\"keys\": []}"),
                _ => respond(200, "application/json", "{\"access_token\": 5, \"token_type\": []}"),
            })
        }),
        ("the redirect URI is not reached after 40 pages and redirects", |host, path| {
            Some(up_to_the_login(host, path).unwrap_or_else(|| {
                let response = axum::response::Response::builder().status(302);
                let response = response.header("location", "/identity/authorize?again");
                response.body(axum::body::Body::empty()).unwrap()
            }))
        }),
        ("the redirect URI is not reached after 40 pages and redirects", |host, path| {
            let page = "<form method=post><button class='btn-primary'>On</button></form>";
            Some(up_to_the_login(host, path).unwrap_or_else(|| respond(200, "text/html", page)))
        }),
        ("“Log in” has no form for login or consent", |host, path| {
            let page = "<title>Log\u{1b}[31m in</title><script>document.write(1)</script>";
            Some(up_to_the_login(host, path).unwrap_or_else(|| respond(200, "text/html", page)))
        }),
    ];
    for (message, answer) in cases {
        let target = provider(*answer);
        let outcome = login(&target);
        assert_eq!(outcome.code, 1, "{message}\n{}\n{}", outcome.stdout, outcome.stderr);
        let shown = outcome.stdout.replace("\\u{1b}[31m", "");
        assert!(shown.contains(message), "{message}\n{}\n{}", outcome.stdout, outcome.stderr);
        assert!(!outcome.stdout.contains('\u{1b}'), "{}", outcome.stdout);
        for secret in ["a-secret-canary", "a-token-canary"] {
            assert!(!outcome.stdout.contains(secret), "{secret}\n{}", outcome.stdout);
        }
    }
}

#[test]
fn a_provider_that_cannot_be_reached_blocks_and_is_reported() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/identity", listener.local_addr().unwrap());
    drop(listener);
    let bench = Bench::new();
    let outcome = bench.oa_test(&["auth", "login", "--authority", &nobody]);
    assert_eq!(outcome.code, 1, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("the discovery document cannot be read"), "{}", outcome.stdout);
}

#[test]
fn the_walk_to_the_tokens_tells_every_step_and_no_secret() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&["auth", "login", "--verbose", "--color", "never"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    for step in
        ["✓ Discovery", "✓ Registration", "✓ Client credentials", "✓ Login", "✓ Authorization code", "✓ Refresh token"]
    {
        assert!(outcome.stdout.contains(step), "{step}\n{}", outcome.stdout);
    }
    assert!(outcome.stdout.contains("Riverside Leisure"), "the ID token names the Seller\n{}", outcome.stdout);
    secrets_are_hidden(&outcome.stdout);
    let wrong = ["auth", "login", "--set", "sellers.primary.authentication.loginCredentials.password=wrong"];
    let outcome = bench.oa_test(&wrong);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("✗ the login is rejected: Name or password is wrong."), "{}", outcome.stdout);
}

/// Tokens are recognised by how every JSON Web Token begins, everything else by its name.
fn secrets_are_hidden(text: &str) {
    assert!(!text.contains("eyJ"), "a token: {}", around(text, "eyJ"));
    assert!(!text.contains("Basic "), "{}", around(text, "Basic "));
    for name in ["code=", "code_verifier=", "refresh_token=", "password=", "username=", "client_secret="] {
        for (place, _) in text.match_indices(name) {
            let before = text[..place].chars().next_back().unwrap_or(' ');
            let shown = &text[place + name.len()..];
            let whole = !before.is_alphanumeric() && before != '_';
            assert!(!whole || shown.starts_with("***"), "{name}: {}", around(&text[place..], name));
        }
    }
    for name in ["access_token", "refresh_token", "id_token", "client_secret"] {
        let quoted = format!("\"{name}\":\"");
        for (place, _) in text.match_indices(&quoted) {
            assert!(text[place + quoted.len()..].starts_with("***"), "{name}: {}", around(&text[place..], name));
        }
    }
}

fn around<'t>(text: &'t str, what: &str) -> &'t str {
    let place = text.find(what).unwrap_or_default();
    let end = (place + 120).min(text.len());
    text.get(place..end).unwrap_or_default()
}

#[test]
fn no_token_code_or_password_reaches_any_output() {
    for fault in [None, Some(Fault::ErrorsShowCredentials), Some(Fault::CodeReusable)] {
        let bench = Bench::new();
        let mut arguments = vec!["run", "--category", "authentication", "--verbose", "--junit", "junit.xml"];
        if let Some(fault) = fault {
            arguments.extend(["--fault", fault.name()]);
        }
        let outcome = bench.oa_test(&arguments);
        let junit = std::fs::read_to_string(bench.path("junit.xml")).unwrap();
        // The report holds JSON in JSON.
        let report = outcome.report().to_string().replace("\\\"", "\"");
        let journal = outcome.journal.replace("\\\"", "\"");
        assert!(report.contains("\"access_token\":\"***") && report.contains("code_verifier=***"), "they were there");
        let page = crate::reports::unpacked(&bench.path("output/report.html"));
        for text in [&outcome.stdout, &outcome.stderr, &junit, &report, &journal, &page] {
            secrets_are_hidden(text);
            // Unknown credentials are made of the real ones, by another letter for each.
            assert!(!text.contains("fzK1fYBj"), "{}", around(text, "fzK1fYBj"));
        }
    }
}

#[test]
fn pages_that_need_javascript_are_reported_to_need_a_browser() {
    let site = Site::new(SandboxOptions { scripted_login: true, ..SandboxOptions::default() });
    let outcome = site.run(|_| (), BOOKING);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((passed, failed), (0, 0), "{}", outcome.stdout);
    assert!(blocked > 0);
    assert!(outcome.stdout.contains("--browser"), "{}", outcome.stdout);
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn a_browser_logs_in_with_and_without_javascript() {
    // Each login starts a browser of its own. Tests differ in what they do with a login, which is the same with either kind of
    // pages: the plain ones are shown for login, consent, and consent that was given before.
    let feature = "booking-partner-openid-authentication-for-multiple-sellers";
    let plain = ["--feature", feature, "--test", "authorization-code-flow", "--test", "authorization-persisted"];
    for (scripted_login, selection, at_least) in [(false, &plain[..], 2), (true, &["--category", "authentication"], 21)]
    {
        let site = Site::new(SandboxOptions { scripted_login, ..SandboxOptions::default() });
        let outcome = site.run(|_| (), &[selection, &["--browser"]].concat());
        let (passed, failed, blocked) = outcome.counts();
        assert_eq!((failed, blocked), (0, 0), "{}\n{}", outcome.stdout, outcome.stderr);
        assert!(passed >= at_least, "{passed}");
    }
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn a_browser_that_cannot_go_on_leaves_a_screenshot() {
    let site = Site::new(SandboxOptions { scripted_login: true, ..SandboxOptions::default() });
    let bench = Bench::new();
    let mut config = site.configuration();
    config["sellers"]["primary"]["authentication"]["loginCredentials"]["password"] = "wrong".into();
    bench.write("config.json", &config.to_string());
    let outcome = bench.oa_test(&[&["run", "--config", "config.json", "--browser"], BOOKING].concat());
    assert!(outcome.messages().contains("the login is rejected: Name or password is wrong."), "{}", outcome.messages());
    let png = std::fs::read(bench.path("output/screenshot-1.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(outcome.report()["screenshots"].as_array().unwrap().len(), 1);
}

#[test]
fn a_browser_that_is_missing_is_named() {
    let site = Site::new(SandboxOptions::default());
    let bench = Bench::new();
    bench.write("config.json", &site.configuration().to_string());
    let mut command = bench.command(&[&["run", "--config", "config.json", "--browser"], BOOKING].concat());
    command.env("PATH", bench.folder.path());
    let outcome = bench.outcome(&command.output().unwrap());
    assert!(outcome.messages().contains("the browser cannot be started: chromedriver"), "{}", outcome.messages());
    let hint = outcome.findings()[0]["hint"].as_str().unwrap();
    assert!(hint.contains("install Chromium"), "{hint}");
}

#[cfg(unix)]
#[test]
fn a_driver_that_reports_no_port_is_started_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new(SandboxOptions::default());
    let bench = Bench::new();
    bench.write("config.json", &site.configuration().to_string());
    bench.write("chromedriver", "#!/bin/sh\necho start >> \"${0%/*}/starts\"\n");
    std::fs::set_permissions(bench.path("chromedriver"), std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = bench.command(&[&["run", "--config", "config.json", "--browser"], BOOKING].concat());
    command.env("PATH", bench.folder.path());
    let outcome = bench.outcome(&command.output().unwrap());
    let message = "the browser cannot be started: chromedriver reports no port";
    assert!(outcome.messages().contains(message), "{}", outcome.messages());
    let starts = std::fs::read_to_string(bench.path("starts")).unwrap().lines().count();
    assert!(starts >= 3 && starts.is_multiple_of(3), "{starts}");
}

/// The configuration that a sandbox writes is true of it, however it knows who asks.
#[test]
fn what_a_sandbox_writes_of_itself_can_be_run() {
    use std::io::{BufRead as _, BufReader};
    let cases: &[&[&str]] = &[
        &[],
        &["booking-partner-openid-authentication=off"],
        &["booking-partner-openid-authentication-for-multiple-sellers=off", "multiple-sellers=off"],
    ];
    for switches in cases {
        let bench = Bench::new();
        let mut arguments = vec!["sandbox", "--port", "0", "--test-interface", "--write-config", "sandbox.json"];
        for switch in *switches {
            arguments.extend(["--switch", switch]);
        }
        let mut sandbox = bench.command(&arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
        // Once it speaks, the file is written.
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let outcome = bench.oa_test(&[&["run", "--config", "sandbox.json"], BOOKING].concat());
        sandbox.kill().unwrap();
        sandbox.wait().unwrap();
        assert_eq!(outcome.code, 0, "{switches:?}\n{}\n{}", outcome.stdout, outcome.stderr);
    }
}

#[test]
fn credentials_of_openid_connect_without_a_provider_are_reported() {
    let bench = Bench::new();
    let outcome = bench.oa_test(
        &[
            &["run", "--set", "integrationTests.implementedFeatures.booking-partner-openid-authentication=false"],
            BOOKING,
        ]
        .concat(),
    );
    let messages = outcome.messages();
    assert!(messages.contains("`accessService.authenticationAuthority` of the dataset site is missing"), "{messages}");
    bench.write("headers.json", HEADER_CREDENTIALS);
    let outcome = bench.oa_test(&[&["run", "--config", "headers.json"], BOOKING].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
}

/// RFC 7591 has a server return what it registered; a client needs no more than its identifier and secret.
#[test]
fn a_registration_response_without_scope_and_redirect_uris_is_accepted_with_one_warning() {
    let authority = Arc::new(std::sync::OnceLock::<String>::new());
    let known = Arc::clone(&authority);
    let target = Target::start(move |_, path, _| {
        let authority = known.get().unwrap();
        let body = match path {
            "/.well-known/openid-configuration" => json!({
                "issuer": authority,
                "authorization_endpoint": format!("{authority}/authorize"),
                "token_endpoint": format!("{authority}/token"),
                "registration_endpoint": format!("{authority}/register"),
                "jwks_uri": format!("{authority}/jwks"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
            "/jwks" => json!({ "keys": [] }),
            _ => {
                return respond(201, "application/json", json!({ "client_id": "a", "client_secret": "b" }).to_string());
            }
        };
        respond(200, "application/json", body.to_string())
    });
    authority.set(target.url("")).unwrap();
    let mut config = load(&Layers::built_in().unwrap()).unwrap();
    let registering = config.specific_partners["dynamicPrimary"].clone();
    config.partners.insert("third".to_owned(), registering.clone());
    config.partners.insert("fourth".to_owned(), registering);
    let config = Arc::new(config);
    let client = Client::new(Arc::new(Recorder::new(Redactor::of(&config))), false).unwrap();
    let access = Access::new(config, client, Some(target.url("")), Agent::Forms);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for partner in ["third", "fourth"] {
        let registered = runtime.block_on(access.client_of(partner)).unwrap();
        assert_eq!((registered.id.as_str(), registered.secret.reveal()), ("a", "b"));
    }
    let remarks = access.remarks();
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(remarks[0].message.contains("omits redirect_uris and scope"), "{}", remarks[0].message);
}

/// The features that are about the OpenID provider, with one type of opportunity.
const OPENID: &[&str] = &[
    "--feature",
    "booking-partner-openid-authentication",
    "--feature",
    "booking-partner-openid-authentication-for-multiple-sellers",
    "--feature",
    "dynamic-client-registration",
    "--type",
    "ScheduledSession",
];

fn designed(variant: Variant) -> SandboxOptions {
    SandboxOptions { variants: Variants::new(&[variant]), ..SandboxOptions::default() }
}

fn remarks_of(outcome: &Outcome) -> String {
    let cells = outcome.cells().iter().flat_map(|cell| cell["steps"].as_array().unwrap());
    let steps: Vec<String> = cells.map(|step| step["remarks"].to_string()).collect();
    format!("{}{}", outcome.report()["remarks"], steps.concat())
}

#[test]
fn no_conforming_design_of_a_provider_is_objected_to() {
    let designs = designs();
    let unobjected = |designs: &[Variant]| {
        for design in designs {
            let outcome = run(&[OPENID, &["--variant", design.name()]].concat());
            let (passed, failed, blocked) = outcome.counts();
            assert_eq!((failed, blocked), (0, 0), "{design}\n{}\n{}", outcome.stdout, outcome.messages());
            assert!(passed >= 12, "{design}\n{}", outcome.stdout);
        }
    };
    let (one, other) = designs.split_at(designs.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| unobjected(other));
        unobjected(one);
        other.join().unwrap();
    });
}

/// Requests that depend on the provider: bookings for both Sellers by both Booking Partners.
#[test]
fn designs_of_a_provider_that_go_together_let_everybody_book() {
    let alone = [Variant::ClientSecretPostOnly];
    let mut arguments =
        vec!["--feature", "opportunity-attendance-updates", "--feature", "booking-partner-authentication"];
    arguments.extend(["--feature", "multiple-sellers", "--type", "ScheduledSession"]);
    for design in designs().iter().filter(|design| !alone.contains(design)) {
        arguments.extend(["--variant", design.name()]);
    }
    let outcome = run(&arguments);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}\n{}", outcome.stdout, outcome.messages());
    assert!(passed > 10, "{}", outcome.stdout);
}

fn designs() -> Vec<Variant> {
    let designs: Vec<Variant> =
        Variant::ALL.iter().copied().filter(|variant| variant.group() == VariantGroup::OpenId).collect();
    assert!(designs.len() >= 20);
    designs
}

/// A client of a provider that writes down what it sees.
struct Visitor<'s> {
    site: &'s Site,
    http: reqwest::Client,
    cookie: String,
    seen: String,
}

impl Visitor<'_> {
    /// Sends a request. Returns where it redirects to, and its body.
    fn send(&mut self, request: reqwest::RequestBuilder) -> (String, String) {
        let request = request.header("cookie", self.cookie.as_str());
        let (status, headers, body) = self.site.runtime.block_on(async {
            let response = request.send().await.unwrap();
            (response.status(), response.headers().clone(), response.text().await.unwrap())
        });
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (cookie, location) = (header("set-cookie"), header("location"));
        if !cookie.is_empty() {
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        let seen = format!("{status} {} {location}\n{body}\n", header("content-type"));
        self.seen.push_str(&without_secrets(&seen));
        (location, body)
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let request = self.http.post(format!("{}/{path}", self.site.authority()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(form.extend_pairs(fields).finish()))
    }

    /// An authorization request; the code that it brings, if it does.
    fn authorize(&mut self, changes: &[(&str, &str)]) -> Option<String> {
        let challenge = ring::digest::digest(&ring::digest::SHA256, b"verifier");
        use base64::Engine as _;
        let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(challenge.as_ref());
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", "clientid_801"),
            ("redirect_uri", "http://localhost:3000/cb"),
            ("scope", "openid offline_access openactive-openbooking"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend(changes);
        let url = url::Url::parse_with_params(&format!("{}/authorize", self.site.authority()), &fields).unwrap();
        let request = self.http.get(url);
        let (mut location, mut page) = self.send(request);
        for _ in 0..8 {
            if location.starts_with("http://localhost:3000/") {
                let url = url::Url::parse(&location).unwrap();
                return url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
            }
            let hidden = |name: &str| {
                let start = format!("name=\"{name}\" value=\"");
                page.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
            };
            let (request, token) = (hidden("request"), hidden("page_token"));
            let known = [("request", request.as_str()), ("page_token", token.as_str())];
            (location, page) = if !location.is_empty() {
                let request = self.http.get(&location);
                self.send(request)
            } else if page.contains("http-equiv=\"refresh\"") {
                let id = page.split("request=").nth(1)?.split('&').next()?;
                let request = self.http.get(format!("{}/login?request={id}&shown=1", self.site.authority()));
                self.send(request)
            } else if page.contains("value=\"allow\"") {
                self.post("consent", &[&known[..], &[("decision", "allow")]].concat())
            } else if page.contains("/login\"") || page.contains("action=\"login\"") {
                self.post("login", &[&known[..], &[("username", "test1"), ("password", "wrong")]].concat());
                self.post("login", &[&known[..], &[("username", "test1"), ("password", "test1")]].concat())
            } else {
                return None;
            };
        }
        None
    }

    /// A request of a client at the token endpoint; the refresh token that it brings, if it does.
    fn token(&mut self, fields: &[(&str, &str)]) -> String {
        let client = [("client_id", "clientid_801"), ("client_secret", "secret")];
        let (_, body) = self.post("token", &[&client[..], fields].concat());
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        body["refresh_token"].as_str().unwrap_or_default().to_owned()
    }
}

/// A text with `x` instead of each random word, and 9 instead of each number. Claims of ID tokens are shown.
fn without_secrets(text: &str) -> String {
    use base64::Engine as _;
    let decoder = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut plain = String::new();
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))) {
        let (body, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        let claims = decoder.decode(body).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        match claims.filter(Value::is_object) {
            Some(claims) if claims.get("nonce").is_some() => plain.push_str(&without_numbers(&claims.to_string())),
            _ if body.len() > 30 => plain.push('x'),
            _ => plain.push_str(&without_numbers(body)),
        }
        plain.push_str(end);
    }
    plain
}

fn without_numbers(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

/// What a client sees of a provider.
fn transcript(variants: &[Variant]) -> String {
    let site = Site::new(SandboxOptions { variants: Variants::new(variants), ..SandboxOptions::default() });
    let policy = reqwest::redirect::Policy::none();
    let http = crate::support::http_client().redirect(policy).build().unwrap();
    let mut visitor = Visitor { site: &site, http: http.clone(), cookie: String::new(), seen: String::new() };
    for path in [".well-known/openid-configuration", "jwks"] {
        visitor.send(http.get(format!("{}/{path}", site.authority())));
    }
    for scope in ["openid", "openid unknown"] {
        let metadata = json!({ "redirect_uris": ["http://localhost:3000/cb"], "scope": scope });
        let request = http.post(format!("{}/register", site.authority()));
        let request = request.header("authorization", "Bearer openactive_test_suite_client_12345xaq");
        visitor.send(request.body(metadata.to_string()));
    }
    visitor.authorize(&[("redirect_uri", "http://localhost:3000/other")]);
    visitor.authorize(&[("code_challenge_method", "plain")]);
    visitor.token(&[("grant_type", "client_credentials")]);
    let mut issued = Vec::new();
    for _ in 0..2 {
        visitor.cookie.clear();
        let code = visitor.authorize(&[("nonce", "n")]).unwrap_or_default();
        let grant = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let rest = [("redirect_uri", "http://localhost:3000/cb"), ("code_verifier", "verifier")];
        let refresh = visitor.token(&[grant, rest].concat());
        issued.push((code, refresh));
    }
    let (code, _) = &issued[0];
    let (_, refresh) = &issued[1];
    visitor.token(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", "http://localhost:3000/cb"),
    ]);
    visitor.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]);
    visitor.cookie.clear();
    visitor.authorize(&[("scope", "openid openactive-openbooking")]);
    visitor.seen
}

#[test]
fn every_design_of_a_provider_differs_from_its_usual_one() {
    let plain = transcript(&[]);
    assert_eq!(plain, transcript(&[]), "the provider does the same again");
    let same: Vec<Variant> = designs().into_iter().filter(|design| transcript(&[*design]) == plain).collect();
    assert!(same.is_empty(), "these change nothing that a client sees: {same:?}");
}

/// Codes are redeemed twice to see that rejected, and a provider may revoke everything of the client then.
#[test]
fn attacks_take_no_tokens_from_other_cells() {
    let site = Site::new(designed(Variant::CodeReplayRevokesGrant));
    let outcome = site.run(|_| (), &[OPENID, &["--feature", "opportunity-attendance-updates"]].concat());
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}", outcome.stdout);
    assert!(passed >= 14, "{}", outcome.stdout);
    // Those that attack are the last to end.
    let ended: Vec<String> = outcome
        .journal
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"] == "cell-finished")
        .map(|event| event["cell"].as_str().unwrap().to_owned())
        .collect();
    let attack =
        |cell: &&String| cell.contains("/authorization-codes-protected") || cell.contains("/refresh-tokens-protected");
    assert_eq!(ended.iter().rev().take(2).filter(attack).count(), 2, "{ended:?}");
}

#[test]
fn a_token_that_stops_working_is_renewed_and_that_is_said_once() {
    // No response has `expires_in`, so the 401 is the first sign of the expiry.
    let options = SandboxOptions { token_seconds: 2, ..designed(Variant::ExpiresInMissing) };
    let one = "integrationTests.maximumNumberOfSimultaneousBookings=1";
    let arguments = ["--category", "notifications", "--category", "cancellation", "--set", one];
    let outcome = Site::new(options).run(|_| (), &arguments);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}\n{}", outcome.stdout, outcome.messages());
    assert!(passed > 50);
    let remarks = outcome.report()["remarks"].as_array().unwrap();
    let said = |owner: &str| {
        let message = format!("an access token of the primary Booking Partner {owner} was rejected with HTTP 401");
        remarks.iter().filter(|remark| remark["message"].as_str().unwrap().starts_with(&message)).count()
    };
    assert_eq!((said("for the primary Seller"), said("for its Orders feeds")), (1, 1), "{remarks:?}");
}

#[test]
fn only_an_error_response_of_the_provider_is_a_rejection() {
    let faults = || Faults::new(vec![Fault::RedirectUriLoose, Fault::PkceNotRequired]);
    let scripted = SandboxOptions { scripted_login: true, faults: faults(), ..SandboxOptions::default() };
    let usual = SandboxOptions { faults: faults(), ..SandboxOptions::default() };
    let wrong = |config: &mut Value| {
        config["sellers"]["primary"]["authentication"]["loginCredentials"]["password"] = "another".into();
    };
    let attacks = ["--test", "authorization-requests-protected", "--test", "authorization-codes-protected"];
    for outcome in [Site::new(scripted).run(|_| (), &attacks), Site::new(usual).run(wrong, &attacks)] {
        assert_eq!(outcome.counts(), (0, 0, 2), "{}", outcome.stdout);
        let hints: Vec<&str> = outcome.findings().iter().filter_map(|finding| finding["hint"].as_str()).collect();
        assert!(hints.iter().all(|hint| hint.contains("--browser") || hint.contains("loginCredentials")), "{hints:?}");
    }
}

#[test]
fn the_compatible_profile_fails_only_what_the_public_suite_asserts() {
    let faults = [
        Fault::TokenTypeOther,
        Fault::PkceMethodsPlainOnly,
        Fault::StateDropped,
        Fault::NonceDropped,
        Fault::RedirectIssuerOther,
        Fault::DiscoveryWithoutSubjectTypes,
    ];
    let mut arguments = [OPENID, &["--profile", "compatible"]].concat();
    arguments.extend(faults.iter().flat_map(|fault| ["--fault", fault.name()]));
    let outcome = run(&arguments);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.messages());
    let issuer = ["--test", "client-credentials-flow", "--profile", "compatible", "--fault", "discovery-other-issuer"];
    assert_eq!(run(&issuer).code, 0);
}

#[test]
fn a_wrong_client_secret_is_sent_once() {
    let site = Site::new(SandboxOptions::default());
    let wrong = |config: &mut Value| {
        config["broker"]["bookingPartners"]["primary"]["authentication"] = json!({
            "initialAccessToken": null,
            "clientCredentials": { "clientId": "clientid_801", "clientSecret": "canary-of-a-secret" }
        });
    };
    let arguments = ["--feature", "booking-partner-openid-authentication"];
    let outcome = site.run(wrong, &[&arguments[..], BOOKING].concat());
    let (_, failed, blocked) = outcome.counts();
    assert_eq!(failed, 0, "{}", outcome.stdout);
    assert!(blocked > 2, "{}", outcome.stdout);
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    let rejected = |exchange: &&Value| {
        exchange["url"].as_str().unwrap().ends_with("/token") && exchange["answer"]["status"] == 401
    };
    assert_eq!(exchanges.iter().filter(rejected).count(), 1, "{}", outcome.messages());
    let messages = outcome.messages();
    assert!(messages.contains("with invalid_client"), "{messages}");
    assert!(outcome.findings().iter().any(|finding| finding["hint"].to_string().contains("clientCredentials")));
}

/// Attacks by another client prove nothing where that client is not known, and lock it out where they are repeated.
#[test]
fn a_wrong_client_secret_is_sent_once_by_attacks() {
    let site = Site::new(SandboxOptions::default());
    let wrong = |config: &mut Value| {
        config["broker"]["bookingPartners"]["secondary"]["authentication"] = json!({
            "clientCredentials": { "clientId": "clientid_800", "clientSecret": "canary-of-a-secret" }
        });
    };
    let attacks = ["--test", "authorization-codes-protected", "--test", "refresh-tokens-protected"];
    let outcome = site.run(wrong, &attacks);
    assert_eq!(outcome.counts(), (0, 0, 2), "{}", outcome.stdout);
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    let rejected = |exchange: &&Value| {
        exchange["url"].as_str().unwrap().ends_with("/token") && exchange["answer"]["status"] == 401
    };
    assert_eq!(exchanges.iter().filter(rejected).count(), 1, "{}", outcome.messages());
    assert!(outcome.findings().iter().all(|finding| finding["found"].to_string().contains("invalid_client")));
    assert!(!outcome.report().to_string().contains("canary-of-a-secret"));
}

/// Tokens and codes in places where they must not be are as secret as elsewhere.
#[test]
fn secrets_in_wrong_places_reach_no_output() {
    const CANARY: &str = "canary-of-a-secret-7741";
    let issued: &[(u16, &str, &str)] = &[
        (200, "application/json", r#"{"access_token": ["canary-of-a-secret-7741"]}"#),
        (200, "application/json", r#"{"access_token": {"value": "canary-of-a-secret-7741"}}"#),
        (200, "application/json", r#"{"data": {"access_token": "canary-of-a-secret-7741"}}"#),
        (400, "application/json", r#"[{"access_token": "canary-of-a-secret-7741"}]"#),
        (200, "application/json", r#"{"access_token": "canary-of-a-secret-7741", "expires_in": }"#),
        (400, "text/plain", "access_token=canary-of-a-secret-7741&token_type=bearer"),
        (400, "text/html", "<form><input type=hidden name=access_token value=canary-of-a-secret-7741></form>"),
    ];
    let pages: &[&str] = &[
        "<form method=post action=http://localhost:3000/cb><input type=hidden name=code \
         value=canary-of-a-secret-7741></form>",
        "<meta http-equiv=refresh content='0; url=http://localhost:3000/cb?code=canary-of-a-secret-7741'>",
    ];
    let tokens = issued.iter().map(|(status, media_type, body)| {
        provider(|host, path| match path {
            path if path.ends_with("token") => Some(respond(*status, media_type, (*body).to_owned())),
            path => up_to_the_login(host, path),
        })
    });
    let codes = pages.iter().map(|page| {
        provider(|host, path| Some(up_to_the_login(host, path).unwrap_or_else(|| respond(200, "text/html", *page))))
    });
    for target in tokens.chain(codes) {
        let outcome = login(&target);
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        assert!(!outcome.stdout.contains(CANARY), "{}", outcome.stdout);
        let bench = Bench::new();
        bench.write("config.json", &configuration_of(&target).to_string());
        let arguments = ["run", "--config", "config.json", "--verbose", "--test", "client-credentials-flow"];
        let outcome = bench.oa_test(&[&arguments[..], &["--test", "authorization-code-flow"]].concat());
        assert!(outcome.counts().0 == 0 && outcome.journal.contains("***"), "{}", outcome.stdout);
        for text in [&outcome.stdout, &outcome.stderr, &outcome.journal, &outcome.report().to_string()] {
            assert!(!text.contains(CANARY), "{}", around(text, CANARY));
        }
    }
}

#[test]
fn refresh_tokens_that_need_prompt_come_with_it() {
    let outcome = Site::new(designed(Variant::OfflineNeedsPrompt)).run(|_| (), BOOKING);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let prompted = |exchange: &&Value| exchange["url"].as_str().unwrap().contains("prompt=consent");
    assert!(outcome.report()["exchanges"].as_array().unwrap().iter().any(|exchange| prompted(&exchange)));
    assert!(!remarks_of(&outcome).contains("refresh_token"), "{}", remarks_of(&outcome));
}

#[test]
fn members_that_nobody_needs_are_remarks() {
    let outcome = Site::new(designed(Variant::UnneededMembersOdd)).run(|_| (), OPENID);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let remarks = remarks_of(&outcome);
    for message in [
        "`op_policy_uri` of the discovery document is not a URL (found an empty string)",
        "`Content-Type` of the JSON Web Key Set is not application/json",
        "`email_verified` of the ID token is not true or false",
        "`updated_at` of the ID token is not a number",
    ] {
        assert!(remarks.contains(message), "{message}\n{remarks}");
    }
}

#[test]
fn a_login_that_is_rejected_with_401_is_reported_by_its_alert() {
    let site = Site::new(designed(Variant::LoginRejectedStatus401));
    let wrong = |config: &mut Value| {
        config["sellers"]["primary"]["authentication"]["loginCredentials"]["password"] = "another".into();
    };
    let outcome = site.run(wrong, &["--test", "authorization-code-flow"]);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((passed, failed, blocked), (0, 0, 2), "{}", outcome.stdout);
    assert!(outcome.messages().contains("the login is rejected: Name or password is wrong."), "{}", outcome.stdout);
}

#[test]
fn a_redirect_uri_that_is_not_registered_blocks_with_what_to_do() {
    let site = Site::new(SandboxOptions::default());
    let other = |config: &mut Value| {
        config["broker"]["authenticationRedirectUri"] = "http://localhost:3999/other".into();
        config["broker"]["bookingPartners"]["primary"]["authentication"] = json!({
            "initialAccessToken": null,
            "clientCredentials": { "clientId": "clientid_801", "clientSecret": "secret" }
        });
    };
    let feature = "booking-partner-openid-authentication-for-multiple-sellers";
    let outcome = site.run(other, &["--feature", feature, "--test", "authorization-code-flow"]);
    assert_eq!(outcome.counts(), (0, 0, 1), "{}", outcome.stdout);
    let finding = outcome.findings()[0].to_string();
    assert!(finding.contains("rejects the request with HTTP 400"), "{finding}");
    assert!(finding.contains("The redirect URI is not registered for this client."), "{finding}");
    assert!(finding.contains("`broker.authenticationRedirectUri`"), "{finding}");
}

#[test]
fn a_walk_goes_on_after_what_keeps_nothing_from_going_on() {
    let target = provider(|host, path| {
        let mut body = metadata(host);
        body["issuer"] = "https://elsewhere.example.org".into();
        let body = match path {
            path if path.ends_with("configuration") => body.to_string(),
            path if path.ends_with("jwks") => r#"{"keys": []}"#.to_owned(),
            path if path.ends_with("token") => r#"{"access_token": "a-token-canary", "token_type": "DPoP"}"#.to_owned(),
            path if path.contains("/authorize") => {
                let response = axum::response::Response::builder().status(302);
                let location = "http://localhost:3000/cb?error=invalid_scope&error_description=none%20such";
                return Some(response.header("location", location).body(axum::body::Body::empty()).unwrap());
            }
            _ => return None,
        };
        Some(respond(200, "application/json", body))
    });
    let outcome = login(&target);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    for line in [
        "✗ `issuer` of the discovery document is not the authenticationAuthority of the dataset site",
        "✓ Discovery",
        "✓ Client credentials",
        "✗ `token_type` of the token response is not Bearer",
        "✗ the authorization endpoint rejects the request with invalid_scope",
        "invalid_scope, none such",
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{}", outcome.stdout);
    }
    assert!(!outcome.stdout.contains("✓ Login"), "{}", outcome.stdout);
}

#[test]
fn a_code_in_the_fragment_is_shown_nowhere() {
    let faults = Faults::new(vec![Fault::CodeInFragment]);
    let site = Site::new(SandboxOptions { faults, ..SandboxOptions::default() });
    let bench = Bench::new();
    bench.write("config.json", &site.configuration().to_string());
    let outcome = bench.oa_test(&["auth", "login", "--config", "config.json", "--color", "never", "--verbose"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("✗ the authorization response is in the fragment"), "{}", outcome.stdout);
    secrets_are_hidden(&outcome.stdout);
    let outcome = site.run(|_| (), &["--test", "authorization-code-flow"]);
    secrets_are_hidden(&outcome.report().to_string());
}

#[test]
fn a_configuration_with_headers_has_nothing_to_log_in() {
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let outcome = bench.oa_test(&["auth", "login", "--config", "headers.json"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("No login is required"), "{}", outcome.stdout);
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn a_browser_leaves_nothing_in_the_temporary_folder() {
    let site = Site::new(SandboxOptions { scripted_login: true, ..SandboxOptions::default() });
    let bench = Bench::new();
    let temporary = bench.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    bench.write("config.json", &site.configuration().to_string());
    let mut command = bench.command(&["auth", "login", "--config", "config.json", "--browser"]);
    let output = command.env("TMPDIR", &temporary).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let left: Vec<_> = std::fs::read_dir(&temporary).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}
