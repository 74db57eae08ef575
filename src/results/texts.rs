//! Texts that repeat each other, as those of one run do: each is split into fragments, and every fragment is kept once.
//!
//! A packed text names its fragments by their numbers, in a row of operations that is a text itself, so that JSON, HTML and
//! memory hold the same. `report/html/page.js` reads it, too.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digits of numbers: the first half ends a number, the other half is followed by more.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bits of a digit.
const BITS: u32 = 5;
/// A text that is longer than this is not unpacked: no run holds one.
const LONGEST: usize = 1 << 30;

/// Every fragment of some texts, once. Clones share them.
#[derive(Clone, Default)]
pub struct Texts(Arc<RwLock<Pool>>);

#[derive(Default)]
struct Pool {
    /// Numbers of fragments by their hashes.
    known: FxHashMap<u64, u32>,
    /// All fragments, one behind the other.
    text: String,
    /// Where each of them ends.
    ends: Vec<usize>,
}

/// A packed text.
#[derive(Clone, PartialEq, Eq)]
pub struct PackedText(Arc<str>);

impl Serialize for PackedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PackedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("fragments", &self.len()).finish()
    }
}

impl fmt::Debug for PackedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedText").field("bytes", &self.0.len()).finish()
    }
}

fn hash(fragment: &str) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(fragment.as_bytes());
    hasher.write_usize(fragment.len());
    hasher.finish()
}

/// The fragments of a text: what lies between the marks of JSON that separate values.
fn fragments(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([',', '{', '[', '\n'])
}

impl Pool {
    fn get(&self, number: u32) -> Option<&str> {
        let at = usize::try_from(number).ok()?;
        let begin = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(begin..*self.ends.get(at)?)
    }

    fn add(&mut self, fragment: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(fragment);
        self.ends.push(self.text.len());
        number
    }

    /// The number of a fragment, which is added where it is new.
    fn number(&mut self, fragment: &str) -> u32 {
        let hash = hash(fragment);
        if let Some(number) = self.known.get(&hash).copied()
            && self.get(number) == Some(fragment)
        {
            return number;
        }
        let number = self.add(fragment);
        // Of two fragments with one hash, the first is found again.
        self.known.entry(hash).or_insert(number);
        number
    }
}

impl Texts {
    /// Texts with these fragments, by their numbers from 0.
    #[must_use]
    pub fn of(fragments: &[String]) -> Self {
        let mut pool = Pool::default();
        for fragment in fragments {
            let number = pool.add(fragment);
            pool.known.entry(hash(fragment)).or_insert(number);
        }
        Self(Arc::new(RwLock::new(pool)))
    }

    fn pool(&self) -> RwLockReadGuard<'_, Pool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many fragments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pool().ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether these are the same texts, not only equal ones.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Packs a text.
    #[must_use]
    pub fn pack(&self, text: &str) -> PackedText {
        let mut pool = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut writer = Writer::new(u32::try_from(pool.ends.len()).unwrap_or(u32::MAX));
        fragments(text).for_each(|fragment| writer.put(pool.number(fragment)));
        drop(pool);
        writer.finish()
    }

    /// A packed text as it was; `None` where it is broken, or of other texts.
    #[must_use]
    pub fn unpack(&self, packed: &PackedText) -> Option<String> {
        let pool = self.pool();
        let mut text = String::new();
        for number in Reader::new(packed) {
            text.push_str(pool.get(number?)?);
            if text.len() > LONGEST {
                return None;
            }
        }
        Some(text)
    }

    /// The fragments from a number on, as a JSON list.
    #[must_use]
    pub fn fragments(&self, from: usize) -> Fragments<'_> {
        Fragments { pool: self.pool(), from }
    }
}

/// Fragments to be written.
pub struct Fragments<'t> {
    pool: RwLockReadGuard<'t, Pool>,
    from: usize,
}

impl fmt::Debug for Fragments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fragments").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Fragments<'_> {
    /// The number after the last one.
    #[must_use]
    pub fn end(&self) -> usize {
        self.pool.ends.len()
    }
}

impl Serialize for Fragments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = |at: usize| u32::try_from(at).ok();
        serializer.collect_seq((self.from..self.end()).filter_map(|at| self.pool.get(number(at)?)))
    }
}

