//! Types of values, and whether a field allows them.

use std::borrow::Cow;

use super::json::{Json, Member, lookup, number_text};
use super::model::{Constraint, Field, Kind, Model, Scalar};
use super::text;

/// The detected type of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Detected<'j> {
    Null,
    Scalar(Scalar),
    /// A value of an enumeration.
    Enumeration(usize),
    /// An object, by its `@type`; `Thing` without one.
    Object(Cow<'j, str>),
    /// A list, by the distinct types of its items.
    List(Vec<Detected<'j>>),
}

impl Detected<'_> {
    /// Name of the type as in the model, for instance `ArrayOf#Offer`.
    pub(super) fn text(&self, model: &Model) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Scalar(scalar) => scalar.iri().to_owned(),
            Self::Enumeration(index) => {
                model.enumerations.get(*index).map_or_else(String::new, |known| known.iri.clone())
            }
            Self::Object(name) => format!("#{name}"),
            Self::List(items) => {
                let text = |item: &Detected<'_>| item.text(model).trim_start_matches('#').to_owned();
                match items.as_slice() {
                    [] => "Array".to_owned(),
                    [one] => format!("ArrayOf#{}", text(one)),
                    several => format!("ArrayOf#{{{}}}", several.iter().map(text).collect::<Vec<_>>().join(",")),
                }
            }
        }
    }
}

/// `true` if one of the types of a field is exactly this scalar.
fn possible(field: Option<&Field>, scalar: Scalar, in_list: bool) -> bool {
    field.is_some_and(|field| field.types.iter().any(|kind| kind.list == in_list && kind.kind == Kind::Scalar(scalar)))
}

/// Detects the type of a value, preferring a type that the field allows.
pub(super) fn detect<'j>(model: &Model, field: Option<&Field>, value: &'j Json<'_>, in_list: bool) -> Detected<'j> {
    match value {
        Json::Null => Detected::Null,
        Json::Bool(_) => Detected::Scalar(Scalar::Boolean),
        Json::Number(number) => Detected::Scalar(detect_number(field, *number, in_list)),
        Json::Text(text) => detect_text(model, field, text, in_list),
        Json::Object(members) => Detected::Object(object_type(model, members)),
        Json::List(items) => {
            let mut types: Vec<Detected<'j>> = Vec::new();
            for item in items {
                let kind = detect(model, field, item, true);
                if !types.contains(&kind) {
                    types.push(kind);
                }
            }
            Detected::List(types)
        }
    }
}

