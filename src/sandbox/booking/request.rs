//! What a Broker sent.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::sandbox::errors::{ErrorType, Problem};
use crate::sandbox::money;
use crate::sandbox::order::Parties;
use crate::vocabulary::openactive;

use super::Operation;

/// A request for C1, C2, P or B, read.
#[derive(Debug)]
pub(super) struct Request {
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
}

/// A reference, as text or as an object with `@id`.
fn reference(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let id = value.as_str().or_else(|| value.get("@id").and_then(Value::as_str))?;
    (!id.trim().is_empty()).then(|| id.to_owned())
}

/// What may be repeated to the Broker: everything but extensions.
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

fn filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it as a whole, apart from anything that needs to be looked up.
    pub(super) fn read(operation: Operation, body: &Value) -> Self {
        let object = |name: &str| body.get(name).filter(|value| value.is_object()).map(reflected);
        let lines = body.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let items = lines
            .iter()
            .enumerate()
            .map(|(index, line)| Line {
                position: line.get("position").cloned().unwrap_or_else(|| json!(index)),
                opportunity: reference(line.get("orderedItem")),
                offer: reference(line.get("acceptedOffer")),
            })
            .collect();
        Self {
            seller: reference(body.get("seller")),
            parties: Parties {
                broker_role: body.get("brokerRole").cloned().unwrap_or_default(),
                broker: object("broker"),
                customer: if operation == Operation::C1 { None } else { object("customer") },
                payment: None,
            },
            items,
            total: body.pointer("/totalPaymentDue/price").and_then(money::read),
            payment: object("payment"),
        }
    }

    /// Whether Broker and customer are described as their roles demand.
    ///
    /// # Errors
    /// Which is not.
    pub(super) fn people(&self, operation: Operation) -> Result<(), Problem> {
        let role = self.parties.broker_role.as_str().unwrap_or_default();
        let roles = ["AgentBroker", "ResellerBroker", "NoBroker"].map(openactive);
        let [_, reseller, no_broker] = &roles;
        let incomplete = |description: &str| Err(Problem::new(ErrorType::IncompleteBrokerDetails, description));
        if !roles.iter().any(|known| known == role) {
            return incomplete("brokerRole is missing or unknown");
        }
        if role == no_broker && self.parties.broker.is_some() {
            return incomplete("there is a broker although brokerRole is NoBroker");
        }
        if operation != Operation::C1
            && role != reseller
            && !filled(self.parties.customer.as_ref().and_then(|customer| customer.get("email")))
        {
            return Err(Problem::new(ErrorType::IncompleteCustomerDetails, "the customer has no email"));
        }
        if role != no_broker && !filled(self.parties.broker.as_ref().and_then(|broker| broker.get("name"))) {
            return incomplete("the broker has no name");
        }
        Ok(())
    }
}
