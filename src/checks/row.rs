//! One row for each check.

use std::cmp::Ordering;
use std::fmt;

use crate::results::Finding;
use crate::vocabulary::{Grade, Profile, Stage};

use crate::trace::Fact;

use super::outcome::Outcome;
use super::rpde::breaches::{Breaches, PageSeen};
use super::seen::Seen;
use super::view::{Answered, Awaiting, CapacitySeen, Looking};

/// When and on what a check is made.
#[derive(Debug, Clone, Copy)]
pub enum Made {
    /// On every Order, OrderQuote or OrderProposal at its stages, in every test.
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
    /// On every page of the feeds that are its stages, for every reader.
    Page(fn(&PageSeen<'_>, &mut Breaches)),
    /// By the walk along a feed, which holds the code of the check.
    ByWalk,
}

/// A check: what it asserts, where, and which requirements it judges there.
#[derive(Debug)]
pub struct Row {
    /// Its identifier: final, and used by reports and known failures.
    pub id: &'static str,
    /// Its assertion, in one line.
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
    /// The requirements that its findings prove broken: the first that fits a finding counts.
    pub violates: &'static [Violation],
    /// Whether a finding proves broken, too, what the step `violates` in its test.
    pub of_step: bool,
    /// How much a finding matters that violates no requirement.
    pub level: Grade,
    /// `true` if a feature promises what it asserts: every finding is a failure, at any level of its requirements.
    pub promised: bool,
    /// The first version of this program that makes it.
    pub since: &'static str,
}

/// The requirements that some findings of a check prove broken.
#[derive(Debug)]
pub struct Violation {
    /// The stages of the findings; [`Stage::Any`] is every stage.
    pub stages: &'static [Stage],
    /// The end of the subject of the findings, such as `price`; `None` for every subject.
    pub subject: Option<&'static str>,
    /// The defect of the findings, such as `missing`; `None` for every defect.
    pub defect: Option<&'static str>,
    /// The identifiers of the requirements, the most specific first.
    pub requirements: &'static [&'static str],
}

impl Violation {
    fn fits(&self, finding: &Finding, stage: Stage) -> bool {
        let subject = |end: &str| {
            let before = finding.subject.strip_suffix(end);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        (self.stages.contains(&stage) || self.stages.contains(&Stage::Any))
            && self.subject.is_none_or(subject)
            && self.defect.is_none_or(|defect| finding.defect == defect)
    }
}

impl Row {
    /// The requirements that a classified finding proves broken at a stage, the most specific first.
    #[must_use]
    pub fn violated(&self, finding: &Finding, stage: Stage) -> &'static [&'static str] {
        self.violates.iter().find(|violation| violation.fits(finding, stage)).map_or(&[], |found| found.requirements)
    }

