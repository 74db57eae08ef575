//! JSON as text, in other ways than the usual one.

use serde_json::{Map, Value};

use super::list::{Variant, Variants};

/// The properties whose numbers are written in other ways.
const AMOUNTS: &[&str] = &["price", "rate"];

/// Writes a document.
pub(super) fn write(variants: &Variants, value: &Value) -> String {
    let mut text = String::new();
    Writer { variants, text: &mut text, depth: 0 }.value("", value);
    text
}

struct Writer<'w> {
    variants: &'w Variants,
    text: &'w mut String,
    depth: usize,
}

impl Writer<'_> {
    fn has(&self, variant: Variant) -> bool {
        self.variants.has(variant)
    }

    fn value(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(object) => self.object(object),
            Value::Array(items) => self.list(key, items),
            Value::String(text) => self.string(text),
            Value::Number(number) if AMOUNTS.contains(&key) => {
                let text = self.amount(&number.to_string());
                self.text.push_str(&text);
            }
            other => self.text.push_str(&other.to_string()),
        }
    }

    fn amount(&self, plain: &str) -> String {
        if self.has(Variant::PricesWithTwoDecimals) {
            plain.parse().map_or_else(|_| plain.to_owned(), |amount: f64| format!("{amount:.2}"))
        } else if self.has(Variant::PricesWithOneDecimal) {
            if plain.contains(['.', 'e', 'E']) { plain.to_owned() } else { format!("{plain}.0") }
        } else if self.has(Variant::PricesWithExponents) {
            // The shortest text that reads as the same number.
            plain.parse().map_or_else(|_| plain.to_owned(), |amount: f64| format!("{amount:e}"))
        } else {
            plain.to_owned()
        }
    }

    /// A line break with what stands before the next line, where there are any.
    fn line(&mut self) {
        if self.has(Variant::JsonIndented) {
            self.text.push_str("\r\n");
            for _ in 0..self.depth {
                self.text.push_str("\t ");
            }
        }
    }

    fn object(&mut self, object: &Map<String, Value>) {
        let mut entries: Vec<(&String, &Value)> = object.iter().collect();
        if self.has(Variant::PropertiesReversed) {
            entries.reverse();
        } else if self.has(Variant::PropertiesByLength) {
            entries.sort_by_key(|(name, _)| name.len());
        }
        self.text.push('{');
        self.depth += 1;
        for (place, (name, value)) in entries.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.line();
            self.string(name);
            self.text.push_str(if self.has(Variant::JsonIndented) { " : " } else { ":" });
            self.value(name, value);
        }
        self.depth -= 1;
        self.line();
        self.text.push('}');
    }

    fn list(&mut self, key: &str, items: &[Value]) {
        self.text.push('[');
        self.depth += 1;
        for (place, value) in items.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.line();
            self.value(key, value);
        }
        self.depth -= 1;
        self.line();
        self.text.push(']');
    }

    fn string(&mut self, text: &str) {
        let plain = Value::from(text).to_string();
        if self.has(Variant::JsonSlashesEscaped) {
            self.text.push_str(&plain.replace('/', "\\/"));
        } else if self.has(Variant::JsonAsciiOnly) {
            for letter in plain.chars() {
                if letter.is_ascii() && !"<>&'+".contains(letter) {
                    self.text.push(letter);
                } else {
                    let mut units = [0; 2];
                    for unit in letter.encode_utf16(&mut units) {
                        self.text.push_str(&format!("\\u{unit:04X}"));
                    }
                }
            }
        } else {
            self.text.push_str(&plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::list::{Variant, VariantGroup, Variants};
    use super::write;

    #[test]
    fn every_way_of_writing_means_the_same() {
        let document = json!({
            "@context": "https://openactive.io/",
            "name": "Übung \u{1f9d8} \"<a & b>\" \\ '",
            "offers": [{ "price": 14.99 }, { "price": 0 }, { "price": 1200 }],
            "rate": 0.2,
            "none": null,
            "empty": [{}, []]
        });
        for variant in Variant::ALL.iter().copied().filter(|variant| variant.group() == VariantGroup::Values) {
            let text = write(&Variants::new(&[variant]), &document);
            let read: Value = serde_json::from_str(&text).unwrap();
            // Numbers are compared by what they are, not by how they are kept.
            let amount = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_f64);
            for pointer in ["/offers/0/price", "/offers/1/price", "/offers/2/price", "/rate"] {
                assert_eq!(amount(&read, pointer), amount(&document, pointer), "{variant} {text}");
            }
            assert_eq!(read["name"], document["name"], "{variant} {text}");
        }
    }

    #[test]
    fn amounts_keep_their_decimals() {
        let text = |variant| write(&Variants::new(&[variant]), &json!({ "price": 15, "count": 15 }));
        assert_eq!(text(Variant::PricesWithTwoDecimals), r#"{"count":15,"price":15.00}"#);
        assert_eq!(text(Variant::PricesWithExponents), r#"{"count":15,"price":1.5e1}"#);
    }

    #[test]
    fn slashes_and_letters_are_escaped() {
        let text = |variant| write(&Variants::new(&[variant]), &json!("a/ü'"));
        assert_eq!(text(Variant::JsonSlashesEscaped), r#""a\/ü'""#);
        assert_eq!(text(Variant::JsonAsciiOnly), r#""a/\u00FC\u0027""#);
    }
}
