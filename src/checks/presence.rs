//! What must not be there, or not there.

use std::collections::HashSet;

use serde_json::Value;

use super::value::{brief, shown};
use crate::results::Finding;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    NO_ORDER_STATUS = "no-order-status": "there is no orderStatus"
        at [B OrdersFeed OrderStatus], document(no_order_status) {
        B OrdersFeed OrderStatus: ["OB-order-statuses-in-the-booking-system-2"],
    }
    NO_FLOW_REQUIREMENT = "no-flow-requirement": "offers do not have openBookingFlowRequirement"
        at [C1 C2 P B OrderStatus OrdersFeed ProposalsFeed], document(no_flow_requirement) {
        C1 C2 P B OrdersFeed OrderStatus: ["OB-definition-of-a-bookable-opportunity-and-offer-pair-20", "OB-schema-offer-24"],
    }
    NO_PAYMENT_METHOD = "no-payment-method": "payment does not have paymentMethod"
        at [C1 C2 P B], document(no_payment_method) {
        C1 C2 P B: ["OB-oa-payment-4"],
    }
    SELLER_ADDRESS = "seller-address": "the address of an Organization that sells is complete"
        at [C1 C2 P B], document(seller_address) {
        C1 C2 P B: [
            "OB-schema-postaladdress-4",
            "OB-schema-postaladdress-6",
            "OB-schema-postaladdress-8",
            "OB-schema-postaladdress-10",
            "OB-schema-postaladdress-12",
        ],
    }
    DISTINCT_TERMS = "distinct-terms": "terms have different names"
        at [C1 C2 P B], document(terms_apart) {
        C1 C2 P B: ["OB-oa-terms-3"],
    }
    FORM_FIELD_TYPES = "form-field-types": "the fields of intake forms are of a particular kind"
        at [C1 C2 P B], document(concrete_fields) {
        C1 C2 P B: ["OB-schema-propertyvaluespecification-1"],
    }
    DISTINCT_ACCESS_ENTRIES = "distinct-access-entries": "access codes and passes are different ways of getting in"
        at [B OrdersFeed], document(ways_apart) {
        B OrdersFeed: ["OB-access-control-3", "OB-access-control-4", "OB-image-based-access-control-2"],
    }
    NO_ATTENDEE_DETAILS_AT_C1 = "no-attendee-details-at-c1": "OrderItems have neither attendee nor answers to forms at C1"
        at [C1], document(no_answers_at_c1) {
        C1: ["OB-orderquote-creation-c1-4"],
    }
    NO_ACCESS_CHANNEL_IN_QUOTE = "no-access-channel-in-quote": "OrderItems of an OrderQuote have no accessChannel"
        at [C1 C2], document(no_channel_yet) {
        C1 C2: ["OB-schema-orderitem-35"],
    }
    NO_CUSTOMER_NOTE_IN_FEED = "no-customer-note-in-feed": "a feed does not show the note of the customer"
        at [OrdersFeed ProposalsFeed], document(no_note) {
        ProposalsFeed: ["OB-message-exchange-10"],
    }
    MESSAGE_PLACEMENT = "message-placement": "messages to the customer stand where they may"
        at [OrdersFeed], document(messages_in_place) {
        OrdersFeed: ["OB-schema-orderitem-38", "OB-schema-orderitem-39"],
    }
}

fn there(found: &Value, path: String, what: &str) -> Finding {
    Finding::new(format!("{path} is there: {what}")).expected("nothing", brief(found)).path(path)
}

/// The first OrderItem that has one of some properties.
fn of_items(document: &Seen<'_>, properties: &[&str], what: &str) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        properties.iter().find_map(|property| {
            let found = item.get(*property)?;
            Some(there(found, format!("orderedItem[{index}].{property}"), what))
        })
    })
}

/// C1 knows nobody, and nobody has answered yet.
fn no_answers_at_c1(document: &Seen<'_>) -> Option<Finding> {
    of_items(document, &["attendee", "orderItemIntakeFormResponse"], "C1 shows nothing of attendees")
}

/// Where something online takes place is told after the booking.
fn no_channel_yet(document: &Seen<'_>) -> Option<Finding> {
    of_items(document, &["accessChannel"], "nothing is booked yet")
}

/// `orderStatus` is reserved.
fn no_order_status(document: &Seen<'_>) -> Option<Finding> {
    document.body.get("orderStatus").map(|found| there(found, "orderStatus".to_owned(), "it is reserved"))
}

/// The note of the customer is for the Seller.
fn no_note(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("orderCustomerNote")?;
    Some(there(found, "orderCustomerNote".to_owned(), "the Broker knows what it sent"))
}

