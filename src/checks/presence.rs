//! Properties that a response or feed item must not have, and values that must differ from each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::value::{brief, shown};
use crate::results::Finding;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    NO_ORDER_STATUS = "no-order-status": "the reserved property `orderStatus` is absent"
        at [B OrdersFeed OrderStatus], document(no_order_status) {
        B OrdersFeed OrderStatus: ["OB-order-statuses-in-the-booking-system-2"],
    }, violates {
        [B OrdersFeed OrderStatus] => ["OB-order-statuses-in-the-booking-system-2"],
    }
    NO_FLOW_REQUIREMENT = "no-flow-requirement": "`acceptedOffer` does not have `openBookingFlowRequirement`"
        at [C1 C2 P B OrderStatus OrdersFeed ProposalsFeed], document(no_flow_requirement) {
        C1 C2 P B OrdersFeed OrderStatus: ["OB-definition-of-a-bookable-opportunity-and-offer-pair-20", "OB-schema-offer-24"],
    }, violates {
        [Any] => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-20", "OB-schema-offer-24"],
    }
    NO_PAYMENT_METHOD = "no-payment-method": "the reserved property `payment.paymentMethod` is absent"
        at [C1 C2 P B], document(no_payment_method) {
        C1 C2 P B: ["OB-oa-payment-4"],
    }, violates {
        [C1 C2 P B] => ["OB-oa-payment-4"],
    }
    SELLER_ADDRESS = "seller-address": "`seller.address` of an Organization is complete"
        at [C1 C2 P B], document(seller_address) {
        C1 C2 P B: [
            "OB-schema-postaladdress-4",
            "OB-schema-postaladdress-6",
            "OB-schema-postaladdress-8",
            "OB-schema-postaladdress-10",
            "OB-schema-postaladdress-12",
        ],
    }, violates {
        [C1 C2 P B] "streetAddress" => ["OB-schema-postaladdress-4"],
        [C1 C2 P B] "addressLocality" => ["OB-schema-postaladdress-6"],
        [C1 C2 P B] "addressRegion" => ["OB-schema-postaladdress-8"],
        [C1 C2 P B] "postalCode" => ["OB-schema-postaladdress-10"],
        [C1 C2 P B] "addressCountry" => ["OB-schema-postaladdress-12"],
    }
    DISTINCT_TERMS = "distinct-terms": "`name` of each of the Terms is unique"
        at [C1 C2 P B], document(expect_distinct_terms) {
        C1 C2 P B: ["OB-oa-terms-3"],
    }, violates {
        [C1 C2 P B] => ["OB-oa-terms-3"],
    }
    FORM_FIELD_TYPES = "form-field-types": "`orderItemIntakeForm` has subclasses of PropertyValueSpecification only"
        at [C1 C2 P B], document(expect_field_subclasses) {
        C1 C2 P B: ["OB-schema-propertyvaluespecification-1"],
    }, violates {
        [C1 C2 P B] => ["OB-schema-propertyvaluespecification-1"],
    }
    DISTINCT_ACCESS_ENTRIES = "distinct-access-entries": "each entry of `accessCode` and `accessPass` is a distinct way to access"
        at [B OrdersFeed], document(expect_distinct_access) {
        B OrdersFeed: ["OB-access-control-3", "OB-access-control-4", "OB-image-based-access-control-2"],
    }, violates {
        [B OrdersFeed] => ["OB-access-control-3"],
    }
    UNIQUE_ACCESS = "unique-access": "each OrderItem has access details of its own"
        at [B OrdersFeed], document(expect_unique_access) {
        B OrdersFeed: ["OB-access-control-1"],
    }, violates {
        [B OrdersFeed] => ["OB-access-control-1"],
    }
    NO_ATTENDEE_DETAILS_AT_C1 = "no-attendee-details-at-c1": "OrderItems at C1 have neither `attendee` nor `orderItemIntakeFormResponse`"
        at [C1], document(no_attendee_details) {
        C1: ["OB-orderquote-creation-c1-4"],
    }, violates {
        [C1] => ["OB-orderquote-creation-c1-4"],
    }
    NO_ACCESS_CHANNEL_IN_QUOTE = "no-access-channel-in-quote": "OrderItems of an OrderQuote have no `accessChannel`"
        at [C1 C2], document(no_access_channel) {
        C1 C2: ["OB-schema-orderitem-35"],
    }, violates {
        [C1 C2] => ["OB-schema-orderitem-35"],
    }
    NO_CUSTOMER_NOTE_IN_FEED = "no-customer-note-in-feed": "feed items have no `orderCustomerNote`"
        at [OrdersFeed ProposalsFeed], document(no_customer_note) {
        ProposalsFeed: ["OB-message-exchange-10"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-message-exchange-10"],
    }
    MESSAGE_PLACEMENT = "message-placement": "`cancellationMessage` and `customerNotice` fit `orderItemStatus`"
        at [OrdersFeed], document(expect_message_placement) {
        OrdersFeed: ["OB-schema-orderitem-38", "OB-schema-orderitem-39"],
    }, violates {
        [OrdersFeed] "cancellationMessage" => ["OB-schema-orderitem-38"],
        [OrdersFeed] "customerNotice" => ["OB-schema-orderitem-39"],
    }
}

