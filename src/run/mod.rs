//! Running the cells of a plan against a target.

mod aftermath;
mod breaker;
mod cell;
mod chance;
mod clean_up;
mod driver;
mod ending;
mod events;
mod feeds;
mod journal;
mod known;
mod ledger;
mod prepare;
mod recorded;
mod rejudge;
mod remains;
mod replay;
mod rerun;
mod scheduler;
mod scrub;
mod seed;
mod send;
mod session;
mod step_driver;
mod sweep;
mod target_trace;
mod verdict;

pub use events::{EventSink, Events, RunEvent};
pub use journal::Journal;
pub use prepare::{TakenStock, take_stock};
pub use recorded::{RecordedOptions, judge_recording};
pub use rejudge::{CellChange, Rejudged, rejudge};
pub use replay::{Replay, Replayed};
pub use scheduler::{Limits, RunOptions, Warm, plan_digest, run};
pub use seed::cell_rng;
pub use sweep::{Excuses, Fate, Mutant, Objection, Operator, sweep};
