//! Waits that learn: where the same wait has timed out before, further ones last a fraction of it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::turns::Turn;

/// Waits of one name that may time out before further ones are cut short.
const TRIES: u32 = 2;
/// Timeouts of waits of one kind under any name, none of which succeeded, before further ones are cut short.
const KIND_TRIES: u32 = 4;
/// Waits of any kind that may time out before each other one is granted a part of the limit only.
const ALL_TRIES: u32 = 4;
/// Cut waits of one name after which the next are shorter, and the part of the limit, and of the shortest wait, that they
/// last then.
const CUTS: &[(u32, u32)] = &[(20, 12), (6, 3)];

/// A wait that is cut short lasts this part of the limit, and no less than [`Patience::shortest`].
const FRACTION: u32 = 20;
/// The part of the limit that is granted where many waits have timed out.
const PART: u32 = 4;

/// The shortest wait: what a target publishes at all is there within this time, as a rule.
const SHORTEST: Duration = Duration::from_secs(3);

/// What the cells of a run have learned about waits for feeds.
#[derive(Debug)]
pub struct Patience {
    limit: Duration,
    shortest: Duration,
    learned: Arc<Learned>,
    /// The turn of the cell that waits.
    turn: Option<Arc<Turn>>,
}

/// What all cells have learned together.
#[derive(Debug, Default)]
struct Learned {
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Known {
    waits: HashMap<String, Tally>,
    kinds: HashMap<&'static str, KindTally>,
    timed_out: u32,
    late: Vec<LateUpdate>,
}

/// What became of the waits of one name.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    timed_out: u32,
    cut: u32,
}

/// What became of the waits of one kind.
#[derive(Debug, Default, Clone, Copy)]
struct KindTally {
    timed_out: u32,
    met: u32,
    slowest: Duration,
    /// The time of all that were met.
    took: Duration,
}

impl KindTally {
    /// How long a wait lasts at least: what comes at all comes about as late as others of its kind.
    fn usual(&self) -> Duration {
        let mean = self.took.checked_div(self.met).unwrap_or_default();
        (self.slowest * 2).min(mean * 6)
    }
}

/// Something that came after the wait for it had ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateUpdate {
    /// What was waited for.
    pub what: String,
    /// The time from the start of the wait until it came.
    pub after: Duration,
    /// Whether it came within the time limit: the wait had been cut short.
    pub in_time: bool,
}

/// A wait that goes on.
#[derive(Debug)]
pub struct Wait<'p> {
    patience: &'p Patience,
    kind: &'static str,
    what: String,
    begun: Instant,
}

/// Why a wait was cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutShort {
    /// How long it lasted.
    pub waited: Duration,
    /// Waits that had timed out before.
    pub before: u32,
    /// How long these lasted.
    pub limit: Duration,
}

impl CutShort {
    /// The reason, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let before = if self.before == 1 { "1 wait".to_owned() } else { format!("{} waits", self.before) };
        format!(
            "nothing within {} s (wait cut short: {before} of {} s had timed out)",
            seconds(self.waited),
            seconds(self.limit)
        )
    }
}

