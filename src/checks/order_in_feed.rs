//! Orders and OrderProposals in their feeds and in Order Status, compared with the responses of P and B.

use serde_json::Value;

use super::value::{brief, quoted, shown};
use crate::compare::{Difference, DifferenceKind, Policy, amount, default_of, differences, property_difference};
use crate::results::Finding;
use crate::trace::Purpose;
use crate::vocabulary::Stage;

use super::outcome::Outcome;
use super::row::rows;
use super::seen::{Seen, is_cancelled, items};
use super::view::Answered;

rows! {
    FEED_MATCHES_RESPONSE = "feed-matches-response": "the feed has properties of the B or P response only, and what is nested in them"
        at [OrdersFeed ProposalsFeed], document(part_of_response) {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-2", "OB-broker-processing-the-orders-feed-33"],
    }, violates {
        [OrdersFeed ProposalsFeed] if "missing" => ["OB-broker-processing-the-orders-feed-33"],
        [OrdersFeed ProposalsFeed] => ["OB-broker-processing-the-orders-feed-2"],
    }
    TAX_IN_FEED = "tax-in-feed": "the feed has totalPaymentTax where tax is charged, and taxCalculationExcluded where it is true"
        at [OrdersFeed ProposalsFeed], document(tax_in_feed) {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-4", "OB-broker-processing-the-orders-feed-32"],
    }, violates {
        [OrdersFeed ProposalsFeed] "totalPaymentTax" => ["OB-broker-processing-the-orders-feed-4"],
        [OrdersFeed ProposalsFeed] "taxCalculationExcluded" => ["OB-broker-processing-the-orders-feed-32"],
    }
    OFFER_IN_FEED = "offer-in-feed": "with Replacement, the Orders feed has orderedItem, acceptedOffer and unitTaxSpecification"
        at [OrdersFeed], document(offer_in_feed) {
        OrdersFeed: [
            "OB-broker-processing-the-orders-feed-18",
            "OB-broker-processing-the-orders-feed-19",
            "OB-change-of-logistics-notifications-3",
        ],
    }, violates {
        [OrdersFeed] "acceptedOffer" => ["OB-broker-processing-the-orders-feed-18"],
        [OrdersFeed] "unitTaxSpecification" => ["OB-broker-processing-the-orders-feed-19"],
        [OrdersFeed] "orderedItem" => ["OB-change-of-logistics-notifications-3"],
    }
    REPLACEMENT_TERMS = "replacement-terms": "the Offer of a Replacement costs no more and keeps openBookingPrepayment"
        at [OrdersFeed], document(replacement_terms) {
        OrdersFeed: [
            "OB-totalpaymentdue-invariant-3",
            "OB-totalpaymentdue-invariant-4",
            "OB-cancellation-replacement-refund-calculation-and-notification-10",
        ],
    }, violates {
        [OrdersFeed] "price" => ["OB-totalpaymentdue-invariant-3"],
        [OrdersFeed] "openBookingPrepayment" => [
            "OB-totalpaymentdue-invariant-4",
            "OB-cancellation-replacement-refund-calculation-and-notification-10",
        ],
    }
    OFFER_AS_BOOKED = "offer-as-booked": "acceptedOffer and unitTaxSpecification are those of the booking or the last Replacement"
        at [OrdersFeed OrderStatus], document(offer_as_booked) {
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
    }, violates {
        [OrdersFeed OrderStatus] => ["OB-totalpaymentdue-invariant-5"],
    }
    OPPORTUNITY_AS_BOOKED = "opportunity-as-booked": "orderedItem in the Orders feed is that of the B response, until the Seller changes it"
        at [OrdersFeed], document(opportunity_as_booked) {
        OrdersFeed: [],
    }, level Should
    PROPOSAL_AS_PROPOSED = "proposal-as-proposed": "an OrderProposal with the orderProposalVersion of the P response has the same OrderItems and totals"
        at [ProposalsFeed], document(proposal_as_proposed) {
        ProposalsFeed: ["OB-step-by-step-process-description-0-54", "OB-broker-processing-the-orders-feed-33"],
    }, violates {
        [ProposalsFeed] if "missing" => ["OB-broker-processing-the-orders-feed-33"],
        [ProposalsFeed] => ["OB-step-by-step-process-description-0-54"],
    }
    CANCELLATION_FINAL = "cancellation-final": "a cancelled OrderItem stays cancelled"
        at [OrdersFeed OrderStatus], document(cancellation_final) {
        OrdersFeed: [
            "OB-cancellation-after-b-3",
            "OB-totalpaymentdue-invariant-6",
            "OB-cancellation-replacement-refund-calculation-and-notification-3",
        ],
        OrderStatus: ["OB-totalpaymentdue-invariant-6"],
    }, violates {
        [OrdersFeed] => ["OB-cancellation-after-b-3", "OB-totalpaymentdue-invariant-6"],
        [OrderStatus] => ["OB-totalpaymentdue-invariant-6"],
    }
    INTAKE_FORMS_IN_FEED = "intake-forms-in-feed": "the OrderProposals feed has orderItemIntakeForm and orderItemIntakeFormResponse"
        at [ProposalsFeed], document(intake_forms_in_feed) {
        ProposalsFeed: ["OB-broker-processing-the-orders-feed-23", "OB-broker-processing-the-orders-feed-24"],
    }, violates {
        [ProposalsFeed] "orderItemIntakeForm" => ["OB-broker-processing-the-orders-feed-23"],
        [ProposalsFeed] "orderItemIntakeFormResponse" => ["OB-broker-processing-the-orders-feed-24"],
    }
    ORDER_STATUS_AS_BOOKED = "order-status-as-booked": "properties that the Orders feed omits stay as in the B response"
        at [OrderStatus], document(rest_as_booked) {
        OrderStatus: ["OB-broker-processing-the-orders-feed-35"],
    }, violates {
        [OrderStatus] if "missing" => ["OB-broker-processing-the-orders-feed-35", "OB-order-status-2"],
        [OrderStatus] => ["OB-broker-processing-the-orders-feed-35"],
    }
    TOTALS_AS_BOOKED = "totals-as-booked": "Order Status has the totals of the B response while no OrderItem has changed"
        at [OrderStatus], document(totals_as_booked) {
        OrderStatus: ["OB-order-status-2"],
    }, violates {
        [OrderStatus] => ["OB-order-status-2"],
    }
    EARLY_ORDER_STATUS_CONTENT = "early-order-status-content": "Order Status of an OrderQuote or OrderProposal equals the response that made it"
        at [OrderStatus], strict_response(early_content) {
        OrderStatus: ["OB-order-endpoint-restful-semantics-2"],
    }, violates {
        [OrderStatus] => ["OB-order-endpoint-restful-semantics-2"],
    }
    ORDER_STATUS_BEFORE_ORDER = "order-status-before-order": "Order Status returns a stored OrderQuote or OrderProposal"
        at [OrderStatus], response(early_status) {
        OrderStatus: ["OB-order-endpoint-restful-semantics-2"],
    }, violates {
        [OrderStatus] => ["OB-order-endpoint-restful-semantics-2"],
    }
}

