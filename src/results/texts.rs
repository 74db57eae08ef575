//! Texts that repeat each other, as those of one run do: each is split into fragments, and every fragment is kept once.
//!
//! A packed text names its fragments by their numbers, in a row of operations that is a text itself, so that JSON, HTML and
//! journal hold the same. `report/html/page.js` reads it, too.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::store::{Place as Stored, Store};

/// The digits of numbers: the first half ends a number, the other half is followed by more.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bits of a digit.
const BITS: u32 = 5;
/// A text that is longer than this is not unpacked: no run holds one.
const LONGEST: usize = 1 << 30;
/// So many bytes of fragments are stored together.
const BLOCK: usize = 64 * 1024;
/// So many blocks are remembered that were read.
const REMEMBERED: usize = 24;
/// No number of a fragment.
const NONE: u32 = u32::MAX;
/// The highest number of a fragment that is moved: no run has so many.
const HIGHEST: usize = 1 << 26;
/// So many fragments are looked up, and as many of those before them. One that was not met for longer is added again.
const LOOKED_UP: usize = 64 * 1024;

/// Every fragment of some texts, once, in a file but for the last ones. Clones share them.
#[derive(Clone, Default)]
pub struct Texts(Arc<Mutex<Pool>>, Store);

#[derive(Default)]
struct Pool {
    /// What fragments are hashed with, so that no target knows two of one hash.
    keys: RandomState,
    /// Numbers of fragments by their hashes: those that were met lately, and those before.
    lately: FxHashMap<u64, u32>,
    before: FxHashMap<u64, u32>,
    /// How many fragments there are.
    count: u32,
    /// The last ones.
    last: Block,
    /// The others: the number of the first fragment of each block, and where it is.
    blocks: Vec<(u32, Stored)>,
    /// Packed texts that may be asked for again, by the hashes of the texts.
    whole: FxHashMap<u64, Stored>,
    /// Blocks that were read, by their numbers, the last one first.
    read: VecDeque<(usize, Arc<Block>)>,
}

/// Fragments, one behind the other.
#[derive(Default)]
struct Block {
    text: String,
    /// Where each of them ends.
    ends: Vec<u32>,
}

impl Block {
    fn get(&self, at: u32) -> Option<&str> {
        let at = usize::try_from(at).ok()?;
        let begin = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let (begin, end) = (usize::try_from(begin).ok()?, usize::try_from(*self.ends.get(at)?).ok()?);
        self.text.get(begin..end)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let count = u32::try_from(self.ends.len()).unwrap_or_default();
        let numbers = std::iter::once(count).chain(self.ends.iter().copied()).flat_map(u32::to_le_bytes);
        numbers.chain(self.text.bytes()).collect()
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().ok().map(u32::from_le_bytes);
        let (count, rest) = bytes.split_at_checked(4)?;
        let (ends, text) = rest.split_at_checked(usize::try_from(number(count)?).ok()?.checked_mul(4)?)?;
        let ends = ends.chunks_exact(4).map(number).collect::<Option<Vec<u32>>>()?;
        Some(Self { text: String::from_utf8(text.to_vec()).ok()?, ends })
    }
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

impl PackedText {
    /// It as it is stored.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// It without the number of its first new fragment, which whoever reads all texts in order knows.
    pub(super) fn without_first(&self) -> &str {
        let digit = |byte: &u8| DIGITS.iter().position(|digit| digit == byte).unwrap_or_default();
        let end = self.0.as_bytes().iter().position(|byte| digit(byte) < DIGITS.len() / 2);
        end.and_then(|end| self.0.get(end + 1..)).unwrap_or_default()
    }

    /// One whose first new fragment has this number, and how many new ones it has.
    pub(super) fn with_first(first: u32, rest: &str) -> (Self, u32) {
        let mut packed = String::with_capacity(rest.len() + 4);
        write_number(first, &mut packed);
        packed.push_str(rest);
        let new = rest.bytes().filter(|byte| *byte == b'.').count();
        (Self(packed.into()), u32::try_from(new).unwrap_or(u32::MAX))
    }

