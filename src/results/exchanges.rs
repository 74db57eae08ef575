//! The exchanges of a run, packed: bodies of one run are much alike.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::excerpt::Excerpt;
use super::exchange::{Exchange, ExchangeId};
use super::packed_text::PackedText;
use super::store::Place;
use super::texts::Texts;

/// Exchanges in the order of their numbers. Memory holds their places alone.
#[derive(Clone, Default)]
pub struct Exchanges {
    texts: Texts,
    list: Vec<(ExchangeId, Place)>,
}

/// A packed exchange, as a journal has it.
#[derive(Debug, Clone, Serialize)]
pub struct PackedExchange {
    id: ExchangeId,
    /// When it was sent, in milliseconds since 1970; `None` where that is not all that is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<i64>,
    /// Milliseconds until the body was read.
    duration_ms: u64,
    /// Everything else but the bodies, as JSON.
    #[serde(rename = "exchange")]
    about: PackedText,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<PackedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<PackedText>,
}

/// A packed exchange as a saved run or an HTML report has it: its number and when it was sent, both from the row before,
/// milliseconds that it took, the rest of it, and the bodies. Its texts are without the numbers of their first new fragments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExchangeRow(ExchangeId, Option<i64>, u64, String, Option<String>, Option<String>);

/// What rows count from: number and moment of the row before.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowBefore {
    id: ExchangeId,
    sent: i64,
}

/// A moment in milliseconds since 1970 as an exchange has it.
fn moment(milliseconds: i64) -> Option<String> {
    Some(format!("{:.3}", jiff::Timestamp::from_millisecond(milliseconds).ok()?))
}

impl PackedExchange {
    fn of(mut exchange: Exchange, texts: &Texts) -> Self {
        let (id, duration_ms) = (std::mem::take(&mut exchange.id), std::mem::take(&mut exchange.duration_ms));
        let sent = exchange.sent.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
        let sent = sent.filter(|sent| moment(*sent).as_deref() == Some(&exchange.sent));
        if sent.is_some() {
            exchange.sent.clear();
        }
        let request = exchange.request_body.take().map(|body| texts.pack(&body));
        let response = exchange.answer.as_mut().map(|answer| texts.pack(&std::mem::take(&mut answer.body)));
        let about = texts.pack(&serde_json::to_string(&exchange).unwrap_or_default());
        Self { id, sent, duration_ms, about, request, response }
    }

    fn store(&self, texts: &Texts) -> Place {
        let part = |part: &Option<PackedText>| part.as_ref().map_or("", PackedText::as_str).to_owned();
        let sent = self.sent.map_or_else(String::new, |sent| sent.to_string());
        let (took, about) = (self.duration_ms.to_string(), self.about.as_str());
        let rows = [&sent, &took, about, &part(&self.request), &part(&self.response)].join("\n");
        texts.store().put(rows.as_bytes())
    }

    fn stored(id: ExchangeId, place: Place, texts: &Texts) -> Option<Self> {
        let text = texts.store().text(place)?;
        let mut rows = text.split('\n');
        let (sent, duration_ms) = (rows.next()?.parse().ok(), rows.next()?.parse().ok()?);
        let mut rows = rows.map(PackedText::stored);
        Some(Self { id, sent, duration_ms, about: rows.next()??, request: rows.next()?, response: rows.next()? })
    }

    /// It without its bodies.
    fn outline(&self, texts: &Texts) -> Option<Exchange> {
        let mut exchange: Exchange = serde_json::from_str(&texts.unpack(&self.about)?).ok()?;
        (exchange.id, exchange.duration_ms) = (self.id, self.duration_ms);
        if let Some(sent) = self.sent {
            exchange.sent = moment(sent)?;
        }
        Some(exchange)
    }

