//! The conforming designs of the sandbox: each shows, and no check objects to it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use oa_test::requirement::Requirements;
use oa_test::sandbox::{Switch, Variant, VariantGroup};
use serde_json::{Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS_FILE};

/// Variants to which the tests of a feature come closest to objecting, each with the feature.
const CLOSE: &[(Variant, &str)] = &[
    (Variant::CapacityOmittedInResponses, "availability-check"),
    (Variant::CapacityOmittedInResponses, "anonymous-leasing"),
    (Variant::BookingsAnswer200, "free-opportunities"),
    (Variant::CreationsAnswer200, "test-interface"),
    (Variant::BookingsRejectedWhole, "availability-check"),
    (Variant::BookingsRejectedWhole, "prepayment-required-unavailable"),
    (Variant::CurrencyOmittedWhereFree, "seller-requested-cancellation"),
    (Variant::DeletionOfUnknownNotFound, "order-deletion"),
    (Variant::EventsMixed, "access-pass-barcode-seller-provided"),
    (Variant::FeedsRedirected, "dataset-site"),
    (Variant::InstantsWithoutSeconds, "free-opportunities"),
    (Variant::OrdersFeedReferences, "seller-requested-cancellation"),
    (Variant::BookingWindowsOpening, "booking-window"),
    (Variant::BookingWindowsJustOpened, "booking-window"),
    (Variant::CancellationWindowsClosing, "cancellation-window"),
    (Variant::CancellationWindowsJustClosed, "cancellation-window"),
    (Variant::ForeignIdsUnknown, "common-error-conditions"),
    (Variant::UnknownOffersUnacceptable, "common-error-conditions"),
    (Variant::UnknownSellersUnauthorized, "common-error-conditions"),
    (Variant::PatchesOfUnknownOrders, "customer-requested-cancellation"),
    (Variant::ProposalsOfKindOrder, "minimal-proposal"),
    (Variant::BrokerUrlsNormalised, "agent-broker"),
    (Variant::TaxTotalsRounded, "business-to-consumer-tax-calculation-gross"),
    (Variant::NoticesForChannels, "access-channel"),
    (Variant::PaymentUnreconciled, "non-free-opportunities"),
    (Variant::OrderStatusAbsent, "order-deletion"),
    (Variant::OrderStatusNotAllowed, "order-deletion"),
    (Variant::OrderStatusAbsent, "test-interface"),
    (Variant::SecondDeletionUnknown, "order-deletion"),
    (Variant::LeasingAtC1, "anonymous-leasing"),
    (Variant::RefundOmittedWhereFalse, "customer-requested-cancellation"),
    (Variant::BookingsRejectedWhole, "attendee-details-capture"),
    (Variant::FullNotBookable, "availability-check"),
    (Variant::OrdersFeedReferences, "change-of-logistics-notifications"),
    (Variant::OrdersFeedMinimal, "change-of-logistics-notifications"),
    (Variant::OpenBookingUnstated, "opportunity-feed"),
    (Variant::TaxTotalsOfOwnName, "business-to-consumer-tax-calculation-gross"),
    (Variant::PrepaymentOmittedWhereFree, "booking-partner-authentication"),
    (Variant::SingleFeed, "dataset-site"),
    (Variant::FeedsUnidentified, "test-interface"),
    (Variant::CourtsAbsent, "opportunity-feed"),
    (Variant::ModifiedAsText, "availability-check"),
    (Variant::ModifiedInTicks, "availability-check"),
    (Variant::ErrorsSparse, "common-error-conditions"),
    (Variant::RejectionEndsLease, "additional-details-capture"),
];

