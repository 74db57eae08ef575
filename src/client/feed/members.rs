//! Some members of an object, read without reading the others.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object that were asked for.
#[derive(Debug)]
pub struct Members<'t, const N: usize> {
    /// Their values, in the order of the names; `None` where there is none, or null. Of several values the last one counts.
    pub values: [Option<&'t RawValue>; N],
    /// The first of the names that the object has more than once.
    pub duplicate: Option<&'static str>,
}

/// Reads the members with these names.
///
/// # Errors
/// That the text is no JSON object.
pub fn members<'t, const N: usize>(
    text: &'t str,
    names: &[&'static str; N],
) -> Result<Members<'t, N>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let members = deserializer.deserialize_map(Reader(names))?;
    deserializer.end()?;
    Ok(members)
}

struct Reader<'n, const N: usize>(&'n [&'static str; N]);

impl<'t, const N: usize> Visitor<'t> for Reader<'_, N> {
    type Value = Members<'t, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Members { values: [None; N], duplicate: None };
        let mut seen = [false; N];
        while let Some(place) = object.next_key_seed(Key(self.0))? {
            let known = place.and_then(|at| Some((members.values.get_mut(at)?, seen.get_mut(at)?, self.0.get(at)?)));
            let Some((value, seen, name)) = known else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            *value = object.next_value::<Option<&RawValue>>()?;
            if std::mem::replace(seen, true) {
                members.duplicate.get_or_insert(name);
            }
        }
        Ok(members)
    }
}

/// The place of a key among the names; none where it is another one.
struct Key<'n, const N: usize>(&'n [&'static str; N]);

impl<'t, const N: usize> DeserializeSeed<'t> for Key<'_, N> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t, const N: usize> Visitor<'t> for Key<'_, N> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn the_last_value_counts() {
        let read = members(r#"{"a":1,"x":{"a":9},"b":null,"\u0061":[2]}"#, &["a", "b", "c"]).unwrap();
        assert_eq!(read.values.map(|value| value.map(|raw| raw.get())), [Some("[2]"), None, None]);
        assert_eq!(read.duplicate, Some("a"));
        assert_eq!(members(r#"{"x":1,"x":2}"#, &["a"]).unwrap().duplicate, None);
        assert!(members("[]", &["a"]).is_err() && members("{} {}", &["a"]).is_err());
    }
}
