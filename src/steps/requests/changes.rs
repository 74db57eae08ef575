//! The bodies of requests that change an Order, and of those to the Test Interface.

use serde_json::{Map, Value, json};

use crate::config::Seller;
use crate::steps::item::ItemSpec;
use crate::steps::template::Template;
use crate::vocabulary::{Flow, OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT, openactive};

use crate::trace::EXTENSION;

/// The body of a cancellation by the customer.
pub(in crate::steps) fn cancellation(template: Template, items: &[String]) -> Value {
    let status = match template {
        Template::WrongStatus => "OrderItemConfirmed",
        _ => "CustomerCancelled",
    };
    let items: Vec<Value> = items
        .iter()
        .map(|id| json!({ "@type": "OrderItem", "@id": id, "orderItemStatus": openactive(status) }))
        .collect();
    patch(template, json!({ "@context": OPENACTIVE_CONTEXT, "@type": "Order", "orderedItem": items }))
}

/// The body of a rejection of an OrderProposal by the customer.
pub fn rejection(template: Template) -> Value {
    let status = match template {
        Template::WrongStatus => "SellerAccepted",
        _ => "CustomerRejected",
    };
    patch(
        template,
        json!({
            "@context": OPENACTIVE_CONTEXT,
            "@type": "OrderProposal",
            "orderProposalStatus": openactive(status),
            "orderCustomerNote": "Something came up, sorry."
        }),
    )
}

fn patch(template: Template, mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        match template {
            Template::ExcessiveProperties => {
                body.insert("@id".to_owned(), json!("https://broker.example.com/not-allowed-here"));
            }
            Template::WithExtensions => {
                body.insert(format!("{EXTENSION}remark"), json!("of a change"));
            }
            _ => {}
        }
    }
    body
}

/// The body of a simulate action.
pub(in crate::steps) fn action(json_type: &str, object_type: &str, object_id: &str) -> Value {
    json!({
        "@context": [OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT],
        "@type": json_type,
        "object": { "@type": object_type, "@id": object_id }
    })
}

/// The body that asks the Test Interface for an opportunity.
#[must_use]
pub fn new_opportunity(item: &ItemSpec, flow: Flow, seller: &Seller) -> Value {
    let kind = item.opportunity_type;
    let mut body = Map::new();
    body.insert("@context".to_owned(), json!([OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT]));
    body.insert("@type".to_owned(), json!(kind.json_type()));
    let seller = json!({ "@type": seller.json_type, "@id": seller.id });
    match kind.parent() {
        Some((link, parent)) => {
            body.insert(link.to_owned(), json!({ "@type": parent, kind.seller_property(): seller }));
        }
        None => {
            body.insert(kind.seller_property().to_owned(), seller);
        }
    }
    body.insert("test:testOpportunityCriteria".to_owned(), json!(item.criteria.iri()));
    body.insert("test:testOpenBookingFlow".to_owned(), json!(flow.iri()));
    Value::Object(body)
}
