//! JSON with keys in document order; each known name is looked up once while parsing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::model::{KeyNames, Model, NameId};

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Json<'t> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'t, str>),
    List(Vec<Json<'t>>),
    Object(Vec<Member<'t>>),
}

/// A property of an object.
#[derive(Debug, Clone)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    /// The names that the key stands for.
    pub(super) names: KeyNames,
    pub(super) value: Json<'t>,
}

/// A parsed document.
#[derive(Debug)]
pub(super) struct Parsed<'t> {
    pub(super) root: Json<'t>,
    /// `true` if an object has a key more than once; the last value counts.
    pub(super) repeated: bool,
}

/// Parses a document.
///
/// # Errors
/// Why the text is not JSON, with line and column: syntax, numbers beyond all bounds, nesting of more than 128 levels.
pub(super) fn parse<'t>(text: &'t str, model: &Model) -> Result<Parsed<'t>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut repeated = false;
    let root = Seed { model, repeated: &mut repeated }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Parsed { root, repeated })
}

struct Seed<'s> {
    model: &'s Model,
    repeated: &'s mut bool,
}

impl<'t> DeserializeSeed<'t> for Seed<'_> {
    type Value = Json<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Json<'t>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A key, borrowed where it has no escapes.
pub(super) struct KeyText;

impl<'t> DeserializeSeed<'t> for KeyText {
    type Value = Cow<'t, str>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Cow<'t, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for KeyText {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Initial capacity of an object, in keys.
const USUAL: usize = 8;
/// Number of keys from which duplicates are found by a randomised hash, so that a target cannot make lookups slow.
const MANY: usize = 32;

#[allow(clippy::cast_precision_loss, reason = "numbers are doubles, as in the language that the model comes from")]
impl<'t> Visitor<'t> for Seed<'_> {
    type Value = Json<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Json<'t>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'t>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'t>, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'t>, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'t>, E> {
        Ok(Json::Number(value))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Json<'t>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'t>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Json<'t>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Seed { model: self.model, repeated: &mut *self.repeated })? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<Json<'t>, A::Error> {
        let mut members: Vec<Member<'t>> = Vec::with_capacity(USUAL);
        let mut places: Option<HashMap<Cow<'t, str>, usize>> = None;
        while let Some(key) = object.next_key_seed(KeyText)? {
            let value = object.next_value_seed(Seed { model: self.model, repeated: &mut *self.repeated })?;
            let names = self.model.key(&key);
            let before = match &mut places {
                None => members.iter_mut().find(|member| member.names.found == names.found && member.key == key),
                Some(places) => match places.get(&key) {
                    Some(place) => members.get_mut(*place),
                    None => {
                        places.insert(key.clone(), members.len());
                        None
                    }
                },
            };
            match before {
                Some(before) => {
                    *self.repeated = true;
                    before.value = value;
                }
                None => {
                    members.push(Member { key, names, value });
                    if members.len() == MANY {
                        places = Some(members.iter().enumerate().map(|(at, m)| (m.key.clone(), at)).collect());
                    }
                }
            }
        }
        Ok(Json::Object(members))
    }
}

impl<'t> Json<'t> {
    pub(super) const fn as_object(&self) -> Option<&Vec<Member<'t>>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) const fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) const fn as_list(&self) -> Option<&Vec<Json<'t>>> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text that JavaScript converts a value to.
    pub(super) fn coerced(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed("null"),
            Self::Bool(value) => Cow::Owned(value.to_string()),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(items) => {
                let parts = items.iter().map(|item| if item.is_null() { Cow::Borrowed("") } else { item.coerced() });
                Cow::Owned(parts.collect::<Vec<_>>().join(","))
            }
            Self::Object(_) => Cow::Borrowed("[object Object]"),
        }
    }

    /// Appends the value as JSON, cut off after about `limit` bytes.
    pub(super) fn write(&self, out: &mut String, limit: usize) {
        if out.len() > limit {
            return;
        }
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number_text(*number)),
            Self::Text(text) => out.push_str(&serde_json::Value::from(text.as_ref()).to_string()),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out, limit);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(member.key.as_ref()).to_string());
                    out.push(':');
                    member.value.write(out, limit);
                }
                out.push('}');
            }
        }
    }
}

/// A number as JavaScript writes it: with an exponent from 21 digits on.
pub(super) fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let size = number.abs();
    if (1e-6..1e21).contains(&size) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// The value of the last property that a name is written as.
pub(super) fn lookup<'j, 't>(object: &'j [Member<'t>], name: NameId) -> Option<&'j Json<'t>> {
    object.iter().rev().find(|member| member.names.found == name).map(|member| &member.value)
}

/// The value of the property with exactly this key.
pub(super) fn exact<'j, 't>(object: &'j [Member<'t>], key: &str) -> Option<&'j Json<'t>> {
    object.iter().find(|member| member.key == key).map(|member| &member.value)
}
