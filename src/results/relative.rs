//! Numbers of exchanges in the JSON of cells and traces, counted from the first exchange of the cell: what cells have in common
//! reads alike then, and is packed once. `report/html/page.js` counts them back.

/// What a number of an exchange, or a list of such numbers, follows.
const KEYS: &[&str] = &["exchange", "exchanges", "sent", "opened", "judged_until", "watched_from", "cleanup"];

/// A JSON text whose numbers of exchanges are counted from the first of them, which stands before it.
pub(super) fn counted(json: &str) -> String {
    let mut first = u32::MAX;
    for_each(json, |number| first = first.min(number));
    if first == u32::MAX {
        return json.to_owned();
    }
    let mut text = format!("{first} ");
    shift(json, |number| number.wrapping_sub(first), &mut text);
    text
}

/// The JSON text that was [`counted`].
pub(super) fn absolute(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some((first, json)) = text
        .split_at_checked(digits)
        .and_then(|(first, rest)| Some((first.parse::<u32>().ok()?, rest.strip_prefix(' ')?)))
    else {
        return text.to_owned();
    };
    let mut whole = String::with_capacity(json.len());
    shift(json, |number| number.wrapping_add(first), &mut whole);
    whole
}

fn for_each(json: &str, mut see: impl FnMut(u32)) {
    let mut none = String::new();
    shift(
        json,
        |number| {
            see(number);
            number
        },
        &mut none,
    );
}

/// Writes a text with other numbers.
fn shift(json: &str, mut number: impl FnMut(u32) -> u32, to: &mut String) {
    let mut rest = json;
    while let Some((before, after)) = rest.split_once("\":") {
        to.push_str(before);
        to.push_str("\":");
        rest = after;
        let key = before.rsplit('"').next().unwrap_or_default();
        if !KEYS.contains(&key) || !before.ends_with(key) {
            continue;
        }
        let list = rest.strip_prefix('[');
        let numbers = list.unwrap_or(rest);
        let end = numbers.bytes().position(|byte| !(byte.is_ascii_digit() || list.is_some() && byte == b','));
        let Some((numbers, after)) = numbers.split_at_checked(end.unwrap_or(numbers.len())) else { continue };
        let closed = if list.is_some() { after.starts_with(']') } else { after.starts_with([',', '}', ']']) };
        let Some(all) = numbers.split(',').map(plain).collect::<Option<Vec<u32>>>().filter(|_| closed) else {
            continue;
        };
        if list.is_some() {
            to.push('[');
        }
        let all: Vec<String> = all.into_iter().map(|known| number(known).to_string()).collect();
        to.push_str(&all.join(","));
        rest = after;
    }
    to.push_str(rest);
}

/// A number as it is written and no other way, so that it can be counted back.
fn plain(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{absolute, counted};

    #[test]
    fn numbers_of_exchanges_are_counted_from_the_first() {
        let cell =
            r#"{"id":7,"steps":[{"exchanges":[12,11,15],"exchange":13,"cleanup":[]},{"sent":11,"exchange":"12"}]}"#;
        let told =
            r#"11 {"id":7,"steps":[{"exchanges":[1,0,4],"exchange":2,"cleanup":[]},{"sent":0,"exchange":"12"}]}"#;
        assert_eq!(counted(cell), told);
        assert_eq!(absolute(told), cell);
        for same in ["{}", "[]", r#"{"exchange":null}"#, r#"{"exchange":1.5}"#, r#"{"exchange":007}"#, "12"] {
            assert_eq!(counted(same), same);
        }
        let odd = r#"{"a":"\"exchange\":5","exchange":9,"sent":4294967295}"#;
        assert_eq!(absolute(&counted(odd)), odd);
    }

    proptest! {
        #[test]
        fn what_is_counted_is_counted_back(
            text in "\\{(\"(exchange|exchanges|sent|a)\":(\\[([0-9]{1,3},?){0,3}\\]|[0-9]{1,10}|1\\.5|\"x\")[,}]){0,8}"
        ) {
            prop_assert_eq!(absolute(&counted(&text)), text);
        }
    }
}
