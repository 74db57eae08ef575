//! Which checks judge which requirements.

use std::collections::{BTreeMap, BTreeSet};

use crate::steps::Step;
use crate::vocabulary::{Flow, Profile, Stage};

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
                places.extend(step.stages(&test.flows));
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
    for id in step.covers.iter().chain(&step.violates) {
        add(id, step.sentence(), strict);
    }
    for id in step.act.implied() {
        add(id, step.sentence(), strict);
    }
    for check in step.expect.iter().chain(&step.expect_proposal) {
        for id in check.covered() {
            add(id, check.title(), strict || check.profile == Some(Profile::Strict));
        }
    }
    if let Some(error) = step.fails {
        let all = Requirements::built_in();
        let places = step.stages(&test.flows);
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
