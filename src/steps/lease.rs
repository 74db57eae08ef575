//! Leases of several OrderItems for each opportunity, within its capacity and beyond.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};

use crate::document::{Fields, Problems};
use crate::trace::{Batch, CapacityRule, Event, Items, OrderItem, Purpose, Wanted};
use crate::vocabulary::{Flow, Profile, Stage, named_enumeration as named};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::quote::{self, OPPORTUNITIES};
use super::reading::{count_schema, described, flag_schema, name, number, one_of};
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "lease",
    "PUT an OrderQuote that requests each opportunity several times, and check the remaining capacity",
    read,
    || one_of(Checkpoint::ALL),
)
.with_keys(&[
    ("same-order", || described(flag_schema(), "replace the OrderQuote before it (default: another Customer)")),
    ("count", || described(count_schema(), "the number of OrderItems for each opportunity")),
    ("shows", || described(count_schema(), "the remaining capacity in every OrderItem of the response")),
    ("leaves", || described(count_schema(), "the remaining capacity in the feeds afterwards")),
    ("again", || described(flag_schema(), "repeat the request and expect no further effect")),
    ("refused", || described(flag_schema(), "expect the OrderQuote to be rejected with any error")),
    ("errors", || described(errors_schema(), "expect this number of OrderItems with each error, for each opportunity")),
]);

named! {
    /// Which checkpoint.
    "checkpoint"
    enum Checkpoint {
        /// C1
        C1 = "c1",
        /// C2
        C2 = "c2",
    }
}

impl Checkpoint {
    const fn stage(self) -> Stage {
        match self {
            Self::C1 => Stage::C1,
            Self::C2 => Stage::C2,
        }
    }
}

/// OrderItems of one opportunity, by their error.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
struct LeaseErrors {
    /// Without an error.
    none: usize,
    /// `OpportunityCapacityIsReservedByLeaseError`
    reserved: usize,
    /// `OpportunityHasInsufficientCapacityError`
    insufficient: usize,
}

/// An OrderQuote for many of each opportunity of the part, for another customer and in another Order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Lease {
    /// The checkpoint at which capacity is leased.
    at: Checkpoint,
    /// The number of OrderItems for each opportunity.
    count: usize,
    /// The remaining capacity in every OrderItem of the response.
    shows: i64,
    /// The remaining capacity in the feeds afterwards.
    leaves: i64,
    /// `true` when the OrderQuote must be rejected, with any OrderItem errors.
    refused: bool,
    /// The errors of the OrderItems of one opportunity, where the OrderQuote is rejected.
    errors: Option<LeaseErrors>,
    /// `true` repeats the request.
    again: bool,
    /// `true` replaces the OrderQuote before it; `false` is an OrderQuote of another Customer.
    same_order: bool,
}

