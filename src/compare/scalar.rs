//! Values that are neither objects nor lists, by their meaning.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::Timestamp;
use serde_json::Value;

use super::decimal::Digits;
use super::duration::Span;
use super::property::Meaning;
use super::{instant, normalised};

/// A value by its meaning. Those of equal meaning are equal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scalar<'v> {
    Null,
    Boolean(bool),
    Number(Digits),
    Text(Cow<'v, str>),
    Instant(Timestamp),
    Duration(Span),
    Url(String),
}

impl<'v> Scalar<'v> {
    /// The meaning of a value. `None` if it is an object or a list.
    pub(super) fn of(value: &'v Value, meaning: Meaning) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Boolean(*value)),
            Value::Number(number) => Some(Self::Number(Digits::of(&number.to_string()))),
            Value::String(text) => Some(Self::of_text(text, meaning)),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn of_text(text: &'v str, meaning: Meaning) -> Self {
        let known = match meaning {
            Meaning::Text | Meaning::Identifier => None,
            Meaning::AnyCase => Some(Self::Text(Cow::Owned(text.to_lowercase()))),
            Meaning::Instant => instant(text).map(Self::Instant),
            Meaning::Duration => Span::parse(text).map(Self::Duration),
            Meaning::Url => normalised(text).map(Self::Url),
        };
        known.unwrap_or(Self::Text(Cow::Borrowed(text)))
    }

    /// Appends a text that is the same for scalars that are equal, and another one for others.
    pub(super) fn write(&self, out: &mut String) {
        let mut sized = |kind: char, text: &str| {
            let _ = write!(out, "{kind}{}:{text}", text.len());
        };
        match self {
            Self::Null => out.push('z'),
            Self::Boolean(value) => out.push(if *value { 't' } else { 'f' }),
            Self::Text(text) => sized('s', text),
            Self::Url(text) => sized('u', text),
            Self::Number(Digits::Text(text)) => sized('N', text),
            Self::Number(Digits::Number { negative, digits, exponent }) => {
                let sign = if *negative { "-" } else { "" };
                let _ = write!(out, "n{sign}{digits}e{exponent};");
            }
            Self::Instant(time) => {
                let _ = write!(out, "i{};", time.as_nanosecond());
            }
            Self::Duration(span) => {
                let _ = write!(out, "d{},{};", span.months, span.seconds);
            }
        }
    }
}
