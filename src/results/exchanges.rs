//! The exchanges of a run, packed: bodies of one run are much alike.

use std::fmt;
use std::sync::Arc;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::exchange::{Exchange, ExchangeId};
use super::texts::{Excerpt, PackedText, Texts};

/// Exchanges in the order of their numbers.
#[derive(Clone, Default)]
pub struct Exchanges {
    texts: Texts,
    list: Vec<PackedExchange>,
}

/// An exchange whose bodies are packed.
#[derive(Debug, Clone)]
pub struct PackedExchange {
    id: ExchangeId,
    /// Everything but the bodies, as JSON.
    about: Arc<str>,
    request: Option<PackedText>,
    response: Option<PackedText>,
}

/// A packed exchange as it is saved.
#[derive(Serialize, Deserialize)]
struct SavedExchange<'e> {
    #[serde(borrow)]
    exchange: &'e RawValue,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    request: Option<PackedText>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    response: Option<PackedText>,
}

impl Serialize for PackedExchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let exchange: &RawValue = serde_json::from_str(&self.about).map_err(serde::ser::Error::custom)?;
        let (request, response) = (self.request.clone(), self.response.clone());
        SavedExchange { exchange, request, response }.serialize(serializer)
    }
}

impl PackedExchange {
    fn of(mut exchange: Exchange, texts: &Texts) -> Self {
        let request = exchange.request_body.take().map(|body| texts.pack(&body));
        let response = exchange.answer.as_mut().map(|answer| texts.pack(&std::mem::take(&mut answer.body)));
        let about = serde_json::to_string(&exchange).unwrap_or_default().into();
        Self { id: exchange.id, about, request, response }
    }

    fn unpack(&self, texts: &Texts) -> Option<Exchange> {
        let mut exchange: Exchange = serde_json::from_str(&self.about).ok()?;
        exchange.request_body = match &self.request {
            Some(packed) => Some(texts.unpack(packed)?),
            None => None,
        };
        if let (Some(answer), Some(packed)) = (&mut exchange.answer, &self.response) {
            answer.body = texts.unpack(packed)?;
        }
        Some(exchange)
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> ExchangeId {
        self.id
    }

    /// It with the numbers of an excerpt.
    #[must_use]
    pub fn moved(&self, excerpt: &mut Excerpt) -> Self {
        let mut take = |packed: &Option<PackedText>| packed.as_ref().map(|packed| excerpt.take(packed));
        let (request, response) = (take(&self.request), take(&self.response));
        Self { id: self.id, about: Arc::clone(&self.about), request, response }
    }
}

impl fmt::Debug for Exchanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchanges").field("count", &self.list.len()).finish_non_exhaustive()
    }
}

impl Exchanges {
    /// None yet; their bodies will be among these texts.
    #[must_use]
    pub const fn of(texts: Texts) -> Self {
        Self { texts, list: Vec::new() }
    }

    /// The texts that their bodies are among.
    #[must_use]
    pub const fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Adds an exchange, whose number is higher than those before.
    pub fn push(&mut self, exchange: Exchange) {
        self.list.push(PackedExchange::of(exchange, &self.texts));
    }

    /// Adds an exchange as it is saved.
    ///
    /// # Errors
    /// That it is none.
    pub fn push_saved(&mut self, saved: &str) -> serde_json::Result<()> {
        let SavedExchange { exchange, request, response } = serde_json::from_str(saved)?;
        let id = serde_json::from_str::<Exchange>(exchange.get())?.id;
        self.list.push(PackedExchange { id, about: exchange.get().into(), request, response });
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of the last one; 0 where there is none.
    #[must_use]
    pub fn last(&self) -> ExchangeId {
        self.list.last().map_or(0, |packed| packed.id)
    }

    /// The exchange of a number, packed.
    #[must_use]
    pub fn packed(&self, id: ExchangeId) -> Option<&PackedExchange> {
        self.list.binary_search_by_key(&id, |packed| packed.id).ok().and_then(|at| self.list.get(at))
    }

    /// The exchange of a number.
    #[must_use]
    pub fn get(&self, id: ExchangeId) -> Option<Exchange> {
        self.packed(id)?.unpack(&self.texts)
    }

    /// All of them, in order, packed.
    pub fn all_packed(&self) -> impl Iterator<Item = &PackedExchange> {
        self.list.iter()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Exchange> {
        self.list.iter().filter_map(|packed| packed.unpack(&self.texts))
    }

    /// Those of these numbers, in their order.
    #[must_use]
    pub fn some<'i>(&self, ids: impl IntoIterator<Item = &'i ExchangeId>) -> Self {
        let list = ids.into_iter().filter_map(|id| self.packed(*id)).cloned().collect();
        Self { texts: self.texts.clone(), list }
    }
}

impl FromIterator<Exchange> for Exchanges {
    fn from_iter<I: IntoIterator<Item = Exchange>>(all: I) -> Self {
        let mut exchanges = Self::default();
        all.into_iter().for_each(|exchange| exchanges.push(exchange));
        exchanges
    }
}

impl Serialize for Exchanges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Exchanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Packs one exchange after the other.
        struct Packing;
        impl<'de> Visitor<'de> for Packing {
            type Value = Exchanges;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of exchanges")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Exchanges, A::Error> {
                let mut exchanges = Exchanges::default();
                while let Some(exchange) = list.next_element()? {
                    exchanges.push(exchange);
                }
                Ok(exchanges)
            }
        }
        deserializer.deserialize_seq(Packing)
    }
}