/// Some fragments of texts, with numbers of their own: those of the packed texts that are moved here.
#[derive(Debug, Default)]
pub struct Excerpt {
    numbers: FxHashMap<u32, u32>,
    order: Vec<u32>,
}

impl Excerpt {
    /// Moves a packed text here.
    pub fn take(&mut self, packed: &PackedText) -> PackedText {
        let mut writer = Writer::new(u32::try_from(self.order.len()).unwrap_or(u32::MAX));
        for number in Reader::new(packed).flatten() {
            let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
            let own = *self.numbers.entry(number).or_insert_with(|| {
                self.order.push(number);
                next
            });
            writer.put(own);
        }
        writer.finish()
    }

    /// Its fragments as a JSON list.
    ///
    /// # Errors
    /// That they cannot be written, which text rules out.
    pub fn to_json(&self, texts: &Texts) -> serde_json::Result<String> {
        let pool = texts.pool();
        serde_json::to_string(&self.order.iter().filter_map(|number| pool.get(*number)).collect::<Vec<_>>())
    }
}

/// Writes numbers of fragments: `.` is the next one that is new, `A` the one after the last, `*` so many of those, `!` any
/// other. Texts that are alike differ in a fragment here and there: `C`, `B` and `D` go on with the likeness, one, two or three
/// after the place where it ended.
struct Writer {
    /// The first number that is new.
    first: u32,
    place: Place,
    /// Numbers that each follow the one before.
    row: u32,
    text: String,
}

/// Where writers and readers are.
#[derive(Clone, Copy)]
struct Place {
    /// The next number that is new.
    next: u32,
    /// The last number.
    last: u32,
    /// The number at which the likeness ended.
    alike: u32,
}

impl Place {
    const fn new(first: u32) -> Self {
        Self { next: first, last: u32::MAX - 8, alike: u32::MAX - 8 }
    }

    /// After a row: a longer one is the likeness from then on.
    const fn end_row(&mut self, begun: u32, count: u32) {
        if count > 1 || begun == self.alike {
            self.alike = self.last;
        }
    }
}

fn write_number(mut number: u32, text: &mut String) {
    loop {
        let low = usize::try_from(number & ((1 << BITS) - 1)).unwrap_or_default();
        number >>= BITS;
        let digit = if number == 0 { low } else { low | (1 << BITS) };
        text.push(DIGITS.get(digit).map_or('A', |digit| char::from(*digit)));
        if number == 0 {
            return;
        }
    }
}

impl Writer {
    const fn new(first: u32) -> Self {
        Self { first, place: Place::new(first), row: 0, text: String::new() }
    }

    fn end_row(&mut self) {
        let count = std::mem::take(&mut self.row);
        match count {
            0 => return,
            1 => self.text.push('A'),
            count => {
                self.text.push('*');
                write_number(count, &mut self.text);
            }
        }
        self.place.end_row(self.place.last.wrapping_sub(count), count);
    }

    fn put(&mut self, number: u32) {
        if number != self.place.next && number == self.place.last.wrapping_add(1) {
            self.row += 1;
            self.place.last = number;
            return;
        }
        self.end_row();
        if number == self.place.next {
            self.text.push('.');
            self.place.next += 1;
            self.place.last = number;
            return;
        }
        let step = number.wrapping_sub(self.place.alike);
        match step {
            1 => self.text.push('C'),
            2 => self.text.push('B'),
            3 => self.text.push('D'),
            _ => {
                self.text.push('!');
                write_number(number, &mut self.text);
            }
        }
        self.place.last = number;
        if (1..=3).contains(&step) {
            self.place.alike = number;
        }
    }

    fn finish(mut self) -> PackedText {
        self.end_row();
        // Only who has new fragments need know their numbers.
        let fresh = self.place.next != self.first;
        let mut packed = String::with_capacity(self.text.len() + 4);
        write_number(if fresh { self.first } else { 0 }, &mut packed);
        packed.push_str(&self.text);
        PackedText(packed.into())
    }
}

/// Reads the numbers of a packed text. What is broken is `None`, and the end.
struct Reader<'p> {
    bytes: std::slice::Iter<'p, u8>,
    place: Place,
    row: u32,
    over: bool,
}

