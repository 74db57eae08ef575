//! Every key that a configuration may hold.

/// Expected value of a key. `null` is allowed everywhere and means "not set".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// Milliseconds, a whole number above zero.
    Millis,
    /// A whole number above zero.
    Count,
    /// Text that is not empty.
    Text,
    /// Text that is never shown.
    Secret,
    /// An absolute `http` or `https` URL, or the word `sandbox`.
    Target,
    /// An absolute `http` or `https` URL.
    Url,
    /// A CSS selector.
    Selector,
    /// An object whose keys are listed in this table too.
    Object,
    /// An object of header names to values that are never shown.
    Headers,
    /// Anything.
    Any,
}

/// Effect of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is read.
    Used,
    /// It is accepted, and changes nothing, for this reason.
    None(&'static str),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct KeySpec {
    /// Dotted path; `*` stands for any one name.
    pub path: &'static str,
    /// Its purpose, in one line of Markdown.
    pub about: &'static str,
    /// The expected value.
    pub shape: Shape,
    /// Its effect.
    pub effect: Effect,
}

const fn used(path: &'static str, about: &'static str, shape: Shape) -> KeySpec {
    KeySpec { path, about, shape, effect: Effect::Used }
}

const fn idle(path: &'static str, about: &'static str, shape: Shape, reason: &'static str) -> KeySpec {
    KeySpec { path, about, shape, effect: Effect::None(reason) }
}

const NODE_ONLY: &str = "it configures processes of the Node.js test suite";

