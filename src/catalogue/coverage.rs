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

/// How a requirement is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Every run judges it in which its features are implemented.
    Always,
    /// A run judges it if its feeds or responses hold something that it is about.
    Sometimes,
    /// Breaking it is a warning only, as the data model has relaxed it.
    Relaxed,
    /// The specifications leave it open: other choices conform as well.
    Open,
    /// Nothing judges it, for a reason.
    Excepted,
    /// Nothing judges it.
    Uncovered,
    /// It is allowed, not required: nothing can break it.
    Permission,
    /// No client can observe whether it is kept.
    Unobservable,
    /// It binds somebody else than the booking system.
    Others,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Always,
        Self::Sometimes,
        Self::Relaxed,
        Self::Open,
        Self::Excepted,
        Self::Uncovered,
        Self::Permission,
        Self::Unobservable,
        Self::Others,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "judged always",
            Self::Sometimes => "judged if present",
            Self::Relaxed => "warning only",
            Self::Open => "open",
            Self::Excepted => "exception",
            Self::Uncovered => "not judged",
            Self::Permission => "permission",
            Self::Unobservable => "not observable",
            Self::Others => "binds others",
        }
    }

    /// What it means, in a sentence without its subject.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Always => "judged by every run in which its features are implemented",
            Self::Sometimes => "judged if the feeds or responses of the run hold something that it is about",
            Self::Relaxed => "a warning only, because the data model has relaxed it",
            Self::Open => "either choice is accepted, because the specifications leave it open",
            Self::Excepted => "observable and not judged, for a reason",
            Self::Uncovered => "observable and not judged yet",
            Self::Permission => "a permission, which nothing can break",
            Self::Unobservable => "not observable by a client",
            Self::Others => "binds somebody else than the booking system",
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
    /// How it is judged.
    #[must_use]
    pub fn state(&self) -> State {
        let requirement = self.requirement;
        if requirement.binds != Bound::BookingSystem {
            State::Others
        } else if requirement.open.is_some() {
            State::Open
        } else if !self.judges.is_empty() {
            match (requirement.relaxed, &requirement.chance) {
                (true, _) => State::Relaxed,
                (false, Some(_)) => State::Sometimes,
                (false, None) => State::Always,
            }
        } else if requirement.exception.is_some() {
            State::Excepted
        } else if requirement.observed == Observed::No {
            State::Unobservable
        } else if requirement.level == Level::May {
            State::Permission
        } else {
            State::Uncovered
        }
    }
}

/// How many requirements of some levels there are in each state.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Share {
    counts: BTreeMap<State, usize>,
}

impl Share {
    /// How many there are in a state.
    #[must_use]
    pub fn of(&self, state: State) -> usize {
        self.counts.get(&state).copied().unwrap_or_default()
    }

    /// How many bind the booking system and can be observed.
    #[must_use]
    pub fn observable(&self) -> usize {
        let hidden = [State::Unobservable, State::Others];
        self.counts.iter().filter(|(state, _)| !hidden.contains(state)).map(|(_, count)| count).sum()
    }
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

/// How the requirements of some levels are judged.
#[must_use]
pub fn share(covered: &[Covered<'_>], levels: &[Level]) -> Share {
    let mut share = Share::default();
    for one in covered.iter().filter(|one| levels.contains(&one.requirement.level)) {
        *share.counts.entry(one.state()).or_default() += 1;
    }
    share
}
