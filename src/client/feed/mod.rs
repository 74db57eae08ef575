//! RPDE feeds, followed: read to their end, then polled, with waits that see every update after they began.

mod follower;
mod index;
mod links;
mod opportunities;
mod order_update;
mod orders;
mod pacing;
mod page;
mod patience;
mod turns;
mod walker;

pub use follower::{FeedOptions, FeedStatus, FeedStop, Follower, PageObserver, RawPage, Sink};
pub use index::{Index, Located, Orphans, embedded};
pub use links::Links;
pub use opportunities::{OpportunityFeeds, OpportunityMiss};
pub use order_update::OrderUpdate;
pub use orders::{OrderFeed, OrderMiss, OrderWatch, WaitOutlook};
pub use page::{Item, Modified, Page, read_page};
pub use patience::{CutShort, LateUpdate, Patience, Wait};
pub use turns::{Turn, Turns};
pub use walker::{
    Halt, HaltCause, Next, PageFailure, PageRead, PageReply, PageSource, Stop, WalkPolicy, Walker, page_text,
};
