//! What all cells of a run share.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::client::Client;
use crate::client::auth::Access;
use crate::client::feed::{OpportunityFeeds, OrderFeed, Patience, Turns};
use crate::config::{Config, PaymentDetails, Seller, SellerRole};
use crate::harvest::LiveJudge;
use crate::plan::{Clock, Reservations};
use crate::vocabulary::{Profile, Stage};

use super::breaker::Breaker;
use super::chance::Chance;
use super::ending::Ending;
use super::events::{Events, RunEvent};
use super::feeds::OrderFeeds;
use super::remains::Remains;

/// What all cells of a run share.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) config: Arc<Config>,
    pub(super) profile: Profile,
    /// Identifies the run; identifiers that cells send derive from it.
    pub(super) run_id: String,
    /// The seed of choices.
    pub(super) seed: u64,
    pub(super) client: Client,
    /// Credentials, as they are needed.
    pub(super) access: Access,
    /// The URL of the dataset site.
    pub(super) dataset_site: String,
    /// `bookingService` of the dataset site.
    pub(super) booking_service: Option<Value>,
    /// The base URL of the Open Booking API, without a slash at its end.
    pub(super) booking_api: String,
    pub(super) clock: Clock,
    pub(super) opportunities: Arc<OpportunityFeeds>,
    /// Who judges the pages and items of the opportunity feeds.
    pub(super) judges: Vec<Arc<LiveJudge>>,
    pub(super) orders: Arc<OrderFeeds>,
    pub(super) reservations: Reservations,
    /// What was created that may be free or not.
    pub(super) chance: Chance,
    pub(super) events: Arc<Events>,
    /// Whether checks that this version of the program brought fail, and not only warn.
    pub(super) fail_on_new: bool,
    /// Whether a cell ends with the step of its first failure.
    pub(super) first_finding: bool,
    pub(super) ending: Arc<Ending>,
    /// What cells have learned about waits.
    pub(super) patience: Arc<Patience>,
    /// Which cells may make requests.
    pub(super) turns: Turns,
    /// Whether the OrderQuotes of C1 and C2 had a lease.
    pub(super) leases: Mutex<BTreeMap<Stage, bool>>,
    /// Stops the run where the target cannot be tested.
    pub(super) breaker: Breaker,
    /// Whether a cancellation was seen to keep its capacity for as long as a wait lasts: nothing more need be waited for.
    pub(super) keeps_cancelled: AtomicBool,
    /// Waits for changes of opportunities that a response shows already, and that did not come.
    pub(super) vain_waits: AtomicU32,
    /// What cells that passed left on the target.
    pub(super) remains: Mutex<Vec<Remains>>,
    /// What every `rerun` command starts with.
    pub(super) command: String,
}

impl Session {
    /// The Seller in a role; the primary one stands in where there is no secondary.
    pub(super) fn seller(&self, role: SellerRole) -> &Seller {
        self.config.seller(role)
    }

    /// The reconciliation details for a Seller: its own, or those of the primary Seller, as configurations have them once.
    pub(super) fn payment_details(&self, role: SellerRole) -> Option<&PaymentDetails> {
        self.config.payment_details(role)
    }

    /// When a wait on a feed that begins now ends.
    pub(super) fn feed_deadline(&self) -> Instant {
        Instant::now() + self.config.feed_timeout
    }

    /// The time limit of one request.
    pub(super) fn request_timeout(&self) -> Duration {
        self.config.request_timeout
    }

    /// Reports what a cell does or waits for.
    pub(super) fn doing(&self, cell: &str, what: impl Into<String>) {
        self.events.emit(&RunEvent::StepStarted { cell: cell.to_owned(), what: what.into() });
    }

    /// What to look at when the target refuses the credentials of a Seller.
    pub(super) fn credentials_hint(&self, seller: &Seller) -> String {
        let role = if self.config.sellers.primary.id == seller.id { "primary" } else { "secondary" };
        let key = format!("sellers.{role}.authentication.requestHeaders");
        if !seller.request_headers.is_empty() {
            format!("the credentials are those of `{key}`")
        } else if seller.login.is_some() || seller.client.is_some() {
            let authority = self.access.authority().unwrap_or("an OpenID provider");
            format!("the token was issued by {authority} for {}", seller.id)
        } else {
            format!("no credentials are configured for {}: set `{key}`", seller.id)
        }
    }
}

/// The Orders feeds that have been started, by partner and path.
pub(super) type Started = HashMap<(String, &'static str), Arc<OrderFeed>>;