impl Act for Lease {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.titled(self.at)
    }

    fn sentence(&self, _rejected: bool) -> String {
        let at = match self.at {
            Checkpoint::C1 => "C1",
            Checkpoint::C2 => "C1 and C2",
        };
        let who = if self.same_order { "with the same Order UUID" } else { "as another Customer" };
        let mut words = format!("{at}: request an OrderQuote {who} for {} of each opportunity", self.count);
        words.push_str(if self.refused() { "; expect an error" } else { "" });
        words.push_str(&format!(
            "; expect remaining capacity {} in each OrderItem, and then {} in the feeds",
            self.shows, self.leaves
        ));
        if let Some(errors) = self.errors {
            words.push_str(&format!(
                "; for each opportunity, expect {} OrderItems without error, {} with \
                 OpportunityCapacityIsReservedByLeaseError and {} with OpportunityHasInsufficientCapacityError",
                errors.none, errors.reserved, errors.insufficient
            ));
        }
        if self.again {
            words.push_str("; repeat the request; expect no further effect");
        }
        words
    }

    fn stage(&self) -> Option<Stage> {
        // Its responses belong to C1 and C2, and what it leaves in the feeds to neither.
        None
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn stages(&self, _flows: &[Flow], _rejected: bool) -> Vec<Stage> {
        vec![self.at.stage()]
    }

    fn to_json(&self) -> Value {
        json!({ "lease": self })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let stage = self.at.stage();
            let title = self.title();
            let one_each = distinct(&driver.history().items);
            let ids: Vec<String> = one_each.iter().map(|item| item.opportunity_id.clone()).collect();
            let items = one_each.iter().flat_map(|item| std::iter::repeat_n(item.clone(), self.count)).collect();
            driver.remember(Event::Items(Items { items, needed: None }));
            if !self.same_order {
                let facts = driver.facts();
                let order = driver.kept_mut().new_order(&facts);
                driver.remember(Event::Order(order));
            }
            let mut usable = true;
            if stage == Stage::C2 {
                // The quote without a customer comes first, as always; what it may lease goes over to C2.
                driver.begin(self.keyword(), &self.titled(Checkpoint::C1), self.stage());
                let call = quote::call(driver, Stage::C1, Template::Standard);
                let call = if self.refused() {
                    // Whether it is rejected too is left to the booking system.
                    call.wanted(Wanted::Response)
                } else {
                    call.purpose(Purpose::Batch(Batch { shows: self.shows, errors: None }))
                };
                driver.request(call).await;
                usable = driver.end() || self.refused();
            }
            if usable {
                driver.begin(self.keyword(), &title, self.stage());
                let call = self.call(driver, stage);
                // A request without the response that it must have leases nothing.
                if driver.request(call).await {
                    driver.capacity(CapacityRule::Exactly(self.leaves, ids.clone()), &title, None).await;
                }
                usable = driver.end();
                if self.again && usable {
                    driver.begin(self.keyword(), &format!("Repeated {title}"), self.stage());
                    let call = self.call(driver, stage);
                    if driver.request(call).await {
                        let rule = CapacityRule::Exactly(self.leaves, ids);
                        driver.capacity(rule, "the repeated request", Some(Profile::Strict)).await;
                    }
                    usable = driver.end();
                }
            }
            driver.remember(Event::Items(Items { items: one_each, needed: None }));
            usable
        })
    }
}

impl Lease {
    /// Whether the OrderQuote must be rejected.
    const fn refused(&self) -> bool {
        self.refused || self.errors.is_some()
    }

    fn titled(&self, at: Checkpoint) -> String {
        format!("{} for {} of each opportunity", quote::name(at.stage()), self.count)
    }

    /// The request of the batch.
    fn call(&self, driver: &mut dyn Driver, stage: Stage) -> Call {
        let errors = self.errors.map(|errors| (errors.none, errors.reserved, errors.insufficient));
        let purpose = Purpose::Batch(Batch { shows: self.shows, errors });
        let call = quote::call(driver, stage, Template::Standard).purpose(purpose);
        // Which OrderItem has which error is counted.
        if self.refused() { call.wanted(Wanted::ItemErrors) } else { call }
    }
}

fn read(fields: &Fields<'_>, problems: &Problems) -> Option<Arc<dyn Act>> {
    let at: Option<Checkpoint> = name(fields, "lease");
    let (count, shows, leaves) =
        (number(fields, "count", problems), number(fields, "shows", problems), number(fields, "leaves", problems));
    let (again, refused) = (fields.flag("again", false), fields.flag("refused", false));
    let same_order = fields.flag("same-order", false);
    let errors = fields.get("errors").and_then(|node| {
        let fields = Fields::of(node, "the errors of a lease", problems)?;
        let (none, reserved, insufficient) = (
            number(&fields, "none", problems),
            number(&fields, "reserved", problems),
            number(&fields, "insufficient", problems),
        );
        fields.finish();
        Some(LeaseErrors { none: none?, reserved: reserved?, insufficient: insufficient? })
    });
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Some(Arc::new(Lease {
        at: at?,
        count: count?,
        shows: whole(shows?),
        leaves: whole(leaves?),
        refused,
        errors,
        again,
        same_order,
    }))
}

fn errors_schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["none", "reserved", "insufficient"],
        "properties": { "none": count_schema(), "reserved": count_schema(), "insufficient": count_schema() }
    })
}

/// One OrderItem for each opportunity.
fn distinct(items: &[OrderItem]) -> Vec<OrderItem> {
    let mut seen: Vec<&str> = Vec::new();
    let mut one_each = Vec::new();
    for item in items {
        if !seen.contains(&item.opportunity_id.as_str()) {
            seen.push(&item.opportunity_id);
            one_each.push(item.clone());
        }
    }
    one_each
}
