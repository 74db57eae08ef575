//! Offers.

use jiff::{Span, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::vocabulary::openactive;

use super::money::number;

/// When an Order is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prepayment {
    /// When it is booked.
    Required,
    /// When it is booked, or later.
    Optional,
    /// Later.
    Unavailable,
}

impl Prepayment {
    pub(super) const fn term(self) -> &'static str {
        match self {
            Self::Required => "Required",
            Self::Optional => "Optional",
            Self::Unavailable => "Unavailable",
        }
    }
}

/// An offer, as it is published and as Orders keep it.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) id: String,
    pub(super) price: Decimal,
    pub(super) prepayment: Option<Prepayment>,
    pub(super) approval: bool,
    pub(super) negotiation: bool,
    /// ISO 8601
    pub(super) valid_from_before_start: Option<&'static str>,
    /// ISO 8601
    pub(super) latest_cancellation_before_start: Option<&'static str>,
    pub(super) refund: bool,
}

impl Offer {
    /// When the Order is paid for, where the offer does not say so too.
    pub(super) fn effective_prepayment(&self) -> Prepayment {
        match self.prepayment {
            Some(prepayment) if !self.price.is_zero() => prepayment,
            None if !self.price.is_zero() => Prepayment::Required,
            _ => Prepayment::Unavailable,
        }
    }

    /// Whether the booking window is open at `now`.
    pub(super) fn window_open(&self, start: Timestamp, now: Timestamp) -> bool {
        let Some(duration) = self.valid_from_before_start else { return true };
        let opens = duration
            .parse::<Span>()
            .ok()
            .and_then(|span| start.to_zoned(TimeZone::UTC).checked_sub(span).ok())
            .map(|opens| opens.timestamp());
        opens.is_none_or(|opens| now >= opens)
    }

    /// As booking responses show it.
    pub(super) fn json(&self) -> Value {
        Value::Object(self.map())
    }

    /// As feeds show it: with what booking it takes.
    pub(super) fn published(&self) -> Value {
        let mut offer = self.map();
        let mut requirements = Vec::new();
        if self.approval {
            requirements.push(openactive("OpenBookingApproval"));
        }
        if self.negotiation {
            requirements.push(openactive("OpenBookingNegotiation"));
        }
        if !requirements.is_empty() {
            offer.insert("openBookingFlowRequirement".to_owned(), json!(requirements));
        }
        Value::Object(offer)
    }

    fn map(&self) -> Map<String, Value> {
        let mut offer = Map::new();
        let mut put = |name: &str, value: Value| {
            offer.insert(name.to_owned(), value);
        };
        put("@type", json!("Offer"));
        put("@id", json!(self.id));
        put("identifier", json!("adult"));
        put("name", json!("Adult"));
        put("price", number(self.price));
        put("priceCurrency", json!("GBP"));
        put("openBookingInAdvance", json!(openactive("Optional")));
        put("allowCustomerCancellationFullRefund", json!(self.refund));
        if let Some(prepayment) = self.prepayment {
            put("openBookingPrepayment", json!(openactive(prepayment.term())));
        }
        if let Some(duration) = self.valid_from_before_start {
            put("validFromBeforeStartDate", json!(duration));
        }
        if let Some(duration) = self.latest_cancellation_before_start {
            put("latestCancellationBeforeStartDate", json!(duration));
        }
        offer
    }
}
