//! Payment and prepayment.

use serde_json::Value;

use crate::results::Finding;
use crate::vocabulary::openactive;

use crate::checks::row::rows;
use crate::checks::seen::Seen;
use crate::checks::value::shown;

rows! {
    PAYMENT_DETAILS = "payment-details": "payment has the reconciliation details that were sent"
        at [], asked(|seen| details(seen.body, *seen)) {
        Any: ["OB-payment-reconciliation-detail-validation-10", "OB-step-by-step-process-description-58", "OB-schema-order-36", "OB-oa-payment-2", "OB-oa-payment-5", "OB-oa-payment-6"],
    }
    PREPAYMENT_OF_FREE = "prepayment-of-free": "totalPaymentDue.openBookingPrepayment is what the configured features demand of a free Order"
        at [], asked(|seen| prepayment(seen.body, *seen, "Unavailable")) {
        Any: ["OB-booking-without-payment-4", "OB-schema-pricespecification-7"],
    }
    PREPAYMENT_REQUIRED = "prepayment-required": "totalPaymentDue.openBookingPrepayment is what the configured features demand where prepayment is required"
        at [], asked(|seen| prepayment(seen.body, *seen, "Required")) {
        Any: ["OB-booking-without-payment-2"],
    }
    NOTHING_PREPAID = "nothing-prepaid": "totalPaymentDue is left out, or its openBookingPrepayment is Unavailable"
        at [], asked(|seen| nothing_prepaid(seen.body)) {
        Any: ["OB-dynamicpayment-10"],
    }
}

/// `payment` has the reconciliation details that are configured.
pub(super) fn details(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let details = context.payment;
    let fields = [
        ("name", details.and_then(|details| details.name.as_deref())),
        ("accountId", details.and_then(|details| details.account_id.as_deref())),
        ("paymentProviderId", details.and_then(|details| details.payment_provider_id.as_deref())),
    ];
    fields.into_iter().find_map(|(name, sent)| {
        let sent = sent?;
        let found = document.get("payment").and_then(|payment| payment.get(name));
        (found.and_then(Value::as_str) != Some(sent)).then(|| {
            Finding::new(format!("payment.{name} is not the one that was sent"))
                .expected(format!("\"{sent}\""), shown(found))
                .path(format!("payment.{name}"))
        })
    })
}

/// `totalPaymentDue.openBookingPrepayment` is `term` in a booking system that has several kinds of prepayment, and not
/// there in one that has a single kind.
pub(super) fn prepayment(document: &Value, context: Seen<'_>, term: &str) -> Option<Finding> {
    let several =
        context.config.implements("prepayment-optional") || context.config.implements("prepayment-unavailable");
    let path = "totalPaymentDue.openBookingPrepayment";
    let Some(due) = document.get("totalPaymentDue") else {
        return Some(
            Finding::new("totalPaymentDue is missing")
                .expected("a PriceSpecification", "nothing")
                .path("totalPaymentDue"),
        );
    };
    let found = due.get("openBookingPrepayment");
    let wanted = openactive(term);
    let why = "by `implementedFeatures.prepayment-optional` and `prepayment-unavailable`";
    if several {
        (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
            Finding::new("the total does not say whether it can be paid in advance")
                .expected(wanted, shown(found))
                .path(path)
                .hint(why)
        })
    } else {
        found.map(|found| {
            Finding::new("the total speaks of prepayment, though there is one kind of it only")
                .expected("nothing", shown(Some(found)))
                .path(path)
                .hint(why)
        })
    }
}

/// Where prices are left to Broker and Seller, no total that is told is paid in advance.
pub(super) fn nothing_prepaid(document: &Value) -> Option<Finding> {
    let due = document.get("totalPaymentDue")?;
    let found = due.get("openBookingPrepayment");
    (found.and_then(Value::as_str) != Some(&openactive("Unavailable"))).then(|| {
        Finding::new("there is a total, and it is not said that it cannot be paid in advance")
            .expected(openactive("Unavailable"), shown(found))
            .path("totalPaymentDue.openBookingPrepayment")
    })
}
