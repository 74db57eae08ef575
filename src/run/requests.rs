//! The bodies of booking requests.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use crate::catalogue::{BrokerRole, CustomerDetails, Template};
use crate::config::{PaymentDetails, Seller};
use crate::vocabulary::{OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT, openactive};

/// How the properties of the extension begin that requests may have: no booking system can know it.
pub(super) const EXTENSION: &str = "oatest:";

/// An OrderItem to book.
#[derive(Debug, Clone)]
pub(super) struct OrderItem {
    /// The opportunity, joined, as the feeds showed it.
    pub(super) opportunity: Value,
    /// Its `@id`.
    pub(super) opportunity_id: String,
    /// The `@id` of the offer that is accepted.
    pub(super) offer_id: String,
    /// The offer that is accepted.
    pub(super) offer: Value,
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

    /// What the offers of OrderItems cost together, for an Order that is placed without C1 and C2.
    pub(super) fn of_offers(items: &[OrderItem]) -> Self {
        let unavailable = openactive("Unavailable");
        let mut sum = Decimal::ZERO;
        let mut prepayment = openactive("Required");
        for item in items {
            let price = item.offer.get("price").and_then(Value::as_number).and_then(decimal).unwrap_or_default();
            sum += price;
            let asked = item.offer.get("openBookingPrepayment").and_then(Value::as_str);
            if price > Decimal::ZERO && asked == Some(&unavailable) {
                prepayment.clone_from(&unavailable);
            }
        }
        let currency = items.first().and_then(|item| item.offer.get("priceCurrency")?.as_str().map(str::to_owned));
        Self { price: number(sum), currency, prepayment: Some(prepayment) }
    }

    fn paid(&self) -> bool {
        self.price.as_ref().and_then(decimal).is_some_and(|price| price > Decimal::ZERO)
    }

    /// Whether the Order is paid for when it is made.
    pub(super) fn takes_payment(&self) -> bool {
        self.paid() && self.prepayment.as_deref() != Some(&openactive("Unavailable"))
    }
}

/// The decimal number that a JSON number is.
pub(super) fn decimal(number: &Number) -> Option<Decimal> {
    let text = number.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The JSON number of a decimal number.
fn number(decimal: Decimal) -> Option<Number> {
    serde_json::from_str(&decimal.normalize().to_string()).ok()
}

/// What a cell says of itself in every request.
#[derive(Debug, Clone)]
pub(super) struct Party {
    /// The customer.
    pub(super) customer: Value,
    /// Identifies the payment of this Order.
    pub(super) payment_identifier: String,
    /// `brokerRole`
    pub(super) role: BrokerRole,
}

impl Party {
    /// A customer and a payment out of the generator of a cell.
    pub(super) fn random(rng: &mut ChaCha8Rng, details: CustomerDetails, role: BrokerRole) -> Self {
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
            if details != CustomerDetails::Email && (rng.random_bool(0.5) || details == CustomerDetails::All) {
                customer.insert(name.to_owned(), value);
            }
        }
        let payment_identifier = format!("pay-{:08x}", rng.random::<u32>());
        Self { customer: Value::Object(customer), payment_identifier, role }
    }
}

/// A version 4 UUID out of a generator.
pub(super) fn uuid(rng: &mut ChaCha8Rng) -> String {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid().to_string()
}

/// The Broker that every request names.
pub(super) fn broker() -> Value {
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

/// An Organization that books for its people.
fn business(identifier: Option<&Value>) -> Value {
    let mut business = json!({
        "@type": "Organization",
        "name": "Exampleton Works Ltd",
        "email": "wellbeing@works.example.com",
        "url": "https://works.example.com",
        "description": "Books activities for the people who work there",
        "logo": { "@type": "ImageObject", "url": "https://works.example.com/logo.png" },
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "2 Mill Lane",
            "addressLocality": "Exampleton",
            "addressRegion": "Exampleshire",
            "postalCode": "EX1 2BB",
            "addressCountry": "GB"
        }
    });
    if let (Some(identifier), Some(business)) = (identifier, business.as_object_mut()) {
        business.insert("identifier".to_owned(), identifier.clone());
    }
    business
}

/// An identifier that looks like another one and is of nothing: with more digits where that has digits.
fn unheard_of(id: &str) -> String {
    let end = id.rfind(|c: char| c.is_ascii_digit()).map_or(id.len(), |at| at + 1);
    let (before, after) = id.split_at(end);
    format!("{before}987654321{after}")
}

/// Who takes part, where an offer asks for it.
pub(super) fn attendee() -> Value {
    json!({
        "@type": "Person",
        "telephone": "01632 960123",
        "givenName": "Robin",
        "familyName": "Fielding",
        "email": "robin.fielding@example.com"
    })
}

