//! What a step knows of its cell and of the run before it begins.

use std::sync::Arc;

use serde_json::Value;
use tokio::time::Instant;

use crate::config::{Config, PaymentDetails, Seller, SellerRole};
use crate::opportunity::Clock;
use crate::vocabulary::{Flow, Profile};

use super::item::{ItemSpec, OpportunityScope};
use super::partner::{BrokerRole, CustomerDetails};

/// What a step knows of its cell and of the run before it begins. It stays as it is while the cell runs.
#[derive(Debug)]
pub struct Facts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The profile of the run.
    pub profile: Profile,
    /// The clock by which opportunities are bookable or not.
    pub clock: Clock,
    /// Whether the run is replayed from a record: nothing is sent, and nothing is waited for.
    pub replayed: bool,
    /// The URL of the dataset site.
    pub dataset_site: String,
    /// `bookingService` of the dataset site.
    pub booking_service: Option<Value>,
    /// The base URL of the Open Booking API, without a slash at its end.
    pub booking_api: String,
    /// The identifier of the feature.
    pub feature: String,
    /// The section of the specification that the feature names.
    pub feature_spec: String,
    /// The section of the specification that the test names.
    pub test_spec: Option<String>,
    /// The booking flow and what is booked; `None` for a test without opportunities.
    pub booking: Option<(Flow, OpportunityScope)>,
    /// The OrderItems, in order of their positions.
    pub items: Vec<ItemSpec>,
    /// The Seller of the Orders.
    pub seller: SellerRole,
    /// The Seller whose credentials are used.
    pub credentials: SellerRole,
    /// How many details a customer has.
    pub customer: CustomerDetails,
    /// `brokerRole` of the requests.
    pub broker_role: BrokerRole,
    /// The number of the attempt, from 0.
    pub attempt: u32,
}

impl Facts {
    /// Whether the run has the strict profile.
    #[must_use]
    pub fn strict(&self) -> bool {
        self.profile == Profile::Strict
    }

    /// The booking flow.
    #[must_use]
    pub fn flow(&self) -> Flow {
        self.booking.map_or(Flow::Simple, |(flow, _)| flow)
    }

    /// The Seller in a role; the primary one stands in where there is no secondary.
    #[must_use]
    pub fn seller(&self, role: SellerRole) -> &Seller {
        self.config.seller(role)
    }

    /// The reconciliation details of the Seller of the Orders.
    #[must_use]
    pub fn payment_details(&self) -> Option<&PaymentDetails> {
        self.config.payment_details(self.seller)
    }

    /// Whether anonymous and named leasing are implemented, by the configuration.
    #[must_use]
    pub fn leasing(&self) -> (bool, bool) {
        (self.config.implements("anonymous-leasing"), self.config.implements("named-leasing"))
    }

    /// When a wait on a feed that begins now ends.
    #[must_use]
    pub fn feed_deadline(&self) -> Instant {
        Instant::now() + self.config.feed_timeout
    }
}
