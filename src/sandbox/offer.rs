//! Offers.

use jiff::{Span, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::vocabulary::openactive;

use super::money::number;

/// When an Order is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// Whether one can book before it begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum InAdvance {
    /// And after that, too.
    #[default]
    Optional,
    /// Not at all through this offer.
    Unavailable,
}

impl InAdvance {
    const fn term(self) -> &'static str {
        match self {
            Self::Optional => "Optional",
            Self::Unavailable => "Unavailable",
        }
    }
}

/// The terms of an offer, all but its identifier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) price: Decimal,
    pub(super) prepayment: Option<Prepayment>,
    #[serde(default)]
    pub(super) in_advance: InAdvance,
    pub(super) approval: bool,
    pub(super) negotiation: bool,
    pub(super) attendee_details: bool,
    pub(super) intake_form: bool,
    /// ISO 8601
    pub(super) valid_from_before_start: Option<String>,
    /// ISO 8601
    pub(super) latest_cancellation_before_start: Option<String>,
    pub(super) refund: bool,
}

/// An offer, as it is published and as Orders keep it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) id: String,
    pub(super) terms: Terms,
    /// The OfferOverride of the Broker.
    #[serde(default)]
    pub(super) overriding: Option<Override>,
}

/// An offer that a Broker brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Override {
    pub(super) name: Option<String>,
    /// The price that tax is reckoned of, where that is another one. Only a fault says so.
    pub(super) taxed: Option<Decimal>,
}

/// `start` less an ISO 8601 duration.
fn before(start: Timestamp, duration: &str) -> Option<Timestamp> {
    let span: Span = duration.parse().ok()?;
    Some(start.to_zoned(TimeZone::UTC).checked_sub(span).ok()?.timestamp())
}

impl Offer {
    pub(super) fn price(&self) -> Decimal {
        self.terms.price
    }

    /// The price that tax is calculated from.
    pub(super) fn taxable(&self) -> Decimal {
        self.overriding.as_ref().and_then(|overriding| overriding.taxed).unwrap_or(self.terms.price)
    }

    /// When the Order is paid for, where the offer does not say so too.
    pub(super) fn effective_prepayment(&self) -> Prepayment {
        match self.terms.prepayment {
            Some(prepayment) if !self.price().is_zero() => prepayment,
            None if !self.price().is_zero() => Prepayment::Required,
            _ => Prepayment::Unavailable,
        }
    }

    /// Whether the booking window is open at `now`. What has no start has no window.
    pub(super) fn window_open(&self, start: Option<Timestamp>, now: Timestamp) -> bool {
        let opens =
            start.zip(self.terms.valid_from_before_start.as_deref()).and_then(|(start, span)| before(start, span));
        opens.is_none_or(|opens| now >= opens)
    }

    /// Whether the customer may cancel at `now`.
    pub(super) fn cancellable(&self, start: Option<Timestamp>, now: Timestamp) -> bool {
        let window = self.terms.latest_cancellation_before_start.as_deref();
        let closes = start.zip(window).and_then(|(start, span)| before(start, span));
        self.terms.refund && start.is_none_or(|start| now < start) && closes.is_none_or(|closes| now < closes)
    }

    /// As booking responses show it. `prepayment`: whether offers say when they are paid for.
    pub(super) fn json(&self, prepayment: bool) -> Value {
        Value::Object(self.map(prepayment))
    }

    /// As feeds show it: with what booking it takes.
    pub(super) fn published(&self, prepayment: bool) -> Value {
        let mut offer = self.map(prepayment);
        let requirements: Vec<String> = [
            (self.terms.approval, "OpenBookingApproval"),
            (self.terms.negotiation, "OpenBookingNegotiation"),
            (self.terms.attendee_details, "OpenBookingAttendeeDetails"),
            (self.terms.intake_form, "OpenBookingIntakeForm"),
        ]
        .into_iter()
        .filter(|(needed, _)| *needed)
        .map(|(_, term)| openactive(term))
        .collect();
        if !requirements.is_empty() {
            offer.insert("openBookingFlowRequirement".to_owned(), json!(requirements));
        }
        Value::Object(offer)
    }

    fn map(&self, prepayment: bool) -> Map<String, Value> {
        let mut offer = Map::new();
        let mut put = |name: &str, value: Value| {
            offer.insert(name.to_owned(), value);
        };
        put("@id", json!(self.id));
        put("price", number(self.price()));
        put("priceCurrency", json!("GBP"));
        if let Some(overriding) = &self.overriding {
            put("@type", json!("OfferOverride"));
            if let Some(name) = &overriding.name {
                put("name", json!(name));
            }
            return offer;
        }
        put("@type", json!("Offer"));
        put("identifier", json!("adult"));
        put("name", json!("Adult"));
        put("ageRestriction", json!({ "@type": "QuantitativeValue", "minValue": 16 }));
        put("openBookingInAdvance", json!(openactive(self.terms.in_advance.term())));
        put("allowCustomerCancellationFullRefund", json!(self.terms.refund));
        if let Some(value) = self.terms.prepayment.filter(|_| prepayment) {
            put("openBookingPrepayment", json!(openactive(value.term())));
        }
        if let Some(duration) = &self.terms.valid_from_before_start {
            put("validFromBeforeStartDate", json!(duration));
        }
        if let Some(duration) = &self.terms.latest_cancellation_before_start {
            put("latestCancellationBeforeStartDate", json!(duration));
        }
        offer
    }
}