/// Variants that the transcript of a short booking does not show, each with the reason.
const UNSEEN: &[(Variant, &str)] = &[
    (Variant::OrdersFeedLate, "what is late may be there when the feed is read"),
    (Variant::OrdersFeedBatched, "what is late may be there when the feed is read"),
    (Variant::OrdersFeedRepeats, "what is late may be there when the feed is read"),
    (Variant::OpportunityFeedsLate, "what is late may be there when the feed is read"),
    (Variant::OpportunityFeedsBatched, "what is late may be there when the feed is read"),
    (Variant::FeedsCached, "every page is read once, so that none comes from the cache"),
    (Variant::ResponsesSlow, "the transcript does not say how long responses took"),
    (Variant::BookingsSlow, "the transcript does not say how long responses took"),
    (Variant::FeedPagesSlow, "the transcript does not say how long responses took"),
    (Variant::OpportunitiesChurning, "whether anything has changed is a matter of time"),
    (Variant::LeasesShort, "the transcript has no numbers"),
    (Variant::ModifiedCounted, "the transcript has no numbers"),
    (Variant::ModifiedInTicks, "the transcript has no numbers"),
    (Variant::CapacitiesHuge, "the transcript has no numbers"),
    (Variant::ReplacementsCheaper, "the transcript has no numbers"),
    (Variant::NumbersLarge, "the transcript has no numbers"),
    (Variant::ManyItems, "reading a hundred thousand items takes long"),
    (Variant::FeedsEmpty, "the transcript begins with empty feeds"),
    (Variant::PaymentUnreconciled, "payments are reconciled where the configuration of a run says so"),
    (Variant::UnknownSellersUnauthorized, "the transcript asks for no unknown Seller"),
    (Variant::PatchesOfUnknownOrders, "the transcript cancels nothing in an unknown Order"),
    (Variant::CancelledSpacesKept, "the transcript has no numbers"),
    (Variant::NoticesForChannels, "the transcript books nothing online"),
    (Variant::ChannelsSparse, "the transcript books nothing online"),
    (Variant::CredentialsInvalidAsApiToken, "the transcript has no tokens, and only they can be of another system"),
];

const SELLER: &str = "https://id.sandbox.example.org/sellers/1";

#[test]
fn every_variant_says_what_allows_it_and_which_checks_could_object() {
    let ids: BTreeSet<&str> =
        Requirements::built_in().all().iter().map(|requirement| requirement.id.as_str()).collect();
    for variant in Variant::ALL {
        let allowed = variant.allowed();
        assert!(allowed.len() > 30 && allowed.contains([' ', ':']), "{variant}: {allowed}");
        let words = allowed.split([' ', ',', ':']);
        for id in words.filter(|word| (word.starts_with("OB-") || word.starts_with("TI-")) && ends_with_number(word)) {
            assert!(ids.contains(id), "{variant}: there is no requirement {id}");
        }
        for check in variant.checks() {
            assert!(oa_test::checks::row(check).is_some(), "{variant}: there is no check {check}");
        }
    }
    for group in VariantGroup::ALL {
        let count = Variant::ALL.iter().filter(|variant| variant.group() == *group).count();
        assert!(count >= 10, "{group} has {count} variants");
    }
    assert!(Variant::ALL.len() >= 80);
}

fn ends_with_number(word: &str) -> bool {
    word.ends_with(|last: char| last.is_ascii_digit())
}

#[test]
fn variants_are_listed_with_what_allows_them() {
    let outcome = Bench::new().oa_test(&["sandbox", "--list-variants"]);
    assert_eq!(outcome.code, 0);
    for variant in Variant::ALL {
        for text in [variant.name(), variant.summary(), variant.allowed()] {
            assert!(outcome.stdout.contains(text), "{variant}: {text}");
        }
    }
}

#[test]
fn unknown_variants_and_those_that_exclude_each_other_are_usage_errors() {
    let target = ["--config", HEADER_CREDENTIALS_FILE, "--target", "http://127.0.0.1:9/"];
    for (arguments, message) in [
        (vec!["sandbox", "--variant", "ids-with-qery"], "did you mean `ids-with-query`?"),
        (vec!["run", "--variant", "ids-with-query", "--variant", "ids-on-other-host"], "exclude each other"),
        (
            [&["run", "--variant", "ids-with-query"], &target[..]].concat(),
            "--variant requires the sandbox as the target",
        ),
        (vec!["selfcheck", "--variants", "--variant", "zzz"], "see `oa-test sandbox --list-variants`"),
    ] {
        let outcome = Bench::new().oa_test(&arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(message), "{arguments:?}: {}", outcome.stderr);
    }
}

