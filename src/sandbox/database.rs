//! The state on disk, for a sandbox that is to be found again as it was left.
//!
//! The state is in memory, and every change of it is appended to the file: a JSON line for each, and after those that
//! came together a line with the rest of the state, without which they do not count. A change is on disk before its
//! response is sent. A sandbox that is killed loses only changes without a response.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use super::feed::{Feed, FeedKey};
use super::opportunity::Opportunity;
use super::order::{Order, OrderKey};

/// The first line. A file with another one is refused.
const HEADER: &str = "oa-test sandbox state 2\n";
/// What the file of an earlier version begins with.
const EARLIER: &[u8] = b"redb";
/// Lines that may be without effect until the file is written anew.
const SPARE: usize = 1000;
/// Between the parts of a key. No part has it.
const SEPARATOR: char = '\n';

/// The state without its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct About {
    /// Scheme, host and port under which identifiers were given.
    pub(super) origin: String,
    pub(super) seed: u64,
    /// How many opportunities are generated.
    pub(super) generated: u64,
    pub(super) begun: Timestamp,
    /// The last value of `modified`.
    pub(super) modified: i64,
    /// The last number of an opportunity.
    pub(super) last_number: u64,
}

impl About {
    pub(super) const fn new(
        origin: String,
        seed: u64,
        generated: u64,
        begun: Timestamp,
        modified: i64,
        last_number: u64,
    ) -> Self {
        Self { origin, seed, generated, begun, modified, last_number }
    }
}

/// Everything that was written.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) about: About,
    pub(super) opportunities: Vec<Opportunity>,
    pub(super) orders: Vec<(OrderKey, Order)>,
    pub(super) feeds: Vec<(FeedKey, Feed)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Table {
    Opportunities,
    Orders,
    Feeds,
}

/// The value of a key: written, or removed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    table: Table,
    key: String,
    value: Option<String>,
}

/// The values that are in the file.
type Values = BTreeMap<(Table, String), String>;

impl Change {
    pub(super) fn opportunity(number: u64, opportunity: Option<&Opportunity>) -> Self {
        Self { table: Table::Opportunities, key: number.to_string(), value: opportunity.and_then(text) }
    }

    pub(super) fn order(key: &OrderKey, order: Option<&Order>) -> Self {
        Self { table: Table::Orders, key: join(&key.client, &key.uuid), value: order.and_then(text) }
    }

    /// The item that stands at `modified` in a feed.
    pub(super) fn item(feed: &FeedKey, modified: i64, item: Option<(&str, Option<&str>)>) -> Self {
        let key = join(&feed.text(), &format!("{modified:020}"));
        Self { table: Table::Feeds, key, value: item.map(|(id, data)| join(id, data.unwrap_or_default())) }
    }
}

fn join(first: &str, second: &str) -> String {
    format!("{first}{SEPARATOR}{second}")
}

/// The state consists of texts, numbers and lists, so that its conversion to JSON does not fail.
fn text<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

/// How far the changes of the state are on disk.
#[derive(Debug, Clone)]
enum Progress {
    /// All up to this one.
    Written(u64),
    /// None after what was written before.
    Failed(String),
}

/// The file, and those who wait for it.
#[derive(Debug, Clone)]
pub(super) struct Database {
    path: PathBuf,
    file: Arc<Mutex<File>>,
    wanted: Arc<Notify>,
    progress: watch::Sender<Progress>,
}

fn broken(what: impl std::fmt::Display) -> std::io::Error {
    std::io::Error::other(what.to_string())
}

/// Opens a file that nobody else has open.
fn locked(path: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(broken("file is in use")),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// What a file has: its values, the rest of the state, how far it is whole, and how many lines that are.
fn parsed(bytes: &[u8], origin: &str) -> std::io::Result<Option<(Values, About, usize, usize)>> {
    if HEADER.as_bytes().starts_with(bytes) {
        return Ok(None);
    }
    let Some(lines) = bytes.strip_prefix(HEADER.as_bytes()) else {
        let earlier = bytes.starts_with(EARLIER) || bytes.starts_with(b"oa-test sandbox state ");
        return Err(broken(if earlier { "file is from another version of oa-test" } else { "file is no saved state" }));
    };
    let (mut values, mut about, mut batch) = (Values::new(), None, Vec::new());
    let (mut read, mut whole, mut count) = (HEADER.len(), HEADER.len(), 0);
    // What was written in part has no end.
    for line in lines.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        read += line.len();
        if let Ok(change) = serde_json::from_slice::<Change>(line) {
            batch.push(change);
            continue;
        }
        let rest: About = serde_json::from_slice(line).map_err(broken)?;
        // Identifiers of earlier runs may have another port.
        let moved = |text: &str| text.replace(&format!("{}/", rest.origin), &format!("{origin}/"));
        count += batch.len();
        for Change { table, key, value } in batch.drain(..) {
            match value {
                Some(value) => drop(values.insert((table, key), moved(&value))),
                None => drop(values.remove(&(table, key))),
            }
        }
        (about, whole) = (Some(rest), read);
    }
    Ok(about.map(|about| (values, about, whole, count)))
}