/// The table. Parents come before their children.
pub const KEYS: &[KeySpec] = &[
    idle("ci", "Unattended runs", Shape::Flag, NODE_ONLY),
    idle("consoleOutputLevel", "Amount of output", Shape::Text, "use `--verbose` or `--quiet`"),
    used("broker", "The Broker: the target, and the requests to it", Shape::Object),
    used("broker.datasetSiteUrl", "Dataset site of the booking system; `sandbox` for the built-in one", Shape::Target),
    idle(
        "broker.outputPath",
        "Output folder of the broker",
        Shape::Text,
        "the output folder is `integrationTests.outputPath`",
    ),
    idle("broker.requestLogging", "Logging of requests", Shape::Flag, "the report always contains all exchanges"),
    idle(
        "broker.waitForHarvestCompletion",
        "Waiting for the feeds before tests",
        Shape::Flag,
        "tests wait for the feeds that they require",
    ),
    idle("broker.verbose", "Verbose output of the broker", Shape::Flag, "use `--verbose`"),
    idle("broker.disableBucketAllocation", "Disables sorting of opportunities by criteria", Shape::Flag, NODE_ONLY),
    used(
        "broker.disableOrdersFeedHarvesting",
        "`true`: do not read the Orders feeds; tests that require them are blocked",
        Shape::Flag,
    ),
    idle("broker.disableBrokerMicroserviceTimeout", "Disables the timeout of the broker", Shape::Flag, NODE_ONLY),
    idle("broker.logAuthConfig", "Logging of credentials", Shape::Flag, "credentials are never logged"),
    used("broker.headlessAuth", "`false`: show the window of the browser (`--browser`)", Shape::Flag),
    used(
        "broker.authenticationRedirectUri",
        "Redirect URI of the clients, `http://localhost:3000/cb` by default; no server is required there",
        Shape::Url,
    ),
    used("broker.loginPagesSelectors", "Elements of the login and consent pages of the OpenID provider", Shape::Object),
    used("broker.loginPagesSelectors.username", "Username field", Shape::Selector),
    used("broker.loginPagesSelectors.password", "Password field", Shape::Selector),
    used("broker.loginPagesSelectors.button", "Button that submits the page, and that gives consent", Shape::Selector),
    idle(
        "broker.datasetDistributionOverride",
        "Feeds to use instead of those of the dataset site",
        Shape::Any,
        "feeds are those of the dataset site",
    ),
    used("broker.opportunityFeedRequestHeaders", "Request headers for the opportunity feeds", Shape::Headers),
    used(
        "broker.bookingPartners",
        "Booking Partners by name: `primary`, and `secondary` for tests that require two",
        Shape::Object,
    ),
    used("broker.bookingPartners.*", "A Booking Partner", Shape::Object),
    used("broker.bookingPartners.*.authentication", "Authentication, by one of the following keys", Shape::Object),
    used(
        "broker.bookingPartners.*.authentication.ordersFeedRequestHeaders",
        "Request headers for the Orders feed and the OrderProposals feed",
        Shape::Headers,
    ),
    used(
        "broker.bookingPartners.*.authentication.initialAccessToken",
        "Initial access token for Dynamic Client Registration; overrides `clientCredentials`",
        Shape::Secret,
    ),
    used(
        "broker.bookingPartners.*.authentication.clientCredentials",
        "Registered client of the OpenID provider",
        Shape::Object,
    ),
    used("broker.bookingPartners.*.authentication.clientCredentials.clientId", "Client identifier", Shape::Text),
    used("broker.bookingPartners.*.authentication.clientCredentials.clientSecret", "Client secret", Shape::Secret),
    used("integrationTests", "Scope and execution of the tests", Shape::Object),
    used("integrationTests.outputPath", "Folder for `run.json.gz`, `report.html` and `journal.ndjson.gz`", Shape::Text),
    used(
        "integrationTests.useRandomOpportunities",
        "`true`: select opportunities from the feeds (random mode); `false`: create them by the Test Interface (controlled mode)",
        Shape::Flag,
    ),
    used(
        "integrationTests.generateConformanceCertificate",
        "`true`: write a certificate if all cells pass, as with `--certificate`",
        Shape::Flag,
    ),
    used("integrationTests.conformanceCertificateId", "URL at which the certificate will be published", Shape::Url),
    used(
        "integrationTests.conformanceCertificatePath",
        "Folder for the certificate (`index.html`), `./conformance/` by default",
        Shape::Text,
    ),
    idle(
        "integrationTests.requestHeaderLogging",
        "Headers in reports",
        Shape::Flag,
        "reports contain headers, with secrets redacted",
    ),
    used("integrationTests.openBookingApiRequestTimeout", "Timeout of one request", Shape::Millis),
    used(
        "integrationTests.waitForItemToUpdateInFeedTimeout",
        "Timeout for an update to appear in a feed",
        Shape::Millis,
    ),
    used(
        "integrationTests.testTimeout",
        "Timeout of one cell; the timeout for reading all feeds to the last page is five times as long",
        Shape::Millis,
    ),
    used("integrationTests.maximumNumberOfSimultaneousBookings", "Number of cells that run in parallel", Shape::Count),
    idle("integrationTests.additionalReporters", "Additional Jest reporters", Shape::Any, NODE_ONLY),
    used("integrationTests.bookableOpportunityTypesInScope", "Opportunity types in scope", Shape::Object),
    used("integrationTests.bookableOpportunityTypesInScope.*", "`true`: in scope", Shape::Flag),
    used("integrationTests.bookingFlowsInScope", "Booking flows in scope", Shape::Object),
    used("integrationTests.bookingFlowsInScope.*", "`true`: in scope", Shape::Flag),
    used("integrationTests.implementedFeatures", "Features of the Open Booking API", Shape::Object),
    used(
        "integrationTests.implementedFeatures.*",
        "`true`: implemented, and tested; `false`: not implemented, and tested as such; `null`: not tested",
        Shape::Flag,
    ),
    used(
        "integrationTests.testDatasetIdentifier",
        "Test dataset for created opportunities; it is deleted before a run in controlled mode",
        Shape::Text,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests",
        "Booking Partners for tests of the OpenID provider: `dynamicPrimary`, `dynamicSecondary`, `authorizationPersisted`",
        Shape::Object,
    ),
    used("integrationTests.bookingPartnersForSpecificTests.*", "A Booking Partner", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication", "Authentication", Shape::Object),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.initialAccessToken",
        "Initial access token for Dynamic Client Registration",
        Shape::Secret,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials",
        "Registered client of the OpenID provider",
        Shape::Object,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientId",
        "Client identifier",
        Shape::Text,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientSecret",
        "Client secret",
        Shape::Secret,
    ),
    idle(
        "integrationTests.useShapeExpressions",
        "Criteria as shape expressions",
        Shape::Flag,
        "criteria are always sent by name",
    ),
    idle(
        "integrationTests.ignoreUnexpectedFeedUpdates",
        "Ignores unexpected updates of feeds",
        Shape::Flag,
        "unrelated updates are always ignored",
    ),
    used("sellers", "Sellers by name: `primary`, and `secondary` for tests that require two", Shape::Object),
    used("sellers.*", "A Seller", Shape::Object),
    used("sellers.*.@type", "`Organization` or `Person`", Shape::Text),
    used("sellers.*.@id", "`@id` of the Seller, as in the feeds", Shape::Text),
    used("sellers.*.taxMode", "`https://openactive.io/TaxGross` or `https://openactive.io/TaxNet`", Shape::Text),
    used("sellers.*.authentication", "Authentication of booking requests, by one of the following keys", Shape::Object),
    used(
        "sellers.*.authentication.requestHeaders",
        "Request headers for booking requests; they override tokens",
        Shape::Headers,
    ),
    used("sellers.*.authentication.loginCredentials", "Login of the Seller at the OpenID provider", Shape::Object),
    used("sellers.*.authentication.loginCredentials.username", "Username", Shape::Secret),
    used("sellers.*.authentication.loginCredentials.password", "Password", Shape::Secret),
    used(
        "sellers.*.authentication.clientCredentials",
        "Client that books for the Seller, in a booking system with a single Seller",
        Shape::Object,
    ),
    used("sellers.*.authentication.clientCredentials.clientId", "Client identifier", Shape::Text),
    used("sellers.*.authentication.clientCredentials.clientSecret", "Client secret", Shape::Secret),
    used(
        "sellers.*.paymentReconciliationDetails",
        "Properties of `payment` for Orders that are not free, if payments are reconciled",
        Shape::Object,
    ),
    used("sellers.*.paymentReconciliationDetails.name", "`payment.name`", Shape::Text),
    used("sellers.*.paymentReconciliationDetails.accountId", "`payment.accountId`", Shape::Text),
    used("sellers.*.paymentReconciliationDetails.paymentProviderId", "`payment.paymentProviderId`", Shape::Text),
];

/// The key that a path of names matches.
#[must_use]
pub(super) fn find(path: &[&str]) -> Option<&'static KeySpec> {
    KEYS.iter().find(|spec| {
        let mut pattern = spec.path.split('.');
        let mut names = path.iter();
        loop {
            match (pattern.next(), names.next()) {
                (None, None) => return true,
                (Some(part), Some(name)) if part == "*" || part == *name => {}
                _ => return false,
            }
        }
    })
}

/// The names that may stand directly under a path; none where any name may.
pub(super) fn names_under(path: &[&str]) -> Vec<&'static str> {
    KEYS.iter()
        .filter_map(|spec| {
            let parts: Vec<&str> = spec.path.split('.').collect();
            let (last, parents) = parts.split_last()?;
            let fits = parents.len() == path.len()
                && parents.iter().zip(path).all(|(pattern, name)| *pattern == "*" || pattern == name);
            (fits && *last != "*").then_some(*last)
        })
        .collect()
}
