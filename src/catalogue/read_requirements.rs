//! The requirements that a check or step of a feature file covers or violates.

use crate::document::{Fields, Problem, Problems};
use crate::requirement::Requirements;

/// Reads `covers` or `violates` of a check or a step: identifiers of requirements that exist.
pub(super) fn read_requirements(fields: &Fields<'_>, key: &'static str, problems: &Problems) -> Vec<String> {
    let known = Requirements::built_in();
    let mut read = Vec::new();
    for node in fields.list(key) {
        match node.as_text() {
            Some(id) if known.get(id).is_some() => read.push(id.to_owned()),
            Some(id) => {
                let mut problem = Problem::new(&node.spot, format!("unknown requirement `{id}`"));
                if let Some(near) = known.closest(id) {
                    problem = problem.hint(format!("did you mean `{near}`?"));
                }
                problems.add(problem);
            }
            None => problems.add(Problem::new(&node.spot, "expected the identifier of a requirement")),
        }
    }
    read
}