    /// One that was stored; an empty text is none.
    pub(super) fn stored(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }
}

/// Shows the fragments of a text: what lies between the marks of JSON that separate values, UUIDs, and options of commands.
fn each_fragment<'t>(text: &'t str, mut take: impl FnMut(&'t str)) {
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

impl Pool {
    /// The number of the first of the last fragments.
    fn first_of_last(&self) -> u32 {
        self.count.saturating_sub(u32::try_from(self.last.ends.len()).unwrap_or(u32::MAX))
    }

    fn add(&mut self, fragment: &str, store: &Store) -> u32 {
        let number = self.count;
        self.count = self.count.saturating_add(1);
        self.last.text.push_str(fragment);
        self.last.ends.push(u32::try_from(self.last.text.len()).unwrap_or(u32::MAX));
        if self.last.text.len() >= BLOCK {
            let first = self.first_of_last();
            self.blocks.push((first, store.put(&self.last.to_bytes())));
            self.last.text.clear();
            self.last.ends.clear();
        }
        number
    }

    /// The number of a fragment, which is added where it is new.
    fn number(&mut self, fragment: &str, store: &Store) -> u32 {
        let hash = self.keys.hash_one(fragment);
        if let Some(number) = self.lately.get(&hash) {
            return *number;
        }
        let number = self.before.get(&hash).copied().unwrap_or_else(|| self.add(fragment, store));
        self.know(hash, number);
        number
    }

    fn know(&mut self, hash: u64, number: u32) {
        if self.lately.len() >= LOOKED_UP {
            self.before = std::mem::take(&mut self.lately);
        }
        self.lately.insert(hash, number);
    }

    /// The block of this number. It is remembered.
    fn block(&mut self, at: usize, store: &Store) -> Option<Arc<Block>> {
        if let Some(known) = self.read.iter().position(|(number, _)| *number == at) {
            if known > 0 {
                let block = self.read.remove(known)?;
                self.read.push_front(block);
            }
            return self.read.front().map(|(_, block)| Arc::clone(block));
        }
        let (_, place) = self.blocks.get(at)?;
        let block = Arc::new(Block::of_bytes(&store.get(*place)?)?);
        self.read.truncate(REMEMBERED - 1);
        self.read.push_front((at, Arc::clone(&block)));
        Some(block)
    }

    /// Shows fragments of these numbers to `take`, one after the other. `None` where one is unknown.
    fn each(
        &mut self,
        numbers: impl Iterator<Item = Option<u32>>,
        store: &Store,
        mut take: impl FnMut(&str) -> Option<()>,
    ) -> Option<()> {
        let first_of_last = self.first_of_last();
        // Most fragments follow others of their block.
        let mut here: Option<(u32, Arc<Block>)> = None;
        for number in numbers {
            let number = number?;
            if let Some(at) = number.checked_sub(first_of_last) {
                take(self.last.get(at)?)?;
                continue;
            }
            let found = here.as_ref().and_then(|(first, block)| block.get(number.checked_sub(*first)?));
            if let Some(fragment) = found {
                take(fragment)?;
                continue;
            }
            let at = self.blocks.partition_point(|(first, _)| *first <= number).checked_sub(1)?;
            let first = self.blocks.get(at)?.0;
            let block = self.block(at, store)?;
            take(block.get(number - first)?)?;
            here = Some((first, block));
        }
        Some(())
    }
}

impl Texts {
    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What packed texts are stored in.
    pub(super) const fn store(&self) -> &Store {
        &self.1
    }

    /// How many fragments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.pool().count).unwrap_or(usize::MAX)
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

    /// Adds fragments with the next numbers.
    pub fn extend<'f>(&self, fragments: impl IntoIterator<Item = &'f str>) {
        let mut pool = self.pool();
        for fragment in fragments {
            let number = pool.add(fragment, &self.1);
            let hash = pool.keys.hash_one(fragment);
            pool.know(hash, number);
        }
    }

    /// Packs a text.
    #[must_use]
    pub fn pack(&self, text: &str) -> PackedText {
        let mut pool = self.pool();
        let mut writer = Writer::new(pool.count);
        each_fragment(text, |fragment| writer.put(pool.number(fragment, &self.1)));
        drop(pool);
        writer.finish()
    }

    /// Packs a text that was packed before, perhaps: the same text is packed once.
    #[must_use]
    pub fn pack_again(&self, text: &str) -> PackedText {
        let hash = self.pool().keys.hash_one(text);
        let known = self.pool().whole.get(&hash).copied();
        if let Some(packed) = known.and_then(|place| PackedText::stored(&self.1.text(place)?)) {
            return packed;
        }
        let packed = self.pack(text);
        let place = self.1.put(packed.as_str().as_bytes());
        self.pool().whole.insert(hash, place);
        packed
    }

    /// A packed text as it was; `None` where it is broken, or of other texts.
    #[must_use]
    pub fn unpack(&self, packed: &PackedText) -> Option<String> {
        let mut text = String::new();
        let take = |fragment: &str| {
            text.push_str(fragment);
            (text.len() <= LONGEST).then_some(())
        };
        self.pool().each(Reader::new(packed), &self.1, take)?;
        Some(text)
    }

    /// The fragments of these numbers up to another one, as a JSON list.
    #[must_use]
    pub const fn fragments(&self, from: usize, to: usize) -> Fragments<'_> {
        Fragments { texts: self, from, to }
    }
}