/// The answers to an intake form.
fn answers(form: &Value, wrongly: bool, rng: &mut ChaCha8Rng) -> Value {
    let fields = form.as_array().map(Vec::as_slice).unwrap_or_default();
    fields
        .iter()
        .map(|field| {
            let value = match (field.get("@type").and_then(Value::as_str).unwrap_or_default(), wrongly) {
                ("BooleanFormFieldSpecification", false) => json!(rng.random_bool(0.5)),
                ("BooleanFormFieldSpecification", true) => json!("neither yes nor no"),
                ("DropdownFormFieldSpecification", false) => {
                    let options = field.get("valueOption").and_then(Value::as_array);
                    options.and_then(|options| options.choose(rng)).cloned().unwrap_or_default()
                }
                ("DropdownFormFieldSpecification", true) => json!("none of what can be chosen"),
                ("ParagraphFormFieldSpecification" | "ShortAnswerFormFieldSpecification", false) => {
                    json!("Nothing that the trainer would have to know.")
                }
                ("FileUploadFormFieldSpecification", false) => json!("https://files.example.com/form.pdf"),
                (
                    "ParagraphFormFieldSpecification"
                    | "ShortAnswerFormFieldSpecification"
                    | "FileUploadFormFieldSpecification",
                    true,
                ) => json!(true),
                _ => json!(""),
            };
            json!({ "@type": "PropertyValue", "propertyID": field.get("@id").cloned().unwrap_or_default(), "value": value })
        })
        .collect()
}

/// Whether an intake form must be answered.
pub(super) fn must_be_answered(form: &Value) -> bool {
    form.as_array().is_some_and(|fields| {
        fields.iter().any(|field| {
            field.get("valueRequired").and_then(Value::as_bool) == Some(true)
                || field.get("@type").and_then(Value::as_str) == Some("BooleanFormFieldSpecification")
        })
    })
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

impl Draft<'_> {
    fn ordered_items(&self, rng: &mut ChaCha8Rng) -> Value {
        let form_of = |position: usize| {
            let items = self.c1?.get("orderedItem")?.as_array()?;
            let asked = |item: &&Value| item.get("position").and_then(Value::as_u64) == u64::try_from(position).ok();
            items.iter().find(asked)?.get("orderItemIntakeForm").filter(|form| must_be_answered(form))
        };
        let mut list = Vec::new();
        for (position, item) in self.items.iter().enumerate() {
            let mut entry = Map::new();
            entry.insert("@type".to_owned(), json!("OrderItem"));
            entry.insert("position".to_owned(), json!(position));
            if item.control || self.template != Template::WithoutOffer {
                entry.insert("acceptedOffer".to_owned(), self.offer(position, item));
            }
            if item.control || self.template != Template::WithoutOpportunity {
                entry.insert("orderedItem".to_owned(), self.opportunity(item));
            }
            if self.template == Template::WithExtensions {
                entry.insert(format!("{EXTENSION}remark"), json!("of an OrderItem"));
            }
            if self.template == Template::WithAttendees {
                entry.insert("attendee".to_owned(), attendee());
            }
            let wrongly = self.template == Template::WithWrongIntakeForms;
            if let Some(form) = form_of(position)
                && (wrongly || self.template == Template::WithIntakeForms)
            {
                entry.insert("orderItemIntakeFormResponse".to_owned(), answers(form, wrongly, rng));
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
            Template::ForBusiness => Some(business(customer.get("identifier"))),
            _ => Some(customer.clone()),
        }
    }

    /// `payment` without what a template takes away, and with what it adds.
    fn payment(&self, identifier: Option<&str>) -> Option<Value> {
        let details = self.payment;
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
        let told = payment.len() > 1 || wrong || without;
        told.then_some(Value::Object(payment))
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
            price = decimal(&price).and_then(|price| number(price + Decimal::ONE)).unwrap_or(price);
        }
        let currency = total.currency.as_deref().unwrap_or("GBP");
        booking.insert(
            "totalPaymentDue".to_owned(),
            json!({ "@type": "PriceSpecification", "price": price, "priceCurrency": currency }),
        );
        if let Some(payment) = self.payment_of_booking(total) {
            booking.insert("payment".to_owned(), payment);
        }
        Value::Object(booking)
    }

    fn payment_of_booking(&self, total: &Total) -> Option<Value> {
        let identified = || self.payment(Some(&self.party.payment_identifier));
        match self.template {
            Template::WithPayment => identified(),
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
            _ => self.payment(Some(&self.party.payment_identifier)).filter(|_| total.takes_payment()),
        };
        if let Some(payment) = payment {
            booking.insert("payment".to_owned(), payment);
        }
        Value::Object(booking)
    }
}

/// The body of a cancellation by the customer.
pub(super) fn cancellation(template: Template, items: &[String]) -> Value {
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
pub(super) fn rejection(template: Template) -> Value {
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
pub(super) fn action(json_type: &str, object_type: &str, object_id: &str) -> Value {
    json!({
        "@context": [OPENACTIVE_CONTEXT, TEST_INTERFACE_CONTEXT],
        "@type": json_type,
        "object": { "@type": object_type, "@id": object_id }
    })
}

/// The body that asks the Test Interface for an opportunity.
#[must_use]
pub fn new_opportunity(item: &crate::plan::ItemSpec, flow: crate::vocabulary::Flow, seller: &Seller) -> Value {
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