/// The finding about a property that must not be present, with the reason.
fn unexpected(found: &Value, path: String, reason: &str) -> Finding {
    Finding::new(format!("`{path}` is present: {reason}")).expected("nothing", brief(found)).path(path)
}

/// Expects no OrderItem to have any of some properties, for a reason.
fn expect_none_in_items(document: &Seen<'_>, properties: &[&str], reason: &str) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        properties.iter().find_map(|property| {
            let found = item.get(*property)?;
            Some(unexpected(found, format!("orderedItem[{index}].{property}"), reason))
        })
    })
}

/// Expects C1 to omit attendee details, which the Broker sends at C2.
fn no_attendee_details(document: &Seen<'_>) -> Option<Finding> {
    let properties = ["attendee", "orderItemIntakeFormResponse"];
    // What the request has is reflected.
    let sent = document.sent.map(items).unwrap_or_default();
    if sent.iter().any(|item| properties.iter().any(|property| item.get(property).is_some())) {
        return None;
    }
    expect_none_in_items(document, &properties, "C1 responses exclude attendee details")
}

/// Expects an OrderQuote to omit `accessChannel`, which is for booked OrderItems.
fn no_access_channel(document: &Seen<'_>) -> Option<Finding> {
    expect_none_in_items(document, &["accessChannel"], "OrderQuotes exclude access details")
}

/// Expects the reserved property `orderStatus` to be absent.
fn no_order_status(document: &Seen<'_>) -> Option<Finding> {
    document
        .body
        .get("orderStatus")
        .map(|found| unexpected(found, "orderStatus".to_owned(), "the property is reserved"))
}

/// Expects feed items to omit `orderCustomerNote`: changes of it must not cause updates.
fn no_customer_note(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("orderCustomerNote")?;
    Some(unexpected(found, "orderCustomerNote".to_owned(), "feeds exclude it"))
}

/// Expects `openBookingFlowRequirement` in open feeds only.
fn no_flow_requirement(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("acceptedOffer")?.get("openBookingFlowRequirement")?;
        let path = format!("orderedItem[{index}].acceptedOffer.openBookingFlowRequirement");
        Some(unexpected(found, path, "only open feeds include it"))
    })
}

/// Expects the reserved property `paymentMethod` to be absent.
fn no_payment_method(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("payment")?.get("paymentMethod")?;
    Some(unexpected(found, "payment.paymentMethod".to_owned(), "the property is reserved"))
}

/// Expects the fields of intake forms to be subclasses of PropertyValueSpecification.
fn expect_field_subclasses(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let fields = item.get("orderItemIntakeForm")?.as_array()?;
        let at = fields
            .iter()
            .position(|field| field.get("@type").and_then(Value::as_str) == Some("PropertyValueSpecification"))?;
        let path = format!("orderedItem[{index}].orderItemIntakeForm[{at}].@type");
        Some(
            Finding::new(format!("`{path}` is PropertyValueSpecification, not one of its subclasses"))
                .expected(
                    "a subclass of PropertyValueSpecification, e.g. \"ShortAnswerFormFieldSpecification\"",
                    "\"PropertyValueSpecification\"",
                )
                .path(path),
        )
    })
}

/// Expects the Terms of one organization to have different names.
fn expect_distinct_terms(document: &Seen<'_>) -> Option<Finding> {
    ["bookingService", "seller", "broker"].into_iter().find_map(|whose| {
        let terms = document.body.get(whose)?.get("termsOfService")?.as_array()?;
        let name = |terms: &Value| terms.get("name").and_then(Value::as_str).map(str::to_owned);
        let mut names = HashSet::new();
        let again = terms.iter().position(|terms| name(terms).is_some_and(|name| !names.insert(name)))?;
        let path = format!("{whose}.termsOfService[{again}]");
        let entry = terms.get(again)?;
        if terms.iter().take(again).any(|before| before == entry) {
            let finding = Finding::new(format!("`{path}` repeats Terms before it"));
            return Some(finding.expected("Terms with a unique name", brief(entry)).path(path));
        }
        let path = format!("{path}.name");
        Some(
            Finding::new(format!("`{path}` is not unique among the Terms"))
                .expected("a unique name", shown(entry.get("name")))
                .path(path),
        )
    })
}

