//! The bodies of booking requests.

mod changes;
mod people;

use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use crate::checks::position_of;
use crate::config::{PaymentDetails, Seller};
use crate::steps::partner::BrokerRole;
use crate::steps::template::Template;
use crate::vocabulary::{OPENACTIVE_CONTEXT, openactive};

pub use changes::new_opportunity;
pub use changes::rejection;
pub(super) use changes::{action, cancellation};
pub use people::Party;
pub(super) use people::uuid;

use people::{WrongFields, answers, business};

use crate::compare::amount;
use crate::trace::{EXTENSION, OrderItem, Total, attendee_with, broker, is_override, must_be_answered, number};

/// Puts a price of the Broker's own instead of the offer: twice as much, or 10.00 where it is free.
pub(super) fn override_offer(item: &mut OrderItem, ids: &mut ChaCha8Rng) {
    if is_override(&item.offer) {
        return;
    }
    let listed = item.offer.get("price").and_then(Value::as_number).map(amount).unwrap_or_default();
    let price = if listed.is_zero() { Decimal::TEN } else { listed + listed };
    item.offer_id = format!("https://broker.example.com/offer-overrides/{}", uuid(ids));
    let requirement = item.offer.get("openBookingFlowRequirement").cloned();
    item.offer = json!({
        "@type": "OfferOverride",
        "@id": item.offer_id,
        "name": "The price that was agreed",
        "price": number(price),
        "priceCurrency": item.offer.get("priceCurrency").and_then(Value::as_str).unwrap_or("GBP"),
    });
    // What booking needs stays as it is; requests do not say it.
    if let (Some(requirement), Some(offer)) = (requirement, item.offer.as_object_mut()) {
        offer.insert("openBookingFlowRequirement".to_owned(), requirement);
    }
}

/// An identifier that looks like another one and is of nothing: with more digits where that has digits.
fn unheard_of(id: &str) -> String {
    let end = id.rfind(|c: char| c.is_ascii_digit()).map_or(id.len(), |at| at + 1);
    let (before, after) = id.split_at(end);
    format!("{before}987654321{after}")
}

/// A payment of which Broker and Seller know by themselves what it comes to.
fn dynamic_payment(template: Template, details: Option<&PaymentDetails>, identifier: Option<&str>) -> Value {
    let account = details.and_then(|details| details.account_id.as_deref()).unwrap_or_default();
    let account = match template {
        Template::WithDynamicPaymentWithoutAccount => None,
        Template::WithDynamicPaymentOfNobody => Some(format!("not {account}")),
        _ => Some(account.to_owned()),
    };
    let mut payment = json!({ "@type": "DynamicPayment", "name": "Prices as agreed" });
    let provider = details.and_then(|details| details.payment_provider_id.clone());
    let fields = [
        ("identifier", identifier.map(str::to_owned)),
        ("paymentProviderId", provider.filter(|_| account.is_some())),
        ("accountId", account),
    ];
    for (name, value) in fields {
        if let (Some(payment), Some(value)) = (payment.as_object_mut(), value) {
            payment.insert(name.to_owned(), json!(value));
        }
    }
    payment
}

/// Everything that the body of a booking request is made of.
#[derive(Debug)]
pub(super) struct Draft<'d> {
    pub(super) template: Template,
    pub(super) seller: &'d Seller,
    pub(super) items: &'d [OrderItem],
    pub(super) party: &'d Party,
    /// What goes into `payment`.
    pub(super) payment: Option<&'d PaymentDetails>,
    /// What C1 returned, where it asked questions.
    pub(super) c1: Option<&'d Value>,
}

/// The names of the properties that an OrderItem requires of an attendee.
fn required_details(item: Option<&Value>) -> Vec<&str> {
    let required = item.and_then(|item| item.get("attendeeDetailsRequired")).and_then(Value::as_array);
    let names = required.into_iter().flatten().filter_map(Value::as_str);
    names.filter_map(|property| property.rsplit(['/', ':']).next()).collect()
}

/// The required property of an attendee at this place, or the last one.
fn required_detail(item: Option<&Value>, place: usize) -> Option<&str> {
    let names = required_details(item);
    names.get(place).or(names.last()).copied()
}

