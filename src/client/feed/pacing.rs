//! How long a follower waits between two reads of a feed: the target must not be busy with the tester.

use std::time::Duration;

/// The shortest pause between two reads while a cell waits for the feed.
const FASTEST: Duration = Duration::from_millis(4);
/// How far the pause grows while a cell waits and nothing comes, unless the feed says that it changes less often.
const SLOWEST: Duration = Duration::from_millis(500);
/// How far it grows where `max-age` says so.
const PATIENT: Duration = Duration::from_secs(2);
/// The longest pause for the sake of a shared cache, while a cell waits.
const CACHED: Duration = Duration::from_secs(8);
/// The pause while no cell waits for the feed, unless `max-age` asks for a longer one.
const IDLE: Duration = Duration::from_secs(50);
/// The longest pause that a target can ask for.
const LONGEST: Duration = Duration::from_secs(60);
/// How often a feed is read within the time limit of a wait, at least, where reads themselves take no longer.
const READS: u32 = 8;
/// The follower pauses for this multiple of the time of a read.
const REST: u32 = 3;

/// The last read of a feed up to its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// How long the target was busy with it.
    pub(super) took: Duration,
    /// `max-age` of `Cache-Control`.
    pub(super) max_age: Option<Duration>,
    /// `Age`: `None` when no shared cache was in between.
    pub(super) age: Option<Duration>,
    /// Pauses so far in which nothing came and no cell began to wait.
    pub(super) quiet: u32,
}

/// The pause after a read, by whether a cell waits for the feed. `limit` is the time limit of such a wait: within it a feed
/// is read a few times, however slow it is.
pub(super) fn pause(reading: &Reading, waiting: bool, limit: Duration) -> Duration {
    let gentle = reading.took.saturating_mul(REST).clamp(FASTEST, LONGEST);
    if !waiting {
        return gentle.max(reading.max_age.unwrap_or_default().clamp(IDLE, LONGEST));
    }
    // Until then a shared cache has nothing else to return.
    let cached = reading.max_age.zip(reading.age).map(|(max_age, age)| max_age.saturating_sub(age).min(CACHED));
    let slowest = reading.max_age.unwrap_or_default().clamp(SLOWEST, PATIENT).max(gentle);
    let mut grown = gentle;
    for _ in 0..reading.quiet {
        if grown >= slowest {
            break;
        }
        grown = grown.saturating_mul(8) / 5;
    }
    grown.min(slowest).max(cached.unwrap_or_default()).min(limit / READS)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{FASTEST, IDLE, LONGEST, READS, Reading};

    /// The pause where waits have as much time as they need.
    fn pause(reading: &Reading, waiting: bool) -> Duration {
        super::pause(reading, waiting, LONGEST * READS)
    }

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_feed_is_busy_for_a_quarter_of_the_time_at_most() {
        for took in [0, 1, 5, 30, 200, 2_000, 10_000] {
            for quiet in [0, 1, 10, 1_000_000] {
                for waiting in [true, false] {
                    let reading = Reading { took: ms(took), quiet, ..Reading::default() };
                    assert!(pause(&reading, waiting) >= ms(3 * took), "{reading:?} {waiting}");
                }
            }
        }
        assert_eq!(pause(&Reading { took: ms(600_000), ..Reading::default() }, true), LONGEST);
        assert_eq!(pause(&Reading { took: Duration::MAX, ..Reading::default() }, true), LONGEST);
    }

    #[test]
    fn a_wait_with_little_time_sees_a_few_reads_of_a_slow_feed() {
        let slow = Reading { took: ms(2_000), ..Reading::default() };
        assert_eq!(super::pause(&slow, true, ms(60_000)), ms(6_000));
        assert_eq!(super::pause(&slow, true, ms(2_400)), ms(300));
        assert_eq!(super::pause(&slow, false, ms(2_400)), IDLE);
    }

    #[test]
    fn a_fast_feed_is_read_soon_while_a_cell_waits_and_less_often_while_nothing_comes() {
        let fast = |quiet| pause(&Reading { took: ms(1), quiet, ..Reading::default() }, true);
        assert_eq!(fast(0), FASTEST);
        assert!((0..20).all(|quiet| fast(quiet) <= fast(quiet + 1)));
        assert_eq!(fast(50), ms(500));
        // A new waiter does not make a slow feed faster than it is.
        assert_eq!(pause(&Reading { took: ms(200), ..Reading::default() }, true), ms(600));
        assert_eq!(pause(&Reading { took: ms(200), quiet: 50, ..Reading::default() }, true), ms(600));
    }

    #[test]
    fn a_feed_that_no_cell_waits_for_is_read_rarely() {
        let idle = |max_age: Option<u64>| {
            pause(&Reading { took: ms(1), max_age: max_age.map(Duration::from_secs), ..Reading::default() }, false)
        };
        assert_eq!(idle(None), IDLE);
        assert_eq!(idle(Some(1)), IDLE);
        assert_eq!(idle(Some(55)), Duration::from_secs(55));
        assert_eq!(idle(Some(3600)), LONGEST);
    }

    #[test]
    fn max_age_makes_a_wait_patient() {
        let grown = |max_age: u64| {
            let max_age = Some(Duration::from_secs(max_age));
            pause(&Reading { took: ms(1), max_age, quiet: 50, ..Reading::default() }, true)
        };
        assert_eq!((grown(0), grown(1), grown(3600)), (ms(500), ms(1000), ms(2000)));
    }

    #[test]
    fn a_page_out_of_a_shared_cache_is_not_asked_for_before_it_can_be_another_one() {
        let cached = |max_age: u64, age: u64| {
            let (max_age, age) = (Some(Duration::from_secs(max_age)), Some(Duration::from_secs(age)));
            pause(&Reading { took: ms(1), max_age, age, ..Reading::default() }, true)
        };
        assert_eq!(cached(5, 2), Duration::from_secs(3));
        assert_eq!(cached(5, 5), FASTEST);
        assert_eq!(cached(3600, 0), Duration::from_secs(8));
    }
}
