//! What a Broker sent.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::sandbox::errors::{ErrorType, Problem};
use crate::sandbox::faults::{Fault, Faults};
use crate::sandbox::money;
use crate::sandbox::order::Parties;
use crate::sandbox::switches::{Switch, Switches};
use crate::vocabulary::openactive;

use super::Operation;

/// A request for C1, C2, P or B, read.
#[derive(Debug)]
pub(super) struct BookingRequest {
    pub(super) seller: Option<String>,
    pub(super) parties: Parties,
    pub(super) items: Vec<Line>,
    pub(super) total: Option<Decimal>,
    pub(super) payment: Option<Value>,
}

/// An OrderItem of the request.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) position: Value,
    pub(super) opportunity: Option<String>,
    pub(super) offer: Option<String>,
    /// The offer that the Broker brought, where it is one of its own.
    pub(super) overriding: Option<OfferOverride>,
    pub(super) attendee: Option<Value>,
    /// `orderItemIntakeFormResponse`
    pub(super) intake: Option<Value>,
    /// Barcodes of the Broker's own.
    pub(super) passes: Vec<Value>,
}

/// An offer of the Broker's own.
#[derive(Debug, Clone)]
pub(super) struct OfferOverride {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) price: Decimal,
}

/// An `OfferOverride` with everything that it must have, at a price that somebody could pay.
fn overriding(offer: Option<&Value>) -> Option<OfferOverride> {
    let offer = offer.filter(|offer| offer.get("@type").and_then(Value::as_str) == Some("OfferOverride"))?;
    let id = reference(Some(offer))?;
    let name = offer.get("name").and_then(Value::as_str).map(str::to_owned);
    let price = offer.get("price").and_then(money::read)?;
    let sensible = price >= Decimal::ZERO && price <= Decimal::from(1_000_000);
    sensible.then_some(OfferOverride { id, name, price })
}

/// A reference, as text or as an object with `@id`.
fn reference(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let id = value.as_str().or_else(|| value.get("@id").and_then(Value::as_str))?;
    (!id.trim().is_empty()).then(|| id.to_owned())
}

/// The part of the request that responses reflect: everything but extensions.
fn reflected(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(name, _)| name.starts_with('@') || !name.contains(':'));
            Value::Object(kept.map(|(name, value)| (name.clone(), reflected(value))).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(reflected).collect(),
        other => other.clone(),
    }
}

/// The customer, with the details that this system retains.
fn kept(mut customer: Value, switches: &Switches) -> Value {
    if let Some(object) = customer.as_object_mut() {
        if !switches.has(Switch::CustomerIdentifier) {
            object.remove("identifier");
        }
        if !switches.has(Switch::CustomerNonEssential) && object.get("@type").and_then(Value::as_str) == Some("Person")
        {
            object.retain(|name, _| ["@type", "@id", "email", "identifier"].contains(&name.as_str()));
        }
    }
    customer
}

fn filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

impl BookingRequest {
    /// Reads a body. A member that is missing or has another type is omitted; the checks report it.
    pub(super) fn read(operation: Operation, body: &Value, switches: &Switches) -> Self {
        let object = |name: &str| body.get(name).filter(|value| value.is_object()).map(reflected);
        let lines = body.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let items = lines
            .iter()
            .enumerate()
            .map(|(index, line)| Line {
                position: line.get("position").cloned().unwrap_or_else(|| json!(index)),
                opportunity: reference(line.get("orderedItem")),
                offer: reference(line.get("acceptedOffer")),
                overriding: overriding(line.get("acceptedOffer")),
                attendee: line.get("attendee").filter(|value| value.is_object()).map(reflected),
                intake: line.get("orderItemIntakeFormResponse").filter(|value| value.is_array()).map(reflected),
                passes: line.get("accessPass").and_then(Value::as_array).cloned().unwrap_or_default(),
            })
            .collect();
        let payment = object("payment");
        let dynamic = payment.as_ref().and_then(|payment| payment.get("@type")).and_then(Value::as_str)
            == Some("DynamicPayment")
            && switches.has(Switch::DynamicPayment);
        Self {
            seller: reference(body.get("seller")),
            parties: Parties {
                broker_role: body.get("brokerRole").cloned().unwrap_or_default(),
                broker: object("broker"),
                customer: if operation == Operation::C1 {
                    None
                } else {
                    object("customer").map(|value| kept(value, switches))
                },
                payment: payment.clone().filter(|_| dynamic),
            },
            items,
            total: body.pointer("/totalPaymentDue/price").and_then(money::read),
            payment,
        }
    }

