//! What the feeds of Orders, and Order Status, show beside the answers to P and B.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::results::Finding;
use crate::run::checks::shown;
use crate::run::requests::decimal;
use crate::vocabulary::Place;

use super::{Document, cancelled_items, is_cancelled, items};

/// Properties of a feed that the answers to P and B need not have: they come into being later, or belong to feeds.
const LATER: &[&str] = &["@context", "identifier", "orderSellerNote", "orderProposalStatus", "orderProposalVersion"];

fn ids(order: &Value) -> BTreeSet<&str> {
    items(order).iter().filter_map(|item| item.get("@id").and_then(Value::as_str)).collect()
}

/// An Order stays the same Order.
pub(super) fn identity(document: &Document<'_>) -> Option<Finding> {
    let body = document.body;
    let own = document.uuid;
    let found = body.get("identifier");
    if found.and_then(Value::as_str) != Some(own) {
        let finding = Finding::new("identifier is not the UUID of the Order");
        return Some(finding.expected(own, shown(found)).path("identifier"));
    }
    let known =
        if document.place == Place::ProposalsFeed { document.first } else { document.booked.or(document.first) }?;
    let (wanted, found) = (known.get("@id"), body.get("@id"));
    if wanted != found {
        let finding = Finding::new("@id is not that of the answer to the booking");
        return Some(finding.expected(shown(wanted), shown(found)).path("@id"));
    }
    // An amendment may change what an OrderProposal is about.
    let (wanted, found) = (ids(known), ids(body));
    let list = |ids: &BTreeSet<&str>| ids.iter().copied().collect::<Vec<_>>().join(", ");
    (document.place == Place::OrdersFeed && wanted != found).then(|| {
        Finding::new("the Order has other OrderItems than when it was booked")
            .expected(list(&wanted), list(&found))
            .path("orderedItem[*].@id")
    })
}

/// A feed has nothing that the answer to B or P did not have, and leaves out nothing within what it has.
pub(super) fn part_of_answer(document: &Document<'_>) -> Option<Finding> {
    let first = if document.place == Place::ProposalsFeed { document.first } else { document.booked };
    let known = first?.as_object()?;
    let body = document.body.as_object()?;
    if let Some(more) = body.keys().find(|key| !known.contains_key(*key) && !LATER.contains(&key.as_str())) {
        let finding = Finding::new(format!("the feed shows {more}, which the answer to the booking did not have"));
        return Some(finding.expected("nothing", shown(body.get(more))).path(more.clone()));
    }
    let lost = |known: Option<&Value>, found: Option<&Value>, path: String| {
        let (known, found) = (known?.as_object()?, found?.as_object()?);
        // What belongs into the open feeds only is told apart.
        let lost = known.keys().find(|key| !found.contains_key(*key) && *key != "openBookingFlowRequirement")?;
        Some(
            Finding::new(format!("the feed leaves out {lost}, which the answer to the booking had"))
                .expected(shown(known.get(lost)), "nothing")
                .path(format!("{path}.{lost}")),
        )
    };
    if let Some(finding) = lost(known.get("totalPaymentDue"), body.get("totalPaymentDue"), "totalPaymentDue".to_owned())
    {
        return Some(finding);
    }
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let before = document.in_first(item).filter(|before| same_opportunity(before, item))?;
        let path = format!("orderedItem[{index}].acceptedOffer");
        lost(before.get("acceptedOffer"), item.get("acceptedOffer"), path)
    })
}

/// Tax that was there is there, and `taxCalculationExcluded` only where it is true.
pub(super) fn tax_in_feed(document: &Document<'_>) -> Option<Finding> {
    let first = document.booked.or(document.first)?;
    let excluded = first.get("taxCalculationExcluded") == Some(&Value::Bool(true));
    let found = document.body.get("taxCalculationExcluded");
    if found != excluded.then_some(&Value::Bool(true)) {
        let wanted = if excluded { "true, as in the answer to the booking" } else { "nothing: it is not true" };
        let finding = Finding::new("taxCalculationExcluded is in a feed exactly where it is true");
        return Some(finding.expected(wanted, shown(found)).path("taxCalculationExcluded"));
    }
    let taxed = first.get("totalPaymentTax").and_then(Value::as_array).is_some_and(|taxes| !taxes.is_empty());
    let standing = items(document.body).iter().any(|item| !is_cancelled(item));
    let missing = taxed && standing && !excluded && document.body.get("totalPaymentTax").is_none();
    missing.then(|| {
        Finding::new("the feed does not show the tax")
            .expected("totalPaymentTax, as in the answer to the booking", "nothing")
            .path("totalPaymentTax")
    })
}

/// Where what is booked can be replaced, the feed shows the offers, and the tax on them.
pub(super) fn offer_in_feed(document: &Document<'_>) -> Option<Finding> {
    if !document.config.implements("seller-requested-replacement") {
        return None;
    }
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item)?;
        ["acceptedOffer", "unitTaxSpecification", "orderedItem"].into_iter().find_map(|property| {
            let wanted = known.get(property).filter(|_| item.get(property).is_none())?;
            Some(
                Finding::new(format!("the feed does not show {property}, which a replacement may change"))
                    .expected(shown(Some(wanted)), "nothing")
                    .path(format!("orderedItem[{index}].{property}")),
            )
        })
    })
}

