//! How texts are split.

/// Shows the fragments of a text: what lies between the marks of JSON that separate values, UUIDs, and options of commands.
pub(super) fn each_fragment<'t>(text: &'t str, mut take: impl FnMut(&'t str)) {
    for mut rest in text.split_inclusive([',', '{', '[', '\n']) {
        while let Some((before, part, after)) = cut(rest) {
            if !before.is_empty() {
                take(before);
            }
            take(part);
            rest = after;
        }
        if !rest.is_empty() {
            take(rest);
        }
    }
}

/// The lengths of the groups of a UUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The first UUID in a fragment, or option of a command with the space before and after it, and what is before and after that.
fn cut(text: &str) -> Option<(&str, &str, &str)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(dash) = bytes.get(from..)?.iter().position(|byte| *byte == b'-').map(|at| from + at) {
        let begun = dash.checked_sub(GROUPS[0]).filter(|at| is_uuid(bytes.get(*at..)));
        let uuid = begun.map(|at| (at, at + GROUPS.iter().sum::<usize>() + GROUPS.len() - 1));
        let option = || {
            let begun =
                dash.checked_sub(1).filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b" --")))?;
            let name = bytes.get(dash + 2..)?.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            let end = dash + 2 + name;
            (bytes.get(end) == Some(&b' ')).then_some((begun, end + 1))
        };
        if let Some((begun, end)) = uuid.or_else(option) {
            return Some((text.get(..begun)?, text.get(begun..end)?, text.get(end..)?));
        }
        from = dash + 1;
    }
    None
}

/// Whether a text begins with a UUID.
fn is_uuid(text: Option<&[u8]>) -> bool {
    let mut bytes = text.into_iter().flatten();
    GROUPS.iter().enumerate().all(|(number, length)| {
        (number == 0 || bytes.next() == Some(&b'-'))
            && (0..*length).all(|_| bytes.next().is_some_and(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::each_fragment;

    #[test]
    fn identifiers_and_options_are_fragments_of_their_own() {
        let id = "0f41ab7c-1e2d-4000-8000-0123456789ab";
        let of = |text: &str| {
            let mut all = Vec::new();
            each_fragment(text, |fragment| all.push(fragment.to_owned()));
            all
        };
        assert_eq!(of(&format!("\"/{id}\",{id}{id}")), ["\"/", id, "\",", id, id]);
        assert_eq!(of(&format!("1{id}-é")), ["1", id, "-é"]);
        assert_eq!(of("oa-test run --test a/b-c --flow x"), ["oa-test run", " --test ", "a/b-c", " --flow ", "x"]);
        for whole in ["0f41ab7c-1e2d-4000-8000-0123456789a", "2026-11-28T10:00:00Z", "a --", "--b", " --é x", "-"] {
            assert_eq!(of(whole), [whole]);
        }
    }
}