impl<'p> Reader<'p> {
    fn new(packed: &'p PackedText) -> Self {
        let mut reader = Self { bytes: packed.0.as_bytes().iter(), place: Place::new(0), row: 0, over: false };
        match reader.number() {
            Some(first) => reader.place.next = first,
            None => reader.over = true,
        }
        reader
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..u32::BITS).step_by(BITS as usize) {
            let byte = self.bytes.next()?;
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return None,
            };
            let digit = u32::from(digit);
            number |= (digit & ((1 << BITS) - 1)).checked_shl(shift)?;
            if digit >> BITS == 0 {
                return Some(number);
            }
        }
        None
    }

    fn step(&mut self) -> Option<Option<u32>> {
        if self.row > 0 {
            self.row -= 1;
            self.place.last = self.place.last.wrapping_add(1);
            return Some(Some(self.place.last));
        }
        let place = &mut self.place;
        let resume = |place: &mut Place, step: u32| {
            place.alike = place.alike.wrapping_add(step);
            place.alike
        };
        let number = match self.bytes.next()? {
            b'.' => {
                let number = place.next;
                place.next = place.next.wrapping_add(1);
                number
            }
            mark @ (b'A' | b'*') => {
                let count = if *mark == b'A' { Some(1) } else { self.number().filter(|count| *count > 0) };
                let Some(count) = count else { return Some(None) };
                let begun = self.place.last;
                self.place.last = begun.wrapping_add(count);
                self.place.end_row(begun, count);
                self.place.last = begun.wrapping_add(1);
                self.row = count - 1;
                return Some(Some(self.place.last));
            }
            b'C' => resume(place, 1),
            b'B' => resume(place, 2),
            b'D' => resume(place, 3),
            b'!' => match self.number() {
                Some(number) => number,
                None => return Some(None),
            },
            _ => return Some(None),
        };
        self.place.last = number;
        Some(Some(number))
    }
}

impl Iterator for Reader<'_> {
    type Item = Option<u32>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            self.over = false;
            self.bytes = [].iter();
            return Some(None);
        }
        self.step()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Excerpt, PackedText, Texts};

    #[test]
    fn fragments_are_kept_once() {
        let texts = Texts::default();
        let one = texts.pack(r#"{"a":1,"id":"x","b":2,"c":[1,2,3]}"#);
        let count = texts.len();
        let other = texts.pack(r#"{"a":1,"id":"y","b":2,"c":[1,2,3]}"#);
        assert_eq!(texts.len(), count + 1);
        assert_eq!(texts.unpack(&one).unwrap(), r#"{"a":1,"id":"x","b":2,"c":[1,2,3]}"#);
        assert_eq!(texts.unpack(&other).unwrap(), r#"{"a":1,"id":"y","b":2,"c":[1,2,3]}"#);
        let again: Vec<String> = serde_json::from_value(serde_json::to_value(texts.fragments(0)).unwrap()).unwrap();
        assert_eq!(Texts::of(&again).unpack(&other), texts.unpack(&other));
    }

    #[test]
    fn broken_texts_are_none() {
        let texts = Texts::default();
        let _ = texts.pack("a,b");
        for broken in ["", "A!", "A!z", "A?", "A*", "A*A", "A!____________", "A.....", "AC"] {
            assert_eq!(texts.unpack(&PackedText(broken.into())), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_as_it_was(all in proptest::collection::vec("[ab,{é\\n]{0,40}", 1..12)) {
            let texts = Texts::default();
            let packed: Vec<_> = all.iter().map(|text| texts.pack(text)).collect();
            let mut excerpt = Excerpt::default();
            let moved: Vec<_> = packed.iter().rev().step_by(2).map(|packed| excerpt.take(packed)).collect();
            let fragments: Vec<String> = serde_json::from_str(&excerpt.to_json(&texts).unwrap()).unwrap();
            let own = Texts::of(&fragments);
            for (text, packed) in all.iter().zip(&packed) {
                prop_assert_eq!(&texts.unpack(packed).unwrap(), text);
            }
            for (text, packed) in all.iter().rev().step_by(2).zip(&moved) {
                prop_assert_eq!(&own.unpack(packed).unwrap(), text);
            }
        }
    }
}
