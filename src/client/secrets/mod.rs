//! Searches texts for secrets, in every encoding in which a target may return them.

mod decode;
mod patterns;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use decode::{Decoded, Kinds, decode};
use patterns::{Level, Pattern, Sight, forms_of, sort};

/// The start of every placeholder. The number of the secret follows.
const MASK: &str = "***";

/// The placeholder of a secret, by its number.
fn placeholder(secret: usize) -> String {
    format!("{MASK}{secret}")
}

/// Whether a text is a placeholder and nothing else.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.strip_prefix(MASK).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Encodings within encodings are followed to this depth.
const LAYERS: usize = 4;

/// The secrets of a run. Every search is linear in the length of the text.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Automata, the largest first: each holds at least as many bytes as the next, so additions stay cheap.
    levels: Vec<Level>,
    /// Length of the longest pattern in bytes.
    longest: usize,
    numbers: Numbers,
}

/// The numbers of secrets, by keyed hashes of them.
#[derive(Debug)]
struct Numbers {
    keys: RandomState,
    known: HashMap<u64, usize>,
    next: usize,
    /// How far the numbers of two secrets are apart.
    step: usize,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { keys: RandomState::new(), known: HashMap::new(), next: 1, step: 1 }
    }
}

impl Numbers {
    fn get(&self, forms: &[impl AsRef<[u8]>]) -> Option<usize> {
        forms.iter().find_map(|form| self.known.get(&self.keys.hash_one(form.as_ref())).copied())
    }

    /// The number of the secret with these forms, from now on or already.
    fn of(&mut self, forms: &[impl AsRef<[u8]>]) -> usize {
        let number = self.get(forms).unwrap_or_else(|| {
            let number = self.next;
            self.next += self.step;
            number
        });
        for form in forms {
            self.known.entry(self.keys.hash_one(form.as_ref())).or_insert(number);
        }
        number
    }
}

