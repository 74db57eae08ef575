//! Order Cancellation: the Customer cancels OrderItems.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{items, position_of};
use crate::trace::{History, Purpose};
use crate::vocabulary::{Profile, Stage, named_enumeration as named};

use super::act::{Act, FeedEffect, Kind, Step};
use super::call::Call;
use super::change::{self, Change, OrderChoice};
use super::driver::Driver;
use super::reading::{described, name, name_or, one_of, request_schema};
use super::requests::cancellation;
use super::spec::section;
use super::template::Template;

pub(super) const KIND: Kind = Kind::valued(
    "cancel",
    "Order Cancellation: PATCH the Order to cancel OrderItems",
    |fields, _| {
        Some(Arc::new(Cancel {
            template: name(fields, "cancel")?,
            items: name_or(fields, "items", ItemChoice::All)?,
            order: name_or(fields, "of", OrderChoice::Own)?,
        }))
    },
    request_schema,
)
.with_keys(&[
    ("items", || described(one_of(ItemChoice::ALL), "the OrderItems to cancel (default: all)")),
    ("of", || described(one_of(OrderChoice::ALL), "the Order to cancel OrderItems of (default: own)")),
]);

named! {
    /// The OrderItems to cancel.
    "choice of OrderItems"
    enum ItemChoice {
        /// All of them.
        All = "all",
        /// The first one.
        First = "first",
        /// All but the first one.
        Rest = "rest",
        /// One with an unknown `@id`.
        Unknown = "unknown",
    }
}

#[derive(Debug)]
struct Cancel {
    template: Template,
    items: ItemChoice,
    order: OrderChoice,
}

impl Act for Cancel {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.template.titled("Order Cancellation")
    }

    fn sentence(&self, _rejected: bool) -> String {
        let items = match self.items {
            ItemChoice::All => "all OrderItems",
            ItemChoice::First => "the first OrderItem",
            ItemChoice::Rest => "all OrderItems but the first",
            ItemChoice::Unknown => "an unknown OrderItem",
        };
        let order = match self.order {
            OrderChoice::Own => "",
            OrderChoice::Unknown => " in an unknown Order",
        };
        self.template.titled(&format!("Order Cancellation: cancel {items}{order}"))
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::OrderPatch)
    }

    fn needs(&self) -> &'static [&'static str] {
        // After `not-in-feed` and `order-status` the Order of another Booking Partner must not be cancellable.
        &["book", "confirm", "not-in-feed", "order-status"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::ShownOrQuiet
    }

    fn to_json(&self) -> Value {
        json!({ "cancel": { "template": self.template, "items": self.items, "order": self.order } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let chosen = self.items.of(driver.history());
            if chosen.is_empty() {
                return driver.lacks("OrderItem with a position and an @id");
            }
            let Some(watches) = change::watches(driver, step).await else { return driver.end() };
            let of = self.order.uuid(driver);
            let call = Call::new(Stage::OrderPatch, "Order Cancellation", Method::PATCH, format!("orders/{of}"))
                .sending(cancellation(self.template, &chosen))
                .purpose(Purpose::Cancellation(chosen))
                .spec(section(&driver.facts(), step));
            let change = Change { call, rejected: Some(Profile::Strict), repeated: "repeated Order Cancellation" };
            change::make(driver, change, watches, step).await;
            driver.end()
        })
    }
}

impl ItemChoice {
    /// Their `@id`s.
    fn of(self, history: &History) -> Vec<String> {
        let ids = ids_by_position(history);
        let chosen = |wanted: fn(usize) -> bool| {
            ids.iter().filter(|(position, _)| wanted(*position)).map(|(_, id)| id.clone()).collect()
        };
        match self {
            Self::All => chosen(|_| true),
            Self::First => chosen(|position| position == 0),
            Self::Rest => chosen(|position| position > 0),
            Self::Unknown => ids.iter().take(1).map(|(_, id)| format!("{id}-0-")).collect(),
        }
    }
}

/// The `@id`s of the OrderItems by their positions, as the first response of the booking has both.
fn ids_by_position(history: &History) -> Vec<(usize, String)> {
    let own = history.proposal.as_ref().or(history.booked.as_ref());
    let Some(first) = own.or(history.foreign.as_ref()) else { return Vec::new() };
    let mut ids: Vec<(usize, String)> = items(first)
        .iter()
        .filter_map(|item| Some((position_of(item)?, item.get("@id")?.as_str()?.to_owned())))
        .collect();
    ids.sort_unstable();
    ids
}