/// Fragments to be written.
#[derive(Debug)]
pub struct Fragments<'t> {
    texts: &'t Texts,
    from: usize,
    to: usize,
}

impl Serialize for Fragments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeSeq as _};
        let mut list = serializer.serialize_seq(None)?;
        let numbers = (self.from..self.to).map(|at| u32::try_from(at).ok());
        let mut failure = None;
        let written = self.texts.pool().each(numbers, &self.texts.1, |fragment| {
            list.serialize_element(fragment).map_err(|error| failure = Some(error)).ok()
        });
        match (written, failure) {
            (_, Some(error)) => Err(error),
            (None, None) => Err(S::Error::custom("a fragment cannot be read")),
            (Some(()), None) => list.end(),
        }
    }
}

/// Some fragments of texts, with numbers of their own: those of the packed texts that are moved here.
#[derive(Debug, Default)]
pub struct Excerpt {
    /// The own number of each fragment, [`NONE`] without one.
    numbers: Vec<u32>,
    order: Vec<u32>,
    /// How many of them the texts that were moved here have.
    used: u32,
}

impl Excerpt {
    /// How many fragments it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Takes the fragments of a packed text that will be moved here later, after all that were noted before it.
    pub fn note(&mut self, packed: &PackedText) {
        for number in Reader::new(packed).flatten() {
            let _ = self.own(number);
        }
    }

    /// The number that a fragment has here. A new one has the next.
    fn own(&mut self, number: u32) -> u32 {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        if at > HIGHEST {
            return NONE;
        }
        if at >= self.numbers.len() {
            self.numbers.resize(at + 1, NONE);
        }
        let Some(own) = self.numbers.get_mut(at) else { return NONE };
        if *own == NONE {
            *own = u32::try_from(self.order.len()).unwrap_or(NONE);
            self.order.push(number);
        }
        *own
    }

    /// Moves a packed text here. The number of its first new fragment, which is how many those before have, is left out.
    pub fn take_next(&mut self, packed: &PackedText) -> String {
        self.take(packed).without_first().to_owned()
    }

    /// Moves a packed text here.
    pub fn take(&mut self, packed: &PackedText) -> PackedText {
        let mut writer = Writer::new(self.used);
        for number in Reader::new(packed).flatten() {
            writer.put(self.own(number));
        }
        self.used = writer.place.next;
        writer.finish()
    }

    /// So many of its fragments, from this one on, as a JSON list.
    ///
    /// # Errors
    /// That they cannot be read or written.
    pub fn to_json(&self, (from, count): (usize, usize), texts: &Texts) -> serde_json::Result<String> {
        let mut text = String::from("[");
        let mut failure = None;
        let numbers = self.order.iter().skip(from).take(count).map(|number| Some(*number));
        let written = texts.pool().each(numbers, &texts.1, |fragment| {
            let fragment = serde_json::to_string(fragment).map_err(|error| failure = Some(error)).ok()?;
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&fragment);
            Some(())
        });
        match (written, failure) {
            (_, Some(error)) => Err(error),
            (None, None) => Err(serde::ser::Error::custom("a fragment cannot be read")),
            (Some(()), None) => {
                text.push(']');
                Ok(text)
            }
        }
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

    use super::{Excerpt, LOOKED_UP, PackedText, REMEMBERED, Texts};

    fn texts_of(fragments: &[String]) -> Texts {
        let texts = Texts::default();
        texts.extend(fragments.iter().map(String::as_str));
        texts
    }

