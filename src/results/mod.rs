//! What a run leaves: one [`RunReport`], a versioned JSON document that every report is a rendering of.

mod cell;
mod checks;
mod diagnosis;
mod digest;
mod excerpt;
mod exchange;
mod exchanges;
mod file;
mod finding;
mod finished;
mod fragment;
mod leftovers;
mod merge;
mod outcome;
mod packed_text;
mod relative;
mod run;
mod saved_trace;
mod store;
mod texts;

pub use cell::{
    CellReport, Choice, KnownFailure, Opportunity, Remark, RemarkLevel, StepReport, StepVerdict, Try, Verdict, titled,
};
pub use checks::Checks;
pub use diagnosis::{CauseGroup, Consequence, LocatedFinding, Root, cause_key, diagnose, reason_key, stage_label};
pub use digest::sha256;
pub use excerpt::Excerpt;
pub use exchange::{Answer, Exchange, ExchangeId, Failure, FailureKind};
pub use exchanges::{ExchangeRow, Exchanges, PackedExchange, RowBefore};
pub use file::{read_run, schema, write_run};
pub use finding::{Cause, CheckOutcome, CheckReport, Cited, Defect, Finding};
pub use finished::FinishedCell;
pub use leftovers::Leftovers;
pub use merge::{merge, split};
pub use packed_text::PackedText;
pub use run::{
    Counts, FailOn, FeedReport, Grades, RUN_REPORT_VERSION, Refusal, Requests, RunPart, RunReport, Scope, Screenshot,
    Shard, Shortage, SkippedTest, StopCause, Stopped, Target, Tool,
};
pub use saved_trace::SavedTrace;
pub use texts::{Fragments, Texts};
