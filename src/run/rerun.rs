//! The command that runs one cell alone.

use crate::plan::Cell;

/// `oa-test run ... --test FEATURE/TEST --flow F --type K --seed S`.
pub(super) fn rerun(command: &str, cell: &Cell, seed: u64) -> String {
    let mut line = format!("{command} --test {}/{}", cell.feature.id, cell.test.id);
    if let Some((flow, scope)) = cell.booking {
        line.push_str(&format!(" --flow {} --type {}", flow.name(), scope.name()));
    }
    if cell.test.slow {
        line.push_str(" --slow");
    }
    line.push_str(&format!(" --seed {seed}"));
    line
}
