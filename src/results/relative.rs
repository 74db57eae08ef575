//! Numbers of exchanges in the JSON of cells and traces, counted from the first exchange of the cell: what cells have in common
//! reads alike then, and is packed once. `report/html/page.js` counts them back.

use std::ops::Range;

/// What a number of an exchange, or a list of such numbers, follows.
const KEYS: &[&str] = &["exchange", "exchanges", "sent", "opened", "judged_until", "watched_from", "cleanup"];

/// A JSON text whose numbers of exchanges are counted from the lowest of them, which stands before it.
pub(super) fn counted(json: &str) -> String {
    let places = places(json);
    match places.iter().map(|(_, number)| *number).min() {
        Some(first) => format!("{first} {}", shifted(json, &places, |number| number.wrapping_sub(first))),
        None => json.to_owned(),
    }
}

/// The JSON text that was [`counted`].
pub(super) fn absolute(text: &str) -> String {
    let counted = text.split_once(' ').and_then(|(first, json)| Some((plain(first)?, json)));
    match counted {
        Some((first, json)) => shifted(json, &places(json), |number| number.wrapping_add(first)),
        None => text.to_owned(),
    }
}

/// A text with other numbers at these places.
fn shifted(json: &str, places: &[(Range<usize>, u32)], number: impl Fn(u32) -> u32) -> String {
    let mut text = String::with_capacity(json.len());
    let mut end = 0;
    for (place, known) in places {
        text.push_str(json.get(end..place.start).unwrap_or_default());
        text.push_str(&number(*known).to_string());
        end = place.end;
    }
    text.push_str(json.get(end..).unwrap_or_default());
    text
}

/// Where numbers of exchanges stand, in order.
fn places(json: &str) -> Vec<(Range<usize>, u32)> {
    let mut places = Vec::new();
    for (end, _) in json.match_indices("\":") {
        let key = json.get(..end).and_then(|before| before.rsplit('"').next());
        let Some(value) = json.get(end + 2..).filter(|_| key.is_some_and(|key| KEYS.contains(&key))) else { continue };
        let (list, begin) = value.strip_prefix('[').map_or((false, end + 2), |_| (true, end + 3));
        let Some(rest) = json.get(begin..) else { continue };
        let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || list && *byte == b',').count();
        let Some((numbers, after)) = rest.split_at_checked(length) else { continue };
        let closed = if list { after.starts_with(']') } else { after.starts_with([',', '}', ']']) };
        let mut at = begin;
        let all = numbers.split(',').map(|digits| {
            let begun = at;
            at += digits.len() + 1;
            Some((begun..begun + digits.len(), plain(digits)?))
        });
        places.extend(all.collect::<Option<Vec<_>>>().filter(|_| closed).into_iter().flatten());
    }
    places
}

/// A number as it is written and no other way, so that it can be counted back.
fn plain(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{KEYS, absolute, counted};

    #[test]
    fn numbers_of_exchanges_are_counted_from_the_first() {
        let cell =
            r#"{"id":7,"steps":[{"exchanges":[12,11,15],"exchange":13,"cleanup":[]},{"sent":11,"exchange":"12"}]}"#;
        let from_first =
            r#"11 {"id":7,"steps":[{"exchanges":[1,0,4],"exchange":2,"cleanup":[]},{"sent":0,"exchange":"12"}]}"#;
        assert_eq!(counted(cell), from_first);
        assert_eq!(absolute(from_first), cell);
        for same in ["{}", "[]", r#"{"exchange":null}"#, r#"{"exchange":1.5}"#, r#"{"exchange":007}"#, "12"] {
            assert_eq!(counted(same), same);
        }
        let odd = r#"{"a":"\"exchange\":5","exchange":9,"sent":4294967295}"#;
        assert_eq!(absolute(&counted(odd)), odd);
    }

    /// The script of the HTML report has the keys in a pattern.
    #[test]
    fn the_page_counts_back_behind_the_same_keys() {
        let page = include_str!("../report/html/page.js");
        let pattern = page.lines().find_map(|line| line.split_once(r#"replace(/"("#)?.1.split_once(')')).unwrap().0;
        let mut known: Vec<&str> = pattern
            .split('|')
            .flat_map(|key| match key.strip_suffix("s?") {
                Some(one) => vec![one, KEYS.iter().copied().find(|key| key.strip_suffix('s') == Some(one)).unwrap()],
                None => vec![key],
            })
            .collect();
        known.sort_unstable();
        let mut keys = KEYS.to_vec();
        keys.sort_unstable();
        assert_eq!(known, keys);
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