/// Properties that a feed may have and the responses of P and B need not: they are set later, or belong to feeds.
const LATER: &[&str] = &["@context", "identifier", "orderSellerNote", "orderProposalStatus", "orderProposalVersion"];

/// Differences of two Offers that are looked at.
const DIFFERENCES: usize = 50;

/// The response that made what a feed shows: P, or B.
const fn response_of(stage: Stage) -> &'static str {
    match stage {
        Stage::ProposalsFeed => "P response",
        _ => "B response",
    }
}

/// Finds a property that the response of B or P did not have, or one that is missing within `totalPaymentDue` or
/// `acceptedOffer`.
fn part_of_response(document: &Seen<'_>) -> Option<Finding> {
    let first = if document.stage == Stage::ProposalsFeed { document.first } else { document.booked };
    let known = first?.as_object()?;
    let body = document.body.as_object()?;
    let response = response_of(document.stage);
    let extension = |key: &str| !key.starts_with('@') && key.contains(':');
    let unknown = |key: &str| !known.contains_key(key) && !LATER.contains(&key) && !extension(key);
    if let Some(more) = body.keys().find(|key| unknown(key)) {
        let finding = Finding::new(format!("`{more}` is in the feed, but not in the {response}"));
        return Some(finding.expected(format!("no {more}"), shown(body.get(more))).path(more.clone()));
    }
    let lost = |known: Option<&Value>, found: Option<&Value>, subject: &str, path: &str| {
        let (known, found) = (known?.as_object()?, found?.as_object()?);
        // Currency and prepayment of a price that has become 0 may be omitted.
        let free = found.get("price").and_then(Value::as_number).is_some_and(|price| amount(price).is_zero());
        let may_be_lost = |key: &str| match key {
            // A row of its own is about it.
            "openBookingFlowRequirement" => true,
            "priceCurrency" | "openBookingPrepayment" => free,
            _ => extension(key),
        };
        let lost = known.keys().find(|key| !found.contains_key(*key) && !may_be_lost(key))?;
        Some(
            Finding::new(format!("`{subject}.{lost}` of the {response} is missing"))
                .expected(shown(known.get(lost)), "nothing")
                .path(format!("{path}.{lost}")),
        )
    };
    let total = "totalPaymentDue";
    if let Some(finding) = lost(known.get(total), body.get(total), total, total) {
        return Some(finding);
    }
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let before = document.in_first(item).filter(|before| same_opportunity(before, item))?;
        let (subject, path) = ("acceptedOffer", format!("orderedItem[{index}].acceptedOffer"));
        lost(before.get(subject), item.get(subject), subject, &path)
    })
}