/// A sandbox that is a process of its own, whose work is optimised then, and ends with this.
struct Running {
    process: Child,
    origin: String,
}

impl Running {
    /// Without opportunities, and with clients that are known by headers.
    fn new(variants: &[Variant]) -> Self {
        let openid = format!("{}=off", Switch::OpenIdAuthentication);
        let mut arguments = vec!["sandbox", "--port", "0", "--seed", "7", "--empty", "--test-interface"];
        arguments.extend(["--switch", &openid]);
        arguments.extend(variants.iter().flat_map(|variant| ["--variant", variant.name()]));
        let mut process = Bench::new().command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let site = line.split_whitespace().last().unwrap_or_default();
        let origin = site.strip_suffix("/openactive/").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { process, origin }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client that writes down what it sees.
struct Witness {
    sandbox: Running,
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    seen: String,
}

impl Witness {
    fn new(variants: &[Variant]) -> Self {
        let sandbox = Running::new(variants);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let no_redirects = reqwest::redirect::Policy::none();
        let http = crate::support::http_client().redirect(no_redirects).build().unwrap();
        Self { sandbox, runtime, http, seen: String::new() }
    }

    fn ask(&mut self, method: &str, url: &str, seller: Option<&str>, body: Option<&Value>) -> Value {
        let url = if url.starts_with('/') { format!("{}{url}", self.sandbox.origin) } else { url.to_owned() };
        let mut request = self.http.request(method.parse().unwrap(), &url);
        if let Some(seller) = seller {
            request = request
                .header("X-OpenActive-Test-Client-Id", "booking-partner-1")
                .header("X-OpenActive-Test-Seller-Id", seller);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let (status, headers, text) = self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            (status, headers, response.text().await.unwrap())
        });
        // Numbers are left out of what is compared, and statuses are not.
        let status: String = status.to_string().bytes().map(|digit| char::from(digit - b'0' + b'A')).collect();
        write!(self.seen, "{method} {status}").unwrap();
        for (name, value) in headers.iter().filter(|(name, _)| *name != "date") {
            write!(self.seen, " {name}={}", value.to_str().unwrap()).unwrap();
        }
        writeln!(self.seen, "\n{text}").unwrap();
        // Unlike `from_str`, it is compiled with serde_json, and so optimised.
        text.parse().unwrap_or(Value::String(text))
    }

    /// All pages of a feed.
    fn feed(&mut self, url: &str, seller: Option<&str>) {
        let mut url = url.to_owned();
        for _ in 0..200 {
            let page = self.ask("GET", &url, seller, None);
            let next = page["next"].as_str().unwrap_or_default().to_owned();
            if next.is_empty() || next == url {
                break;
            }
            url = next;
        }
    }
}

/// A text in which what differs between two runs of one design is the same: numbers and UUIDs are gone.
fn without_chance(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let others = rest.iter().position(is_part).unwrap_or(rest.len());
        plain.extend_from_slice(&rest[..others]);
        rest = &rest[others..];
        let (mut word, next) = rest.split_at(rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len()));
        while let Some(first) = word.first() {
            if word.len() == 36 && word.iter().filter(|byte| **byte == b'-').count() == 4 {
                plain.extend_from_slice(b"uuid");
                word = &[];
            } else if first.is_ascii_digit() {
                plain.push(b'9');
                word = &word[word.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(word.len())..];
            } else {
                plain.push(*first);
                word = &word[1..];
            }
        }
        rest = next;
    }
    String::from_utf8(plain).unwrap()
}