/// What booking needs is announced in the open feeds only.
fn no_flow_requirement(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("acceptedOffer")?.get("openBookingFlowRequirement")?;
        let path = format!("orderedItem[{index}].acceptedOffer.openBookingFlowRequirement");
        Some(there(found, path, "it belongs into the open feeds only"))
    })
}

/// `paymentMethod` is reserved.
fn no_payment_method(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("payment")?.get("paymentMethod")?;
    Some(there(found, "payment.paymentMethod".to_owned(), "it is reserved"))
}

/// The fields of an intake form say what kind of field they are.
fn concrete_fields(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let fields = item.get("orderItemIntakeForm")?.as_array()?;
        let at = fields
            .iter()
            .position(|field| field.get("@type").and_then(Value::as_str) == Some("PropertyValueSpecification"))?;
        Some(
            Finding::new("a field of an intake form does not say what kind of field it is")
                .expected("a subclass of PropertyValueSpecification", "PropertyValueSpecification")
                .path(format!("orderedItem[{index}].orderItemIntakeForm[{at}].@type")),
        )
    })
}

/// Terms that are told together can be told apart.
fn terms_apart(document: &Seen<'_>) -> Option<Finding> {
    ["bookingService", "seller", "broker"].into_iter().find_map(|whose| {
        let terms = document.body.get(whose)?.get("termsOfService")?.as_array()?;
        let name = |terms: &Value| terms.get("name").and_then(Value::as_str).map(str::to_owned);
        let mut names = HashSet::new();
        let again = terms.iter().position(|terms| name(terms).is_some_and(|name| !names.insert(name)))?;
        Some(
            Finding::new("two of the terms have the same name")
                .expected("a name of its own", terms.get(again).and_then(name).unwrap_or_default())
                .path(format!("{whose}.termsOfService[{again}].name")),
        )
    })
}

/// Codes and passes are different ways of getting in: none is told twice, and no picture of a pass in several formats.
fn ways_apart(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        ["accessCode", "accessPass"].into_iter().find_map(|property| {
            let ways = item.get(property)?.as_array()?;
            let mut known = HashSet::new();
            let again = ways.iter().position(|way| forms(way).into_iter().any(|form| !known.insert(form)))?;
            Some(
                Finding::new(format!("an entry of {property} is another form of one before it"))
                    .expected("different ways of getting in", shown(ways.get(again)))
                    .path(format!("orderedItem[{index}].{property}[{again}]")),
            )
        })
    })
}

/// Formats of pictures, as addresses end with them.
const FORMATS: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp", "pdf"];

/// What an entry has in common with every other form of itself: its content; and for what is shown as a picture, the address
/// of that picture without its format.
fn forms(way: &Value) -> Vec<String> {
    let whole = way.to_string();
    let url = way.get("url").and_then(Value::as_str);
    let picture = |url: &str| {
        let (stem, format) = url.rsplit_once('.')?;
        FORMATS.contains(&format.to_ascii_lowercase().as_str()).then(|| stem.to_owned())
    };
    let stem = url.map(|url| picture(url).unwrap_or_else(|| url.to_owned()));
    std::iter::once(whole).chain(stem).collect()
}

/// A message about a cancellation stands with what was cancelled by the Seller, a notice with what is going to take place.
fn messages_in_place(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let status = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
        let standing = ["OrderItemConfirmed", "AttendeeAttended", "AttendeeAbsent"];
        let misplaced = [
            ("cancellationMessage", !status.ends_with("SellerCancelled")),
            ("customerNotice", !standing.iter().any(|standing| status.ends_with(standing))),
        ];
        let (property, _) = misplaced.into_iter().find(|(property, wrong)| *wrong && item.get(*property).is_some())?;
        Some(
            Finding::new(format!("{property} stands with an OrderItem that cannot have it"))
                .expected("nothing", format!("{} with orderItemStatus {status}", shown(item.get(property))))
                .path(format!("orderedItem[{index}].{property}")),
        )
    })
}

/// An Organization that sells says where it is.
fn seller_address(document: &Seen<'_>) -> Option<Finding> {
    let seller =
        document.body.get("seller").filter(|seller| seller.get("@type").is_some_and(|kind| kind == "Organization"))?;
    let address = seller.get("address")?;
    let parts = ["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"];
    let lacking = parts.into_iter().find(|part| address.get(*part).is_none())?;
    Some(
        Finding::new(format!("the address of the Seller has no {lacking}"))
            .expected(lacking, "nothing")
            .path(format!("seller.address.{lacking}")),
    )
}
