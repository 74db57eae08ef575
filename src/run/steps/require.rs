//! What the configuration itself must say.

use crate::run::cell::CellRun;
use crate::trace::{Configured, Event};
use crate::vocabulary::ConfigurationRule;

/// Looks at the configuration. What `judges` names, rules of preference are about.
pub(super) fn require(run: &mut CellRun, rule: ConfigurationRule, judges: &[String]) -> bool {
    run.begin("require", "Configuration");
    let (feature, spec) = (run.cell.feature.id.clone(), run.cell.feature.spec.clone());
    run.see(Event::Configuration(Configured { rule, feature, spec, judges: judges.to_vec() }));
    run.end()
}
