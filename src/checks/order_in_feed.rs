//! What the feeds of Orders, and Order Status, show beside the answers to P and B.

use serde_json::Value;

use super::value::shown;
use crate::compare::{Policy, amount, property_difference};
use crate::results::Finding;
use crate::trace::Purpose;
use crate::vocabulary::Stage;

use super::outcome::Outcome;
use super::row::rows;
use super::seen::{Seen, is_cancelled, items};
use super::view::Answered;

rows! {
    FEED_MATCHES_RESPONSE = "feed-matches-response": "a feed shows properties of the answer to B or P, with what is nested in them"
        at [OrdersFeed ProposalsFeed], document(part_of_answer) {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-2", "OB-broker-processing-the-orders-feed-33"],
    }
    TAX_IN_FEED = "tax-in-feed": "a feed shows tax where there is any, and taxCalculationExcluded where it is true"
        at [OrdersFeed ProposalsFeed], document(tax_in_feed) {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-4", "OB-broker-processing-the-orders-feed-32"],
    }
    OFFER_IN_FEED = "offer-in-feed": "a feed shows the offer and the tax of OrderItems, where they can be replaced"
        at [OrdersFeed], document(offer_in_feed) {
        OrdersFeed: [
            "OB-broker-processing-the-orders-feed-18",
            "OB-broker-processing-the-orders-feed-19",
            "OB-change-of-logistics-notifications-3",
        ],
    }
    REPLACEMENT_TERMS = "replacement-terms": "a replacement costs no more, and is paid for at the same time"
        at [OrdersFeed], document(replaced_fairly) {
        OrdersFeed: [
            "OB-totalpaymentdue-invariant-3",
            "OB-totalpaymentdue-invariant-4",
            "OB-cancellation-replacement-refund-calculation-and-notification-10",
        ],
    }
    OFFER_AS_BOOKED = "offer-as-booked": "offer and tax of an OrderItem stay as they were booked"
        at [OrdersFeed OrderStatus], document(offer_kept) {
        OrdersFeed: [
            "OB-totalpaymentdue-invariant-5",
            "OB-cancellation-replacement-refund-calculation-and-notification-9",
            "OB-cancellation-replacement-refund-calculation-and-notification-4",
            "OB-orders-rpde-feed-4",
            "OB-acceptedoffer-properties-2",
        ],
        OrderStatus: [
            "OB-totalpaymentdue-invariant-5",
            "OB-cancellation-replacement-refund-calculation-and-notification-4",
        ],
    }
    CANCELLATION_FINAL = "cancellation-final": "an OrderItem that was cancelled stays so"
        at [OrdersFeed OrderStatus], document(nothing_undone) {
        OrdersFeed: [
            "OB-cancellation-after-b-3",
            "OB-totalpaymentdue-invariant-6",
            "OB-cancellation-replacement-refund-calculation-and-notification-3",
        ],
        OrderStatus: ["OB-totalpaymentdue-invariant-6"],
    }
    INTAKE_FORMS_IN_FEED = "intake-forms-in-feed": "the OrderProposals feed shows intake forms and their answers"
        at [ProposalsFeed], document(forms_in_feed) {
        ProposalsFeed: ["OB-broker-processing-the-orders-feed-23", "OB-broker-processing-the-orders-feed-24"],
    }
    ORDER_STATUS_AS_BOOKED = "order-status-as-booked": "what the Orders feed does not show stays as it was booked"
        at [OrderStatus], document(rest_as_booked) {
        OrderStatus: ["OB-broker-processing-the-orders-feed-35"],
    }
    ORDER_STATUS_BEFORE_ORDER = "order-status-before-order": "Order Status shows whatever has the UUID"
        at [OrderStatus], response(early_status) {
        OrderStatus: ["OB-order-endpoint-restful-semantics-2"],
    }
}

/// Properties of a feed that the answers to P and B need not have: they come into being later, or belong to feeds.
const LATER: &[&str] = &["@context", "identifier", "orderSellerNote", "orderProposalStatus", "orderProposalVersion"];

/// A feed has nothing that the answer to B or P did not have, and leaves out nothing within what it has.
fn part_of_answer(document: &Seen<'_>) -> Option<Finding> {
    let first = if document.stage == Stage::ProposalsFeed { document.first } else { document.booked };
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
fn tax_in_feed(document: &Seen<'_>) -> Option<Finding> {
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
fn offer_in_feed(document: &Seen<'_>) -> Option<Finding> {
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
    let id = |item: &Value| item.get("orderedItem").and_then(crate::opportunity::id_of).map(str::to_owned);
    id(one) == id(other) || id(other).is_none()
}

/// What is put in the place of what was booked costs no more, and is paid for at the same time.
fn replaced_fairly(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item).filter(|known| !same_opportunity(known, item))?;
        let (before, now) = (known.get("acceptedOffer")?, item.get("acceptedOffer")?);
        let path = |name: &str| format!("orderedItem[{index}].acceptedOffer.{name}");
        let price = |offer: &Value| offer.get("price").and_then(Value::as_number).map(amount);
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
fn offer_kept(document: &Seen<'_>) -> Option<Finding> {
    let id = |item: &Value| item.get("@id").cloned();
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let before = document.before.and_then(|before| items(before).iter().find(|known| id(known) == id(item)));
        let known =
            [document.in_first(item), before].into_iter().flatten().find(|known| same_opportunity(known, item))?;
        ["acceptedOffer", "unitTaxSpecification"].into_iter().find_map(|property| {
            let (wanted, found) = (known.get(property)?, item.get(property)?);
            property_difference(property, Some(wanted), Some(found), &Policy::same()).map(|_| {
                Finding::new(format!("{property} is not what was booked"))
                    .expected(shown(Some(wanted)), shown(Some(found)))
                    .path(format!("orderedItem[{index}].{property}"))
            })
        })
    })
}

/// What a feed showed as cancelled is cancelled for good.
fn nothing_undone(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id").and_then(Value::as_str)?;
        (document.ended.contains(id) && !is_cancelled(item)).then(|| {
            Finding::new("an OrderItem that was cancelled is cancelled no more")
                .expected("the status of a cancellation", shown(item.get("orderItemStatus")))
                .path(format!("orderedItem[{index}].orderItemStatus"))
        })
    })
}

/// Forms and answers of an OrderProposal are in its feed.
fn forms_in_feed(document: &Seen<'_>) -> Option<Finding> {
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
fn rest_as_booked(document: &Seen<'_>) -> Option<Finding> {
    let booked = document.booked?;
    ["bookingService", "broker", "brokerRole", "seller", "customer", "orderNumber", "payment"].into_iter().find_map(
        |name| {
            let (wanted, found) = (booked.get(name)?, document.body.get(name));
            property_difference(name, Some(wanted), found, &Policy::same()).map(|_| {
                Finding::new(format!("{name} is not what B returned"))
                    .expected(shown(Some(wanted)), shown(found))
                    .path(name)
            })
        },
    )
}

/// Order Status shows the OrderQuote or OrderProposal that has the UUID.
fn early_status(answered: &Answered<'_>) -> Outcome {
    let Purpose::EarlyStatus(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let reply = &answered.exchanged.reply;
    let found = answered.seen.body.get("@type").and_then(Value::as_str);
    let shown = reply.status == Some(200) && found == Some(wanted);
    Outcome::of((!shown).then(|| {
        let seen = match found {
            Some(found) if reply.status == Some(200) => found.to_owned(),
            _ => reply.shown(),
        };
        answered
            .finding(format!("Order Status does not show the {wanted}"))
            .expected(format!("HTTP 200, {wanted}"), seen)
    }))
}
