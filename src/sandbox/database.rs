//! The state on disk, for a sandbox that is to be found again as it was left.
//!
//! The state is in memory, and every change of it is written to the file. A change is on disk before its
//! response is sent: changes of simultaneous requests are written together. A sandbox that is killed loses only changes
//! without a response.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use redb::{Database as Redb, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use super::feed::{Feed, FeedKey};
use super::opportunity::Opportunity;
use super::order::{Order, OrderKey};

/// How the tables are written; a file of another layout is refused.
const LAYOUT: u32 = 1;
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");
const OPPORTUNITIES: TableDefinition<'_, &str, &str> = TableDefinition::new("opportunities");
const ORDERS: TableDefinition<'_, &str, &str> = TableDefinition::new("orders");
const FEEDS: TableDefinition<'_, &str, &str> = TableDefinition::new("feeds");
/// Between the parts of a key. No part has it.
const SEPARATOR: char = '\n';

/// The state without its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct About {
    layout: u32,
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
        Self { layout: LAYOUT, origin, seed, generated, begun, modified, last_number }
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

#[derive(Debug, Clone, Copy)]
enum Table {
    Opportunities,
    Orders,
    Feeds,
}

/// One line of a table: written, or removed.
#[derive(Debug)]
pub(super) struct Change {
    table: Table,
    key: String,
    value: Option<String>,
}

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
    file: Arc<Redb>,
    wanted: Arc<Notify>,
    progress: watch::Sender<Progress>,
}

fn broken(what: impl std::fmt::Display) -> std::io::Error {
    std::io::Error::other(what.to_string())
}

impl Database {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    /// That it cannot be opened, is in use, or is something else.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = Redb::create(path).map_err(broken)?;
        Ok(Self {
            file: Arc::new(file),
            wanted: Arc::new(Notify::new()),
            progress: watch::Sender::new(Progress::Written(0)),
        })
    }

    /// The saved state; `None` for a new file. Identifiers are under `origin`.
    ///
    /// # Errors
    /// That it cannot be read, or was written otherwise.
    pub(super) fn read(&self, origin: &str) -> std::io::Result<Option<Kept>> {
        let transaction = self.file.begin_read().map_err(broken)?;
        let about = match transaction.open_table(ABOUT) {
            Ok(table) => table.get("about").map_err(broken)?.map(|value| value.value().to_owned()),
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(broken(error)),
        };
        let Some(about) = about else { return Ok(None) };
        let layout = serde_json::from_str::<serde_json::Value>(&about).ok();
        let layout = layout.as_ref().and_then(|about| about.get("layout")).and_then(serde_json::Value::as_u64);
        if layout != Some(u64::from(LAYOUT)) {
            return Err(broken("file is from another version of oa-test"));
        }
        let about: About = parse(&about)?;
        let moved = |text: &str| text.replace(&format!("{}/", about.origin), &format!("{origin}/"));
        let lines = |table: TableDefinition<'static, &str, &str>| -> std::io::Result<Vec<(String, String)>> {
            let table = match transaction.open_table(table) {
                Ok(table) => table,
                Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
                Err(error) => return Err(broken(error)),
            };
            let lines = table.iter().map_err(broken)?;
            lines
                .map(|line| {
                    let (key, value) = line.map_err(broken)?;
                    Ok((key.value().to_owned(), moved(value.value())))
                })
                .collect()
        };
        let opportunities =
            lines(OPPORTUNITIES)?.iter().map(|(_, value)| parse(value)).collect::<std::io::Result<_>>()?;
        let mut orders = Vec::new();
        for (key, value) in lines(ORDERS)? {
            let (client, uuid) = split(&key)?;
            orders.push((OrderKey { client: client.to_owned(), uuid: uuid.to_owned() }, parse(&value)?));
        }
        let mut feeds: Vec<(FeedKey, Feed)> = Vec::new();
        for (key, value) in lines(FEEDS)? {
            let (feed, modified) = key.rsplit_once(SEPARATOR).ok_or_else(|| broken("unknown key"))?;
            let key = FeedKey::from_text(feed).ok_or_else(|| broken(format!("unknown feed {feed}")))?;
            let modified = modified.parse().map_err(broken)?;
            let (id, data) = split(&value)?;
            if feeds.last().is_none_or(|(last, _)| *last != key) {
                feeds.push((key, Feed::default()));
            }
            if let Some((_, feed)) = feeds.last_mut() {
                feed.put(modified, id, (!data.is_empty()).then(|| Arc::from(data)));
            }
        }
        Ok(Some(Kept { about, opportunities, orders, feeds }))
    }

    fn write(&self, about: &About, changes: Vec<Change>) -> Result<(), redb::Error> {
        let transaction = self.file.begin_write()?;
        {
            let mut opportunities = transaction.open_table(OPPORTUNITIES)?;
            let mut orders = transaction.open_table(ORDERS)?;
            let mut feeds = transaction.open_table(FEEDS)?;
            for Change { table, key, value } in changes {
                let table = match table {
                    Table::Opportunities => &mut opportunities,
                    Table::Orders => &mut orders,
                    Table::Feeds => &mut feeds,
                };
                match value {
                    Some(value) => drop(table.insert(key.as_str(), value.as_str())?),
                    None => drop(table.remove(key.as_str())?),
                }
            }
            let about = text(about).unwrap_or_default();
            transaction.open_table(ABOUT)?.insert("about", about.as_str())?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Writes all changes, for as long as the sandbox runs. `changes` returns the changes since its last call,
    /// with the number of the last change.
    pub(super) async fn follow(self, changes: impl Fn() -> (u64, About, Vec<Change>)) {
        loop {
            self.wanted.notified().await;
            let (upto, about, changed) = changes();
            let database = self.clone();
            let written = tokio::task::spawn_blocking(move || database.write(&about, changed)).await;
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
