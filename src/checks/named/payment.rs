//! Payment and prepayment.

use serde_json::Value;

use crate::results::Finding;
use crate::vocabulary::{Stage, openactive};

use crate::checks::row::rows;
use crate::checks::seen::Seen;
use crate::checks::value::{quoted, shown};

rows! {
    PAYMENT_DETAILS = "payment-details": "payment has the reconciliation details of the request"
        at [], asked(|seen| details(seen.body, *seen)) {
        Any: ["OB-payment-reconciliation-detail-validation-10", "OB-step-by-step-process-description-58", "OB-schema-order-36", "OB-oa-payment-2", "OB-oa-payment-5", "OB-oa-payment-6"],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-14"],
        [C2] => ["OB-step-by-step-process-description-25", "OB-step-by-step-process-description-14"],
        [P] "payment" => ["OB-schema-order-36", "OB-step-by-step-process-description-0-38"],
        [P] => ["OB-step-by-step-process-description-0-38"],
        [B] "payment" => ["OB-schema-order-36", "OB-step-by-step-process-description-58"],
        [B] => ["OB-step-by-step-process-description-58"],
    }
    PREPAYMENT_OF_FREE = "prepayment-of-free": "totalPaymentDue.openBookingPrepayment of a free Order is Unavailable, or omitted"
        at [], asked(|seen| prepayment(seen.body, *seen, "Unavailable")) {
        Any: ["OB-booking-without-payment-4", "OB-schema-pricespecification-7"],
    }, violates {
        [C1] "totalPaymentDue" => ["OB-oa-orderquote-1", "OB-step-by-step-process-description-6"],
        [C2] "totalPaymentDue" => ["OB-oa-orderquote-1"],
        [P B] "totalPaymentDue" => ["OB-schema-order-27"],
        [C1 C2 P B] if "unexpected" => ["OB-booking-without-payment-5"],
        [C1 C2] if "missing" => [],
        [C1 C2] => ["OB-booking-without-payment-4", "OB-schema-pricespecification-7"],
        [P B] if "wrong" => ["OB-schema-pricespecification-7"],
    }
    PREPAYMENT_REQUIRED = "prepayment-required": "totalPaymentDue.openBookingPrepayment is Required, or omitted where one kind of prepayment is implemented"
        at [], asked(|seen| prepayment(seen.body, *seen, "Required")) {
        Any: ["OB-booking-without-payment-2"],
    }, violates {
        [C1] "totalPaymentDue" => ["OB-oa-orderquote-1", "OB-step-by-step-process-description-6"],
        [C2] "totalPaymentDue" => ["OB-oa-orderquote-1"],
        [P B] "totalPaymentDue" => ["OB-schema-order-27"],
        [C1 C2 P B] if "unexpected" => ["OB-booking-without-payment-5"],
        [C1 C2] => ["OB-booking-without-payment-2"],
    }
    NOTHING_PREPAID = "nothing-prepaid": "totalPaymentDue is omitted, or its openBookingPrepayment is Unavailable"
        at [], asked(|seen| nothing_prepaid(seen.body)) {
        Any: ["OB-dynamicpayment-10"],
    }, violates {
        [Any] => ["OB-dynamicpayment-10"],
    }
}

/// Finds a reconciliation detail of `payment` that is not that of the configuration.
fn details(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let details = context.payment;
    let fields = [
        ("name", details.and_then(|details| details.name.as_deref())),
        ("accountId", details.and_then(|details| details.account_id.as_deref())),
        ("paymentProviderId", details.and_then(|details| details.payment_provider_id.as_deref())),
    ];
    fields.into_iter().find_map(|(name, sent)| {
        let sent = sent?;
        let Some(payment) = document.get("payment").filter(|payment| !payment.is_null()) else {
            let finding = Finding::new("`payment` is missing");
            let expected = format!("a Payment with {name} {}", quoted(sent));
            return Some(finding.expected(expected, shown(document.get("payment"))).path("payment"));
        };
        let found = payment.get(name);
        (found.and_then(Value::as_str) != Some(sent)).then(|| {
            let words = if found.is_some() { "differs from the request" } else { "is missing" };
            Finding::new(format!("`payment.{name}` {words}"))
                .expected(quoted(sent), shown(found))
                .path(format!("payment.{name}"))
        })
    })
}

/// Finds `totalPaymentDue.openBookingPrepayment` that is not `term` in a booking system with several kinds of prepayment,
/// or that is included in one with a single kind.
///
/// The table of PriceSpecification has it unspecified where `price` is 0, which section Booking without payment has not.
fn prepayment(document: &Value, context: Seen<'_>, term: &str) -> Option<Finding> {
    let several =
        context.config.implements("prepayment-optional") || context.config.implements("prepayment-unavailable");
    let path = "totalPaymentDue.openBookingPrepayment";
    let Some(due) = document.get("totalPaymentDue") else {
        return Some(
            Finding::new("`totalPaymentDue` is missing")
                .expected("a PriceSpecification", "nothing")
                .path("totalPaymentDue"),
        );
    };
    let found = due.get("openBookingPrepayment");
    let wanted = openactive(term);
    // P and B need not repeat it.
    if found.is_none() && context.strict() && (term == "Unavailable" || matches!(context.stage, Stage::P | Stage::B)) {
        return None;
    }
    if several {
        (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
            let words = if found.is_some() { format!("is not {term}") } else { "is missing".to_owned() };
            Finding::new(format!("`{path}` {words}"))
                .expected(quoted(&wanted), shown(found))
                .path(path)
                .hint("`implementedFeatures` has prepayment-optional or prepayment-unavailable")
        })
    } else {
        found.map(|found| {
            Finding::new(format!("`{path}` is included, but one kind of prepayment only is implemented"))
                .expected("no openBookingPrepayment", shown(Some(found)))
                .path(path)
                .hint("`implementedFeatures` has neither prepayment-optional nor prepayment-unavailable")
        })
    }
}

/// Finds a total that can be prepaid though Broker and Seller agree prices between them.
fn nothing_prepaid(document: &Value) -> Option<Finding> {
    let due = document.get("totalPaymentDue")?;
    let found = due.get("openBookingPrepayment");
    let wanted = openactive("Unavailable");
    (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
        let words = if found.is_some() { "is not Unavailable" } else { "is missing" };
        Finding::new(format!("`totalPaymentDue.openBookingPrepayment` with DynamicPayment {words}"))
            .expected(quoted(&wanted), shown(found))
            .path("totalPaymentDue.openBookingPrepayment")
    })
}
