//! The requirements that a check or step of a feature file judges.

use crate::document::{Fields, Problem, Problems};
use crate::requirement::Requirements;

/// Reads `judges` of a check or a step: identifiers of requirements that exist.
pub(super) fn read_judges(fields: &Fields<'_>, problems: &Problems) -> Vec<String> {
    let known = Requirements::built_in();
    let mut judges = Vec::new();
    for node in fields.list("judges") {
        match node.as_text() {
            Some(id) if known.get(id).is_some() => judges.push(id.to_owned()),
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
    judges
}
