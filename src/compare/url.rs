//! URLs, compared by their normal form.

use ::url::Url;

/// The normal form of an absolute URL by RFC 3986, section 6.2: lower-case scheme and host, no default port, `/` for an empty
/// path, no dot segments, percent-encoding in upper case and only where it is needed.
///
/// A slash at the end of a path and the order of a query matter, as both may lead to another resource. `None` if the text is
/// no absolute URL with an authority, or has a `%` that encodes nothing.
#[must_use]
pub fn normalised(text: &str) -> Option<String> {
    let (scheme, tail) = text.split_once("://")?;
    // The parser, which is made for browsers, would drop or turn these.
    let foreign = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\';
    let plain = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !plain || tail.starts_with('/') || text.contains(foreign) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    percent_normal(url.as_str())
}

/// Whether two texts are the same URL. Texts that are no absolute URLs are the same where they are equal.
#[must_use]
pub fn same_url(one: &str, other: &str) -> bool {
    one == other || matches!((normalised(one), normalised(other)), (Some(one), Some(other)) if one == other)
}

/// Percent-encoding in upper case, and letters, digits, `-`, `.`, `_` and `~` without it (RFC 3986, 6.2.2.1 and 6.2.2.2).
/// `None` where a `%` encodes nothing.
fn percent_normal(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, tail) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(code, 16).ok().filter(|_| !code.starts_with('+'))?;
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
        normal.push_str(tail);
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn urls_with_one_normal_form_are_the_same() {
        for (one, other) in [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.COM/a", "https://example.com/a"),
            ("https://example.com:443/a", "https://example.com/a"),
            ("http://example.com:80/a", "http://example.com/a"),
            ("https://example.com/%c3%a9", "https://example.com/%C3%A9"),
            ("https://example.com/é", "https://example.com/%C3%A9"),
            ("https://example.com/%7Euser", "https://example.com/~user"),
            ("https://example.com/a/../b/./c", "https://example.com/b/c"),
            ("https://example.com?x=1", "https://example.com/?x=1"),
        ] {
            assert!(same_url(one, other), "{one} {other}");
            assert!(same_url(other, one), "{other} {one}");
        }
    }

    #[test]
    fn other_urls_differ() {
        for (one, other) in [
            ("https://example.com/a", "https://example.com/a/"),
            ("https://example.com/a", "https://example.com/A"),
            ("https://example.com/a", "http://example.com/a"),
            ("https://example.com:8443/a", "https://example.com/a"),
            ("https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"),
            ("https://example.com/a?", "https://example.com/a"),
            ("https://example.com/a#b", "https://example.com/a"),
            ("https://example.com/a%2Fb", "https://example.com/a/b"),
            ("https://example.com/a+b", "https://example.com/a%20b"),
            ("https://example.com/a", "https://user@example.com/a"),
            ("https://example.com/a", "https:\\\\example.com\\a"),
            ("https://example.com/a", " https://example.com/a"),
            ("https://example.com/a", "https:///example.com/a"),
            ("https://example.com/a", "https:example.com/a"),
            ("https://example.com/a", "https://example.com/a\n"),
            ("https://example.com/%A%61", "https://example.com/%Aa"),
            ("https://example.com/%+1", "https://example.com/%01"),
            ("urn:A", "urn:a"),
            ("/a/./b", "/a/b"),
        ] {
            assert!(!same_url(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own(text in "https?://[a-zA-Z0-9.]{1,8}(:[0-9]{1,4})?(/[a-zA-Z0-9%./é]{0,12})?(\\?[a-z=&%]{0,8})?") {
            if let Some(normal) = normalised(&text) {
                prop_assert_eq!(normalised(&normal), Some(normal.clone()));
                prop_assert!(same_url(&text, &normal));
            }
        }

        #[test]
        fn no_text_makes_a_panic(one in "\\PC*", other in "https://[%a-f0-9./é]{0,20}") {
            prop_assert!(same_url(&one, &one));
            prop_assert!(same_url(&other, &other));
            prop_assert_eq!(same_url(&one, &other), same_url(&other, &one));
        }
    }
}
