//! Sections of the specifications that steps cite.

use super::act::Step;
use super::facts::Facts;

/// The specification that most checks come from.
pub(super) const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/";
/// The specification of the Test Interface.
pub(super) const TEST_INTERFACE_SPEC: &str = "https://openactive.io/test-interface/";

/// The section that a step belongs to: its own, that of its test, or that of its feature.
pub(super) fn section(facts: &Facts, step: &Step) -> String {
    step.spec.as_ref().or(facts.test_spec.as_ref()).unwrap_or(&facts.feature_spec).clone()
}