/// The `Dataset` of a dataset site.
fn dataset(page: &str) -> Value {
    let (site, _) = oa_test::client::read_dataset_site_of("http://127.0.0.1/", Some(200), page.as_bytes(), None);
    site.unwrap_or_else(|| panic!("{page}")).dataset
}

fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// What a client sees of a system: its dataset site, its feeds, bookings, and what it rejects.
fn transcript(variants: &[Variant]) -> String {
    let mut witness = Witness::new(variants);
    let mut site = witness.ask("GET", "/openactive/", None, None);
    if !site.as_str().unwrap().contains("Dataset\"") {
        site = witness.ask("GET", "/open-data/", None, None);
    }
    let dataset = dataset(site.as_str().unwrap());
    let base = dataset["accessService"]["endpointUrl"].as_str().unwrap().to_owned();
    let at = |path: &str| format!("{base}/{path}");
    let mut pairs = Vec::new();
    for (kind, criteria, flow) in [
        ("ScheduledSession", "TestOpportunityBookableNonFree", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableFree", "Simple"),
        ("ScheduledSession", "TestOpportunityOnlineBookable", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableOutsideValidFromBeforeStartDate", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableWithinValidFromBeforeStartDate", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableCancellableWithinWindow", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableCancellableOutsideWindow", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableNotCancellable", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableNonFreePrepaymentRequired", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableNoSpaces", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableAdditionalDetails", "Simple"),
        ("Slot", "TestOpportunityBookableFree", "Simple"),
        ("ScheduledSession", "TestOpportunityBookableFree", "Approval"),
        ("ScheduledSession", "TestOpportunityOnlineBookable", "Simple"),
        ("ScheduledSession", "TestOpportunityOnlineBookable", "Simple"),
        ("ScheduledSession", "TestOpportunityOnlineBookable", "Simple"),
        ("Slot", "TestOpportunityBookableFree", "Simple"),
    ] {
        let seller = json!({ "@type": "Organization", "@id": SELLER });
        let mut body = if kind == "Slot" {
            json!({ "@type": "Slot", "facilityUse": { "@type": "IndividualFacilityUse", "provider": seller } })
        } else {
            json!({ "@type": kind, "superEvent": { "@type": "SessionSeries", "organizer": seller } })
        };
        body["test:testOpportunityCriteria"] = json!(format!("https://openactive.io/test-interface#{criteria}"));
        body["test:testOpenBookingFlow"] = json!(format!("https://openactive.io/test-interface#OpenBooking{flow}Flow"));
        let made = witness.ask("POST", &at("test-interface/datasets/t/opportunities"), None, Some(&body));
        let id = made["@id"].as_str().unwrap_or("https://id.sandbox.example.org/none").to_owned();
        let offer = format!("{}#/offers/0", id.split("/scheduled-sessions").next().unwrap());
        pairs.push((id, offer));
    }
    let order = |kind: &str, price: f64, pairs: &[(String, String)]| {
        let items: Vec<Value> = pairs
            .iter()
            .enumerate()
            .map(|(position, (opportunity, offer))| {
                json!({ "@type": "OrderItem", "position": position, "orderedItem": opportunity, "acceptedOffer": offer })
            })
            .collect();
        let mut order = json!({
            "@context": "https://openactive.io/", "@type": kind, "brokerRole": "https://openactive.io/AgentBroker",
            "broker": { "@type": "Organization", "name": "Broker" }, "seller": SELLER,
            "customer": { "@type": "Person", "email": "ada@example.com" }, "orderedItem": items,
            "totalPaymentDue": { "@type": "PriceSpecification", "price": price, "priceCurrency": "GBP" }
        });
        if price > 0.0 {
            order["payment"] = json!({ "@type": "Payment", "identifier": "p" });
        }
        order
    };
    let mut put = |path: &str, number: usize, body: &Value| {
        witness.ask("PUT", &at(&format!("{path}/{}", uuid(number))), Some(SELLER), Some(body))
    };
    let quoted = [pairs[0].clone(), pairs[1].clone(), pairs[11].clone()];
    put("order-quote-templates", 1, &order("OrderQuote", 0.0, &quoted));
    put("order-quotes", 1, &order("OrderQuote", 0.0, &quoted));
    for pair in &pairs {
        put("order-quote-templates", 2, &order("OrderQuote", 0.0, std::slice::from_ref(pair)));
    }
    put("order-quotes", 2, &order("OrderQuote", 0.0, &[pairs[10].clone()]));
    put("order-quotes", 2, &order("OrderQuote", 0.0, &[pairs[9].clone()]));
    put("orders", 3, &order("Order", 0.0, &[pairs[9].clone()]));
    let foreign = ("https://example.com/1".to_owned(), "https://example.com/2".to_owned());
    put("order-quotes", 4, &order("OrderQuote", 0.0, std::slice::from_ref(&foreign)));
    let unknown = (pairs[0].0.clone(), format!("{}7", pairs[0].1));
    put("order-quotes", 4, &order("OrderQuote", 0.0, &[unknown]));
    let bad = order("OrderQuote", 0.0, &quoted);
    let booked = put("orders", 1, &order("Order", 14.99, &quoted));
    let free = put("orders", 5, &order("Order", 0.0, &[pairs[1].clone(), pairs[1].clone()]));
    let gone = put("orders", 6, &order("Order", 0.0, &[pairs[1].clone()]));
    put("order-quotes", 9, &order("OrderQuote", 0.0, &[pairs[1].clone()]));
    let mut resold = order("OrderQuote", 0.0, &[pairs[0].clone()]);
    resold["brokerRole"] = json!("https://openactive.io/ResellerBroker");
    put("order-quotes", 10, &resold);
    // Whether a rejection ends the lease of the only space.
    put("order-quotes", 11, &order("OrderQuote", 0.0, &[pairs[16].clone()]));
    put("order-quotes", 11, &order("OrderQuote", 0.0, &[foreign]));
    put("order-quotes", 12, &order("OrderQuote", 0.0, &[pairs[16].clone()]));
    let proposed = put("order-proposals", 7, &order("OrderProposal", 0.0, &[pairs[12].clone()]));
    witness.ask("PUT", &at(&format!("order-quotes/{}", uuid(8))), None, Some(&bad));
    let action = |name: &str, kind: &str, id: &Value| json!({ "@type": format!("test:{name}SimulateAction"), "object": { "@type": kind, "@id": id } });
    for (name, order) in [("Replacement", &booked), ("CustomerNotice", &free), ("SellerRequestedCancellation", &free)] {
        witness.ask("POST", &at("test-interface/actions"), None, Some(&action(name, "Order", &order["@id"])));
    }
    let amended = action("SellerAmendOrderProposal", "OrderProposal", &proposed["@id"]);
    witness.ask("POST", &at("test-interface/actions"), None, Some(&amended));
    let accepted = action("SellerAcceptOrderProposal", "OrderProposal", &proposed["@id"]);
    witness.ask("POST", &at("test-interface/actions"), None, Some(&accepted));
    let cancelled = |order: &Value| {
        json!({
            "@type": "Order",
            "orderedItem": [{
                "@type": "OrderItem",
                "@id": order["orderedItem"][0]["@id"],
                "orderItemStatus": "https://openactive.io/CustomerCancelled"
            }]
        })
    };
    let (patch, gone) = (cancelled(&booked), cancelled(&gone));
    let booked = at(&format!("orders/{}", uuid(1)));
    witness.ask("PATCH", &booked, Some(SELLER), Some(&patch));
    witness.ask("GET", &booked, Some(SELLER), None);
    let unseen = at(&format!("orders/{}", uuid(6)));
    for method in ["DELETE", "DELETE", "GET", "PATCH"] {
        witness.ask(method, &unseen, Some(SELLER), (method == "PATCH").then_some(&gone));
    }
    witness.ask("DELETE", &at(&format!("orders/{}", uuid(99))), Some(SELLER), None);
    witness.ask("DELETE", &at(&format!("order-quotes/{}", uuid(2))), Some(SELLER), None);
    let feeds = match &dataset["distribution"] {
        Value::Array(feeds) => feeds.clone(),
        feed => vec![feed.clone()],
    };
    for feed in &feeds {
        let url = feed["contentUrl"].as_str().unwrap();
        let moved = witness.ask("GET", url, None, None).is_string();
        let url = if moved { url.replace("/feeds/", "/v2/feeds/") } else { url.to_owned() };
        witness.feed(&url, None);
    }
    for feed in ["orders-rpde", "order-proposals-rpde"] {
        witness.feed(&at(feed), Some(SELLER));
    }
    without_chance(&witness.seen)
}

#[test]
fn every_variant_differs_from_the_design_of_the_sandbox() {
    let plain = transcript(&[]);
    assert_eq!(plain, transcript(&[]), "the sandbox does the same again");
    // Those of the OpenID provider have a transcript of their own.
    let seen = |variant: &Variant| {
        variant.group() != VariantGroup::OpenId && !UNSEEN.iter().any(|(unseen, _)| unseen == variant)
    };
    let shown: Vec<Variant> = Variant::ALL.iter().copied().filter(seen).collect();
    let half = |variants: &[Variant]| -> Vec<&'static str> {
        let same = variants.iter().filter(|variant| transcript(&[**variant]) == plain);
        same.map(|variant| variant.name()).collect()
    };
    let (one, other) = shown.split_at(shown.len() / 2);
    let same = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(other));
        [half(one), other.join().unwrap()].concat()
    });
    assert!(same.is_empty(), "these change nothing that a client sees: {same:?}");
    for (variant, reason) in UNSEEN {
        assert!(reason.len() > 20, "{variant}: {reason}");
    }
}