    fn unpack(&self, texts: &Texts) -> Option<Exchange> {
        let mut exchange = self.outline(texts)?;
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

    /// Notes its fragments for its row.
    pub fn note(&self, excerpt: &mut Excerpt) {
        let bodies = self.request.iter().chain(&self.response);
        std::iter::once(&self.about).chain(bodies).for_each(|packed| excerpt.note(packed));
    }

    /// It as a row of an excerpt, behind another one or none.
    #[must_use]
    pub fn to_row(&self, before: &mut RowBefore, excerpt: &mut Excerpt) -> ExchangeRow {
        let id = self.id.wrapping_sub(std::mem::replace(&mut before.id, self.id));
        let sent = self.sent.map(|sent| sent.saturating_sub(std::mem::replace(&mut before.sent, sent)));
        let about = excerpt.take(&self.about);
        let mut take = |packed: &Option<PackedText>| packed.as_ref().map(|packed| excerpt.take(packed));
        ExchangeRow(id, sent, self.duration_ms, about, take(&self.request), take(&self.response))
    }

    /// One that was a row behind another one or none. `first` is how many fragments were used before.
    pub(super) fn of_row(row: &ExchangeRow, before: &mut RowBefore, first: &mut u32) -> Self {
        let ExchangeRow(id, sent, duration_ms, about, request, response) = row;
        let sent = sent.map(|since| before.sent.saturating_add(since));
        *before = RowBefore { id: before.id.wrapping_add(*id), sent: sent.unwrap_or(before.sent) };
        let mut text = |rest: &String| {
            let (packed, new) = PackedText::with_first(*first, rest);
            *first = first.saturating_add(new);
            packed
        };
        let about = text(about);
        let request = request.as_ref().map(&mut text);
        let response = response.as_ref().map(&mut text);
        Self { id: before.id, sent, duration_ms: *duration_ms, about, request, response }
    }
}

impl fmt::Debug for Exchanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchanges").field("count", &self.list.len()).finish_non_exhaustive()
    }
}

impl Exchanges {
    /// None yet; they will be among these texts.
    #[must_use]
    pub const fn of(texts: Texts) -> Self {
        Self { texts, list: Vec::new() }
    }

    /// The texts that they are among.
    #[must_use]
    pub const fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Adds an exchange, whose number is higher than those before.
    pub fn push(&mut self, exchange: Exchange) {
        self.push_packed(&PackedExchange::of(exchange, &self.texts));
    }

    /// Adds an exchange that is packed among the texts.
    pub fn push_packed(&mut self, exchange: &PackedExchange) {
        self.list.push((exchange.id, exchange.store(&self.texts)));
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
        self.list.last().map_or(0, |(id, _)| *id)
    }

    fn place(&self, wanted: ExchangeId) -> Option<(ExchangeId, Place)> {
        self.list.binary_search_by_key(&wanted, |(id, _)| *id).ok().and_then(|at| self.list.get(at).copied())
    }

    /// The exchange of a number, packed.
    #[must_use]
    pub fn packed(&self, id: ExchangeId) -> Option<PackedExchange> {
        self.place(id).and_then(|(id, place)| PackedExchange::stored(id, place, &self.texts))
    }

    /// The exchange of a number.
    #[must_use]
    pub fn get(&self, id: ExchangeId) -> Option<Exchange> {
        self.packed(id)?.unpack(&self.texts)
    }

    /// All of them, in order, packed.
    pub fn all_packed(&self) -> impl Iterator<Item = PackedExchange> {
        self.list.iter().filter_map(|(id, place)| PackedExchange::stored(*id, *place, &self.texts))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Exchange> {
        self.all_packed().filter_map(|packed| packed.unpack(&self.texts))
    }

    /// All of them, in order, without their bodies.
    pub fn outlines(&self) -> impl Iterator<Item = Exchange> {
        self.all_packed().filter_map(|packed| packed.outline(&self.texts))
    }

    /// Their numbers, in order.
    pub fn ids(&self) -> impl Iterator<Item = ExchangeId> {
        self.list.iter().map(|(id, _)| *id)
    }

    /// Those of these numbers, in their order.
    #[must_use]
    pub fn some<'i>(&self, ids: impl IntoIterator<Item = &'i ExchangeId>) -> Self {
        let list = ids.into_iter().filter_map(|id| self.place(*id)).collect();
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