impl Secrets {
    /// Adds secrets, each with all texts that stand for it. Those that are too short to be distinguished from other text are
    /// only numbered.
    pub(super) fn add<'s>(&mut self, secrets: impl IntoIterator<Item = Vec<&'s str>>) {
        let mut patterns: Vec<Pattern> = Vec::new();
        for texts in secrets {
            let forms: Vec<Pattern> = texts.iter().copied().flat_map(forms_of).collect();
            let plain = forms.iter().filter(|form| form.is_plain()).map(|form| form.bytes.as_slice());
            let plain: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).chain(plain).collect();
            let number = self.numbers.of(&plain);
            patterns.extend(forms.into_iter().map(|form| form.of(number)));
        }
        sort(&mut patterns);
        patterns.dedup_by(|one, other| one.bytes == other.bytes);
        patterns.retain(|pattern| !self.levels.iter().any(|level| level.contains(pattern)));
        if patterns.is_empty() {
            return;
        }
        while let Some(last) = self.levels.pop_if(|last| last.size() <= 2 * patterns::size(&patterns)) {
            patterns.extend(last.into_patterns());
        }
        self.longest = patterns.iter().map(|pattern| pattern.bytes.len()).chain([self.longest]).max().unwrap_or(0);
        self.levels.extend(Level::of(patterns));
    }

    /// The placeholder of a secret with these texts, if it is known.
    pub(super) fn known(&self, texts: &[String]) -> Option<String> {
        self.numbers.get(texts).map(placeholder)
    }

    /// The placeholder of a secret with these texts, which need not be searched for.
    pub(super) fn number(&mut self, texts: &[String]) -> String {
        placeholder(self.numbers.of(texts))
    }

    /// Numbers the secrets that are added from now on so that none of `of` machines, of which this is number `number` from 1,
    /// gives out a number of another.
    pub(super) fn share_numbers(&mut self, number: usize, of: usize) {
        self.numbers.next += number.saturating_sub(1);
        self.numbers.step = of.max(1);
    }

    /// A text with a placeholder instead of every secret.
    pub(super) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask_start(text, text.len())
    }

    /// The first `limit` bytes of a text with a placeholder instead of every secret, also of one that crosses the limit.
    pub(super) fn mask_start<'t>(&self, text: &'t str, limit: usize) -> Cow<'t, str> {
        let start = text.get(..text.floor_char_boundary(limit)).unwrap_or(text);
        let sights = self.sights(text);
        if sights.iter().all(|sight| sight.span.start >= start.len()) {
            return Cow::Borrowed(start);
        }
        let mut masked = String::with_capacity(start.len());
        let mut at = 0;
        for sight in sights.into_iter().take_while(|sight| sight.span.start < start.len()) {
            masked.push_str(text.get(at..sight.span.start).unwrap_or_default());
            masked.push_str(&placeholder(sight.secret));
            at = sight.span.end;
            // What follows must not look like a part of the number.
            if start.as_bytes().get(at).is_some_and(u8::is_ascii_digit) {
                masked.push('*');
            }
        }
        masked.push_str(start.get(at..).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// Where secrets are: in order, apart from each other, on character boundaries. Where some overlap, the longest gives
    /// its number to all of them.
    fn sights(&self, text: &str) -> Vec<Sight> {
        let mut found = Vec::new();
        if self.levels.is_empty() {
            return found;
        }
        self.scan(text.as_bytes(), std::iter::once(0..text.len()), &mut found);
        self.scan_mixed(text.as_bytes(), &mut found);
        self.scan_layers(text.as_bytes(), &mut Vec::new(), &mut found);
        found.sort_by_key(|sight| (sight.span.start, std::cmp::Reverse(sight.span.end), sight.secret));
        let mut sights: Vec<(Sight, usize)> = Vec::with_capacity(found.len());
        for Sight { span, secret } in found {
            let span = text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end);
            let length = span.len();
            match sights.last_mut().filter(|(last, _)| span.start < last.span.end) {
                Some((last, longest)) => {
                    last.span.end = last.span.end.max(span.end);
                    if length > *longest {
                        (last.secret, *longest) = (secret, length);
                    }
                }
                None => sights.push((Sight { span, secret }, length)),
            }
        }
        sights.into_iter().map(|(sight, _)| sight).collect()
    }

    /// Searches what the text becomes when all encodings are undone at once, again and again.
    fn scan_mixed(&self, text: &[u8], found: &mut Vec<Sight>) {
        let mut layers: Vec<Decoded> = Vec::new();
        while layers.len() < LAYERS
            && let Some(decoded) = decode(layers.last().map_or(text, |layer| &layer.bytes), Kinds::ALL)
        {
            layers.push(decoded);
            self.scan_last(&layers, found);
        }
    }

    /// Searches what the text becomes when one encoding is undone after the other, in every order: what is left of one by
    /// another may look like an escape together with what follows.
    fn scan_layers(&self, text: &[u8], layers: &mut Vec<Decoded>, found: &mut Vec<Sight>) {
        if layers.len() + 1 == LAYERS {
            return;
        }
        for kind in Kinds::SINGLE {
            if let Some(decoded) = decode(layers.last().map_or(text, |layer| &layer.bytes), kind) {
                layers.push(decoded);
                self.scan_last(layers, found);
                self.scan_layers(text, layers, found);
                layers.pop();
            }
        }
    }

    /// Searches the last layer. What touches nothing that was decoded was found in the one before.
    fn scan_last(&self, layers: &[Decoded], found: &mut Vec<Sight>) {
        let Some(last) = layers.last() else { return };
        let mut here = Vec::new();
        self.scan(&last.bytes, last.windows(self.longest), &mut here);
        found.extend(here.into_iter().map(|Sight { span, secret }| Sight {
            span: layers.iter().rev().fold(span, |span, layer| layer.source(span)),
            secret,
        }));
    }

    fn scan(&self, text: &[u8], windows: impl Iterator<Item = Range<usize>> + Clone, found: &mut Vec<Sight>) {
        for level in &self.levels {
            for window in windows.clone() {
                level.scan(text, window, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::{Secrets, decode::Kinds, decode::decode, is_placeholder};

    const SECRET: &str = "k+/=\"<é&%41 9\\u";

    fn secrets(texts: &[&str]) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(texts.iter().map(|text| vec![*text]));
        secrets
    }

    #[track_caller]
    fn hidden(secret: &str, encoded: &str) {
        let secrets = secrets(&[secret]);
        assert_eq!(secrets.mask(&format!("[{encoded}]")), "[***1]", "{encoded}");
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        hidden(SECRET, SECRET);
        hidden(SECRET, "k\\u002B\\/=\\\"\\u003c\\u00e9\\u0026%41 9\\\\u");
        hidden(SECRET, "k&plus;&sol;&equals;&quot;&lt;&eacute;&amp;&percnt;41 9&bsol;u");
        hidden(SECRET, "k&#43;&#x2f;=&#34;&#X3C;&#233;&#38;%41 9\\u");
        hidden(SECRET, "k%2B%2f%3D%22%3c%C3%a9%26%2541+9%5Cu");
        hidden(SECRET, "k%252B%252f%253D%2522%253c%25C3%25a9%2526%252541%25209%255Cu");
        hidden("pair 😀 secret", "pair \\uD83D\\ude00 secret");
        hidden("pair 😀 secret", "pair \\u{1f600} secret");
        hidden("pair 😀 secret", "pair&#x20;&#128512;&#32;secret");
    }

    #[test]
    fn a_secret_within_base64_is_masked_whatever_stands_around_it() {
        for before in ["", "u", "us", "user", "user:"] {
            for after in ["", "!", "!!", ":more"] {
                for secret in ["s3cret", "top-secret-9", "ÿÿÿ>>>???~~~"] {
                    let whole = format!("{before}{secret}{after}");
                    for encoded in [STANDARD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
                        let shown = secrets(&[secret]).mask(&encoded).into_owned();
                        let left: String = shown.replace("***1", "");
                        assert!(shown.contains("***") && left.len() <= (before.len() + after.len()) * 4 / 3 + 4);
                        let escaped = encoded.replace('/', "\\/").replace('+', "%2B");
                        assert!(secrets(&[secret]).mask(&escaped).contains("***"), "{escaped}");
                    }
                }
            }
        }
        assert_eq!(secrets(&["user:secret"]).mask("Basic dXNlcjpzZWNyZXQ=."), "Basic ***1.");
    }

    #[test]
    fn overlapping_and_nested_secrets_leave_nothing() {
        let secrets = secrets(&["abcdefg", "defghij", "cdefgh"]);
        assert_eq!(secrets.mask("x abcdefghij y"), "x ***1 y");
        assert_eq!(secrets.mask("abcdefg defghij"), "***1 ***2");
    }

    #[test]
    fn each_secret_has_a_placeholder_of_its_own() {
        let mut secrets = secrets(&["token-of-one", "token-of-other"]);
        let text = "token-of-one token%2Dof%2Dother token-of-one token-of-other";
        assert_eq!(secrets.mask(text), "***1 ***2 ***1 ***2");
        secrets.add([vec!["token-of-one"], vec!["Bearer token-of-third", "token-of-third"]]);
        assert_eq!(secrets.mask("token-of-third, Bearer token-of-third"), "***3, ***3");
        assert_eq!(secrets.known(&["token-of-third".to_owned()]).as_deref(), Some("***3"));
        assert_eq!(secrets.known(&["short".to_owned()]), None);
        assert_eq!(secrets.number(&["short".to_owned()]), "***4");
        assert_eq!(secrets.number(&["short".to_owned()]), "***4");
        assert_eq!(secrets.mask("short"), "short", "it may be part of anything");
        secrets.add([vec!["token-of-one-and-more"]]);
        assert_eq!(secrets.mask("token-of-one token-of-one-and-more"), "***1 ***5");
    }

    #[test]
    fn digits_after_a_placeholder_are_none_of_it() {
        let secrets = secrets(&["token-of-one"]);
        assert_eq!(secrets.mask("token-of-one23"), "***1*23");
        assert!(is_placeholder("***23") && !["***", "***1*2", "***x", "1"].into_iter().any(is_placeholder));
    }

    #[test]
    fn machines_that_share_a_run_share_no_number() {
        let shown = |number: usize| {
            let mut secrets = secrets(&["of-all-1", "of-all-2"]);
            secrets.share_numbers(number, 2);
            secrets.add([vec!["token-of-one"], vec!["token-of-other"]]);
            secrets.mask("of-all-2 token-of-one token-of-other").into_owned()
        };
        assert_eq!((shown(1), shown(2)), ("***2 ***3 ***5".to_owned(), "***2 ***4 ***6".to_owned()));
    }

    #[test]
    fn a_secret_that_is_cut_off_is_masked() {
        let secrets = secrets(&["canary-secret-0123456789"]);
        assert_eq!(secrets.mask("found canary-secret-0…"), "found ***1…");
        assert_eq!(secrets.mask("found canary-secret\\u002d\\u00…"), "found ***1…");
        assert_eq!(secrets.mask("found canary…"), "found canary…");
        assert_eq!(secrets.mask_start("found canary-secret-0123456789 there", 14), "found ***1");
        assert_eq!(secrets.mask_start("found nothing at all", 5), "found");
    }

    #[test]
    fn secrets_that_are_learned_one_by_one_are_all_masked() {
        let mut secrets = Secrets::default();
        let tokens: Vec<String> = (0..200).map(|number| format!("token-{number:05}-{number:x}")).collect();
        for token in &tokens {
            secrets.add([vec![token.as_str()]]);
        }
        assert!(secrets.levels.len() < 12);
        for (number, token) in tokens.iter().enumerate() {
            assert_eq!(secrets.mask(token), format!("***{}", number + 1), "however often automata are merged");
        }
        assert_eq!(secrets.mask("short and token-00200"), "short and token-00200");
    }

    /// What no other text is made of, so that the mask is exact.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zA-Z0-9+/=_.%&\\\\\"'<> ;:#?~éß😀-]{8,40}",
            "[a-zA-Z0-9_-]{6,60}",
            "([+/=%&\\\\;]|u002B|%41|amp;|x41){6,12}",
        ]
        .prop_map(|text: String| text.trim().to_owned())
        .prop_filter("long enough", |text| text.len() >= 6)
    }

    /// An encoder: what must be escaped is, anything else by chance.
    fn encoded(kind: u8, text: &str, chance: &mut impl FnMut(u32) -> u32) -> String {
        let case = |chance: u32, upper: String, lower: String| if chance == 0 { upper } else { lower };
        let mut shown = String::new();
        for c in text.chars() {
            match kind {
                0 => {
                    let units: String = c
                        .encode_utf16(&mut [0; 2])
                        .iter()
                        .map(|unit| case(chance(2), format!("\\u{unit:04X}"), format!("\\u{unit:04x}")))
                        .collect();
                    match c {
                        '"' | '\\' | '/' if chance(2) == 0 => shown.extend(['\\', c]),
                        '"' | '\\' => shown.push_str(&units),
                        _ if chance(3) == 0 => shown.push_str(&units),
                        _ => shown.push(c),
                    }
                }
                1 => match c {
                    '&' => shown.push_str("&amp;"),
                    '<' => shown.push_str("&lt;"),
                    '+' if chance(2) == 0 => shown.push_str("&plus;"),
                    _ if chance(4) == 0 => shown.push_str(&format!("&#{};", u32::from(c))),
                    _ if chance(4) == 0 => shown.push_str(&format!("&#x{:x};", u32::from(c))),
                    _ => shown.push(c),
                },
                _ => match c {
                    ' ' if chance(2) == 0 => shown.push('+'),
                    '%' | '+' | ' ' | '&' | '\\' => shown.push_str(&format!("%{:02X}", u32::from(c))),
                    _ if !c.is_ascii_alphanumeric() || chance(4) == 0 => {
                        for byte in c.to_string().bytes() {
                            shown.push_str(&case(chance(2), format!("%{byte:02X}"), format!("%{byte:02x}")));
                        }
                    }
                    _ => shown.push(c),
                },
            }
        }
        shown
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_encoding_of_a_secret_survives(
            secret in text(),
            kinds in prop::collection::vec(0_u8..3, 0..3),
            seed in prop::collection::vec(0_u32..1000, 50..200),
        ) {
            let mut at = 0;
            let mut chance = |of: u32| {
                at += 1;
                seed[at % seed.len()] % of
            };
            let mut text = secret.clone();
            for kind in kinds {
                text = encoded(kind, &text, &mut chance);
            }
            let shown = secrets(&[&secret]).mask(&format!("([{text}])")).into_owned();
            prop_assert_eq!(shown, "([***1])");
        }

        #[test]
        fn texts_of_any_kind_are_searched_without_a_panic(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let secrets = secrets(&["secret", "\u{e9}\u{e9}\u{e9}"]);
            prop_assert_eq!(secrets.mask(&text), text.as_str());
            let _ = decode(&bytes, Kinds::ALL);
        }
    }

    /// What grew with the square would take minutes.
    #[test]
    fn long_texts_are_searched_in_linear_time() {
        let secrets = secrets(&["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "canary-secret-0123456789"]);
        for part in ["a", "\\u0061", "&#97;", "%61", "%2561", "\\\\", "&", "…", "{\"a\": \"canary-secret\"}"] {
            let text = part.repeat(300_000 / part.len());
            assert_eq!(secrets.mask(&text), text);
        }
    }
}
