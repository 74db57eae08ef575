//! The bodies of booking requests.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use crate::config::{PaymentDetails, Seller};
use crate::vocabulary::{OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT, openactive};

/// An OrderItem to book.
#[derive(Debug, Clone)]
pub(super) struct OrderItem {
    /// The opportunity, joined, as the feeds showed it.
    pub(super) opportunity: Value,
    /// Its `@id`.
    pub(super) opportunity_id: String,
    /// The `@id` of the offer that is accepted.
    pub(super) offer_id: String,
    /// Whether it is a control item.
    pub(super) control: bool,
}

/// What an Order costs, as the booking system last said.
#[derive(Debug, Clone, Default)]
pub(super) struct Total {
    /// `totalPaymentDue.price`
    pub(super) price: Option<Number>,
    /// `totalPaymentDue.priceCurrency`
    pub(super) currency: Option<String>,
    /// `totalPaymentDue.openBookingPrepayment`
    pub(super) prepayment: Option<String>,
}

impl Total {
    /// Reads the total of an Order, OrderQuote or OrderProposal.
    pub(super) fn of(order: &Value) -> Self {
        let due = order.get("totalPaymentDue");
        let text = |name: &str| due.and_then(|due| due.get(name)).and_then(Value::as_str).map(str::to_owned);
        let price = due.and_then(|due| due.get("price")).and_then(Value::as_number).cloned();
        Self { price, currency: text("priceCurrency"), prepayment: text("openBookingPrepayment") }
    }

    fn paid(&self) -> bool {
        let text = self.price.as_ref().map(Number::to_string).unwrap_or_default();
        text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text)).is_ok_and(|price| price > Decimal::ZERO)
    }

    /// Whether the Order is paid for when it is made.
    pub(super) fn takes_payment(&self) -> bool {
        self.paid() && self.prepayment.as_deref() != Some(&openactive("Unavailable"))
    }
}

/// What a cell says of itself in every request.
#[derive(Debug, Clone)]
pub(super) struct Party {
    /// The customer.
    pub(super) customer: Value,
    /// Identifies the payment of this Order.
    pub(super) payment_identifier: String,
}

impl Party {
    /// A customer and a payment out of the generator of a cell.
    pub(super) fn random(rng: &mut ChaCha8Rng) -> Self {
        const GIVEN: &[&str] = &["Ada", "Grace", "Alan", "Katherine", "Edsger", "Barbara", "Tim", "Mary"];
        const FAMILY: &[&str] = &["Byron", "Hopper", "Mathison", "Johnson", "Wybe", "Liskov", "Lee", "Shaw"];
        let mut pick = |names: &[&'static str]| names.get(rng.random_range(0..names.len())).copied().unwrap_or("Sam");
        let (given, family) = (pick(GIVEN), pick(FAMILY));
        let number: u32 = rng.random_range(0..1_000_000);
        let mut customer = Map::new();
        customer.insert("@type".to_owned(), json!("Person"));
        customer.insert(
            "email".to_owned(),
            json!(format!("{}.{}.{number}@example.com", given.to_lowercase(), family.to_lowercase())),
        );
        let optional = [
            ("telephone", json!(format!("01632 {number:06}"))),
            ("givenName", json!(given)),
            ("familyName", json!(family)),
            ("identifier", json!(uuid(rng))),
        ];
        for (name, value) in optional {
            if rng.random_bool(0.5) {
                customer.insert(name.to_owned(), value);
            }
        }
        let payment_identifier = format!("pay-{:08x}", rng.random::<u32>());
        Self { customer: Value::Object(customer), payment_identifier }
    }
}

/// A version 4 UUID out of a generator.
pub(super) fn uuid(rng: &mut ChaCha8Rng) -> String {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid().to_string()
}

fn broker() -> Value {
    json!({
        "@type": "Organization",
        "name": "Parkside Activity Finder",
        "url": "https://broker.example.com",
        "description": "Finds and books activities nearby",
        "logo": { "@type": "ImageObject", "url": "https://broker.example.com/logo.png" },
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "1 Station Road",
            "addressLocality": "Exampleton",
            "addressRegion": "Exampleshire",
            "postalCode": "EX1 1AA",
            "addressCountry": "GB"
        }
    })
}

