//! Every key that a configuration may hold.

/// What a value must be. `null` is allowed everywhere and means "not set".
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

/// What a key does.
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
    /// What it is for, in one line of Markdown.
    pub about: &'static str,
    /// What the value must be.
    pub shape: Shape,
    /// What the key does.
    pub effect: Effect,
}

const fn used(path: &'static str, about: &'static str, shape: Shape) -> KeySpec {
    KeySpec { path, about, shape, effect: Effect::Used }
}

const fn idle(path: &'static str, about: &'static str, shape: Shape, reason: &'static str) -> KeySpec {
    KeySpec { path, about, shape, effect: Effect::None(reason) }
}

const NODE_ONLY: &str = "it steers the Node.js suite's own processes";

/// The table. Parents come before their children.
pub const KEYS: &[KeySpec] = &[
    idle("ci", "Whether the run is unattended", Shape::Flag, NODE_ONLY),
    idle("consoleOutputLevel", "How much is printed", Shape::Text, "use `--verbose` or `--quiet`"),
    used("broker", "What plays the Broker: where the target is, and how it is asked", Shape::Object),
    used(
        "broker.datasetSiteUrl",
        "The dataset site of the booking system; `sandbox` for the one that is built in",
        Shape::Target,
    ),
    idle(
        "broker.outputPath",
        "Where the broker writes",
        Shape::Text,
        "everything is written to `integrationTests.outputPath`",
    ),
    idle("broker.requestLogging", "Whether requests are logged", Shape::Flag, "exchanges are always in the report"),
    idle(
        "broker.waitForHarvestCompletion",
        "Whether tests wait for the feeds",
        Shape::Flag,
        "feeds are waited for exactly when a test needs them",
    ),
    idle("broker.verbose", "Whether the broker tells more", Shape::Flag, "use `--verbose`"),
    idle("broker.disableBucketAllocation", "Whether opportunities are not sorted by criteria", Shape::Flag, NODE_ONLY),
    used(
        "broker.disableOrdersFeedHarvesting",
        "`true`: the Orders feeds are not read, and what needs them is blocked",
        Shape::Flag,
    ),
    idle("broker.disableBrokerMicroserviceTimeout", "Whether the broker never stops by itself", Shape::Flag, NODE_ONLY),
    idle("broker.logAuthConfig", "Whether credentials are logged", Shape::Flag, "credentials are never logged"),
    used("broker.headlessAuth", "`false`: a browser that logs in (`--browser`) shows its window", Shape::Flag),
    used(
        "broker.authenticationRedirectUri",
        "The redirect URI of the clients, `http://localhost:3000/cb` unless set; nobody need listen there",
        Shape::Url,
    ),
    used(
        "broker.loginPagesSelectors",
        "Where the pages of the OpenID provider have what must be filled in",
        Shape::Object,
    ),
    used("broker.loginPagesSelectors.username", "The field for the name", Shape::Selector),
    used("broker.loginPagesSelectors.password", "The field for the password", Shape::Selector),
    used("broker.loginPagesSelectors.button", "What sends the page, and what gives consent", Shape::Selector),
    idle(
        "broker.datasetDistributionOverride",
        "Feeds in the place of those of the dataset site",
        Shape::Any,
        "the dataset site names the feeds",
    ),
    used("broker.opportunityFeedRequestHeaders", "Headers for the opportunity feeds", Shape::Headers),
    used(
        "broker.bookingPartners",
        "Booking Partners by name: `primary`, and `secondary` for tests that need two",
        Shape::Object,
    ),
    used("broker.bookingPartners.*", "A Booking Partner", Shape::Object),
    used("broker.bookingPartners.*.authentication", "How it authenticates: by one of the following", Shape::Object),
    used(
        "broker.bookingPartners.*.authentication.ordersFeedRequestHeaders",
        "Headers for its feeds of Orders",
        Shape::Headers,
    ),
    used(
        "broker.bookingPartners.*.authentication.initialAccessToken",
        "It registers itself at the OpenID provider with this token; wins over `clientCredentials`",
        Shape::Secret,
    ),
    used(
        "broker.bookingPartners.*.authentication.clientCredentials",
        "It is a client of the OpenID provider already",
        Shape::Object,
    ),
    used(
        "broker.bookingPartners.*.authentication.clientCredentials.clientId",
        "The identifier of the client",
        Shape::Text,
    ),
    used("broker.bookingPartners.*.authentication.clientCredentials.clientSecret", "Its secret", Shape::Secret),
    used("integrationTests", "What is tested, and how", Shape::Object),
    used("integrationTests.outputPath", "The folder of `run.json.gz`, `report.html` and `journal.ndjson`", Shape::Text),
    used(
        "integrationTests.useRandomOpportunities",
        "`true`: opportunities are picked from the feeds (random mode); `false`: they are created through the Test Interface (controlled mode)",
        Shape::Flag,
    ),
    used(
        "integrationTests.generateConformanceCertificate",
        "`true`: a run of everything that passes ends with a certificate, as with `--certificate`",
        Shape::Flag,
    ),
    used("integrationTests.conformanceCertificateId", "The URL at which the certificate will be found", Shape::Url),
    used(
        "integrationTests.conformanceCertificatePath",
        "The folder in which it is written as `index.html`, `./conformance/` unless set",
        Shape::Text,
    ),
    idle(
        "integrationTests.requestHeaderLogging",
        "Whether reports show headers",
        Shape::Flag,
        "headers are recorded with every secret redacted",
    ),
    used("integrationTests.openBookingApiRequestTimeout", "How long one request may take", Shape::Millis),
    used(
        "integrationTests.waitForItemToUpdateInFeedTimeout",
        "How long an update may take to come to a feed",
        Shape::Millis,
    ),
    used(
        "integrationTests.testTimeout",
        "How long one cell may take; the feeds must be read to their ends within five times that",
        Shape::Millis,
    ),
    used("integrationTests.maximumNumberOfSimultaneousBookings", "How many cells run at the same time", Shape::Count),
    idle("integrationTests.additionalReporters", "More reporters of Jest", Shape::Any, NODE_ONLY),
    used(
        "integrationTests.bookableOpportunityTypesInScope",
        "The opportunity types that tests are run with",
        Shape::Object,
    ),
    used("integrationTests.bookableOpportunityTypesInScope.*", "Whether it is in scope", Shape::Flag),
    used("integrationTests.bookingFlowsInScope", "The booking flows that tests are run in", Shape::Object),
    used("integrationTests.bookingFlowsInScope.*", "Whether it is in scope", Shape::Flag),
    used("integrationTests.implementedFeatures", "Every feature of the Open Booking API", Shape::Object),
    used(
        "integrationTests.implementedFeatures.*",
        "`true`: it is there, and is tested; `false`: it is not there, and that is tested; `null`: it is not tested",
        Shape::Flag,
    ),
    used(
        "integrationTests.testDatasetIdentifier",
        "The test dataset in which opportunities are created; it is deleted before a controlled run",
        Shape::Text,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests",
        "Booking Partners for tests of the OpenID provider: `dynamicPrimary`, `dynamicSecondary`, `authorizationPersisted`",
        Shape::Object,
    ),
    used("integrationTests.bookingPartnersForSpecificTests.*", "A Booking Partner", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication", "How it authenticates", Shape::Object),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.initialAccessToken",
        "It registers itself with this token",
        Shape::Secret,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials",
        "It is a client already",
        Shape::Object,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientId",
        "The identifier of the client",
        Shape::Text,
    ),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientSecret",
        "Its secret",
        Shape::Secret,
    ),
    idle(
        "integrationTests.useShapeExpressions",
        "Whether criteria are sent as shape expressions, too",
        Shape::Flag,
        "criteria are always sent by name",
    ),
    idle(
        "integrationTests.ignoreUnexpectedFeedUpdates",
        "Whether other updates than the expected one are ignored",
        Shape::Flag,
        "a wait always ignores updates that it did not cause",
    ),
    used("sellers", "The Sellers: `primary`, and `secondary` for tests that need two", Shape::Object),
    used("sellers.*", "A Seller", Shape::Object),
    used("sellers.*.@type", "`Organization` or `Person`", Shape::Text),
    used("sellers.*.@id", "Its `@id`, as in the feeds", Shape::Text),
    used("sellers.*.taxMode", "`https://openactive.io/TaxGross` or `https://openactive.io/TaxNet`", Shape::Text),
    used(
        "sellers.*.authentication",
        "How booking requests for it authenticate: by one of the following",
        Shape::Object,
    ),
    used(
        "sellers.*.authentication.requestHeaders",
        "Headers for booking requests; they win over a token",
        Shape::Headers,
    ),
    used("sellers.*.authentication.loginCredentials", "Who logs in for it at the OpenID provider", Shape::Object),
    used("sellers.*.authentication.loginCredentials.username", "The name", Shape::Secret),
    used("sellers.*.authentication.loginCredentials.password", "The password", Shape::Secret),
    used(
        "sellers.*.authentication.clientCredentials",
        "Where the booking system has one Seller only: credentials that book for it",
        Shape::Object,
    ),
    used("sellers.*.authentication.clientCredentials.clientId", "The identifier of the client", Shape::Text),
    used("sellers.*.authentication.clientCredentials.clientSecret", "Its secret", Shape::Secret),
    used(
        "sellers.*.paymentReconciliationDetails",
        "What goes into `payment` of what is not free, where payments are reconciled",
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