/// The lines of changes that came together.
fn batch<'c>(about: &About, changes: impl Iterator<Item = &'c Change>) -> std::io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for change in changes {
        serde_json::to_writer(&mut lines, change)?;
        lines.push(b'\n');
    }
    serde_json::to_writer(&mut lines, about)?;
    lines.push(b'\n');
    Ok(lines)
}

impl Database {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    /// That it cannot be opened, or is in use.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            file: Arc::new(Mutex::new(locked(path)?)),
            wanted: Arc::new(Notify::new()),
            progress: watch::Sender::new(Progress::Written(0)),
        })
    }

    /// The lock is held for single reads and writes, which leave nothing half done in memory.
    fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The saved state; `None` for a new file. Identifiers are under `origin`.
    ///
    /// # Errors
    /// That it cannot be read, or is something else.
    pub(super) fn read(&self, origin: &str) -> std::io::Result<Option<Kept>> {
        let mut bytes = Vec::new();
        self.file().read_to_end(&mut bytes)?;
        let Some((values, mut about, whole, count)) = parsed(&bytes, origin)? else {
            self.file().set_len(0)?;
            return Ok(None);
        };
        let (mut opportunities, mut orders) = (Vec::new(), Vec::new());
        let mut feeds: Vec<(FeedKey, Feed)> = Vec::new();
        for ((table, key), value) in &values {
            match table {
                Table::Opportunities => opportunities.push(parse(value)?),
                Table::Orders => {
                    let (client, uuid) = split(key)?;
                    orders.push((OrderKey { client: client.to_owned(), uuid: uuid.to_owned() }, parse(value)?));
                }
                Table::Feeds => {
                    let (feed, modified) = key.rsplit_once(SEPARATOR).ok_or_else(|| broken("unknown key"))?;
                    let key = FeedKey::from_text(feed).ok_or_else(|| broken(format!("unknown feed {feed}")))?;
                    let modified = modified.parse().map_err(broken)?;
                    let (id, data) = split(value)?;
                    if feeds.last().is_none_or(|(last, _)| *last != key) {
                        feeds.push((key, Feed::default()));
                    }
                    if let Some((_, feed)) = feeds.last_mut() {
                        feed.put(modified, id, (!data.is_empty()).then(|| Arc::from(data)));
                    }
                }
            }
        }
        if count > 2 * values.len() + SPARE {
            origin.clone_into(&mut about.origin);
            self.renew(&about, values)?;
        } else {
            self.file().set_len(u64::try_from(whole).map_err(broken)?)?;
        }
        Ok(Some(Kept { about, opportunities, orders, feeds }))
    }

    /// Writes the file anew, without what has been overwritten. A sandbox that is killed meanwhile leaves the old one.
    fn renew(&self, about: &About, values: Values) -> std::io::Result<()> {
        let mut path = self.path.clone().into_os_string();
        path.push(".new");
        let mut file = locked(Path::new(&path))?;
        file.set_len(0)?;
        file.write_all(HEADER.as_bytes())?;
        let changes: Vec<Change> =
            values.into_iter().map(|((table, key), value)| Change { table, key, value: Some(value) }).collect();
        file.write_all(&batch(about, changes.iter())?)?;
        file.sync_all()?;
        std::fs::rename(&path, &self.path)?;
        *self.file() = file;
        Ok(())
    }

    fn write(&self, about: &About, changes: &[Change]) -> std::io::Result<()> {
        let lines = batch(about, changes.iter())?;
        let mut file = self.file();
        if file.seek(SeekFrom::End(0))? == 0 {
            file.write_all(HEADER.as_bytes())?;
        }
        file.write_all(&lines)?;
        file.sync_data()
    }

    /// Writes all changes, for as long as the sandbox runs. `changes` returns the changes since its last call,
    /// with the number of the last change.
    pub(super) async fn follow(self, changes: impl Fn() -> (u64, About, Vec<Change>)) {
        loop {
            self.wanted.notified().await;
            let (upto, about, changed) = changes();
            let database = self.clone();
            let written = tokio::task::spawn_blocking(move || database.write(&about, &changed)).await;
            let failed = match written {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(error) => Some(error.to_string()),
            };
            match failed {
                None => drop(self.progress.send_replace(Progress::Written(upto))),
                Some(reason) => {
                    self.progress.send_replace(Progress::Failed(reason));
                    return;
                }
            }
        }
    }

    /// Waits until the changes up to this one are on disk.
    ///
    /// # Errors
    /// Why they never will be.
    pub(super) async fn written(&self, change: u64) -> Result<(), String> {
        let mut progress = self.progress.subscribe();
        let reached = |progress: &Progress| match progress {
            Progress::Written(upto) => *upto >= change,
            Progress::Failed(_) => true,
        };
        if !reached(&progress.borrow()) {
            self.wanted.notify_one();
        }
        match progress.wait_for(reached).await.map(|progress| progress.clone()) {
            Ok(Progress::Written(_)) => Ok(()),
            Ok(Progress::Failed(reason)) => Err(reason),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> std::io::Result<T> {
    serde_json::from_str(text).map_err(broken)
}

fn split(text: &str) -> std::io::Result<(&str, &str)> {
    text.split_once(SEPARATOR).ok_or_else(|| broken("unknown line"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(origin: &str) -> About {
        About::new(origin.to_owned(), 1, 2, Timestamp::UNIX_EPOCH, 3, 4)
    }

    fn order(key: &str, value: Option<&str>) -> Change {
        Change { table: Table::Orders, key: key.to_owned(), value: value.map(str::to_owned) }
    }

    fn file(batches: &[(&str, &[Change])]) -> Vec<u8> {
        let mut bytes = HEADER.as_bytes().to_vec();
        for (origin, changes) in batches {
            bytes.extend(batch(&about(origin), changes.iter()).unwrap());
        }
        bytes
    }

    #[test]
    fn changes_count_together_or_not_at_all() {
        let first: &[Change] = &[order("a", Some("1")), order("b", Some("2"))];
        let second: &[Change] = &[order("a", None), order("c", Some("3"))];
        let (whole, all) = (file(&[("o", first)]), file(&[("o", first), ("o", second)]));
        for length in whole.len()..all.len() {
            let (values, _, read, count) = parsed(&all[..length], "o").unwrap().unwrap();
            let keys: Vec<&str> = values.keys().map(|(_, key)| key.as_str()).collect();
            assert_eq!((keys, read, count), (vec!["a", "b"], whole.len(), 2), "{length} bytes");
        }
        let (values, _, read, count) = parsed(&all, "o").unwrap().unwrap();
        let keys: Vec<&str> = values.keys().map(|(_, key)| key.as_str()).collect();
        assert_eq!((keys, read, count), (vec!["b", "c"], all.len(), 4));
        for length in 0..HEADER.len() {
            assert!(parsed(&all[..length], "o").unwrap().is_none(), "a file that was begun");
        }
    }

    #[test]
    fn identifiers_move_from_every_earlier_port() {
        let bytes = file(&[
            ("http://127.0.0.1:1", &[order("a", Some("http://127.0.0.1:1/a"))]),
            ("http://127.0.0.1:2", &[order("b", Some("http://127.0.0.1:2/b"))]),
        ]);
        let (values, ..) = parsed(&bytes, "http://127.0.0.1:3").unwrap().unwrap();
        assert_eq!(values.into_values().collect::<Vec<_>>(), ["http://127.0.0.1:3/a", "http://127.0.0.1:3/b"]);
    }

    #[test]
    fn other_files_are_named() {
        let refused = |bytes: &[u8]| parsed(bytes, "o").map(|_| ()).unwrap_err().to_string();
        assert_eq!(refused(b"notes"), "file is no saved state");
        assert_eq!(refused(b"redb\x1a\x0a"), "file is from another version of oa-test");
        assert_eq!(refused(b"oa-test sandbox state 3\n"), "file is from another version of oa-test");
        assert!(parsed(&[HEADER.as_bytes(), b"broken\n"].concat(), "o").is_err());
    }

    #[test]
    fn a_file_of_overwritten_values_is_written_anew() {
        let path = std::env::temp_dir().join(format!("oa-test-state-{}.jsonl", std::process::id()));
        let database = Database::open(&path).unwrap();
        let feed = FeedKey::from_text("orders-rpde client").unwrap();
        let item = |number: usize| Change::item(&feed, 1, Some(("id", Some(&number.to_string()))));
        assert!(database.read("o").unwrap().is_none());
        let changes: Vec<Change> = (0..=SPARE + 2).map(item).collect();
        database.write(&about("o"), &changes).unwrap();
        drop(database);
        let before = std::fs::metadata(&path).unwrap().len();
        let database = Database::open(&path).unwrap();
        assert_eq!(database.read("o").unwrap().unwrap().feeds.len(), 1);
        assert!(Database::open(&path).is_err(), "the new file is in use, too");
        database.write(&about("o"), &[item(7)]).unwrap();
        drop(database);
        let after = std::fs::read_to_string(&path).unwrap();
        assert!(before > 10 * u64::try_from(after.len()).unwrap(), "{before}");
        let (values, _, _, count) = parsed(after.as_bytes(), "o").unwrap().unwrap();
        assert_eq!((values.into_values().collect::<Vec<_>>(), count), (vec!["id\n7".to_owned()], 2));
        std::fs::remove_file(path).unwrap();
    }
}
