//! Which tests a run is about.

use crate::catalogue::{Catalogue, Feature, Test};
use crate::config::Glob;
use crate::error::Error;
use crate::vocabulary::{FEATURE_NAMES, Flow, OpportunityType, closest};

/// What was asked for on the command line. An empty list asks for everything.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Patterns of features.
    pub features: Vec<String>,
    /// Patterns of categories.
    pub categories: Vec<String>,
    /// Patterns of tests, each of the identifier or of `feature/test`.
    pub tests: Vec<String>,
    /// Patterns of booking flows.
    pub flows: Vec<String>,
    /// Patterns of opportunity types, `Multiple` among them.
    pub types: Vec<String>,
    /// Tests that wait for long, too.
    pub slow: bool,
}

/// The patterns of one option.
#[derive(Debug)]
struct Patterns(Vec<Glob>);

impl Patterns {
    fn read(what: &str, patterns: &[String], known: &[&str]) -> Result<Self, Error> {
        let mut matchers = Vec::new();
        for pattern in patterns {
            let matcher = Glob::new(pattern).map_err(|error| Error::usage(format!("--{what} {pattern}: {error}")))?;
            if !known.iter().any(|name| matcher.is_match(name)) {
                return Err(nothing_matches(what, pattern, known));
            }
            matchers.push(matcher);
        }
        Ok(Self(matchers))
    }

    fn has(&self, name: &str) -> bool {
        self.0.is_empty() || self.matches(name)
    }

    /// Whether a pattern matches; `false` where there is none.
    fn matches(&self, name: &str) -> bool {
        self.0.iter().any(|matcher| matcher.is_match(name))
    }
}

fn nothing_matches(what: &str, pattern: &str, known: &[&str]) -> Error {
    if what == "feature" && FEATURE_NAMES.iter().any(|(_, name)| *name == pattern) {
        return Error::usage(format!("feature `{pattern}` has no tests in this version"))
            .hint("run `oa-test list` for a list");
    }
    let hint = match closest(pattern, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known: {}", known.join(", ")),
    };
    Error::usage(format!("no {what} matches `{pattern}`")).hint(hint)
}

/// A selection, read against the catalogue.
#[derive(Debug)]
pub(super) struct Chosen {
    features: Patterns,
    categories: Patterns,
    tests: Patterns,
    /// Those of `feature/test`.
    full_tests: Patterns,
    flows: Patterns,
    types: Patterns,
}

impl Selection {
    /// The tests of the catalogue that this selection asks for.
    ///
    /// # Errors
    /// A pattern that matches nothing, with the nearest name.
    pub fn tests<'c>(&self, catalogue: &'c Catalogue) -> Result<Vec<(&'c Feature, &'c Test)>, Error> {
        let chosen = self.read(catalogue)?;
        Ok(catalogue.tests().filter(|(feature, test)| chosen.test(feature, test)).collect())
    }

    pub(super) fn read(&self, catalogue: &Catalogue) -> Result<Chosen, Error> {
        let features: Vec<&str> = catalogue.features().iter().map(|feature| feature.id.as_str()).collect();
        let categories: Vec<&str> = catalogue.features().iter().map(|feature| feature.category.as_str()).collect();
        let tests: Vec<&str> = catalogue.tests().map(|(_, test)| test.id.as_str()).collect();
        let full: Vec<String> =
            catalogue.tests().map(|(feature, test)| format!("{}/{}", feature.id, test.id)).collect();
        let full: Vec<&str> = full.iter().map(String::as_str).collect();
        // A glob of identifiers must not match the features before them.
        let (of_features, of_tests): (Vec<String>, Vec<String>) =
            self.tests.iter().cloned().partition(|pattern| pattern.contains('/'));
        let flows: Vec<&str> = Flow::ALL.iter().map(|flow| flow.name()).collect();
        let types: Vec<&str> = OpportunityType::ALL.iter().map(|known| known.name()).chain(["Multiple"]).collect();
        Ok(Chosen {
            features: Patterns::read("feature", &self.features, &features)?,
            categories: Patterns::read("category", &self.categories, &unique(categories))?,
            tests: Patterns::read("test", &of_tests, &tests)?,
            full_tests: Patterns::read("test", &of_features, &full)?,
            flows: Patterns::read("flow", &self.flows, &flows)?,
            types: Patterns::read("type", &self.types, &types)?,
        })
    }
}

fn unique(mut names: Vec<&str>) -> Vec<&str> {
    names.dedup();
    names
}

impl Chosen {
    /// Identifiers of tests are unique within their feature: a pattern is of the test alone, or of `feature/test`.
    fn test_named(&self, feature: &Feature, test: &Test) -> bool {
        let full = format!("{}/{}", feature.id, test.id);
        let none = self.tests.0.is_empty() && self.full_tests.0.is_empty();
        none || self.tests.matches(&test.id) || self.full_tests.matches(&full)
    }

    pub(super) fn test(&self, feature: &Feature, test: &Test) -> bool {
        self.features.has(&feature.id) && self.categories.has(&feature.category) && self.test_named(feature, test)
    }

    pub(super) fn flow(&self, flow: Flow) -> bool {
        self.flows.has(flow.name())
    }

    pub(super) fn opportunity_type(&self, name: &str) -> bool {
        self.types.has(name)
    }
}
