//! Duplicate keys of objects with their values. Reads only documents that are known to have some.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::json::{KeyText, number_text};
use super::node::{collapse, push_index, push_key};
use super::rule::Rule;

/// Limit of each value in a finding, in characters.
const SHOWN: usize = 80;
/// Limit of duplicate keys that are reported of a document.
const LISTED: usize = 100;

/// A warning about each key that an object has more than once.
pub(super) fn repeats(text: &str) -> Vec<ModelFinding> {
    let mut reading = Reading { path: "$".to_owned(), findings: Vec::new() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // A text that cannot be read has a finding of its own.
    let _ = Seed(&mut reading).deserialize(&mut deserializer);
    reading.findings
}

struct Reading {
    /// Of the value that is read.
    path: String,
    findings: Vec<ModelFinding>,
}

impl Reading {
    /// Reads a value in an object or list, and puts its path back.
    fn inside<T>(&mut self, step: impl FnOnce(&mut String), read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        step(&mut self.path);
        let value = read(self);
        self.path.truncate(length);
        value
    }

    fn list(&mut self, key: &str, values: &Values) {
        if self.findings.len() >= LISTED {
            return;
        }
        let mut path = self.path.clone();
        push_key(&mut path, key);
        let count = if values.count > 2 { format!(" ({} values)", values.count) } else { String::new() };
        self.findings.push(ModelFinding {
            path: collapse(path),
            kind: FindingKind::DuplicateKey,
            category: Category::Conformance,
            severity: Severity::Warning,
            rule: Rule::DuplicateKeys,
            model: None,
            message: format!("`{}` is a duplicate key, of which the last value counts", shortened(key)),
            expected: Some("each key once".into()),
            found: Some(format!("{}, then {}{count}", shortened(&values.first), shortened(&values.last))),
            undetermined: false,
            cause: None,
        });
    }
}

/// The values of one key of an object.
struct Values {
    first: String,
    last: String,
    count: usize,
}

/// Reads a value. What comes of it is its JSON, broken off where it is long.
struct Seed<'r>(&'r mut Reading);

impl<'t> DeserializeSeed<'t> for Seed<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Seed<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E>(self, value: f64) -> Result<String, E> {
        Ok(number_text(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(quoted(text))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<String, A::Error> {
        let mut shown = "[".to_owned();
        for index in 0.. {
            let step = |path: &mut String| push_index(path, index);
            let Some(item) = self.0.inside(step, |reading| list.next_element_seed(Seed(reading)))? else { break };
            add(&mut shown, &item);
        }
        shown.push(']');
        Ok(shown)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<String, A::Error> {
        let mut shown = "{".to_owned();
        let mut seen: HashMap<Cow<'t, str>, Values> = HashMap::new();
        let mut repeated: Vec<Cow<'t, str>> = Vec::new();
        while let Some(key) = object.next_key_seed(KeyText)? {
            let step = |path: &mut String| push_key(path, &key);
            let value = self.0.inside(step, |reading| object.next_value_seed(Seed(reading)))?;
            add(&mut shown, &format!("{}:{value}", quoted(&key)));
            match seen.get_mut(&key) {
                Some(values) => {
                    values.last = value;
                    values.count += 1;
                    if values.count == 2 {
                        repeated.push(key);
                    }
                }
                None => drop(seen.insert(key, Values { first: value, last: String::new(), count: 1 })),
            }
        }
        for key in &repeated {
            if let Some(values) = seen.get(key) {
                self.0.list(key, values);
            }
        }
        shown.push('}');
        Ok(shown)
    }
}

/// Adds an entry to a list or object that is shown, as long as there is room.
fn add(shown: &mut String, entry: &str) {
    if shown.len() <= SHOWN * 4 {
        if shown.len() > 1 {
            shown.push(',');
        }
        shown.push_str(entry);
    }
}

/// The start of a text, as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(shortened(text)).to_string()
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::repeats;

    fn found(text: &str) -> Vec<(String, String)> {
        repeats(text).into_iter().map(|finding| (finding.path, finding.found.unwrap_or_default())).collect()
    }

    #[test]
    fn each_key_is_listed_with_its_values() {
        let expect = |text: &str, wanted: &[(&str, &str)]| {
            let wanted: Vec<_> = wanted.iter().map(|(path, found)| ((*path).to_owned(), (*found).to_owned())).collect();
            assert_eq!(found(text), wanted, "{text}");
        };
        expect(r#"{"a":1,"b":2}"#, &[]);
        expect(r#"{"a":1,"a":"x"}"#, &[("$.a", "1, then \"x\"")]);
        expect(r#"{"a":1,"\u0061":1.50}"#, &[("$.a", "1, then 1.5")]);
        expect(r#"{"a":1,"a":2,"a":null}"#, &[("$.a", "1, then null (3 values)")]);
        expect(r#"{"a":[{"@id":"x","@id":{"b":[true]}}]}"#, &[("$.a[0][\"@id\"]", "\"x\", then {\"b\":[true]}")]);
        expect(r#"{"a":{"b":1,"b":2},"a":{}}"#, &[("$.a.b", "1, then 2"), ("$.a", "{\"b\":1,\"b\":2}, then {}")]);
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_many_is_not_listed() {
        let long = format!(r#"{{"a":"{0}","a":"{0}"}}"#, "x".repeat(100_000));
        assert!(found(&long).iter().all(|(_, found)| found.len() < 400));
        let pairs: Vec<String> = (0..5000).map(|key| format!("\"{key}\":1,\"{key}\":2")).collect();
        assert_eq!(found(&format!("{{{}}}", pairs.join(","))).len(), 100);
    }
}