fn ordered_items(items: &[OrderItem]) -> Value {
    items
        .iter()
        .enumerate()
        .map(|(position, item)| {
            json!({
                "@type": "OrderItem",
                "position": position,
                "acceptedOffer": item.offer_id,
                "orderedItem": item.opportunity_id
            })
        })
        .collect()
}

fn payment(details: Option<&PaymentDetails>, identifier: Option<&str>) -> Option<Value> {
    let mut payment = Map::new();
    payment.insert("@type".to_owned(), json!("Payment"));
    let fields = [
        ("identifier", identifier),
        ("name", details.and_then(|details| details.name.as_deref())),
        ("accountId", details.and_then(|details| details.account_id.as_deref())),
        ("paymentProviderId", details.and_then(|details| details.payment_provider_id.as_deref())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            payment.insert(name.to_owned(), json!(value));
        }
    }
    if payment.len() > 1 { Some(Value::Object(payment)) } else { None }
}

fn order(json_type: &str, seller: &Seller, items: &[OrderItem]) -> Map<String, Value> {
    let mut order = Map::new();
    order.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    order.insert("@type".to_owned(), json!(json_type));
    order.insert("brokerRole".to_owned(), json!(openactive("AgentBroker")));
    order.insert("broker".to_owned(), broker());
    order.insert("seller".to_owned(), json!(seller.id));
    order.insert("orderedItem".to_owned(), ordered_items(items));
    order
}

/// The body of C1 (`customer` none) or C2.
pub(super) fn quote(seller: &Seller, items: &[OrderItem], customer: Option<&Value>) -> Value {
    let mut quote = order("OrderQuote", seller, items);
    if let Some(customer) = customer {
        quote.insert("customer".to_owned(), customer.clone());
    }
    if let Some(payment) = payment(seller.payment.as_ref(), None) {
        quote.insert("payment".to_owned(), payment);
    }
    Value::Object(quote)
}

/// The body of P (`OrderProposal`) or of B without P (`Order`).
pub(super) fn booking(json_type: &str, seller: &Seller, items: &[OrderItem], party: &Party, total: &Total) -> Value {
    let mut booking = order(json_type, seller, items);
    booking.insert("customer".to_owned(), party.customer.clone());
    let price = total.price.clone().unwrap_or_else(|| Number::from(0));
    let currency = total.currency.as_deref().unwrap_or("GBP");
    booking.insert(
        "totalPaymentDue".to_owned(),
        json!({ "@type": "PriceSpecification", "price": price, "priceCurrency": currency }),
    );
    if total.takes_payment()
        && let Some(payment) = payment(seller.payment.as_ref(), Some(&party.payment_identifier))
    {
        booking.insert("payment".to_owned(), payment);
    }
    Value::Object(booking)
}

/// The body of B after P: it names the proposal and nothing else.
pub(super) fn booking_after_proposal(seller: &Seller, version: &str, party: &Party, total: &Total) -> Value {
    let mut booking = Map::new();
    booking.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    booking.insert("@type".to_owned(), json!("Order"));
    booking.insert("orderProposalVersion".to_owned(), json!(version));
    if total.takes_payment()
        && let Some(payment) = payment(seller.payment.as_ref(), Some(&party.payment_identifier))
    {
        booking.insert("payment".to_owned(), payment);
    }
    Value::Object(booking)
}

/// The body of a simulate action.
pub(super) fn action(json_type: &str, object_type: &str, object_id: &str) -> Value {
    json!({
        "@context": [OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT],
        "@type": json_type,
        "object": { "@type": object_type, "@id": object_id }
    })
}

/// The body that asks the Test Interface for an opportunity.
pub(super) fn new_opportunity(item: &crate::plan::ItemSpec, flow: crate::vocabulary::Flow, seller: &Seller) -> Value {
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