/// Finds `taxCalculationExcluded` where it is not true, or missing where it is; or a missing `totalPaymentTax`.
fn tax_in_feed(document: &Seen<'_>) -> Option<Finding> {
    let first = document.booked.or(document.first)?;
    let response = if document.booked.is_some() { "B response" } else { "P response" };
    let excluded = first.get("taxCalculationExcluded") == Some(&Value::Bool(true));
    let found = document.body.get("taxCalculationExcluded");
    if found != excluded.then_some(&Value::Bool(true)) {
        let (words, expected) = match (excluded, found.is_some()) {
            (true, false) => ("is missing", format!("true, as in the {response}")),
            (true, true) => ("is not true", format!("true, as in the {response}")),
            (false, _) => ("is included, but not true in the response", "no taxCalculationExcluded".to_owned()),
        };
        let finding = Finding::new(format!("`taxCalculationExcluded` {words}"));
        return Some(finding.expected(expected, shown(found)).path("taxCalculationExcluded"));
    }
    let charged = first.get("totalPaymentTax").filter(|taxes| taxes.as_array().is_some_and(|taxes| !taxes.is_empty()));
    let active = items(document.body).iter().any(|item| !is_cancelled(item));
    // Where what is left of the Order is free, there is no tax.
    let due = document.body.pointer("/totalPaymentDue/price").and_then(Value::as_number);
    let taxed = active && due.is_none_or(|due| !amount(due).is_zero());
    let charged = charged.filter(|_| taxed && !excluded && document.body.get("totalPaymentTax").is_none())?;
    Some(
        Finding::new("`totalPaymentTax` is missing")
            .expected(format!("tax charges; the {response} has {}", brief(charged)), "nothing")
            .path("totalPaymentTax"),
    )
}

/// Finds a property of an OrderItem that is missing although a Replacement may change it.
fn offer_in_feed(document: &Seen<'_>) -> Option<Finding> {
    if !document.config.implements("seller-requested-replacement") {
        return None;
    }
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item)?;
        ["acceptedOffer", "unitTaxSpecification", "orderedItem"].into_iter().find_map(|property| {
            let wanted = known.get(property).filter(|_| item.get(property).is_none())?;
            Some(
                Finding::new(format!("`{property}` of an OrderItem is missing, but Replacement may change it"))
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

/// Finds a Replacement whose Offer has a higher price or another `openBookingPrepayment`.
fn replacement_terms(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item).filter(|known| !same_opportunity(known, item))?;
        let (before, now) = (known.get("acceptedOffer")?, item.get("acceptedOffer")?);
        let path = |name: &str| format!("orderedItem[{index}].acceptedOffer.{name}");
        let price = |offer: &Value| offer.get("price").and_then(Value::as_number).map(amount);
        if price(now) > price(before) {
            let finding = Finding::new("`acceptedOffer.price` of a Replacement is higher than that of the booking");
            let expected = format!("{} or less", shown(before.get("price")));
            return Some(finding.expected(expected, shown(now.get("price"))).path(path("price")));
        }
        let name = "openBookingPrepayment";
        let default = |offer: &Value| offer.as_object().and_then(|offer| default_of(offer, name));
        let (wanted, found) = (before.get(name).or_else(|| default(before)), now.get(name).or_else(|| default(now)));
        // An Offer that costs nothing any more is not prepaid.
        let same = wanted == found || price(now).is_some_and(|price| price.is_zero());
        (!same).then(|| {
            Finding::new("`acceptedOffer.openBookingPrepayment` of a Replacement differs from that of the booking")
                .expected(shown(wanted), shown(found))
                .path(path(name))
        })
    })
}