/// Sets of the variants, of which none excludes another.
fn designs() -> Vec<Vec<Variant>> {
    let mut sets: Vec<Vec<Variant>> = Vec::new();
    let slow = [Variant::ManyItems, Variant::YearsOfOrders];
    for variant in Variant::ALL.iter().copied().filter(|variant| !slow.contains(variant)) {
        match sets.iter_mut().find(|set| set.iter().all(|other| other.goes_with(variant))) {
            Some(set) => set.push(variant),
            None => sets.push(vec![variant]),
        }
    }
    sets
}

/// All variants pass together, as many as go together at once. The designs run side by side: they wait most of the time.
#[test]
fn no_check_objects_to_designs_of_many_variants() {
    let passes = |design: Vec<Variant>| {
        let mut arguments = vec!["run", "--quiet", "--seed", "3"];
        arguments.extend(design.iter().flat_map(|variant| ["--variant", variant.name()]));
        arguments.extend(["--test", "availability-confirmed", "--test", "book-and-cancel"]);
        arguments.extend(["--test", "seller-requested-cancellation", "--type", "ScheduledSession"]);
        let outcome = Bench::new().oa_test(&arguments);
        assert_eq!(outcome.code, 0, "{design:?}\n{}\n{}", outcome.stdout, outcome.stderr);
    };
    std::thread::scope(|scope| {
        for design in designs() {
            scope.spawn(|| passes(design));
        }
    });
}

