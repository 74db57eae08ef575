//! Reading whole feeds to judge them: the rules of RPDE over every page, and the data model over every item.
//!
//! Nothing of a page is kept once it has been judged, but for the [`FeedTrace`] of a run. Of an item its identifier is kept as a number of 64 bits with its
//! `modified`, and a reference to a parent as another such number: some 40 bytes an item, whatever its size.

mod beyond;
mod items;
mod judge;
mod live;
mod page;
mod trace;
mod walk;

pub use crate::checks::rpde::IssueLevel;
pub use items::ItemIssue;
pub use judge::Issue;
pub use live::{LiveJudge, judge_pages};
pub use trace::{FeedTrace, ItemFinding, ItemTrace, KeptPage, PageTrace};
pub use walk::{FeedResult, HarvestOptions, Position, Progress, harvest};
