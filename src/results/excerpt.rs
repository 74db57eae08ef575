//! Fragments of some texts, by themselves.

use super::packed_text::{PackedText, Reader, Writer};
use super::texts::Texts;

/// No number of a fragment.
const NONE: u32 = u32::MAX;
/// The highest number of a fragment that is moved: no run has so many.
const HIGHEST: usize = 1 << 26;

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
    pub fn take(&mut self, packed: &PackedText) -> String {
        let mut writer = Writer::new(self.used);
        for number in Reader::new(packed).flatten() {
            writer.put(self.own(number));
        }
        self.used = writer.next();
        writer.finish().without_first().to_owned()
    }

    /// So many of its fragments, from this one on, as a JSON list.
    ///
    /// # Errors
    /// That they cannot be read or written.
    pub fn to_json(&self, (from, count): (usize, usize), texts: &Texts) -> serde_json::Result<String> {
        let numbers = self.order.iter().skip(from).take(count).copied().collect();
        serde_json::to_string(&texts.fragments_of(numbers))
    }
}