#[test]
fn no_check_objects_to_a_design_that_comes_close() {
    for (variant, feature) in CLOSE {
        let arguments =
            ["selfcheck", "--variants", "--sample", "20", "--variant", variant.name(), "--feature", feature];
        let outcome = Bench::new().oa_test(&arguments);
        assert_eq!(outcome.code, 0, "{variant}\n{}\n{}", outcome.stdout, outcome.stderr);
        assert!(!outcome.stderr.contains(" 0 cells"), "{variant}, {feature}: {}", outcome.stderr);
    }
}

/// No sentence says that a cancelled space is for sale again: it is worth a warning, and one wait in a run.
#[test]
fn a_space_that_a_cancellation_keeps_is_a_warning() {
    let arguments = ["run", "--seed", "5", "--variant", "cancelled-spaces-kept", "--type", "ScheduledSession"];
    let arguments =
        [&arguments[..], &["--feature", "customer-requested-cancellation", "--test", "book-and-cancel*"]].concat();
    let wait = ["--set", "integrationTests.waitForItemToUpdateInFeedTimeout=2000", "--warnings"];
    let outcome = Bench::new().oa_test(&[&arguments[..], &wait].concat());
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("releases the booked spaces"), "{}", outcome.stdout);
}

/// A cancellation, and then the deletion of a quote that has a lease.
const CANCELLATION_THEN_QUOTE: &str = "
category: core
feature: dataset-site
name: Dataset site
summary: A quote is deleted after a cancellation.
spec: https://openactive.io/open-booking-api/EditorsDraft/
required: true
coverage: partial
tests:
  - id: quote-after-cancellation
    name: OrderQuote Deletion after a cancellation releases the lease
    when: implemented
    summary: The Order is cancelled. The quote of another Order is deleted.
    criteria: { test: TestOpportunityBookableCancellable, control: TestOpportunityBookableCancellable }
    multiple: false
    parts:
      - name: Cancellation
        steps:
          - fetch
          - c1
          - c2
          - book
          - cancel: standard
            items: all
            await: orders-feed
            expect:
              - check: all-cancelled
            capacity: given-back
      - name: Quote
        steps:
          - fetch
          - c1
          - delete-quote: standard
            capacity: restored
