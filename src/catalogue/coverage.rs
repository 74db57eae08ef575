//! Which checks judge which requirements.

use std::collections::{BTreeMap, BTreeSet};

use crate::vocabulary::{FeedName, Flow, Profile, Stage};

use super::acts::{Act, Repeated, Step};
use super::load::Catalogue;
use super::types::{Feature, Part, Test, When};
use crate::checks::{Made, Row, covered_by_error, rows, test_interface};
use crate::requirement::{Bound, Level, Observed, Requirement, Requirements};

/// Something that judges a requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judge {
    /// A check of a feature file, or a step of it as a whole.
    Test {
        /// `feature/test`, with `not-implemented` where the test is of a feature that is left out.
        test: String,
        /// What is asserted.
        says: String,
        /// Whether only strict runs do.
        strict: bool,
    },
    /// A standard check, where it is made.
    Standard(&'static Row, Stage),
    /// A rule of validation, and what it is about.
    Rule(String),
}

/// What is known about a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Something judges it.
    Covered,
    /// Nothing does, for a reason.
    Excepted,
    /// Nothing does.
    Uncovered,
    /// It may be so or otherwise: nothing can break it.
    Permission,
    /// Nobody could see whether it is kept.
    Unobservable,
    /// It does not bind the booking system.
    OfOthers,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Excepted => "excepted",
            Self::Uncovered => "uncovered",
            Self::Permission => "permission",
            Self::Unobservable => "not observable",
            Self::OfOthers => "of others",
        }
    }
}

/// A requirement with what judges it.
#[derive(Debug)]
pub struct Covered<'r> {
    /// The requirement.
    pub requirement: &'r Requirement,
    /// What judges it.
    pub judges: Vec<Judge>,
}

impl Covered<'_> {
    /// What is known about it.
    #[must_use]
    pub fn state(&self) -> State {
        if !self.judges.is_empty() {
            State::Covered
        } else if self.requirement.binds != Bound::BookingSystem {
            State::OfOthers
        } else if self.requirement.exception.is_some() {
            State::Excepted
        } else if self.requirement.observed == Observed::No {
            State::Unobservable
        } else if self.requirement.level == Level::May {
            State::Permission
        } else {
            State::Uncovered
        }
    }
}

/// How many requirements of a booking system there are, that a client can observe.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Those that something judges.
    pub covered: usize,
    /// Those that nothing judges, for a reason.
    pub excepted: usize,
    /// Those that nothing can break.
    pub permissions: usize,
    /// All of them.
    pub all: usize,
}

/// Every requirement, in the order of the specifications, with what judges it.
#[must_use]
pub fn coverage(catalogue: &Catalogue) -> Vec<Covered<'static>> {
    let mut judges: BTreeMap<String, BTreeSet<Judge>> = BTreeMap::new();
    let mut places: BTreeSet<Stage> = BTreeSet::from([Stage::Any, Stage::OpportunityFeed]);
    for (feature, test) in catalogue.tests() {
        for part in &test.parts {
            for step in &part.steps {
                of_step(&mut judges, feature, test, part, step);
                places.extend(step.places(&test.flows));
            }
        }
        for wanted in test.opportunities.iter().flat_map(|wanted| wanted.single.iter().chain(&wanted.multiple)) {
            let judge = Judge::Standard(test_interface::CRITERIA, Stage::TestInterface);
            judges.entry(format!("TI-{}-1", wanted.criteria)).or_default().insert(judge.clone());
            judges.entry("TI-testOpenBookingFlow-1".to_owned()).or_default().insert(judge.clone());
            for flow in Flow::ALL {
                judges.entry(format!("TI-{flow}-1")).or_default().insert(judge.clone());
            }
        }
    }
    for row in rows().filter(|row| !matches!(row.made, Made::Asked(_))) {
        for (at, ids) in row.covers {
            for (place, id) in
                at.iter().filter(|place| places.contains(place)).flat_map(|place| ids.iter().map(move |id| (place, id)))
            {
                judges.entry((*id).to_owned()).or_default().insert(Judge::Standard(row, *place));
            }
        }
    }
    let all = Requirements::built_in().all().iter();
    all.map(|requirement| {
        let mut found: Vec<Judge> = judges.remove(&requirement.id).unwrap_or_default().into_iter().collect();
        found.extend(requirement.model.iter().map(|rule| Judge::Rule(rule.to_string())));
        Covered { requirement, judges: found }
    })
    .collect()
}

