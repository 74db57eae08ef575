//! Texts that repeat each other, as those of one run do: each is split into fragments, and every fragment is kept once.
//!
//! A packed text names its fragments by their numbers, in a row of operations that is a text itself, so that JSON, HTML and
//! journal hold the same.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};

use super::fragment::each_fragment;
use super::packed_text::{PackedText, Reader, Writer};
use super::store::{Place as Stored, Store};

/// A text that is longer than this is not unpacked: no run holds one.
const LONGEST: usize = 1 << 30;
/// So many bytes of fragments are stored together.
const BLOCK: usize = 64 * 1024;
/// So many blocks are remembered that were read.
const REMEMBERED: usize = 24;
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

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("fragments", &self.len()).finish()
    }
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
        self.pack_parts(|take| take(text))
    }

    /// Packs a text that comes in parts, each of which ends where a fragment does.
    pub(super) fn pack_parts(&self, parts: impl FnOnce(&mut dyn FnMut(&str))) -> PackedText {
        let mut pool = self.pool();
        let mut writer = Writer::new(pool.count);
        parts(&mut |part| each_fragment(part, |fragment| writer.put(pool.number(fragment, &self.1))));
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
        self.each(Reader::new(packed), take)?;
        Some(text)
    }

    /// Shows fragments of these numbers to `take`, one after the other. `None` where one is unknown.
    pub(super) fn each(
        &self,
        numbers: impl Iterator<Item = Option<u32>>,
        take: impl FnMut(&str) -> Option<()>,
    ) -> Option<()> {
        self.pool().each(numbers, &self.1, take)
    }

    /// The fragments of these numbers up to another one, as a JSON list.
    #[must_use]
    pub fn fragments(&self, from: usize, to: usize) -> Fragments<'_> {
        self.fragments_of((from..to).map_while(|at| u32::try_from(at).ok()).collect())
    }

    /// The fragments of these numbers, as a JSON list.
    pub(super) const fn fragments_of(&self, numbers: Vec<u32>) -> Fragments<'_> {
        Fragments { texts: self, numbers }
    }
}

/// Fragments to be written.
#[derive(Debug)]
pub struct Fragments<'t> {
    texts: &'t Texts,
    numbers: Vec<u32>,
}

impl Serialize for Fragments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeSeq as _};
        let mut list = serializer.serialize_seq(None)?;
        let numbers = self.numbers.iter().copied().map(Some);
        let mut failure = None;
        let written = self
            .texts
            .each(numbers, |fragment| list.serialize_element(fragment).map_err(|error| failure = Some(error)).ok());
        match (written, failure) {
            (_, Some(error)) => Err(error),
            (None, None) => Err(S::Error::custom("a fragment cannot be read")),
            (Some(()), None) => list.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::excerpt::Excerpt;
    use super::{LOOKED_UP, PackedText, REMEMBERED, Texts};

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
            (noted, part) in proptest::arbitrary::any::<(bool, bool)>()
        ) {
            let texts = Texts::default();
            let packed: Vec<_> = all.iter().map(|text| (text, texts.pack(text))).collect();
            let moved: Vec<_> = if part { packed.iter().rev().step_by(2).collect() } else { packed.iter().collect() };
            let mut first = 0;
            let mut excerpt = Excerpt::default();
            if noted {
                moved.iter().for_each(|(_, packed)| excerpt.note(packed));
            }
            for (text, packed) in moved {
                let (again, new) = PackedText::with_first(first, &excerpt.take(packed));
                first += new;
                prop_assert!(noted || usize::try_from(first).unwrap() == excerpt.len());
                let fragments: Vec<String> =
                    serde_json::from_str(&excerpt.to_json((0, usize::MAX), &texts).unwrap()).unwrap();
                prop_assert_eq!(&texts_of(&fragments).unpack(&again).unwrap(), *text);
                prop_assert_eq!(&texts.unpack(packed).unwrap(), *text);
            }
        }
    }
}
