//! The configuration, typed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::document::{Node, Spot};
use crate::vocabulary::{Flow, OpportunityType};

use super::secret::{Headers, Secret};

/// Where the target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetSite {
    /// The booking system that is built in, started for the run.
    Sandbox,
    /// The URL of a dataset site.
    Url(String),
}

/// How opportunities are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Created through the Test Interface of the target.
    Controlled,
    /// Picked among those that the feeds publish.
    Random,
}

impl Mode {
    /// The word for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Controlled => "controlled",
            Self::Random => "random",
        }
    }
}

/// Identifier and secret of a client of the OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// `clientId`
    pub id: String,
    /// `clientSecret`
    pub secret: Secret,
}

/// How a Booking Partner comes to be a client of the OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientSource {
    /// It registers itself with this initial access token.
    Registration(Secret),
    /// It has been registered.
    Registered(ClientCredentials),
}

/// The user who logs in for a Seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// `username`
    pub username: Secret,
    /// `password`
    pub password: Secret,
}

/// Where the pages of the OpenID provider have what must be filled in, as CSS selectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginSelectors {
    /// The field for the name.
    pub username: String,
    /// The field for the password.
    pub password: String,
    /// Selector of the buttons that submit the page and give consent.
    pub button: String,
}

impl Default for LoginSelectors {
    fn default() -> Self {
        Self {
            username: "[name='username' i]".to_owned(),
            password: "[name='password' i]".to_owned(),
            button: ".btn-primary".to_owned(),
        }
    }
}

/// A Booking Partner of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Partner {
    /// Headers for the Orders feeds of this partner.
    pub orders_feed_headers: Headers,
    /// How it comes to be a client of the OpenID provider. `initialAccessToken` wins over `clientCredentials`.
    pub client: Option<ClientSource>,
}

/// Which of the two configured Sellers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SellerRole {
    /// `sellers.primary`
    Primary,
    /// `sellers.secondary`
    Secondary,
}

impl SellerRole {
    /// The key in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        }
    }
}

/// How payments are reconciled with a Seller.
#[derive(Debug, Clone, Default)]
pub struct PaymentDetails {
    /// `payment.name`
    pub name: Option<String>,
    /// `payment.accountId`
    pub account_id: Option<String>,
    /// `payment.paymentProviderId`
    pub payment_provider_id: Option<String>,
}

/// A Seller of the configuration.
#[derive(Debug, Clone)]
pub struct Seller {
    /// `@id`
    pub id: String,
    /// `@type`, `Organization` unless configured otherwise.
    pub json_type: String,
    /// Headers for every booking request made for this Seller.
    pub request_headers: Headers,
    /// The user who logs in for it.
    pub login: Option<Login>,
    /// Client credentials that book for it without a login: for a booking system with one Seller.
    pub client: Option<ClientCredentials>,
    /// The tax mode, as an IRI.
    pub tax_mode: Option<String>,
    /// Members of `payment`.
    pub payment: Option<PaymentDetails>,
}

/// The Sellers of the configuration.
#[derive(Debug, Clone)]
pub struct Sellers {
    /// The Seller of almost every test.
    pub primary: Seller,
    /// The other one, for tests about several Sellers.
    pub secondary: Option<Seller>,
}

impl Sellers {
    /// The Seller in a role.
    #[must_use]
    pub const fn get(&self, role: SellerRole) -> Option<&Seller> {
        match role {
            SellerRole::Primary => Some(&self.primary),
            SellerRole::Secondary => self.secondary.as_ref(),
        }
    }
}

/// A setting that was given and changes nothing.
#[derive(Debug, Clone)]
pub struct Ineffective {
    /// The key, dotted.
    pub path: String,
    /// Where it stands.
    pub spot: Spot,
    /// Why it changes nothing.
    pub reason: &'static str,
}

/// Whether a run ends with a certificate.
#[derive(Debug, Clone, Default)]
pub struct CertificateSettings {
    /// `integrationTests.generateConformanceCertificate`
    pub wanted: bool,
    /// `integrationTests.conformanceCertificateId`: the URL at which it will be found.
    pub id: Option<String>,
    /// `integrationTests.conformanceCertificatePath`: the folder in which `index.html` is written.
    pub folder: PathBuf,
}

/// Everything that a run needs to know about the target and about itself.
#[derive(Debug, Clone)]
pub struct Config {
    /// `broker.datasetSiteUrl`
    pub target: TargetSite,
    /// `broker.bookingPartners`, by name.
    pub partners: BTreeMap<String, Partner>,
    /// `integrationTests.bookingPartnersForSpecificTests`, by name.
    pub specific_partners: BTreeMap<String, Partner>,
    /// `broker.loginPagesSelectors`
    pub login_selectors: LoginSelectors,
    /// `broker.headlessAuth`: whether a browser that logs in shows no window.
    pub headless: bool,
    /// `broker.authenticationRedirectUri`
    pub redirect_uri: String,
    /// `broker.opportunityFeedRequestHeaders`
    pub opportunity_feed_headers: Headers,
    /// `broker.disableOrdersFeedHarvesting`, negated.
    pub follow_orders_feeds: bool,
    /// `integrationTests.outputPath`
    pub output_path: PathBuf,
    /// Whether a run ends with a certificate.
    pub certificate: CertificateSettings,
    /// `integrationTests.useRandomOpportunities`
    pub mode: Mode,
    /// `integrationTests.openBookingApiRequestTimeout`
    pub request_timeout: Duration,
    /// `integrationTests.waitForItemToUpdateInFeedTimeout`
    pub feed_timeout: Duration,
    /// `integrationTests.testTimeout`
    pub cell_timeout: Duration,
    /// `integrationTests.maximumNumberOfSimultaneousBookings`
    pub simultaneous: usize,
    /// `integrationTests.testDatasetIdentifier`
    pub dataset_identifier: String,
    /// `integrationTests.bookableOpportunityTypesInScope`: those that are true, in the order of the keys.
    pub types: Vec<OpportunityType>,
    /// `integrationTests.bookingFlowsInScope`: those that are true.
    pub flows: Vec<Flow>,
    /// `integrationTests.implementedFeatures`
    pub features: BTreeMap<String, Option<bool>>,
    /// `sellers`
    pub sellers: Sellers,
    /// Settings that were given and change nothing.
    pub ineffective: Vec<Ineffective>,
    /// All layers merged, each value with its place.
    pub tree: Node,
}

impl Config {
    /// Whether a feature is configured as implemented.
    #[must_use]
    pub fn implements(&self, feature: &str) -> bool {
        self.features.get(feature).copied().flatten() == Some(true)
    }

    /// The Seller in a role; the primary one stands in where there is no secondary.
    #[must_use]
    pub fn seller(&self, role: SellerRole) -> &Seller {
        self.sellers.get(role).unwrap_or(&self.sellers.primary)
    }

    /// The reconciliation details for a Seller: its own, or those of the primary Seller, as configurations have them once.
    #[must_use]
    pub fn payment_details(&self, role: SellerRole) -> Option<&PaymentDetails> {
        self.seller(role).payment.as_ref().or(self.sellers.primary.payment.as_ref())
    }
}