    /// Whether prices are left to Broker and Seller.
    pub(super) fn dynamic(&self) -> bool {
        self.parties.dynamic()
    }

    /// Whether Broker and customer are described as their roles demand.
    ///
    /// # Errors
    /// Which is not.
    pub(super) fn people(&self, operation: Operation, switches: &Switches, faults: &Faults) -> Result<(), Problem> {
        let role = self.parties.broker_role.as_str().unwrap_or_default();
        let roles = ["AgentBroker", "ResellerBroker", "NoBroker"].map(openactive);
        let [_, reseller, no_broker] = &roles;
        let incomplete = |description: &str| Err(Problem::new(ErrorType::IncompleteBrokerDetails, description));
        let served = [Switch::AgentBroker, Switch::ResellerBroker, Switch::NoBroker];
        match roles.iter().zip(served).find(|(known, _)| *known == role) {
            None => return incomplete("brokerRole is missing or unknown"),
            Some((_, switch)) if !switches.has(switch) => return incomplete("this brokerRole is not supported"),
            Some(_) => {}
        }
        if role == no_broker && self.parties.broker.is_some() {
            return incomplete("broker is not allowed with brokerRole NoBroker");
        }
        if operation != Operation::C1
            && role != reseller
            && !faults.has(Fault::CustomerNotRequired)
            && !filled(self.parties.customer.as_ref().and_then(|customer| customer.get("email")))
        {
            return Err(Problem::new(ErrorType::IncompleteCustomerDetails, "the customer has no email"));
        }
        let said = |party: &Option<Value>, name: &str| filled(party.as_ref().and_then(|party| party.get(name)));
        if operation != Operation::C1
            && faults.has(Fault::CustomerNamesRequired)
            && !said(&self.parties.customer, "givenName")
        {
            return Err(Problem::new(ErrorType::IncompleteCustomerDetails, "the customer has no name"));
        }
        let introduced =
            |broker: &Value| broker.get("url").and_then(Value::as_str) == Some("https://broker.example.com");
        if faults.has(Fault::UnknownBrokersRejected)
            && self.parties.broker.as_ref().is_some_and(|broker| !introduced(broker))
        {
            return incomplete("this Broker is not registered");
        }
        let kind =
            |party: &Option<Value>| party.as_ref().and_then(|party| party.get("@type")?.as_str()).map(str::to_owned);
        if operation != Operation::C1
            && !faults.has(Fault::InvalidPersonTypesAccepted)
            && kind(&self.parties.customer).is_some_and(|kind| kind != "Person" && kind != "Organization")
        {
            let description = "the customer is neither a Person nor an Organization";
            return Err(Problem::new(ErrorType::IncompleteCustomerDetails, description));
        }
        if !faults.has(Fault::InvalidPersonTypesAccepted)
            && kind(&self.parties.broker).is_some_and(|kind| kind != "Organization")
        {
            return incomplete("the broker is not an Organization");
        }
        if role != no_broker
            && !faults.has(Fault::BrokerNotRequired)
            && !filled(self.parties.broker.as_ref().and_then(|broker| broker.get("name")))
        {
            return incomplete("the broker has no name");
        }
        Ok(())
    }
}
