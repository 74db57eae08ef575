//! The look over everything that a run made, once its last cell has ended: what has changed since then without a cause.
//!
//! It costs no waiting: the feeds are read to their ends once more, and earlier cells have had all the time of later ones.

use std::sync::PoisonError;

use crate::checks::feeds::{CAPACITY_CHANGED_LATER, ORDER_DELETED_LATER, ORDER_PUBLISHED_LATER};
use crate::checks::rpde::PARENT;
use crate::checks::{Row, cite};
use crate::opportunity::{capacity, capacity_property};
use crate::results::{Finding, Remark, RemarkLevel};
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

/// Reads the feeds to their ends, and compares them with what the cells left. What is wrong, and what is worth a warning.
pub(super) async fn look(session: &Session) -> (Vec<Finding>, Vec<Remark>) {
    let deadline = session.feed_deadline();
    let opportunities = session.opportunities.catch_up(deadline).await.is_ok();
    let read = session.orders.catch_up(deadline).await;
    let remains = std::mem::take(&mut *session.remains.lock().unwrap_or_else(PoisonError::into_inner));
    let mut findings = Vec::new();
    for Remains { cell, orders, quiet, .. } in &remains {
        for (partner, uuid) in orders.iter().filter(|(partner, _)| read.contains(&partner.name().to_owned())) {
            let Some(feed) = session.orders.started(partner.name(), FeedName::Orders) else { continue };
            let name = feed.name().to_owned();
            let of_cell = format!("the Order was booked by {cell}");
            if feed.shows_deleted(uuid) {
                let message = format!("{name}: an Order that was not deleted is `deleted` at the end of the run");
                let finding = finding(ORDER_DELETED_LATER, message, name, Stage::OrdersFeed);
                let finding =
                    finding.expected(format!("no deletion of {uuid}"), format!("item {uuid} with state \"deleted\""));
                findings.push(finding.hint(of_cell));
            } else if *quiet && feed.has_shown(uuid) {
                let message = format!("{name}: an Order that nothing has changed is published at the end of the run");
                let finding = finding(ORDER_PUBLISHED_LATER, message, name, Stage::OrdersFeed);
                let finding = finding.expected(format!("no item with id {uuid}"), format!("an item with id {uuid}"));
                findings.push(finding.hint(of_cell));
            }
        }
    }
    let capacities =
        remains.iter().flat_map(|remains| remains.capacities.iter().map(|(id, left)| (&remains.cell, id, *left)));
    for (cell, id, left) in capacities.filter(|_| opportunities) {
        let Some(located) = session.opportunities.get(id) else { continue };
        let Some(found) = capacity(&located.data).filter(|found| *found != left) else { continue };
        let property = capacity_property(&located.data).unwrap_or("remainingAttendeeCapacity");
        let feed = session.opportunities.feed_of(id).unwrap_or("opportunity feeds");
        let message = format!("{feed}: `{property}` of {id} is {found} at the end of the run");
        let mut finding = finding(CAPACITY_CHANGED_LATER, message, property.to_owned(), Stage::OpportunityFeed);
        finding.exchange = located.exchange;
        let expected = format!("{left}, as after the last request of {cell}");
        findings.push(finding.expected(expected, found.to_string()).path(property));
    }
    (findings, if opportunities { orphans(session).into_iter().collect() } else { Vec::new() })
}

/// The warning that parents of opportunities are in no feed, now that all feeds were read to their ends once more.
fn orphans(session: &Session) -> Option<Remark> {
    let orphans = session.opportunities.index().orphans()?;
    Some(Remark {
        level: RemarkLevel::Warning,
        message:
            "opportunity feeds: `superEvent` or `facilityUse` is in no feed, so that the opportunity cannot be booked"
                .to_owned(),
        path: String::new(),
        rule: PARENT.id.to_owned(),
        model: None,
        requirements: Vec::new(),
        count: orphans.count as u64,
        first: Some(format!("{}, parent {}", orphans.id, orphans.parent)),
        exchange: None,
    })
}