/// Expects the entries of `accessCode` and `accessPass` to be distinct: none is repeated, and no image of a pass comes in
/// several formats.
fn expect_distinct_access(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        ["accessCode", "accessPass"].into_iter().find_map(|property| {
            let entries = item.get(property)?.as_array()?;
            let mut known: HashMap<String, &Value> = HashMap::new();
            let (at, entry, same) = entries.iter().enumerate().find_map(|(at, entry)| {
                let mut keys = access_keys(entry).into_iter();
                keys.find_map(|key| known.insert(key, entry)).map(|same| (at, entry, same))
            })?;
            let path = format!("orderedItem[{index}].{property}[{at}]");
            let finding = Finding::new(format!("`{path}` repeats an entry before it"))
                .expected("a distinct way to access", brief(entry))
                .path(path);
            let kinds = [entry, same].map(|entry| entry.get("@type").and_then(Value::as_str).unwrap_or_default());
            Some(if kinds.contains(&"Barcode") && kinds.contains(&"ImageObject") {
                finding.violating(["OB-image-based-access-control-2", "OB-access-control-3"])
            } else if property == "accessPass" && entry != same {
                finding.violating(["OB-access-control-4", "OB-access-control-3"])
            } else {
                finding
            })
        })
    })
}

/// Expects no two OrderItems to have the same access codes and access passes.
fn expect_unique_access(document: &Seen<'_>) -> Option<Finding> {
    let (other, index) = shared_access(document.body)?;
    let item = items(document.body).get(index)?;
    let property = if item.get("accessCode").is_some() { "accessCode" } else { "accessPass" };
    let path = format!("orderedItem[{index}].{property}");
    let finding = Finding::new(format!("`{path}` repeats the access details of orderedItem[{other}]"));
    Some(finding.expected("access details that no other OrderItem has", shown(item.get(property))).path(path))
}

/// The first two OrderItems with the same access codes and access passes, in whatever order.
fn shared_access(body: &Value) -> Option<(usize, usize)> {
    let mut known: HashMap<Vec<String>, usize> = HashMap::new();
    items(body).iter().enumerate().find_map(|(index, item)| {
        let entries = ["accessCode", "accessPass"].into_iter().filter_map(|name| item.get(name)?.as_array());
        let mut content: Vec<String> = entries.flatten().map(Value::to_string).collect();
        content.sort_unstable();
        let other = if content.is_empty() { None } else { known.insert(content, index) };
        other.map(|other| (other, index))
    })
}

/// Formats of images, as URLs end with them.
const FORMATS: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp", "pdf"];

/// Keys that an entry shares with every repetition of itself: its content, and the URL of its image without the format.
fn access_keys(entry: &Value) -> Vec<String> {
    let content = entry.to_string();
    let url = entry.get("url").and_then(Value::as_str);
    let picture = |url: &str| {
        let (stem, format) = url.rsplit_once('.')?;
        FORMATS.contains(&format.to_ascii_lowercase().as_str()).then(|| stem.to_owned())
    };
    let stem = url.map(|url| picture(url).unwrap_or_else(|| url.to_owned()));
    std::iter::once(content).chain(stem).collect()
}

/// Expects `cancellationMessage` on OrderItems that the Seller cancelled only, and `customerNotice` on those that are not
/// cancelled only.
fn expect_message_placement(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let status = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
        let active = ["OrderItemConfirmed", "AttendeeAttended", "AttendeeAbsent"];
        let misplaced = [
            ("cancellationMessage", !status.ends_with("SellerCancelled")),
            ("customerNotice", !active.iter().any(|active| status.ends_with(active))),
        ];
        let (property, _) = misplaced.into_iter().find(|(property, wrong)| *wrong && item.get(*property).is_some())?;
        let status = shown(item.get("orderItemStatus"));
        let path = format!("orderedItem[{index}].{property}");
        Some(
            Finding::new(format!("`{path}` is present on an OrderItem with `orderItemStatus` {status}"))
                .expected("nothing", shown(item.get(property)))
                .path(path),
        )
    })
}

/// Expects the address of a Seller that is an Organization to be complete.
fn seller_address(document: &Seen<'_>) -> Option<Finding> {
    let seller =
        document.body.get("seller").filter(|seller| seller.get("@type").is_some_and(|kind| kind == "Organization"))?;
    let address = seller.get("address")?;
    let parts = ["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"];
    let lacking = parts.into_iter().find(|part| address.get(*part).is_none())?;
    Some(
        Finding::new(format!("`seller.address.{lacking}` is missing"))
            .expected(format!("{lacking} of the Organization"), "nothing")
            .path(format!("seller.address.{lacking}")),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shared_access;

    #[test]
    fn access_details_are_shared_where_all_of_them_are() {
        let (door, locker) =
            (json!({ "name": "Door", "description": "1" }), json!({ "name": "Locker", "description": "2" }));
        let pass = |number: u8| json!({ "@type": "Barcode", "text": format!("{number}") });
        let order = |items: &[serde_json::Value]| json!({ "orderedItem": items });
        let both = json!({ "accessCode": [door, locker] });
        let reversed = json!({ "accessCode": [locker, door] });
        assert_eq!(shared_access(&order(&[json!({}), both.clone(), json!({}), reversed])), Some((1, 3)));
        let passes = |number: u8| json!({ "accessCode": [door], "accessPass": [pass(number)] });
        assert_eq!(shared_access(&order(&[passes(1), passes(2), both])), None);
        assert_eq!(shared_access(&order(&[passes(1), passes(1)])), Some((0, 1)));
        assert_eq!(shared_access(&order(&[json!({ "accessCode": [] }), json!({ "accessPass": [] })])), None);
    }
}