/// Finds `acceptedOffer` or `unitTaxSpecification` that differs from the booking, or from the last Replacement.
fn offer_as_booked(document: &Seen<'_>) -> Option<Finding> {
    let id = |item: &Value| item.get("@id").cloned();
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let booked = document.in_first(item).filter(|known| same_opportunity(known, item));
        let before = document.before.and_then(|before| items(before).iter().find(|known| id(known) == id(item)));
        let replaced = before.filter(|known| booked.is_none() && same_opportunity(known, item));
        let known = booked.or(replaced)?;
        ["acceptedOffer", "unitTaxSpecification"].into_iter().find_map(|property| {
            let (wanted, found) = (known.get(property)?, item.get(property)?);
            let in_feed = document.stage == Stage::OrdersFeed;
            let difference = if in_feed && property == "acceptedOffer" && replaced.is_none() {
                let all = differences(wanted, found, &Policy::same().without_extensions(), DIFFERENCES);
                all.into_iter().find(|difference| !is_omitted_of_offer(difference))?.under(property)
            } else {
                property_difference(property, Some(wanted), Some(found), &Policy::same().without_extensions())?
            };
            let of_cancellation = "OB-cancellation-replacement-refund-calculation-and-notification-4";
            let of_replacement = "OB-cancellation-replacement-refund-calculation-and-notification-9";
            let violated = [
                is_cancelled(item).then_some(of_cancellation),
                replaced.map(|_| of_replacement),
                (in_feed && property == "acceptedOffer").then_some("OB-orders-rpde-feed-4"),
                Some("OB-totalpaymentdue-invariant-5"),
            ];
            let source = if replaced.is_some() { "the last Replacement" } else { "the booking" };
            let (expected, found) = (difference.expected_text(), difference.found_text());
            let path = format!("orderedItem[{index}].{}", difference.path);
            Some(
                Finding::new(format!("`{property}` differs from {source}"))
                    .expected(
                        expected.unwrap_or_else(|| "nothing".to_owned()),
                        found.unwrap_or_else(|| "nothing".to_owned()),
                    )
                    .path(path)
                    .violating(violated.into_iter().flatten().take(3)),
            )
        })
    })
}

/// Finds a property of `orderedItem` that differs from the B response, as far as both have it.
fn opportunity_as_booked(document: &Seen<'_>) -> Option<Finding> {
    if document.replaced {
        return None;
    }
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let known = document.in_first(item)?;
        let (wanted, found) = (known.get("orderedItem")?, item.get("orderedItem")?);
        if !same_opportunity(known, item) {
            return Some(
                Finding::new("`orderedItem` is another opportunity than in the B response")
                    .expected(shown(wanted.get("@id")), shown(Some(found.get("@id").unwrap_or(found))))
                    .path(format!("orderedItem[{index}].orderedItem.@id")),
            );
        }
        if !wanted.is_object() || !found.is_object() {
            return None;
        }
        let policy = Policy::same().without_extensions();
        let policy = policy.ignoring(["remainingAttendeeCapacity", "remainingUses", "maximumUses"]);
        let all = differences(wanted, found, &policy, DIFFERENCES);
        let changed = |kind| matches!(kind, DifferenceKind::Changed | DifferenceKind::Type);
        let difference = all.into_iter().find(|difference| changed(difference.kind))?;
        let (expected, shown) = (difference.expected_text(), difference.found_text());
        let nothing = || "nothing".to_owned();
        Some(
            Finding::new("`orderedItem` differs from the B response")
                .expected(expected.unwrap_or_else(nothing), shown.unwrap_or_else(nothing))
                .path(format!("orderedItem[{index}].{}", difference.under("orderedItem").path)),
        )
    })
}