/// Seconds with at most one decimal.
fn seconds(duration: Duration) -> String {
    let tenths = (duration.as_millis() + 50) / 100;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

impl Patience {
    /// Nothing is known of waits that may last so long.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { limit, shortest: SHORTEST, learned: Arc::default(), turn: None }
    }

    /// The same for a cell, which lends its turn while it waits.
    #[must_use]
    pub fn of(&self, turn: Arc<Turn>) -> Self {
        Self { limit: self.limit, shortest: self.shortest, learned: Arc::clone(&self.learned), turn: Some(turn) }
    }

    /// The time limit of a wait of which nothing is known.
    #[must_use]
    pub const fn limit(&self) -> Duration {
        self.limit
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.learned.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a wait. `kind` is what waits have in common that one fault would make time out; `what` names it among them.
    #[must_use]
    pub fn begin(&self, kind: &'static str, what: impl Into<String>) -> Wait<'_> {
        Wait { patience: self, kind, what: what.into(), begun: Instant::now() }
    }

    /// How long a wait lasts by what is known, with the number of those that timed out before.
    fn granted(&self, kind: &'static str, what: &str) -> (Duration, u32) {
        let known = self.known();
        let tally = known.waits.get(what).copied().unwrap_or_default();
        let all = known.kinds.get(kind).copied().unwrap_or_default();
        let (timed_out, before) = (known.timed_out, tally.timed_out.max(1));
        drop(known);
        let vain = all.met == 0 && all.timed_out >= KIND_TRIES;
        if tally.timed_out >= TRIES || vain {
            let part = CUTS.iter().find(|(cuts, _)| tally.cut >= *cuts).map_or(1, |(_, part)| *part);
            let granted = ((self.limit / FRACTION).max(self.shortest) / part).max(all.usual());
            return (granted.min(self.limit), if vain { all.timed_out } else { before });
        }
        if timed_out >= ALL_TRIES {
            return ((self.limit / PART).max(self.shortest).max(all.usual()).min(self.limit), timed_out);
        }
        (self.limit, 0)
    }

    /// Notes what came after the wait for it had ended. Where it came within the limit, the same waits last as long again.
    pub fn late(&self, kind: &'static str, what: &str, after: Duration) {
        let in_time = after <= self.limit;
        let mut known = self.known();
        if in_time {
            known.waits.remove(what);
            known.kinds.entry(kind).or_default().timed_out = 0;
        }
        known.late.push(LateUpdate { what: what.to_owned(), after, in_time });
    }

    /// What came after the wait for it had ended, by its name: how often, and the last of all.
    #[must_use]
    pub fn late_updates(&self) -> Vec<(LateUpdate, usize)> {
        let mut all: Vec<(LateUpdate, usize)> = Vec::new();
        for late in &self.known().late {
            match all.iter_mut().find(|(known, _)| (&known.what, known.in_time) == (&late.what, late.in_time)) {
                Some((known, count)) => {
                    known.after = known.after.max(late.after);
                    *count += 1;
                }
                None => all.push((late.clone(), 1)),
            }
        }
        all
    }
}

impl Wait<'_> {
    /// When it ends at the latest.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.begun + self.patience.limit
    }

    /// What is waited for.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// When it began.
    #[must_use]
    pub const fn begun(&self) -> Instant {
        self.begun
    }

    /// Waits for what `attempt` brings until the deadline. Whether that is what was waited for is said by `met`.
    ///
    /// # Errors
    /// That the wait was cut short.
    pub async fn until<T>(&self, attempt: impl Future<Output = T>, met: impl Fn(&T) -> bool) -> Result<T, CutShort> {
        let patience = self.patience;
        let ended = async {
            let outcome = tokio::select! {
                biased;
                outcome = attempt => Ok(outcome),
                cut = self.cut() => Err(cut),
            };
            // What others learn of it does not wait for the turn of this cell.
            if let Ok(outcome) = &outcome {
                self.note(met(outcome));
            }
            outcome
        };
        match &patience.turn {
            Some(turn) => turn.lend(ended).await,
            None => ended.await,
        }
    }

    /// Notes how it ended.
    fn note(&self, met: bool) {
        let (patience, took) = (self.patience, self.begun.elapsed());
        let mut known = patience.known();
        if met {
            let kind = known.kinds.entry(self.kind).or_default();
            kind.met += 1;
            kind.slowest = kind.slowest.max(took);
            kind.took += took;
        } else if took >= patience.limit {
            known.timed_out += 1;
            known.kinds.entry(self.kind).or_default().timed_out += 1;
            known.waits.entry(self.what.clone()).or_default().timed_out += 1;
            drop(known);
            patience.learned.changed.notify_waiters();
        }
    }

    /// Returns once the wait has lasted as long as is granted, where that is less than the limit.
    async fn cut(&self) -> CutShort {
        let patience = self.patience;
        loop {
            let changed = patience.learned.changed.notified();
            let (granted, before) = patience.granted(self.kind, &self.what);
            if granted >= patience.limit {
                changed.await;
                continue;
            }
            tokio::time::sleep_until(self.begun + granted).await;
            // Meanwhile what was waited for may have come, late, elsewhere.
            if patience.granted(self.kind, &self.what).0 < patience.limit {
                patience.known().waits.entry(self.what.clone()).or_default().cut += 1;
                return CutShort { waited: self.begun.elapsed(), before, limit: patience.limit };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn patience(limit: u64, shortest: u64) -> Patience {
        Patience { shortest: Duration::from_millis(shortest), ..Patience::new(Duration::from_millis(limit)) }
    }

    /// A wait for what never comes: whether it was cut short.
    async fn vain(patience: &Patience, kind: &'static str, what: &str) -> bool {
        let wait = patience.begin(kind, what);
        let deadline = wait.deadline();
        wait.until(tokio::time::sleep_until(deadline), |()| false).await.is_err()
    }

    #[tokio::test]
    async fn a_wait_is_cut_short_once_the_same_has_timed_out_twice() {
        let patience = patience(200, 20);
        assert!(!vain(&patience, "feed", "a").await);
        assert!(!vain(&patience, "feed", "a").await);
        let begun = Instant::now();
        assert!(vain(&patience, "feed", "a").await);
        assert!(begun.elapsed() < Duration::from_millis(200), "{:?}", begun.elapsed());
        assert!(!vain(&patience, "feed", "b").await, "another wait lasts as long as the limit");
    }

    #[tokio::test]
    async fn a_wait_under_way_is_cut_short_too() {
        let patience = patience(400, 20);
        let late = async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            vain(&patience, "feed", "a").await
        };
        let (one, two, three) = tokio::join!(vain(&patience, "feed", "a"), vain(&patience, "feed", "a"), late);
        assert_eq!((one, two, three), (false, false, true));
    }

    #[tokio::test]
    async fn where_a_kind_of_wait_is_never_met_its_name_does_not_matter() {
        let patience = patience(60, 10);
        for what in ["a", "b", "c", "d"] {
            assert!(!vain(&patience, "feed", what).await, "{what}");
        }
        assert!(vain(&patience, "feed", "e").await);
        let begun = Instant::now();
        assert!(vain(&patience, "another", "f").await, "every other wait is granted a part of the limit");
        assert!(begun.elapsed() >= Duration::from_millis(60 / 4), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn what_comes_in_time_is_not_cut_and_what_comes_late_restores_the_limit() {
        let patience = patience(200, 50);
        let wait = patience.begin("feed", "a");
        assert_eq!(wait.until(async { 7 }, |_| true).await, Ok(7));
        assert!(!vain(&patience, "feed", "a").await);
        assert!(!vain(&patience, "feed", "a").await);
        let wait = patience.begin("feed", "a");
        assert_eq!(wait.until(async { 8 }, |_| true).await, Ok(8));
        let cut = patience.begin("feed", "a").until(pending::<()>(), |()| false).await.unwrap_err();
        assert_eq!(cut.before, 2);
        patience.late("feed", "a", Duration::from_millis(150));
        assert!(!vain(&patience, "feed", "a").await, "the limit holds again");
        let late = patience.late_updates();
        assert_eq!(late.len(), 1);
        assert!(late[0].0.in_time);
    }

    #[tokio::test]
    async fn a_limit_below_the_shortest_wait_is_never_cut() {
        let patience = patience(30, 40);
        for _ in 0..4 {
            assert!(!vain(&patience, "feed", "a").await);
        }
    }

    #[test]
    fn the_reason_of_a_cut_has_the_times() {
        let cut = CutShort { waited: Duration::from_millis(3020), before: 2, limit: Duration::from_secs(60) };
        assert_eq!(cut.words(), "nothing within 3 s (wait cut short: 2 waits of 60 s had timed out)");
    }
}