    #[test]
    fn fragments_are_kept_once() {
        let texts = Texts::default();
        let one = texts.pack(r#"{"a":1,"id":"x","b":2,"c":[1,2,3]}"#);
        let count = texts.len();
        let other = texts.pack(r#"{"a":1,"id":"y","b":2,"c":[1,2,3]}"#);
        assert_eq!(texts.len(), count + 1);
        assert_eq!(texts.unpack(&one).unwrap(), r#"{"a":1,"id":"x","b":2,"c":[1,2,3]}"#);
        assert_eq!(texts.unpack(&other).unwrap(), r#"{"a":1,"id":"y","b":2,"c":[1,2,3]}"#);
        let fragments = texts.fragments(0, texts.len());
        let again: Vec<String> = serde_json::from_value(serde_json::to_value(fragments).unwrap()).unwrap();
        assert_eq!(texts_of(&again).unpack(&other), texts.unpack(&other));
    }

    #[test]
    fn many_fragments_are_found_again_in_their_file() {
        let texts = Texts::default();
        let text = |number: usize| format!(r#"{{"a":1,"id":"{number:040}","b":2,"other":"{:040}"}}"#, number / 3);
        let packed: Vec<PackedText> = (0..LOOKED_UP).map(|number| texts.pack(&text(number))).collect();
        assert!(texts.pool().blocks.len() > 3 && texts.pool().before.len() <= LOOKED_UP);
        for number in (0..LOOKED_UP).step_by(997).rev() {
            assert_eq!(texts.unpack(&packed[number]).unwrap(), text(number));
        }
        assert!(texts.pool().read.len() <= REMEMBERED);
        let part: Vec<String> = serde_json::from_value(serde_json::to_value(texts.fragments(1, 4)).unwrap()).unwrap();
        assert_eq!(part[0], "\"a\":1,");
        let other = Texts::default();
        other.extend(["one,", "two"]);
        assert_eq!(serde_json::to_string(&other.fragments(0, 2)).unwrap(), r#"["one,","two"]"#);
        assert!(serde_json::to_string(&other.fragments(0, 3)).is_err());
    }

    #[test]
    fn the_same_text_is_packed_once() {
        let texts = Texts::default();
        let text = r#"{"a":1,"b":[2,3]}"#;
        let one = texts.pack_again(text);
        (0..3 * LOOKED_UP).for_each(|number| drop(texts.pack(&number.to_string())));
        let count = texts.len();
        assert!(texts.pack_again(text) == one && texts.len() == count);
        assert!(texts.pack(text) != one, "its fragments are not looked up any more");
        assert_eq!(texts.unpack(&one).unwrap(), text);
    }

    #[test]
    fn identifiers_and_options_are_fragments_of_their_own() {
        let id = "0f41ab7c-1e2d-4000-8000-0123456789ab";
        let of = |text: &str| {
            let mut all = Vec::new();
            super::each_fragment(text, |fragment| all.push(fragment.to_owned()));
            all
        };
        assert_eq!(of(&format!("\"/{id}\",{id}{id}")), ["\"/", id, "\",", id, id]);
        assert_eq!(of(&format!("1{id}-é")), ["1", id, "-é"]);
        assert_eq!(of("oa-test run --test a/b-c --flow x"), ["oa-test run", " --test ", "a/b-c", " --flow ", "x"]);
        for whole in ["0f41ab7c-1e2d-4000-8000-0123456789a", "2026-11-28T10:00:00Z", "a --", "--b", " --é x", "-"] {
            assert_eq!(of(whole), [whole]);
        }
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
        fn what_is_packed_is_unpacked_as_it_was(
            all in proptest::collection::vec("([ab,{é\\n -]|0f41ab7c-[0-9a-c]{4}-4000-8000-0123456789ab| --test ){0,40}", 1..12),
            noted in proptest::bool::ANY
        ) {
            let texts = Texts::default();
            let packed: Vec<_> = all.iter().map(|text| texts.pack(text)).collect();
            let mut excerpt = Excerpt::default();
            let moved: Vec<_> = packed.iter().rev().step_by(2).map(|packed| excerpt.take(packed)).collect();
            let fragments: Vec<String> = serde_json::from_str(&excerpt.to_json((0, usize::MAX), &texts).unwrap()).unwrap();
            let own = texts_of(&fragments);
            let mut first = 0;
            let mut excerpt = Excerpt::default();
            if noted {
                packed.iter().for_each(|packed| excerpt.note(packed));
            }
            for (text, packed) in all.iter().zip(&packed) {
                let (again, new) = PackedText::with_first(first, &excerpt.take_next(packed));
                first += new;
                prop_assert!(noted || usize::try_from(first).unwrap() == excerpt.len());
                let so_far: Vec<String> = serde_json::from_str(&excerpt.to_json((0, usize::MAX), &texts).unwrap()).unwrap();
                prop_assert_eq!(&texts_of(&so_far).unpack(&again).unwrap(), text);
                prop_assert_eq!(&texts.unpack(packed).unwrap(), text);
            }
            for (text, packed) in all.iter().rev().step_by(2).zip(&moved) {
                prop_assert_eq!(&own.unpack(packed).unwrap(), text);
            }
        }
    }
}
