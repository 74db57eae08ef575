//! One row for each check.

use std::cmp::Ordering;
use std::fmt;

use crate::results::Finding;
use crate::vocabulary::{Profile, Stage};

use crate::trace::Fact;

use super::outcome::Outcome;
use super::rpde::{Breaches, PageSeen};
use super::seen::Seen;
use super::view::{Answered, Awaiting, CapacitySeen, Looking};

/// When and on what a check is made.
#[derive(Debug, Clone, Copy)]
pub enum Made {
    /// On every Order, OrderQuote or OrderProposal at its stages, whatever the test.
    Document(fn(&Seen<'_>) -> Option<Finding>),
    /// Where a feature file asks for it.
    Asked(fn(&Seen<'_>) -> Option<Finding>),
    /// On every response to a request at its stages.
    Response(fn(&Answered<'_>) -> Outcome),
    /// On every wait for an Order in one of its feeds.
    Watch(fn(&Awaiting<'_>) -> Outcome),
    /// On every wait for capacity in the opportunity feeds.
    Capacity(fn(&CapacitySeen<'_>) -> Outcome),
    /// On every look for opportunities in their feeds.
    Look(fn(&Looking<'_>) -> Outcome),
    /// On every rule of the configuration that a step is about.
    Configuration,
    /// On an observation of authentication that names it.
    Fact(fn(&Fact) -> Outcome),
    /// By the steps that drive its stages, which hold the code of the check.
    ByStep,
    /// On every page of the feeds that are its stages, whoever reads it.
    Page(fn(&PageSeen<'_>, &mut Breaches)),
    /// By the walk along a feed, which holds the code of the check.
    ByWalk,
}

/// A check: what it asserts, where, and which requirements it judges there.
#[derive(Debug)]
pub struct Row {
    /// Its identifier: final, and used by reports and known failures.
    pub id: &'static str,
    /// What it asserts, in one line.
    pub summary: &'static str,
    /// The stages at which it is made.
    pub stages: &'static [Stage],
    /// The only profile that it belongs to; `None` when it belongs to both, or when its step decides ([`Made::ByStep`]).
    pub profile: Option<Profile>,
    /// The requirements that it judges, by stage.
    pub covers: &'static [(&'static [Stage], &'static [&'static str])],
    /// When it is made.
    pub made: Made,
    /// Whether later steps cannot go on where it is broken.
    pub needed: bool,
}

impl Row {
    /// The requirements that it judges at a stage.
    pub fn covers_at(&self, stage: Stage) -> impl Iterator<Item = &'static str> + use<> {
        let covers = self.covers.iter();
        covers
            .filter(move |(stages, _)| stages.contains(&stage) || stages.contains(&Stage::Any))
            .flat_map(|(_, ids)| ids.iter().copied())
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Row {}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(other.id)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id)
    }
}

/// Declares the rows of one theme: name, identifier, summary, stages, how it is made, and what it covers.
macro_rules! rows {
    (@made document($judge:expr)) => { $crate::checks::Made::Document($judge) };
    (@made asked($judge:expr)) => { $crate::checks::Made::Asked($judge) };
    (@made by_step) => { $crate::checks::Made::ByStep };
    (@made response($judge:expr)) => { $crate::checks::Made::Response($judge) };
    (@made strict_response($judge:expr)) => { $crate::checks::Made::Response($judge) };
    (@made needed_response($judge:expr)) => { $crate::checks::Made::Response($judge) };
    (@made watch($judge:expr)) => { $crate::checks::Made::Watch($judge) };
    (@made strict_watch($judge:expr)) => { $crate::checks::Made::Watch($judge) };
    (@made needed_watch($judge:expr)) => { $crate::checks::Made::Watch($judge) };
    (@made capacity($judge:expr)) => { $crate::checks::Made::Capacity($judge) };
    (@made look($judge:expr)) => { $crate::checks::Made::Look($judge) };
    (@made needed_look($judge:expr)) => { $crate::checks::Made::Look($judge) };
    (@made strict_look($judge:expr)) => { $crate::checks::Made::Look($judge) };
    (@made configuration) => { $crate::checks::Made::Configuration };
    (@made fact($judge:expr)) => { $crate::checks::Made::Fact($judge) };
    (@made strict_fact($judge:expr)) => { $crate::checks::Made::Fact($judge) };
    (@made needed_fact($judge:expr)) => { $crate::checks::Made::Fact($judge) };
    (@made page($judge:expr)) => { $crate::checks::Made::Page($judge) };
    (@made by_walk) => { $crate::checks::Made::ByWalk };
    (@profile by_walk) => { None };
    (@profile document($judge:expr)) => { Some($crate::vocabulary::Profile::Strict) };
    (@profile asked($judge:expr)) => { None };
    (@profile by_step) => { None };
    (@profile configuration) => { None };
    (@profile strict_look($judge:expr)) => { Some($crate::vocabulary::Profile::Strict) };
    (@profile strict_fact($judge:expr)) => { Some($crate::vocabulary::Profile::Strict) };
    (@profile strict_response($judge:expr)) => { Some($crate::vocabulary::Profile::Strict) };
    (@profile strict_watch($judge:expr)) => { Some($crate::vocabulary::Profile::Strict) };
    (@profile $kind:ident($judge:expr)) => { None };
    (@needed needed_response) => { true };
    (@needed needed_watch) => { true };
    (@needed needed_look) => { true };
    (@needed needed_fact) => { true };
    (@needed $kind:ident) => { false };
    ($(
        $name:ident = $id:literal : $summary:literal
        at [$($at:ident)*], $kind:ident $(($judge:expr))? {
            $( $($stage:ident)+ : [$($requirement:literal),* $(,)?], )*
        }
    )+) => {
        $(
            #[doc = $summary]
            #[allow(unreachable_pub, reason = "only some themes are used by name")]
            pub const $name: &$crate::checks::Row = &$crate::checks::Row {
                id: $id,
                summary: $summary,
                stages: &[$($crate::vocabulary::Stage::$at),*],
                profile: rows!(@profile $kind $(($judge))?),
                covers: &[$( (&[$($crate::vocabulary::Stage::$stage),+], &[$($requirement),*]) ),*],
                made: rows!(@made $kind $(($judge))?),
                needed: rows!(@needed $kind),
            };
        )+

        /// Every row of the theme.
        pub(super) const ROWS: &[&$crate::checks::Row] = &[$($name),+];
    };
}

pub(super) use rows;
