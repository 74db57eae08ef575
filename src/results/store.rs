//! A file without a name, in which a run keeps what it recorded: memory holds the places alone.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many bytes are collected before they are written.
const COLLECTED: usize = 128 * 1024;

/// Bytes that are kept out of memory, compressed. Clones share them. Where the system gives no file, they stay in memory.
#[derive(Clone, Default)]
pub(super) struct Store(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// The file; `None` before the first writing.
    file: Option<File>,
    /// Whether the file cannot be made, or written any more.
    unwritable: bool,
    /// How many bytes the file holds.
    written: u64,
    /// What comes after them.
    rest: Vec<u8>,
}

/// Where something is in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    at: u64,
    length: u32,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Kept {
    /// Moves what was collected to the file. What cannot be moved stays.
    fn write(&mut self) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.written))?;
        file.write_all(&self.rest)?;
        self.written += self.rest.len() as u64;
        self.rest.clear();
        Ok(())
    }

    fn read(&mut self, place: Place) -> Option<Vec<u8>> {
        let length = usize::try_from(place.length).ok()?;
        if let Some(at) = place.at.checked_sub(self.written) {
            let at = usize::try_from(at).ok()?;
            return self.rest.get(at..at.checked_add(length)?).map(<[u8]>::to_vec);
        }
        let file = self.file.as_mut()?;
        file.seek(SeekFrom::Start(place.at)).ok()?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

impl Store {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps bytes.
    pub(super) fn put(&self, bytes: &[u8]) -> Place {
        let packed = lz4_flex::compress_prepend_size(bytes);
        let mut kept = self.kept();
        let place = Place {
            at: kept.written + kept.rest.len() as u64,
            length: u32::try_from(packed.len()).unwrap_or(u32::MAX),
        };
        kept.rest.extend_from_slice(&packed);
        if kept.rest.len() >= COLLECTED && !kept.unwritable {
            kept.unwritable = kept.write().is_err();
        }
        place
    }

    /// The bytes at a place; `None` where they cannot be read any more.
    pub(super) fn get(&self, place: Place) -> Option<Vec<u8>> {
        let packed = self.kept().read(place)?;
        lz4_flex::decompress_size_prepended(&packed).ok()
    }

    /// The text at a place.
    pub(super) fn text(&self, place: Place) -> Option<String> {
        String::from_utf8(self.get(place)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{COLLECTED, Store};

    #[test]
    fn what_is_kept_is_read_again() {
        let store = Store::default();
        let text = |number: u64| {
            let noise =
                (0..number % 3000).map(|at| char::from(b'a' + u8::try_from(at * number % 26).unwrap_or_default()));
            format!("{number}:{}", noise.collect::<String>())
        };
        let places: Vec<_> = (0..3000).map(|number| store.put(text(number).as_bytes())).collect();
        assert!(store.kept().written > 0 && store.kept().rest.len() < COLLECTED);
        for number in (0..3000).rev() {
            let place = places[usize::try_from(number).unwrap()];
            assert_eq!(store.text(place).as_deref(), Some(text(number).as_str()));
        }
        let last = store.put(b"the end");
        assert_eq!(store.clone().text(last).as_deref(), Some("the end"));
    }

    #[test]
    fn without_a_file_memory_keeps_it() {
        let store = Store::default();
        store.kept().unwritable = true;
        let noise: Vec<u8> = (0..COLLECTED * 2).map(|at| u8::try_from(at * at / 7 % 251).unwrap_or_default()).collect();
        let places = [store.put(&noise), store.put(b"more")];
        assert_eq!(store.get(places[0]), Some(noise));
        assert_eq!(store.get(places[1]).as_deref(), Some(&b"more"[..]));
        assert_eq!(store.kept().written, 0);
    }
}