";

/// What a run learns of cancelled spaces says nothing about leases: feeds have time to show their release.
#[test]
fn a_lease_is_waited_for_where_cancelled_spaces_are_kept() {
    let bench = Bench::new();
    bench.write("own/quote.yaml", CANCELLATION_THEN_QUOTE);
    let design = ["--variant", "cancelled-spaces-kept", "--variant", "opportunity-feeds-late"];
    let cells = ["--features-dir", "own", "--test", "quote-after-cancellation", "--flow", "OpenBookingSimpleFlow"];
    let limits = ["--type", "ScheduledSession", "--set", "integrationTests.waitForItemToUpdateInFeedTimeout=10000"];
    let outcome = bench.oa_test(&[&["run", "--seed", "5"], &design[..], &cells[..], &limits[..]].concat());
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
}

/// A test that no booking system passes.
const OBJECTING: &str = "
category: core
feature: dataset-site
name: Dataset site
summary: No booking system passes.
spec: https://openactive.io/open-booking-api/EditorsDraft/
required: true
coverage: partial
tests:
  - id: objecting
    name: B response has an impossible @id
    when: implemented
    summary: B returns the `@id` of nothing.
    criteria: { test: TestOpportunityBookable, control: TestOpportunityBookable }
    steps:
      - fetch
      - c1
      - c2
      - book: standard
        expect:
          - value: '@id'
            equals: nothing
";

#[test]
fn a_design_to_which_a_check_objects_is_named_with_the_check() {
    let bench = Bench::new();
    bench.write("own/objecting.yaml", OBJECTING);
    let arguments =
        ["selfcheck", "--variants", "--sample", "2", "--variant", "ids-with-query", "--features-dir", "own"];
    let outcome = bench.oa_test(&[&arguments[..], &["--test", "objecting"]].concat());
    assert_eq!(outcome.code, 1, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("ids-with-query: 2 failed, 0 blocked of 2 cells"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("expected: \"nothing\""), "{}", outcome.stdout);
}

#[test]
fn combinations_depend_on_the_seed_alone() {
    let combine = |seed: &str| {
        let arguments = ["selfcheck", "--variants", "--combinations", "2", "--sample", "1", "--seed", seed];
        let outcome =
            Bench::new().oa_test(&[&arguments[..], &["--feature", "dataset-site", "--format", "json"]].concat());
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        report["variants"].as_array().unwrap().iter().map(|tried| tried["variants"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(combine("5"), combine("5"));
    assert_ne!(combine("5"), combine("7"));
}
