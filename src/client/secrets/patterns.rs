//! The forms of secrets, and the automaton that finds them.

use std::ops::Range;

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous::NFA;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::decode::{Kinds, decode};

/// Shorter texts are not searched for: they may be part of anything.
const SEARCHED_FROM: usize = 6;

/// A secret that was cut off is masked from this length, as long as half of it is there.
const CUT_FROM: usize = 8;

/// The longest start of an escape before `…`, in bytes.
const LONGEST_ESCAPE: usize = 8;

/// The UTF-8 of `…`, with which texts are cut off.
const ELLIPSIS: &[u8] = "…".as_bytes();

/// A text to search for.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// The text, folded.
    pub(super) bytes: Vec<u8>,
    /// Whether it is Base64, and how many characters before and after it hold a part of the secret, too.
    base64: Option<[usize; 2]>,
    /// The number of the secret.
    secret: usize,
}

impl Pattern {
    /// Whether it is the secret itself, or what is left of it when it is decoded.
    pub(super) const fn is_plain(&self) -> bool {
        self.base64.is_none()
    }

    /// The same for the secret of this number.
    pub(super) const fn of(mut self, secret: usize) -> Self {
        self.secret = secret;
        self
    }
}

/// Where a secret is.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) span: Range<usize>,
    /// The number of the secret.
    pub(super) secret: usize,
}

/// The byte that is compared: `+` stands for a blank in forms and queries.
const fn folded(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte }
}

/// Whether an escape may begin with a byte.
const fn is_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'&' | b'%')
}

