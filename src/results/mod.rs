//! What a run leaves: one [`RunReport`], a versioned JSON document that every report is a rendering of.

mod cell;
mod exchange;
mod run;

pub use cell::{
    CellReport, CheckOutcome, CheckReport, Finding, Opportunity, Remark, RemarkLevel, StepReport, StepVerdict, Verdict,
};
pub use exchange::{Answer, Exchange, ExchangeId, Failure, FailureKind};
pub use run::{
    Counts, FeedReport, RUN_REPORT_VERSION, Refusal, RunReport, Screenshot, Shortage, SkippedTest, Target, Tool,
};
