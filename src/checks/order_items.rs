//! The OrderItems of responses: their number, opportunities, identifiers and status.

use crate::results::Finding;

use super::row::rows;
use super::seen::{Seen, items};
use super::value::shown;

rows! {
    ORDER_ITEM_COUNT = "order-item-count": "the answer has every OrderItem of the request"
        at [C1 C2 P B], by_step {
        C1 C2 P B: ["OB-schema-orderitem-11"],
    }
    REQUESTED_ORDER_ITEMS = "requested-order-items": "each OrderItem is for the opportunity and offer of the request"
        at [C1 C2 P B], by_step {
        C1 C2 P B: [
            "OB-schema-orderitem-11",
            "OB-change-of-logistics-notifications-1",
            "OB-globally-unique-identifiers-2",
        ],
        B: ["OB-schema-orderitem-10"],
    }
    ORDER_ITEMS_CONFIRMED = "order-items-confirmed": "every OrderItem of a new Order is confirmed"
        at [B], by_step {
        B: ["OB-step-by-step-process-description-73"],
    }
    UNIQUE_ORDER_ITEM_IDS = "unique-order-item-ids": "every OrderItem has an @id of its own"
        at [B], by_step {
        B: ["OB-order-creation-b-3", "OB-order-creation-b-4", "OB-schema-orderitem-5"],
    }
    ORDER_ITEMS_OF_PROPOSAL = "order-items-of-proposal": "the OrderItems of the Order are those of the OrderProposal"
        at [B], by_step {
        B: ["OB-step-by-step-process-description-0-69"],
    }
    ORDER_ITEMS_OF_ORDER = "order-items-of-order": "Order Status has the OrderItems of B"
        at [OrderStatus], by_step {
        OrderStatus: [
            "OB-booking-system-contract-with-the-broker-9",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
        ],
    }
    ORDER_ITEM_ID_FORMAT = "order-item-id-format": "the @id of an OrderItem is that of the Order and #/orderedItem/ with something of its own"
        at [B OrdersFeed], document(item_id_form) {
        B OrdersFeed: ["OB-schema-orderitem-4"],
    }
}

/// The `@id` of an OrderItem is made of that of the Order in the way that the specification proposes.
fn item_id_form(document: &Seen<'_>) -> Option<Finding> {
    let order = document.body.get("@id")?.as_str()?;
    let wanted = format!("{order}#/orderedItem/");
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("@id")?;
        (!found.as_str().is_some_and(|id| id.len() > wanted.len() && id.starts_with(&wanted))).then(|| {
            Finding::new("the @id of an OrderItem is not made of that of the Order in the usual way")
                .expected(format!("{wanted}…"), shown(Some(found)))
                .path(format!("orderedItem[{index}].@id"))
        })
    })
}