/// Whether the feed omits a property of an Offer, which is a finding of `FEED_MATCHES_RESPONSE`.
fn is_omitted_of_offer(difference: &Difference<'_>) -> bool {
    difference.kind == DifferenceKind::Missing && !difference.path.contains(['.', '['])
}

/// Finds an OrderProposal with the version of the P response and other Offers, taxes or totals.
fn proposal_as_proposed(document: &Seen<'_>) -> Option<Finding> {
    let proposal = document.proposal?;
    let version = |order: &Value| order.get("orderProposalVersion").cloned();
    if version(proposal).is_none() || version(proposal) != version(document.body) {
        return None;
    }
    // The opportunity feeds have `openBookingFlowRequirement`: responses and feeds of Orders need not repeat it.
    let policy = Policy::same().without_extensions().ignoring(["openBookingFlowRequirement"]);
    let differing = |wanted: &Value, found: &Value, name: &str, path: &str| {
        let (wanted, found) = (wanted.get(name)?, found.get(name)?);
        let difference = if name == "acceptedOffer" {
            let all = differences(wanted, found, &policy, DIFFERENCES);
            all.into_iter().find(|difference| !is_omitted_of_offer(difference))?.under(name)
        } else {
            property_difference(name, Some(wanted), Some(found), &policy)?
        };
        let (expected, shown) = (difference.expected_text(), difference.found_text());
        let nothing = || "nothing".to_owned();
        let message = if difference.kind == DifferenceKind::Missing {
            format!("a property of `{name}` in the P response is missing")
        } else {
            format!("`{name}` differs from the P response, but `orderProposalVersion` does not")
        };
        Some(
            Finding::new(message)
                .expected(expected.unwrap_or_else(nothing), shown.unwrap_or_else(nothing))
                .path(format!("{path}{}", difference.path)),
        )
    };
    let (asked, found) = (items(proposal).len(), items(document.body).len());
    if asked != found {
        let finding = Finding::new("`orderedItem` has not the OrderItems of the P response");
        return Some(finding.expected(asked.to_string(), found.to_string()).path("orderedItem"));
    }
    let of_items = items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id")?;
        let path = format!("orderedItem[{index}].");
        let Some(known) = items(proposal).iter().find(|known| known.get("@id") == Some(id)) else {
            return Some(
                Finding::new("`@id` of an OrderItem is not one of the P response")
                    .expected("an @id of the P response", shown(Some(id)))
                    .path(format!("{path}@id")),
            );
        };
        if !same_opportunity(known, item) {
            return Some(
                Finding::new("`orderedItem` differs from the P response, but `orderProposalVersion` does not")
                    .expected(shown(known.pointer("/orderedItem/@id")), shown(item.get("orderedItem")))
                    .path(format!("{path}orderedItem")),
            );
        }
        ["acceptedOffer", "unitTaxSpecification", "orderItemIntakeForm", "orderItemIntakeFormResponse", "attendee"]
            .into_iter()
            .find_map(|name| differing(known, item, name, &path))
    });
    of_items.or_else(|| {
        let totals = ["totalPaymentDue", "totalPaymentTax"];
        totals.into_iter().find_map(|name| differing(proposal, document.body, name, ""))
    })
}

/// Finds a total of Order Status that differs from the B response although every OrderItem has the status of then.
fn totals_as_booked(document: &Seen<'_>) -> Option<Finding> {
    let booked = document.booked?;
    let same = |item: &Value| {
        document.in_first(item).is_some_and(|known| {
            known.get("orderItemStatus") == item.get("orderItemStatus") && same_opportunity(known, item)
        })
    };
    if document.replaced || items(document.body).is_empty() || !items(document.body).iter().all(same) {
        return None;
    }
    ["totalPaymentDue", "totalPaymentTax", "taxCalculationExcluded"].into_iter().find_map(|name| {
        let (wanted, found) = (booked.get(name)?, document.body.get(name));
        let difference = property_difference(name, Some(wanted), found, &Policy::same().without_extensions())?;
        let words = if found.is_some() { "differs from the B response" } else { "is missing" };
        let path = difference.path.clone();
        Some(Finding::new(format!("`{name}` {words}")).expected(shown(Some(wanted)), shown(found)).path(path))
    })
}