fn object_type<'j>(model: &Model, members: &'j [Member<'_>]) -> Cow<'j, str> {
    lookup(members, model.known.kind).map_or(Cow::Borrowed("Thing"), Json::coerced)
}

fn detect_number(field: Option<&Field>, number: f64, in_list: bool) -> Scalar {
    let whole = number.fract() == 0.0 && !number_text(number).contains('+');
    let detected = if whole { Scalar::Integer } else { Scalar::Number };
    if detected == Scalar::Integer
        && !possible(field, Scalar::Integer, in_list)
        && possible(field, Scalar::Number, in_list)
    {
        return Scalar::Number;
    }
    detected
}

fn detect_text<'j>(model: &Model, field: Option<&Field>, value: &str, in_list: bool) -> Detected<'j> {
    let detected = text_type(model, field, value);
    match detected {
        Detected::Scalar(scalar)
            if scalar != Scalar::Text
                && !possible(field, scalar, in_list)
                && possible(field, Scalar::Text, in_list) =>
        {
            Detected::Scalar(Scalar::Text)
        }
        // An enumeration is one of the types, or it would not have been found.
        other => other,
    }
}

/// The scalar type of text by its shape; `None` for plain text. The first letter excludes most.
fn shape(value: &str) -> Option<Scalar> {
    match value.as_bytes().first()? {
        b'0'..=b'9' if text::like_date(value) => Some(Scalar::Date),
        b'0'..=b'9' if text::like_date_time(value) => Some(Scalar::DateTime),
        b'0'..=b'9' if text::like_time(value) => Some(Scalar::Time),
        b'P' if text::like_duration(value) => Some(Scalar::Duration),
        _ => None,
    }
}

fn text_type<'j>(model: &Model, field: Option<&Field>, value: &str) -> Detected<'j> {
    let scalar = if let Some(scalar) = shape(value) {
        scalar
    } else {
        let enumerations = field.into_iter().flat_map(|field| &field.types).filter(|kind| !kind.list);
        for kind in enumerations {
            if let Kind::Enumeration(index) = kind.kind
                && model.enumerations.get(index).is_some_and(|known| known.values.iter().any(|known| known == value))
            {
                return Detected::Enumeration(index);
            }
        }
        let template = field.is_some_and(|field| field.constraint == Some(Constraint::UriTemplate));
        if !value.starts_with(['h', 'H']) || (template && text::uri_template(value)) {
            Scalar::Text
        } else if model.vocabularies.is_property(value) {
            Scalar::Property
        } else if text::is_url(value) {
            Scalar::Url
        } else {
            Scalar::Text
        }
    };
    Detected::Scalar(scalar)
}

/// `true` if a field allows a detected type.
pub(super) fn fits(model: &Model, detected: &Detected<'_>, field: &Field) -> bool {
    // The usual types are compared without building their names.
    let usual = |detected: &Detected<'_>, in_list: bool| {
        field.types.iter().filter(|kind| kind.list == in_list).any(|kind| match (detected, kind.kind) {
            (Detected::Scalar(scalar), Kind::Scalar(wanted)) => scalar_fits(*scalar, wanted),
            (Detected::Enumeration(index), Kind::Enumeration(wanted)) => *index == wanted,
            (Detected::Object(name), Kind::Model(wanted)) => {
                model.type_named(name).is_some_and(|known| known.is_a(wanted))
            }
            _ => false,
        })
    };
    let usual_fit = match detected {
        Detected::List(items) => match items.as_slice() {
            [one] => usual(one, true),
            _ => false,
        },
        one => usual(one, false),
    };
    usual_fit || {
        let detected = detected.text(model);
        field.types.iter().any(|kind| can_be(model, &detected, kind.text, 0))
    }
}

const fn scalar_fits(scalar: Scalar, wanted: Scalar) -> bool {
    use Scalar as S;
    scalar as u8 == wanted as u8
        || match wanted {
            S::Text => matches!(scalar, S::Date | S::DateTime | S::Duration | S::Time | S::Url),
            S::Number => matches!(scalar, S::Integer),
            _ => false,
        }
}

fn letters(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b':')
}

/// Compares types by name, for the unusual ones.
fn can_be(model: &Model, detected: &str, wanted: &str, depth: usize) -> bool {
    if detected == wanted {
        return true;
    }
    let (detected, wanted) = match (detected.strip_prefix("ArrayOf#"), wanted.strip_prefix("ArrayOf#")) {
        (Some(detected), Some(wanted)) => (detected, wanted),
        _ => match (detected.strip_prefix('#'), wanted.strip_prefix('#')) {
            (Some(detected), Some(wanted)) => (detected, wanted),
            _ => (detected, wanted),
        },
    };
    if detected == wanted {
        return true;
    }
    let scalar = |text: &str| Scalar::ALL.iter().copied().find(|scalar| scalar.iri() == text);
    if let (Some(detected), Some(wanted)) = (scalar(detected), scalar(wanted))
        && scalar_fits(detected, wanted)
    {
        return true;
    }
    if letters(detected)
        && depth < 16
        && let Some(parent) = model.type_named(detected).and_then(|known| known.ancestors.first())
        && let Some(parent) = model.type_at(*parent)
        && can_be(model, parent.name, wanted, depth + 1)
    {
        return true;
    }
    if let Some(parts) = detected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && letters(wanted)
        && parts.split(',').all(letters)
    {
        return parts.split(',').all(|part| can_be(model, part, wanted, depth + 1));
    }
    letters(detected) && letters(wanted) && {
        let resolved = model.resolve(detected, &[]);
        resolved.prefix.is_none() && resolved.namespace.is_none()
    }
}

/// `true` if this scalar is the only type of a field.
pub(super) fn only(field: Option<&Field>, scalar: Scalar) -> bool {
    field.is_some_and(|field| matches!(field.types.as_slice(), [one] if !one.list && one.kind == Kind::Scalar(scalar)))
}
