//! Some members of an object, read without reading the others.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object that were asked for.
#[derive(Debug)]
pub struct Members<'t, const N: usize> {
    /// Their values, in the order of the names; `None` where there is none, or null. Of several values the last one counts.
    pub values: [Option<&'t RawValue>; N],
    /// The first of the names that the object has more than once.
    pub duplicate: Option<&'static str>,
}

/// Reads the members with these names, 64 at most.
///
/// # Errors
/// That the text is no JSON object.
pub fn members<'t, const N: usize>(
    text: &'t str,
    names: &[&'static str; N],
) -> Result<Members<'t, N>, serde_json::Error> {
    let mut values = [None; N];
    let duplicate = read(text, names, &mut values)?;
    Ok(Members { values, duplicate })
}

/// As [`members`], compiled once for any number of names.
fn read<'t>(
    text: &'t str,
    names: &[&'static str],
    values: &mut [Option<&'t RawValue>],
) -> Result<Option<&'static str>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let duplicate = deserializer.deserialize_map(Reader { names, values })?;
    deserializer.end()?;
    Ok(duplicate)
}

/// Puts the values of the names into their places.
pub(super) struct Reader<'r, 't> {
    pub(super) names: &'r [&'static str],
    pub(super) values: &'r mut [Option<&'t RawValue>],
}

impl<'t> Visitor<'t> for Reader<'_, 't> {
    /// The first of the names that the object has more than once.
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Self { names, values } = self;
        let mut duplicate = None;
        let mut seen = 0_u64;
        while let Some(place) = object.next_key_seed(Key(names))? {
            let known = place.and_then(|at| Some((at, values.get_mut(at)?)));
            let Some((at, value)) = known else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            *value = object.next_value::<Option<&RawValue>>()?;
            let bit = 1_u64.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or_default();
            if seen & bit != 0 && duplicate.is_none() {
                duplicate = names.get(at).copied();
            }
            seen |= bit;
        }
        Ok(duplicate)
    }
}

/// The place of a key among the names; none where it is another one.
struct Key<'n>(&'n [&'static str]);

impl<'t> DeserializeSeed<'t> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
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