    /// Whether a run of this version of the program only warns of it: from 1.0 on, for the minor release that brought it.
    #[must_use]
    pub fn is_new(&self, version: &str) -> bool {
        let release = |version: &str| {
            let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
            (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
        };
        let (major, minor) = release(version);
        major > 0 && minor > 0 && release(self.since) == (major, minor)
    }

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

/// Declares the rows of one theme: name, identifier, summary, stages, how it is made, and what it covers; then, if need be, what
/// its findings violate (`[stages] "end of the subject" if "defect" => [requirements]`), whether they violate what the step
/// does in its test (`step true`), its own level, whether each is a failure at any level (`promised true`), and the version that brought
/// it.
macro_rules! rows {
    (@made document($judge:expr)) => { $crate::checks::row::Made::Document($judge) };
    (@made asked($judge:expr)) => { $crate::checks::row::Made::Asked($judge) };
    (@made by_step) => { $crate::checks::row::Made::ByStep };
    (@made response($judge:expr)) => { $crate::checks::row::Made::Response($judge) };
    (@made strict_response($judge:expr)) => { $crate::checks::row::Made::Response($judge) };
    (@made needed_response($judge:expr)) => { $crate::checks::row::Made::Response($judge) };
    (@made watch($judge:expr)) => { $crate::checks::row::Made::Watch($judge) };
    (@made strict_watch($judge:expr)) => { $crate::checks::row::Made::Watch($judge) };
    (@made needed_watch($judge:expr)) => { $crate::checks::row::Made::Watch($judge) };
    (@made capacity($judge:expr)) => { $crate::checks::row::Made::Capacity($judge) };
    (@made look($judge:expr)) => { $crate::checks::row::Made::Look($judge) };
    (@made needed_look($judge:expr)) => { $crate::checks::row::Made::Look($judge) };
    (@made strict_look($judge:expr)) => { $crate::checks::row::Made::Look($judge) };
    (@made configuration) => { $crate::checks::row::Made::Configuration };
    (@made fact($judge:expr)) => { $crate::checks::row::Made::Fact($judge) };
    (@made strict_fact($judge:expr)) => { $crate::checks::row::Made::Fact($judge) };
    (@made needed_fact($judge:expr)) => { $crate::checks::row::Made::Fact($judge) };
    (@made page($judge:expr)) => { $crate::checks::row::Made::Page($judge) };
    (@made by_walk) => { $crate::checks::row::Made::ByWalk };
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
    (@some) => { None };
    (@some $value:literal) => { Some($value) };
    (@or $default:literal) => { $default };
    (@or $default:literal $value:literal) => { $value };
    (@level) => { $crate::vocabulary::Grade::Must };
    (@level $level:ident) => { $crate::vocabulary::Grade::$level };
    ($(
        $name:ident = $id:literal : $summary:literal
        at [$($at:ident)*], $kind:ident $(($judge:expr))? {
            $( $($stage:ident)+ : [$($requirement:literal),* $(,)?], )*
        }
        $(, violates {
            $( [$($broken_at:ident)+] $($subject:literal)? $(if $defect:literal)? => [$($broken:literal),* $(,)?], )*
        })?
        $(, step $of_step:literal)?
        $(, level $level:ident)?
        $(, promised $promised:literal)?
        $(, since $since:literal)?
    )+) => {
        $(
            #[doc = $summary]
            #[allow(unreachable_pub, reason = "only some themes are used by name")]
            pub const $name: &$crate::checks::row::Row = &$crate::checks::row::Row {
                id: $id,
                summary: $summary,
                stages: &[$($crate::vocabulary::Stage::$at),*],
                profile: rows!(@profile $kind $(($judge))?),
                covers: &[$( (&[$($crate::vocabulary::Stage::$stage),+], &[$($requirement),*]) ),*],
                made: rows!(@made $kind $(($judge))?),
                needed: rows!(@needed $kind),
                violates: &[$($( $crate::checks::row::Violation {
                    stages: &[$($crate::vocabulary::Stage::$broken_at),+],
                    subject: rows!(@some $($subject)?),
                    defect: rows!(@some $($defect)?),
                    requirements: &[$($broken),*],
                } ),*)?],
                of_step: rows!(@or false $($of_step)?),
                level: rows!(@level $($level)?),
                promised: rows!(@or false $($promised)?),
                since: rows!(@or "0.1" $($since)?),
            };
        )+

        /// Every row of the theme.
        pub(super) const ROWS: &[&$crate::checks::row::Row] = &[$($name),+];
    };
}

pub(super) use rows;

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of its own.
    fn row(since: &'static str) -> Row {
        Row {
            id: "a-check",
            summary: "a check",
            stages: &[Stage::C1],
            profile: None,
            covers: &[],
            made: Made::Configuration,
            needed: false,
            violates: &[
                Violation {
                    stages: &[Stage::C1],
                    subject: Some("price"),
                    defect: Some("missing"),
                    requirements: &["OB-tax-mode-7"],
                },
                Violation {
                    stages: &[Stage::Any],
                    subject: None,
                    defect: Some("wrong"),
                    requirements: &["OB-tax-mode-8"],
                },
            ],
            of_step: false,
            promised: false,
            level: Grade::Must,
            since,
        }
    }

    #[test]
    fn the_first_violation_that_fits_stage_subject_and_defect_counts() {
        let found = |subject: &str, defect: &str, stage: Stage| {
            let finding = Finding { subject: subject.to_owned(), defect: defect.to_owned(), ..Finding::default() };
            row("0.1").violated(&finding, stage).to_vec()
        };
        assert_eq!(found("totalPaymentDue.price", "missing", Stage::C1), ["OB-tax-mode-7"]);
        assert_eq!(found("price", "missing", Stage::C1), ["OB-tax-mode-7"]);
        assert!(found("totalPaymentDue.price", "missing", Stage::C2).is_empty());
        assert!(found("lowprice", "missing", Stage::C1).is_empty());
        assert_eq!(found("lowprice", "wrong", Stage::B), ["OB-tax-mode-8"]);
        assert!(found("price", "unexpected", Stage::C1).is_empty());
    }

    #[test]
    fn a_check_is_new_in_the_minor_release_that_brought_it() {
        assert!(!row("0.4").is_new("0.4.2"), "before 1.0 nothing is promised");
        assert!(!row("1.0").is_new("1.0.3"), "1.0 brings what was there before");
        assert!(row("1.3").is_new("1.3.0"));
        assert!(row("1.3").is_new("1.3.9"));
        assert!(!row("1.3").is_new("1.4.0"));
        assert!(!row("1.3").is_new("2.0.0"));
    }
}
