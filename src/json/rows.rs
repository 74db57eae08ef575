//! The entries of a list of objects, each with some of its members.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::members::{Members, Reader, members};

/// Reads the entries of a list, in their order, each with the members of these names; `None` for an entry that is no object.
///
/// # Errors
/// That the text is no JSON list.
pub fn rows<'t, const N: usize>(
    text: &'t str,
    names: &[&'static str; N],
) -> Result<Vec<Option<Members<'t, N>>>, serde_json::Error> {
    let mut rows = Vec::new();
    let read = read(text, names, &mut |row| {
        rows.push(row.and_then(|(values, duplicate)| Some(Members { values: values.try_into().ok()?, duplicate })));
    });
    match read {
        Ok(()) => Ok(rows),
        // An entry that cannot be read, as one with half of a surrogate pair in a key, is none; the others are read.
        Err(_) => Ok(entries(text)?.into_iter().map(|entry| members(entry.get(), names).ok()).collect()),
    }
}

/// Reads the entries of a list, in their order, as they were written.
///
/// # Errors
/// That the text is no JSON list.
pub fn entries(text: &str) -> Result<Vec<&RawValue>, serde_json::Error> {
    serde_json::from_str(text)
}

/// What an entry has: the values of the names, and the first of the names that it has more than once.
type Row<'r, 't> = (&'r [Option<&'t RawValue>], Option<&'static str>);

/// As [`rows`], compiled once for any number of names.
fn read<'t>(
    text: &'t str,
    names: &[&'static str],
    take: &mut dyn FnMut(Option<Row<'_, 't>>),
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(Entries { names, take })?;
    deserializer.end()
}

struct Entries<'r, 't> {
    names: &'r [&'static str],
    take: &'r mut dyn FnMut(Option<Row<'_, 't>>),
}

impl<'t> Visitor<'t> for Entries<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<(), A::Error> {
        let mut values = vec![None; self.names.len()];
        loop {
            values.fill(None);
            let Some(read) = list.next_element_seed(Entry(Reader { names: self.names, values: &mut values }))? else {
                return Ok(());
            };
            (self.take)(read.map(|duplicate| (values.as_slice(), duplicate)));
        }
    }
}

/// An entry: `None` where it is no object, else the first of the names that it has more than once.
struct Entry<'r, 't>(Reader<'r, 't>);

impl<'t> DeserializeSeed<'t> for Entry<'_, 't> {
    type Value = Option<Option<&'static str>>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Entry<'_, 't> {
    type Value = Option<Option<&'static str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'t>>(self, object: A) -> Result<Self::Value, A::Error> {
        self.0.visit_map(object).map(Some)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _value: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _value: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _value: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _value: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _value: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn what_is_no_object_has_no_members() {
        let text = r#"[{"a":1,"b":[{"a":2}]}, 7, "x", null, true, -1, 0.5, [{"a":3}], {}, {"a":4,"a":5}]"#;
        let read = rows(text, &["a", "b"]).unwrap();
        let read: Vec<String> = read
            .into_iter()
            .map(|row| {
                row.map_or_else(String::new, |row| {
                    let values: Vec<&str> = row.values.into_iter().flatten().map(|value| value.get()).collect();
                    format!("{} {}", values.join(" "), row.duplicate.unwrap_or("-"))
                })
            })
            .collect();
        assert_eq!(read, [r#"1 [{"a":2}] -"#, "", "", "", "", "", "", "", " -", "5 a"]);
        assert!(rows("{}", &["a"]).is_err() && rows("[{]", &["a"]).is_err() && rows("[] 1", &["a"]).is_err());
        let odd = rows(r#"[1e999, {"\ud800":1}, {"a":1}]"#, &["a"]).unwrap();
        assert_eq!(odd.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
    }
}