fn of_step(judges: &mut BTreeMap<String, BTreeSet<Judge>>, feature: &Feature, test: &Test, part: &Part, step: &Step) {
    let strict = [test.profile, part.profile, step.profile].contains(&Some(Profile::Strict));
    let name = match test.when {
        When::Implemented => format!("{}/{}", feature.id, test.id),
        When::NotImplemented => format!("{}/not-implemented/{}", feature.id, test.id),
    };
    let mut add = |id: &str, says: String, strict: bool| {
        judges.entry(id.to_owned()).or_default().insert(Judge::Test { test: name.clone(), says, strict });
    };
    for id in &step.judges {
        add(id, step.sentence(), strict);
    }
    for id in step.implied() {
        add(id, step.sentence(), strict);
    }
    for check in step.expect.iter().chain(&step.expect_proposal) {
        for id in check.judged() {
            add(id, check.title(), strict || check.profile == Some(Profile::Strict));
        }
    }
    if let Some(error) = step.fails {
        let all = Requirements::built_in();
        let places = step.places(&test.flows);
        for id in covered_by_error(error) {
            let shows = all.get(id).map(|requirement| requirement.shows.as_slice()).unwrap_or_default();
            if shows.contains(&Stage::Any) || places.iter().any(|place| shows.contains(place)) {
                add(id, step.sentence(), strict);
            }
        }
    }
}

/// How much of what a booking system must, should or may do is covered, as far as a client can observe it.
#[must_use]
pub fn share(covered: &[Covered<'_>], levels: &[Level]) -> Share {
    let mut share = Share::default();
    let counted =
        covered.iter().filter(|one| one.requirement.is_observable() && levels.contains(&one.requirement.level));
    for one in counted {
        share.all += 1;
        match one.state() {
            State::Covered => share.covered += 1,
            State::Excepted => share.excepted += 1,
            State::Permission => share.permissions += 1,
            _ => {}
        }
    }
    share
}

impl Step {
    /// The requirements that it judges by being what it is: those of its simulate action.
    pub fn implied(&self) -> impl Iterator<Item = &'static str> + use<> {
        let prefix = match &self.act {
            Act::Simulate { action, .. } => Some(format!("TI-{}-", action.json_type().trim_start_matches("test:"))),
            _ => None,
        };
        let all = Requirements::built_in().all().iter().map(|requirement| requirement.id.as_str());
        all.filter(move |id| prefix.as_deref().is_some_and(|prefix| id.starts_with(prefix)))
    }

    /// Where the answers to its requests, and what comes of them, show, in tests of these flows (none: all).
    #[must_use]
    pub fn places(&self, flows: &[Flow]) -> Vec<Stage> {
        let runs_in = |flow: Flow| flows.is_empty() || flows.contains(&flow);
        let feed = |feed: FeedName| match feed {
            FeedName::Orders => Stage::OrdersFeed,
            FeedName::OrderProposals => Stage::ProposalsFeed,
        };
        let booking = || {
            let mut places = Vec::new();
            if runs_in(Flow::Approval) {
                places.push(Stage::P);
                if self.fails.is_none() {
                    places.extend([Stage::TestInterface, Stage::ProposalsFeed, Stage::B]);
                }
            }
            if runs_in(Flow::Simple) {
                places.push(Stage::B);
            }
            places
        };
        let mut places = match &self.act {
            Act::Fetch | Act::Create => vec![Stage::TestInterface, Stage::OpportunityFeed],
            Act::C1(_) | Act::C1Refused(_) => vec![Stage::C1],
            Act::C2(_) => vec![Stage::C2],
            Act::Lease(batch) => vec![if batch.at == super::acts::Checkpoint::C1 { Stage::C1 } else { Stage::C2 }],
            Act::Book(_) | Act::BookAtOnce(_) => booking(),
            Act::BookDirectly(_) | Act::Confirm(_) | Act::RepeatB => vec![Stage::B],
            Act::Propose(_) | Act::Repeat(Repeated::P) => vec![Stage::P],
            Act::Repeat(Repeated::C1) => vec![Stage::C1],
            Act::Repeat(Repeated::C2) => vec![Stage::C2],
            Act::Simulate { .. } | Act::OwnDataset | Act::DeleteDataset => vec![Stage::TestInterface],
            Act::Cancel { .. } => vec![Stage::OrderPatch],
            Act::Reject(_) => vec![Stage::ProposalPatch],
            Act::DeleteOrder(_) => vec![Stage::OrderDelete],
            Act::DeleteQuote => vec![Stage::QuoteDelete],
            Act::OrderStatus | Act::StatusBefore(_) => vec![Stage::OrderStatus],
            Act::LeaseKept => vec![Stage::P],
            Act::NotInFeed(name) | Act::Retained(name) | Act::FeedRefused(name) => vec![feed(*name)],
            Act::CreateRefused(_) => vec![Stage::TestInterface],
            Act::WrongVerb => vec![Stage::B],
            Act::DatasetSite => vec![Stage::DatasetSite],
            Act::OpenId(_) => vec![Stage::Auth],
            Act::LookFor(_) => vec![Stage::OpportunityFeed],
            Act::LeaseEnd | Act::NoneMeets(_) | Act::Require(_) | Act::UnknownEndpoint | Act::RivalBooks => Vec::new(),
        };
        places.extend([self.awaits, self.quiet].into_iter().flatten().map(feed));
        places
    }
}