fn same_opportunity(one: &Value, other: &Value) -> bool {
    let id = |item: &Value| item.get("orderedItem").and_then(crate::plan::id_of).map(str::to_owned);
    id(one) == id(other) || id(other).is_none()
}

/// What is put in the place of what was booked costs no more, and is paid for at the same time.
pub(super) fn replaced_fairly(document: &Document<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item).filter(|known| !same_opportunity(known, item))?;
        let (before, now) = (known.get("acceptedOffer")?, item.get("acceptedOffer")?);
        let path = |name: &str| format!("orderedItem[{index}].acceptedOffer.{name}");
        let price = |offer: &Value| offer.get("price").and_then(Value::as_number).and_then(decimal);
        if price(now) > price(before) {
            let finding = Finding::new("the replacement costs more than what was booked");
            let wanted = format!("{} or less", shown(before.get("price")));
            return Some(finding.expected(wanted, shown(now.get("price"))).path(path("price")));
        }
        let (wanted, found) = (before.get("openBookingPrepayment"), now.get("openBookingPrepayment"));
        (wanted != found).then(|| {
            Finding::new("the replacement is paid for otherwise than what was booked")
                .expected(shown(wanted), shown(found))
                .path(path("openBookingPrepayment"))
        })
    })
}

/// Offer and tax stay as they were booked, or as they were when something else was put in the place of what was booked.
pub(super) fn offer_kept(document: &Document<'_>) -> Option<Finding> {
    let id = |item: &Value| item.get("@id").cloned();
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let before = document.before.and_then(|before| items(before).iter().find(|known| id(known) == id(item)));
        let known =
            [document.in_first(item), before].into_iter().flatten().find(|known| same_opportunity(known, item))?;
        ["acceptedOffer", "unitTaxSpecification"].into_iter().find_map(|property| {
            let (wanted, found) = (known.get(property)?, item.get(property)?);
            (wanted != found).then(|| {
                Finding::new(format!("{property} is not what was booked"))
                    .expected(shown(Some(wanted)), shown(Some(found)))
                    .path(format!("orderedItem[{index}].{property}"))
            })
        })
    })
}

/// What a feed showed as cancelled is cancelled for good.
pub(super) fn nothing_undone(document: &Document<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id").and_then(Value::as_str)?;
        (document.cancelled.contains(id) && !is_cancelled(item)).then(|| {
            Finding::new("an OrderItem that was cancelled is cancelled no more")
                .expected("the status of a cancellation", shown(item.get("orderItemStatus")))
                .path(format!("orderedItem[{index}].orderItemStatus"))
        })
    })
}

fn due(order: &Value) -> Option<Decimal> {
    order.get("totalPaymentDue")?.get("price").and_then(Value::as_number).and_then(decimal)
}

/// The total changes with cancellations and replacements alone, and never rises.
pub(super) fn totals_fall(document: &Document<'_>) -> Option<Finding> {
    let before = document.before.or(document.booked)?;
    let (was, now) = (due(before)?, due(document.body)?);
    let cancelled = |order: &Value| cancelled_items(order).count();
    let cause = cancelled(before) != cancelled(document.body) || document.replaced;
    let wrong = now > was || (now != was && !cause);
    wrong.then(|| {
        let wanted =
            if cause { format!("{was} or less") } else { format!("{was}, as nothing was cancelled or replaced") };
        Finding::new("the total of the Order is not what it may have become")
            .expected(wanted, now.to_string())
            .path("totalPaymentDue.price")
    })
}

/// Forms and answers of an OrderProposal are in its feed.
pub(super) fn forms_in_feed(document: &Document<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id")?;
        let known = items(document.first?).iter().find(|known| known.get("@id") == Some(id))?;
        ["orderItemIntakeForm", "orderItemIntakeFormResponse"].into_iter().find_map(|property| {
            let wanted = known.get(property).filter(|_| item.get(property).is_none())?;
            Some(
                Finding::new(format!("the feed does not show {property}, which P returned"))
                    .expected(shown(Some(wanted)), "nothing")
                    .path(format!("orderedItem[{index}].{property}")),
            )
        })
    })
}

/// What the Orders feed leaves out stays as B returned it.
pub(super) fn rest_as_booked(document: &Document<'_>) -> Option<Finding> {
    let booked = document.booked?;
    ["bookingService", "broker", "brokerRole", "seller", "customer", "orderNumber", "payment"].into_iter().find_map(
        |name| {
            let (wanted, found) = (booked.get(name)?, document.body.get(name));
            (found != Some(wanted)).then(|| {
                Finding::new(format!("{name} is not what B returned"))
                    .expected(shown(Some(wanted)), shown(found))
                    .path(name)
            })
        },
    )
}
