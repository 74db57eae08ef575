//! A text as a row of numbers of fragments. `report/html/page.js` reads it, too.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The digits of numbers: the first half ends a number, the other half is followed by more.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bits of a digit.
const BITS: u32 = 5;

/// A packed text.
#[derive(Clone, PartialEq, Eq)]
pub struct PackedText(pub(super) Arc<str>);

impl Serialize for PackedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
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

/// Writes numbers of fragments: `.` is the next one that is new, `A` the one after the last, `*` so many of those, `!` any
/// other. Texts that are alike differ in a fragment here and there: `C`, `B` and `D` go on with the likeness, one, two or three
/// after the place where it ended.
pub(super) struct Writer {
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
    /// The next number that is new.
    pub(super) const fn next(&self) -> u32 {
        self.place.next
    }

    pub(super) const fn new(first: u32) -> Self {
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

    pub(super) fn put(&mut self, number: u32) {
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

    pub(super) fn finish(mut self) -> PackedText {
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
pub(super) struct Reader<'p> {
    bytes: std::slice::Iter<'p, u8>,
    place: Place,
    row: u32,
    over: bool,
}

impl<'p> Reader<'p> {
    pub(super) fn new(packed: &'p PackedText) -> Self {
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
