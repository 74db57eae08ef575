//! The look over everything that a run made, once its last cell has ended: what has changed since then without a cause.
//!
//! It costs no waiting: the feeds are read to their ends once more, and earlier cells have had all the time of later ones.

use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use crate::checks::feeds::{CAPACITY_CHANGED_LATER, ORDER_DELETED_LATER, ORDER_PUBLISHED_LATER};
use crate::checks::rpde::PARENT;
use crate::checks::{Row, cite};
use crate::client::feed::Orphans;
use crate::opportunity::{capacity, capacity_property};
use crate::results::{ExchangeId, Finding, Remark, RemarkLevel};
use crate::vocabulary::{FeedName, Stage};

use super::remains::Remains;
use super::session::Session;

/// A finding about what changed by itself.
fn finding(row: &'static Row, message: String, feed: String, stage: Stage) -> Finding {
    let mut finding =
        Finding::new(message).spec("https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed");
    finding.subject = feed;
    row.id.clone_into(&mut finding.defect);
    cite(&mut finding, &row.into(), Some(stage), &[]);
    finding
}

/// Something that is not as the cells left it, or that no cell saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "remnant", rename_all = "kebab-case")]
pub(super) enum Remnant {
    /// An Order that was not deleted is `deleted` in its feed.
    Deleted(OrderRemnant),
    /// An Order that nothing has changed is in its feed.
    Published(OrderRemnant),
    /// The remaining capacity of an opportunity is another one.
    Capacity(CapacityRemnant),
    /// Opportunities whose parent is in no feed.
    Orphans {
        /// How many there are.
        count: u64,
        /// `@id` of the first one.
        id: String,
        /// `@id` of its parent.
        parent: String,
    },
}

/// An Order in its feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OrderRemnant {
    /// The cell that booked it.
    cell: String,
    /// The feed.
    feed: String,
    /// Its UUID.
    uuid: String,
}

/// The remaining capacity of an opportunity.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CapacityRemnant {
    /// The cell that saw it last.
    cell: String,
    /// The feed.
    feed: String,
    /// `@id` of the opportunity.
    id: String,
    /// The property that holds it.
    property: String,
    /// As the cell saw it.
    left: i64,
    /// As it is.
    found: i64,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    exchange: Option<ExchangeId>,
}

/// Reads the feeds to their ends, and compares them with what the cells left.
pub(super) async fn look(session: &Session) -> Vec<Remnant> {
    let deadline = session.feed_deadline();
    let opportunities = session.opportunities.catch_up(deadline).await.is_ok();
    let read = session.orders.catch_up(deadline).await;
    let remains = std::mem::take(&mut *session.remains.lock().unwrap_or_else(PoisonError::into_inner));
    let mut remnants = Vec::new();
    for Remains { cell, orders, quiet, .. } in &remains {
        for (partner, uuid) in orders.iter().filter(|(partner, _)| read.contains(&partner.name().to_owned())) {
            let Some(feed) = session.orders.started(partner.name(), FeedName::Orders) else { continue };
            let seen = || OrderRemnant { cell: cell.clone(), feed: feed.name().to_owned(), uuid: uuid.clone() };
            if feed.shows_deleted(uuid) {
                remnants.push(Remnant::Deleted(seen()));
            } else if *quiet && feed.has_shown(uuid) {
                remnants.push(Remnant::Published(seen()));
            }
        }
    }
    if !opportunities {
        return remnants;
    }
    let capacities =
        remains.iter().flat_map(|remains| remains.capacities.iter().map(|(id, left)| (&remains.cell, id, *left)));
    for (cell, id, left) in capacities {
        let Some(located) = session.opportunities.get(id) else { continue };
        let Some(found) = capacity(&located.data).filter(|found| *found != left) else { continue };
        remnants.push(Remnant::Capacity(CapacityRemnant {
            cell: cell.clone(),
            feed: session.opportunities.feed_of(id).unwrap_or("opportunity feeds").to_owned(),
            id: id.clone(),
            property: capacity_property(&located.data).unwrap_or("remainingAttendeeCapacity").to_owned(),
            left,
            found,
            exchange: located.exchange,
        }));
    }
    let orphans = session.opportunities.index().orphans();
    remnants.extend(orphans.map(|Orphans { count, id, parent }| Remnant::Orphans { count: count as u64, id, parent }));
    remnants
}

/// What is wrong, and what is worth a warning.
pub(super) fn judge(remnants: &[Remnant]) -> (Vec<Finding>, Vec<Remark>) {
    let (mut findings, mut remarks) = (Vec::new(), Vec::new());
    for remnant in remnants {
        match remnant {
            Remnant::Deleted(OrderRemnant { cell, feed, uuid }) => {
                let message = format!("{feed}: an Order that was not deleted is `deleted` at the end of the run");
                let finding = finding(ORDER_DELETED_LATER, message, feed.clone(), Stage::OrdersFeed);
                let finding =
                    finding.expected(format!("no deletion of {uuid}"), format!("item {uuid} with state \"deleted\""));
                findings.push(finding.hint(format!("the Order was booked by {cell}")));
            }
            Remnant::Published(OrderRemnant { cell, feed, uuid }) => {
                let message = format!("{feed}: an Order that nothing has changed is published at the end of the run");
                let finding = finding(ORDER_PUBLISHED_LATER, message, feed.clone(), Stage::OrdersFeed);
                let finding = finding.expected(format!("no item with id {uuid}"), format!("an item with id {uuid}"));
                findings.push(finding.hint(format!("the Order was booked by {cell}")));
            }
            Remnant::Capacity(CapacityRemnant { cell, feed, id, property, left, found, exchange }) => {
                let message = format!("{feed}: `{property}` of {id} is {found} at the end of the run");
                let mut finding = finding(CAPACITY_CHANGED_LATER, message, property.clone(), Stage::OpportunityFeed);
                finding.exchange = *exchange;
                let expected = format!("{left}, as after the last request of {cell}");
                findings.push(finding.expected(expected, found.to_string()).path(property.clone()));
            }
            Remnant::Orphans { count, id, parent } => remarks.push(Remark {
                level: RemarkLevel::Warning,
                message: ORPHANS.to_owned(),
                path: String::new(),
                rule: PARENT.id.to_owned(),
                model: None,
                requirements: Vec::new(),
                count: *count,
                first: Some(format!("{id}, parent {parent}")),
                exchange: None,
            }),
        }
    }
    (findings, remarks)
}

/// The warning that parents of opportunities are in no feed, now that all feeds were read to their ends once more.
pub(super) const ORPHANS: &str =
    "opportunity feeds: `superEvent` or `facilityUse` is in no feed, so that the opportunity cannot be booked";
