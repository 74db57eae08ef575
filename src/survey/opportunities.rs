//! Features of a booking system that the opportunities in its feeds show.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::plan::{id_of, offers, opportunity_type, seller_of, type_of};
use crate::vocabulary::{Flow, OPENACTIVE, OpportunityType};

/// A Seller of opportunities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenSeller {
    /// `@id`
    pub id: String,
    /// `@type`
    pub json_type: String,
    /// `taxMode`
    pub tax_mode: Option<String>,
    /// How many opportunities are its own.
    pub count: usize,
}

/// What was seen, each with how often.
#[derive(Debug, Clone, Default)]
pub struct OpportunitiesSeen {
    /// Opportunities, joined with their parents.
    pub opportunities: usize,
    /// Those that can be booked, by type.
    pub types: BTreeMap<OpportunityType, usize>,
    /// Their offers that can be booked, by flow.
    pub flows: BTreeMap<Flow, usize>,
    /// Sellers, those with the most opportunities first.
    pub sellers: Vec<SeenSeller>,
    /// Signs of features: a word for each, such as `prepayment-required`.
    pub signs: BTreeMap<&'static str, usize>,
}

/// A term of an offer, and the feature that it is a sign of.
const REQUIREMENTS: &[(&str, &str)] = &[
    ("OpenBookingApproval", "minimal-proposal"),
    ("OpenBookingNegotiation", "proposal-amendment"),
    ("OpenBookingAttendeeDetails", "attendee-details-capture"),
    ("OpenBookingIntakeForm", "additional-details-capture"),
];

const PREPAYMENT: &[(&str, &str)] = &[
    ("Required", "prepayment-required"),
    ("Optional", "prepayment-optional"),
    ("Unavailable", "prepayment-unavailable"),
];

fn term(value: &Value) -> Option<&str> {
    value.as_str().map(|text| text.strip_prefix(OPENACTIVE).unwrap_or(text))
}

impl OpportunitiesSeen {
    /// Takes note of an opportunity that is joined with its parents.
    pub(super) fn take(&mut self, opportunity: &Value) {
        self.opportunities += 1;
        let Some(kind) = opportunity_type(opportunity) else { return };
        let bookable: Vec<&Value> = offers(opportunity).into_iter().filter(|offer| can_be_booked(offer)).collect();
        if bookable.is_empty() {
            return;
        }
        *self.types.entry(kind).or_default() += 1;
        if let Some(seller) = seller_of(opportunity) {
            self.seller(seller);
        }
        for offer in bookable {
            self.offer(offer);
        }
    }

    fn seller(&mut self, seller: &Value) {
        let Some(id) = id_of(seller) else { return };
        let text = |name: &str| seller.get(name).and_then(Value::as_str).map(str::to_owned);
        if seller.get("termsOfService").and_then(Value::as_array).is_some_and(|terms| !terms.is_empty()) {
            self.sign("terms-of-service-for-seller");
        }
        match self.sellers.iter_mut().find(|known| known.id == id) {
            Some(known) => known.count += 1,
            None => self.sellers.push(SeenSeller {
                id: id.to_owned(),
                json_type: type_of(seller).unwrap_or("Organization").to_owned(),
                tax_mode: text("taxMode"),
                count: 1,
            }),
        }
    }

    fn offer(&mut self, offer: &Value) {
        let needs: Vec<&str> = match offer.get("openBookingFlowRequirement") {
            Some(Value::Array(terms)) => terms.iter().filter_map(term).collect(),
            Some(one) => term(one).into_iter().collect(),
            None => Vec::new(),
        };
        let flow = if needs.contains(&"OpenBookingApproval") { Flow::Approval } else { Flow::Simple };
        *self.flows.entry(flow).or_default() += 1;
        for (_, feature) in REQUIREMENTS.iter().filter(|(term, _)| needs.contains(term)) {
            self.sign(feature);
        }
        match offer.get("price").and_then(Value::as_f64) {
            Some(price) if price > 0.0 => self.sign("non-free-opportunities"),
            Some(_) => self.sign("free-opportunities"),
            None => {}
        }
        let prepayment = offer.get("openBookingPrepayment").and_then(term);
        for (_, feature) in PREPAYMENT.iter().filter(|(term, _)| prepayment == Some(term)) {
            self.sign(feature);
        }
        for (property, feature) in [
            ("validFromBeforeStartDate", "booking-window"),
            ("latestCancellationBeforeStartDate", "cancellation-window"),
        ] {
            if offer.get(property).is_some_and(Value::is_string) {
                self.sign(feature);
            }
        }
        if offer.get("allowCustomerCancellationFullRefund") == Some(&Value::Bool(true)) {
            self.sign("customer-requested-cancellation");
        }
    }

    fn sign(&mut self, feature: &'static str) {
        *self.signs.entry(feature).or_default() += 1;
    }

    /// Sorts Sellers by how much they offer.
    pub(super) fn finish(&mut self) {
        self.sellers.sort_by(|one, two| two.count.cmp(&one.count).then_with(|| one.id.cmp(&two.id)));
    }
}

/// Whether an offer is for booking through the Open Booking API.
fn can_be_booked(offer: &Value) -> bool {
    let unavailable = offer.get("openBookingInAdvance").and_then(term) == Some("Unavailable");
    offer.get("@id").is_some_and(Value::is_string) && !unavailable
}
