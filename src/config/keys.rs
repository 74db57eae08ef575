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
    /// What the value must be.
    pub shape: Shape,
    /// What the key does.
    pub effect: Effect,
}

const fn used(path: &'static str, shape: Shape) -> KeySpec {
    KeySpec { path, shape, effect: Effect::Used }
}

const fn idle(path: &'static str, shape: Shape, reason: &'static str) -> KeySpec {
    KeySpec { path, shape, effect: Effect::None(reason) }
}

const NODE_ONLY: &str = "it steers the Node.js suite's own processes";

/// The table. Parents come before their children.
pub const KEYS: &[KeySpec] = &[
    idle("ci", Shape::Flag, NODE_ONLY),
    idle("consoleOutputLevel", Shape::Text, "use `--verbose` or `--quiet`"),
    used("broker", Shape::Object),
    used("broker.datasetSiteUrl", Shape::Target),
    idle("broker.outputPath", Shape::Text, "everything is written to `integrationTests.outputPath`"),
    idle("broker.requestLogging", Shape::Flag, "exchanges are always in the report"),
    idle("broker.waitForHarvestCompletion", Shape::Flag, "feeds are waited for exactly when a test needs them"),
    idle("broker.verbose", Shape::Flag, "use `--verbose`"),
    idle("broker.disableBucketAllocation", Shape::Flag, NODE_ONLY),
    used("broker.disableOrdersFeedHarvesting", Shape::Flag),
    idle("broker.disableBrokerMicroserviceTimeout", Shape::Flag, NODE_ONLY),
    idle("broker.logAuthConfig", Shape::Flag, "credentials are never logged"),
    used("broker.headlessAuth", Shape::Flag),
    used("broker.authenticationRedirectUri", Shape::Url),
    used("broker.loginPagesSelectors", Shape::Object),
    used("broker.loginPagesSelectors.username", Shape::Selector),
    used("broker.loginPagesSelectors.password", Shape::Selector),
    used("broker.loginPagesSelectors.button", Shape::Selector),
    idle("broker.datasetDistributionOverride", Shape::Any, "the dataset site names the feeds"),
    used("broker.opportunityFeedRequestHeaders", Shape::Headers),
    used("broker.bookingPartners", Shape::Object),
    used("broker.bookingPartners.*", Shape::Object),
    used("broker.bookingPartners.*.authentication", Shape::Object),
    used("broker.bookingPartners.*.authentication.ordersFeedRequestHeaders", Shape::Headers),
    used("broker.bookingPartners.*.authentication.initialAccessToken", Shape::Secret),
    used("broker.bookingPartners.*.authentication.clientCredentials", Shape::Object),
    used("broker.bookingPartners.*.authentication.clientCredentials.clientId", Shape::Text),
    used("broker.bookingPartners.*.authentication.clientCredentials.clientSecret", Shape::Secret),
    used("integrationTests", Shape::Object),
    used("integrationTests.outputPath", Shape::Text),
    used("integrationTests.useRandomOpportunities", Shape::Flag),
    used("integrationTests.generateConformanceCertificate", Shape::Flag),
    used("integrationTests.conformanceCertificateId", Shape::Url),
    used("integrationTests.conformanceCertificatePath", Shape::Text),
    idle("integrationTests.requestHeaderLogging", Shape::Flag, "headers are recorded with every secret redacted"),
    used("integrationTests.openBookingApiRequestTimeout", Shape::Millis),
    used("integrationTests.waitForItemToUpdateInFeedTimeout", Shape::Millis),
    used("integrationTests.testTimeout", Shape::Millis),
    used("integrationTests.maximumNumberOfSimultaneousBookings", Shape::Count),
    idle("integrationTests.additionalReporters", Shape::Any, NODE_ONLY),
    used("integrationTests.bookableOpportunityTypesInScope", Shape::Object),
    used("integrationTests.bookableOpportunityTypesInScope.*", Shape::Flag),
    used("integrationTests.bookingFlowsInScope", Shape::Object),
    used("integrationTests.bookingFlowsInScope.*", Shape::Flag),
    used("integrationTests.implementedFeatures", Shape::Object),
    used("integrationTests.implementedFeatures.*", Shape::Flag),
    used("integrationTests.testDatasetIdentifier", Shape::Text),
    used("integrationTests.bookingPartnersForSpecificTests", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication.initialAccessToken", Shape::Secret),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials", Shape::Object),
    used("integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientId", Shape::Text),
    used(
        "integrationTests.bookingPartnersForSpecificTests.*.authentication.clientCredentials.clientSecret",
        Shape::Secret,
    ),
    idle("integrationTests.useShapeExpressions", Shape::Flag, "criteria are always sent by name"),
    idle(
        "integrationTests.ignoreUnexpectedFeedUpdates",
        Shape::Flag,
        "a wait always ignores updates that it did not cause",
    ),
    used("sellers", Shape::Object),
    used("sellers.*", Shape::Object),
    used("sellers.*.@type", Shape::Text),
    used("sellers.*.@id", Shape::Text),
    used("sellers.*.taxMode", Shape::Text),
    used("sellers.*.authentication", Shape::Object),
    used("sellers.*.authentication.requestHeaders", Shape::Headers),
    used("sellers.*.authentication.loginCredentials", Shape::Object),
    used("sellers.*.authentication.loginCredentials.username", Shape::Secret),
    used("sellers.*.authentication.loginCredentials.password", Shape::Secret),
    used("sellers.*.authentication.clientCredentials", Shape::Object),
    used("sellers.*.authentication.clientCredentials.clientId", Shape::Text),
    used("sellers.*.authentication.clientCredentials.clientSecret", Shape::Secret),
    used("sellers.*.paymentReconciliationDetails", Shape::Object),
    used("sellers.*.paymentReconciliationDetails.name", Shape::Text),
    used("sellers.*.paymentReconciliationDetails.accountId", Shape::Text),
    used("sellers.*.paymentReconciliationDetails.paymentProviderId", Shape::Text),
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