impl Draft<'_> {
    fn ordered_items(&self, rng: &mut ChaCha8Rng) -> Value {
        let in_c1 = |position: usize| {
            let items = self.c1?.get("orderedItem")?.as_array()?;
            items.iter().find(|item| position_of(item) == Some(position))
        };
        let form_of =
            |position: usize| in_c1(position)?.get("orderItemIntakeForm").filter(|form| must_be_answered(form));
        let mut list = Vec::new();
        for (position, item) in self.items.iter().enumerate() {
            let mut entry = Map::new();
            entry.insert("@type".to_owned(), json!("OrderItem"));
            entry.insert("position".to_owned(), json!(position));
            if !self.template.is_dynamic() && (item.control || self.template != Template::WithoutOffer) {
                entry.insert("acceptedOffer".to_owned(), self.offer(position, item));
            }
            if item.control || self.template != Template::WithoutOpportunity {
                entry.insert("orderedItem".to_owned(), self.opportunity(item));
            }
            if self.template == Template::WithExtensions {
                entry.insert(format!("{EXTENSION}remark"), json!("of an OrderItem"));
            }
            let left_out = match self.template {
                Template::WithAttendees => Some(None),
                Template::WithoutFirstAttendeeDetail => Some(required_details(in_c1(position)).into_iter().next()),
                Template::WithoutSecondAttendeeDetail => Some(required_detail(in_c1(position), 1)),
                Template::WithoutThirdAttendeeDetail => Some(required_detail(in_c1(position), 2)),
                Template::WithoutFourthAttendeeDetail => Some(required_detail(in_c1(position), 3)),
                Template::WithoutFifthAttendeeDetail => Some(required_detail(in_c1(position), 4)),
                Template::WithoutSixthAttendeeDetail => Some(required_detail(in_c1(position), 5)),
                Template::WithoutLastAttendeeDetail => Some(required_details(in_c1(position)).into_iter().next_back()),
                _ => None,
            };
            if let Some(left_out) = left_out {
                let mut attendee = attendee_with(&required_details(in_c1(position)));
                if let (Some(name), Some(attendee)) = (left_out, attendee.as_object_mut()) {
                    attendee.remove(name);
                }
                entry.insert("attendee".to_owned(), attendee);
            }
            let wrong = match self.template {
                Template::WithIntakeForms => Some(WrongFields::None),
                Template::WithWrongIntakeForms => Some(WrongFields::All),
                Template::WithUnknownChoices => Some(WrongFields::Only("DropdownFormFieldSpecification")),
                Template::WithInvalidBooleans => Some(WrongFields::Only("BooleanFormFieldSpecification")),
                _ => None,
            };
            if let Some((form, wrong)) = form_of(position).zip(wrong) {
                entry.insert("orderItemIntakeFormResponse".to_owned(), answers(form, wrong, rng));
            }
            list.push(Value::Object(entry));
        }
        if self.template == Template::Reversed {
            list.reverse();
        }
        Value::Array(list)
    }

    /// `orderedItem`: as a rule a reference.
    fn opportunity(&self, item: &OrderItem) -> Value {
        let id = item.opportunity_id.as_str();
        match self.template {
            Template::WithExtensions => {
                let kind = item.opportunity.get("@type").cloned().unwrap_or_default();
                let mut whole = json!({ "@type": kind, "@id": id, "name": "By another name" });
                if let Some(whole) = whole.as_object_mut() {
                    whole.insert(format!("{EXTENSION}remark"), json!("of an opportunity"));
                }
                whole
            }
            Template::WithUnknownOpportunity if !item.control => json!(unheard_of(id)),
            Template::WithForeignIds if !item.control => json!("https://elsewhere.example.com/what-is-this"),
            _ => json!(id),
        }
    }

    /// `acceptedOffer`: as a rule a reference.
    fn offer(&self, position: usize, item: &OrderItem) -> Value {
        let id = item.offer_id.as_str();
        match self.template {
            _ if is_override(&item.offer) => {
                let mut offer = item.offer.clone();
                offer.as_object_mut().map(|offer| offer.remove("openBookingFlowRequirement"));
                offer
            }
            Template::WithExtensions => {
                let mut whole = json!({ "@type": "Offer", "@id": id, "description": "By another name" });
                if let Some(whole) = whole.as_object_mut() {
                    whole.insert(format!("{EXTENSION}remark"), json!("of an offer"));
                }
                whole
            }
            Template::WithUnknownOffer if !item.control => json!(unheard_of(id)),
            Template::WithForeignOffer if !item.control => {
                let next = self.items.get((position + 1) % self.items.len().max(1));
                json!(next.map_or(id, |next| next.offer_id.as_str()))
            }
            Template::WithForeignIds if !item.control => json!("https://elsewhere.example.com/what-is-this#offer"),
            _ => json!(id),
        }
    }

    fn order(&self, json_type: &str, rng: &mut ChaCha8Rng) -> Map<String, Value> {
        let mut order = Map::new();
        order.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        let kind = match (self.template, json_type) {
            (Template::OfAnotherType, "Order") => "OrderQuote",
            (Template::OfAnotherType, _) => "Order",
            (_, kind) => kind,
        };
        order.insert("@type".to_owned(), json!(kind));
        if self.template == Template::WithExtensions {
            order.insert(format!("{EXTENSION}remark"), json!("of the whole"));
        }
        let role = if self.template == Template::AsAgent { BrokerRole::AgentBroker } else { self.party.role };
        order.insert("brokerRole".to_owned(), json!(openactive(role.name())));
        let mut broker = broker();
        if let Some(broker) = broker.as_object_mut() {
            match self.template {
                Template::WithoutBrokerName => drop(broker.remove("name")),
                Template::WithInvalidBroker => drop(broker.insert("@type".to_owned(), json!("Place"))),
                Template::FromAnotherBroker => {
                    broker.insert("name".to_owned(), json!("Hilltop Classes"));
                    broker.insert("url".to_owned(), json!("https://hilltop.example.com"));
                }
                _ => {}
            }
        }
        if !matches!(self.template, Template::WithoutBroker | Template::WithoutBrokerAndCustomer) {
            order.insert("broker".to_owned(), broker);
        }
        let seller = match self.template {
            Template::WithUnknownSeller => unheard_of(&self.seller.id),
            _ => self.seller.id.clone(),
        };
        order.insert("seller".to_owned(), json!(seller));
        order.insert("orderedItem".to_owned(), self.ordered_items(rng));
        order
    }

    fn customer(&self) -> Option<Value> {
        let customer = &self.party.customer;
        match self.template {
            Template::WithoutCustomer | Template::WithoutBrokerAndCustomer => None,
            Template::WithoutCustomerEmail => {
                let mut customer = customer.clone();
                customer.as_object_mut().map(|customer| customer.remove("email"));
                Some(customer)
            }
            Template::WithInvalidCustomer => {
                let mut customer = customer.clone();
                customer.as_object_mut().map(|customer| customer.insert("@type".to_owned(), json!("Place")));
                Some(customer)
            }
            Template::WithAnotherCustomer => {
                Some(json!({ "@type": "Person", "email": "taylor.brook@example.com", "givenName": "Taylor" }))
            }
            Template::ForBusiness => Some(business(customer.get("identifier"))),
            _ => Some(customer.clone()),
        }
    }

    /// `payment` without what a template takes away, and with what it adds.
    fn payment(&self, identifier: Option<&str>) -> Option<Value> {
        let details = self.payment;
        if self.template.is_dynamic() {
            return Some(dynamic_payment(self.template, details, identifier));
        }
        let wrong = self.template == Template::WithWrongReconciliation;
        let without = self.template == Template::WithoutReconciliation;
        let mut payment = Map::new();
        payment.insert("@type".to_owned(), json!("Payment"));
        let fields = [
            ("identifier", identifier),
            ("name", details.and_then(|details| details.name.as_deref())),
            ("accountId", details.and_then(|details| details.account_id.as_deref())),
            ("paymentProviderId", details.and_then(|details| details.payment_provider_id.as_deref())),
        ];
        for (name, value) in fields {
            let Some(value) = value else { continue };
            match name {
                "identifier" => drop(payment.insert(name.to_owned(), json!(value))),
                _ if without => {}
                _ if wrong => drop(payment.insert(name.to_owned(), json!(format!("not {value}")))),
                _ => drop(payment.insert(name.to_owned(), json!(value))),
            }
        }
        let included = payment.len() > 1 || wrong || without;
        included.then_some(Value::Object(payment))
    }

    /// The body of C1, or with `customer` of C2.
    pub(super) fn quote(&self, with_customer: bool, rng: &mut ChaCha8Rng) -> Value {
        let mut quote = self.order("OrderQuote", rng);
        let with_customer = with_customer || self.template == Template::WithCustomer;
        if let Some(customer) = self.customer().filter(|_| with_customer) {
            quote.insert("customer".to_owned(), customer);
        }
        if let Some(payment) = self.payment(None).filter(|_| self.template != Template::WithoutPayment) {
            quote.insert("payment".to_owned(), payment);
        }
        Value::Object(quote)
    }

    /// The body of P (`OrderProposal`) or of B without P (`Order`).
    pub(super) fn booking(&self, json_type: &str, total: &Total, rng: &mut ChaCha8Rng) -> Value {
        let mut booking = self.order(json_type, rng);
        if let Some(customer) = self.customer() {
            booking.insert("customer".to_owned(), customer);
        }
        let mut price = total.price.clone().unwrap_or_else(|| Number::from(0));
        if self.template == Template::WithWrongTotal {
            price = number(amount(&price) + Decimal::ONE).unwrap_or(price);
        }
        let currency = total.currency.as_deref().unwrap_or("GBP");
        if !self.template.is_dynamic() {
            booking.insert(
                "totalPaymentDue".to_owned(),
                json!({ "@type": "PriceSpecification", "price": price, "priceCurrency": currency }),
            );
        }
        if let Some(payment) = self.payment_of_booking(total) {
            booking.insert("payment".to_owned(), payment);
        }
        Value::Object(booking)
    }

    fn payment_of_booking(&self, total: &Total) -> Option<Value> {
        let identified = || self.payment(Some(&self.party.payment_identifier));
        match self.template {
            Template::WithPayment => identified(),
            template if template.is_dynamic() => identified(),
            Template::WithoutPayment => None,
            Template::WithoutPaymentIdentifier => {
                Some(self.payment(None).unwrap_or_else(|| json!({ "@type": "Payment" })))
            }
            _ => identified().filter(|_| total.takes_payment()),
        }
    }

    /// The body of B after P: it names the proposal and nothing else.
    pub(super) fn booking_after_proposal(&self, version: &str, total: &Total) -> Value {
        let mut booking = Map::new();
        booking.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        booking.insert("@type".to_owned(), json!("Order"));
        booking.insert("orderProposalVersion".to_owned(), json!(version));
        let payment = match self.template {
            // A payment that P did not announce would be news at B.
            Template::WithoutPayment => None,
            template if template.is_dynamic() => self.payment(Some(&self.party.payment_identifier)),
            _ => self.payment(Some(&self.party.payment_identifier)).filter(|_| total.takes_payment()),
        };
        if let Some(payment) = payment {
            booking.insert("payment".to_owned(), payment);
        }
        Value::Object(booking)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::required_detail;

    #[test]
    fn each_of_the_required_details_is_left_out_in_turn() {
        let names = ["givenName", "familyName", "email", "telephone", "gender", "emergencyContact"];
        let item = json!({ "attendeeDetailsRequired": names.map(|name| format!("https://schema.org/{name}")) });
        let left_out: Vec<_> = (0..7).map(|place| required_detail(Some(&item), place)).collect();
        assert_eq!(left_out.iter().flatten().take(6).copied().collect::<Vec<_>>(), names);
        assert_eq!(left_out.last(), Some(&Some("emergencyContact")), "the last one, where there are no more");
        assert_eq!(required_detail(None, 0), None);
    }
}