/// Finds Order Status of an OrderQuote or OrderProposal that differs from the last response to C1, C2 or P.
fn early_content(answered: &Answered<'_>) -> Outcome {
    let Purpose::EarlyStatus(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let (reply, body) = (&answered.exchanged.reply, answered.seen.body);
    if reply.status != Some(200) || body.get("@type").and_then(Value::as_str) != Some(wanted) {
        return Outcome::absent();
    }
    let made = |stage: Stage| answered.history.made.get(&stage).map(|made| &made.answer);
    let known = match wanted.as_str() {
        "OrderProposal" => answered.history.proposal.as_ref(),
        _ => made(Stage::C2).or_else(|| made(Stage::C1)),
    };
    let Some(known) = known else { return Outcome::absent() };
    // What changes by itself, and what a stored document need not repeat.
    let ignored = ["lease", "@context", "orderProposalStatus", "remainingAttendeeCapacity", "remainingUses"];
    let policy = Policy::same().without_extensions().ignoring(ignored);
    let all = differences(known, body, &policy, DIFFERENCES);
    Outcome::of(all.into_iter().find(|difference| difference.path != "identifier").map(|difference| {
        let (expected, shown) = (difference.expected_text(), difference.found_text());
        let nothing = || "nothing".to_owned();
        answered
            .finding(format!("`{}` of Order Status differs from the {wanted} as it was returned", difference.path))
            .expected(expected.unwrap_or_else(nothing), shown.unwrap_or_else(nothing))
            .path(difference.path)
    }))
}

/// The statuses of a cancelled OrderItem, as findings show them.
const CANCELLED: &str = "\"https://openactive.io/CustomerCancelled\" or \"https://openactive.io/SellerCancelled\"";

/// Finds a cancelled OrderItem that has another status again.
fn cancellation_final(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id").and_then(Value::as_str)?;
        (document.ended.contains(id) && !is_cancelled(item)).then(|| {
            Finding::new("`orderItemStatus` of a cancelled OrderItem is no longer a cancellation")
                .expected(CANCELLED, shown(item.get("orderItemStatus")))
                .path(format!("orderedItem[{index}].orderItemStatus"))
        })
    })
}

/// Finds an intake form, or a response to one, of the P response that is missing in the OrderProposals feed.
fn intake_forms_in_feed(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id")?;
        let known = items(document.first?).iter().find(|known| known.get("@id") == Some(id))?;
        ["orderItemIntakeForm", "orderItemIntakeFormResponse"].into_iter().find_map(|property| {
            let wanted = known.get(property).filter(|_| item.get(property).is_none())?;
            Some(
                Finding::new(format!("`{property}` of the P response is missing"))
                    .expected(shown(Some(wanted)), "nothing")
                    .path(format!("orderedItem[{index}].{property}")),
            )
        })
    })
}

/// Finds a property that the Orders feed omits and that differs from the B response.
fn rest_as_booked(document: &Seen<'_>) -> Option<Finding> {
    let booked = document.booked?;
    ["@id", "bookingService", "broker", "brokerRole", "seller", "customer", "orderNumber", "payment"]
        .into_iter()
        .find_map(|name| {
            let (wanted, found) = (booked.get(name)?, document.body.get(name));
            property_difference(name, Some(wanted), found, &Policy::same().without_extensions()).map(|_| {
                let words = if found.is_some() { "differs from the B response" } else { "is missing" };
                Finding::new(format!("`{name}` {words}")).expected(shown(Some(wanted)), shown(found)).path(name)
            })
        })
}

/// Finds Order Status without the OrderQuote or OrderProposal that has the Order UUID.
fn early_status(answered: &Answered<'_>) -> Outcome {
    let Purpose::EarlyStatus(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    let reply = &answered.exchanged.reply;
    let found = answered.seen.body.get("@type").and_then(Value::as_str);
    let returned = reply.status == Some(200) && found == Some(wanted);
    Outcome::of((!returned).then(|| {
        let seen = match found {
            Some(found) if reply.status == Some(200) => format!("HTTP 200, {}", quoted(found)),
            _ => reply.shown(),
        };
        answered
            .finding(format!("Order Status does not return the {wanted}"))
            .expected(format!("HTTP 200, {}", quoted(wanted)), seen)
    }))
}