/// Whether a byte is looked at wherever it stands: the beginning of an escape, or of `…`.
const fn is_special(byte: u8) -> bool {
    is_escape(byte) || byte == 0xe2
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The forms in which a secret may come back; none of one that is too short.
pub(super) fn forms_of(secret: &str) -> Vec<Pattern> {
    if secret.len() < SEARCHED_FROM {
        return Vec::new();
    }
    // A secret that looks encoded itself is decoded together with the text around it.
    let mut plain = vec![secret.as_bytes().to_vec()];
    while let Some(decoded) = plain.last().and_then(|last| decode(last, Kinds::ALL)).filter(|_| plain.len() < 5) {
        plain.push(decoded.bytes);
    }
    plain.retain(|bytes| bytes.len() >= SEARCHED_FROM);
    let base64: Vec<_> = plain.iter().flat_map(|bytes| base64_of(bytes)).collect();
    let forms = plain.into_iter().map(|bytes| (bytes, None)).chain(base64);
    forms.map(|(bytes, base64)| Pattern { bytes: bytes.into_iter().map(folded).collect(), base64, secret: 0 }).collect()
}

/// The characters of Base64 that depend on the secret alone, not on the text before and after it.
fn base64_of(secret: &[u8]) -> impl Iterator<Item = (Vec<u8>, Option<[usize; 2]>)> {
    (0..3_usize).flat_map(move |before| {
        let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(secret.iter().copied()).collect();
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        let edges = [usize::from(before > 0), usize::from(!bytes.len().is_multiple_of(3))];
        [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
            .map(|text| (text.as_bytes().get(first..last).unwrap_or_default().to_vec(), Some(edges)))
    })
}

/// Puts patterns in the order of their bytes.
pub(super) fn sort(patterns: &mut [Pattern]) {
    patterns.sort_by(|one, other| one.bytes.cmp(&other.bytes));
}

/// How many bytes patterns have.
pub(super) fn size(patterns: &[Pattern]) -> usize {
    patterns.iter().map(|pattern| pattern.bytes.len()).sum()
}

/// Pairs of folded bytes with which patterns begin, or whose first one is looked at by itself. A bit each.
#[derive(Debug)]
struct Stops(Vec<[u64; 4]>);

impl Stops {
    fn of(patterns: &[Pattern]) -> Self {
        let mut pairs: Vec<[u64; 4]> =
            (0..=u8::MAX).map(|byte| if is_special(byte) { [u64::MAX; 4] } else { [0; 4] }).collect();
        for [first, second] in patterns.iter().filter_map(|pattern| pattern.bytes.first_chunk()) {
            let row = pairs.get_mut(usize::from(*first));
            if let Some(part) = row.and_then(|row| row.get_mut(usize::from(second / 64))) {
                *part |= 1 << (second % 64);
            }
        }
        Self(pairs)
    }

    /// Whether to look at a byte that another one follows.
    fn at(&self, byte: u8, after: u8) -> bool {
        let (byte, after) = (folded(byte), folded(after));
        let part = self.0.get(usize::from(byte)).and_then(|row| row.get(usize::from(after / 64)));
        part.is_none_or(|part| part & (1 << (after % 64)) != 0)
    }
}

/// Patterns that are searched for together.
#[derive(Debug)]
pub(super) struct Level {
    /// In the order of their bytes.
    patterns: Vec<Pattern>,
    /// Length of the longest one in bytes.
    longest: usize,
    automaton: NFA,
    start: StateID,
    /// Where to look, between patterns: everything else is passed over.
    stops: Stops,
}

impl Level {
    /// An automaton for patterns.
    pub(super) fn of(mut patterns: Vec<Pattern>) -> Option<Self> {
        sort(&mut patterns);
        let automaton = NFA::builder().prefilter(false).build(patterns.iter().map(|pattern| &pattern.bytes)).ok()?;
        let start = automaton.start_state(Anchored::No).ok()?;
        let longest = patterns.iter().map(|pattern| pattern.bytes.len()).max().unwrap_or_default();
        let stops = Stops::of(&patterns);
        Some(Self { patterns, longest, automaton, start, stops })
    }

    pub(super) fn contains(&self, wanted: &Pattern) -> bool {
        self.patterns.iter().any(|pattern| pattern.bytes == wanted.bytes)
    }

    pub(super) fn size(&self) -> usize {
        size(&self.patterns)
    }

    pub(super) fn into_patterns(self) -> Vec<Pattern> {
        self.patterns
    }

    /// The longest end of a part of the text that patterns begin with: its length, and the length of the shortest of these patterns
    /// with its secret.
    fn cut_off(&self, text: &[u8], part: Range<usize>) -> Option<(usize, usize, usize)> {
        let first = part.start.max(part.end.saturating_sub(self.longest));
        let folded: Vec<u8> = text.get(first..part.end)?.iter().map(|byte| folded(*byte)).collect();
        (0..folded.len().saturating_sub(CUT_FROM - 1)).find_map(|begin| {
            let end = folded.get(begin..)?;
            let from = self.patterns.partition_point(|pattern| pattern.bytes.as_slice() < end);
            let fitting = self.patterns.get(from..)?.iter().take_while(|pattern| pattern.bytes.starts_with(end));
            let (length, secret) = fitting.map(|pattern| (pattern.bytes.len(), pattern.secret)).min()?;
            Some((end.len(), length, secret))
        })
    }

    /// Adds to `found` where patterns are within a window of the text, and what is left of one before `…`.
    pub(super) fn scan(&self, text: &[u8], window: Range<usize>, found: &mut Vec<Sight>) {
        let mut state = self.start;
        // Where the text began of which patterns may have a part so far.
        let mut began = window.start;
        // Where the last escape began that may be cut off itself, and that text before it.
        let mut escape = began..began;
        let after = text.get(window.start + 1..).unwrap_or_default().iter().copied().chain(std::iter::once(0));
        let mut bytes = (window.start..).zip(text.get(window).unwrap_or_default().iter().zip(after));
        loop {
            let next = if state == self.start {
                bytes.find(|(_, (byte, after))| self.stops.at(**byte, *after))
            } else {
                bytes.next()
            };
            let Some((at, (byte, _))) = next else { break };
            if state == self.start {
                began = at;
            }
            if *byte == 0xe2 && text.get(at..).is_some_and(|here| here.starts_with(ELLIPSIS)) {
                let cut = [began..at, escape.clone()].into_iter().find_map(|part| {
                    let (bytes, length, secret) = self.cut_off(text, part.clone())?;
                    let enough = bytes >= CUT_FROM && bytes * 2 >= length && at - part.end <= LONGEST_ESCAPE;
                    enough.then(|| Sight { span: part.end.saturating_sub(bytes)..at, secret })
                });
                found.extend(cut);
            }
            if is_escape(*byte) {
                escape = began..at;
            }
            state = self.automaton.next_state(Anchored::No, state, folded(*byte));
            // The first pattern of a state is the longest that ends here; it covers the others.
            if self.automaton.is_match(state)
                && let Some(pattern) = self.patterns.get(self.automaton.match_pattern(state, 0).as_usize())
            {
                let end = at + 1;
                let span = end.saturating_sub(pattern.bytes.len())..end;
                let span = pattern.base64.map_or_else(|| span.clone(), |edges| widened(text, &span, edges));
                found.push(Sight { span, secret: pattern.secret });
            }
        }
    }
}

/// The span with the characters of Base64 at its edges that hold a part of the secret, and with the padding.
fn widened(text: &[u8], span: &Range<usize>, [before, after]: [usize; 2]) -> Range<usize> {
    let holds = |at: usize| text.get(at).is_some_and(|byte| is_base64(*byte));
    let start = span.start - usize::from(before > 0 && span.start > 0 && holds(span.start - 1));
    let end = span.end + usize::from(after > 0 && holds(span.end));
    let padding = text.get(end..).unwrap_or_default().iter().take(2).take_while(|byte| **byte == b'=').count();
    start..end + padding
}
