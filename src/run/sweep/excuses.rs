//! Edits that no check need object to, each with the reason.

use crate::config::Glob;

use super::mutate::Operator;

/// The table: operators, kinds of exchanges and places as globs, and the reason.
const TABLE: &str = include_str!("../../../fixtures/sweep.txt");

/// The edits that no check need object to.
#[derive(Debug)]
pub(super) struct Excuses(Vec<Excuse>);

/// Edits that no check need object to.
#[derive(Debug)]
struct Excuse {
    operator: Glob,
    kind: Glob,
    subject: Glob,
    reason: &'static str,
}

impl Excuses {
    /// Those of the table.
    ///
    /// # Errors
    /// In words, which line cannot be read.
    pub(super) fn read() -> Result<Self, String> {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| excuse(line).ok_or_else(|| format!("invalid excuse: {line}")))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The reason why nothing need object to an edit.
    pub(super) fn reason(&self, operator: Operator, kind: &str, subject: &str) -> Option<&'static str> {
        let fits = |excuse: &&Excuse| {
            excuse.operator.is_match(operator.name()) && excuse.kind.is_match(kind) && excuse.subject.is_match(subject)
        };
        self.0.iter().find(fits).map(|excuse| excuse.reason)
    }
}

fn excuse(line: &'static str) -> Option<Excuse> {
    let mut fields = line.splitn(4, '|').map(str::trim);
    let mut glob = || Glob::new(fields.next()?).ok();
    let (operator, kind, subject) = (glob()?, glob()?, glob()?);
    Some(Excuse { operator, kind, subject, reason: fields.next().filter(|reason| !reason.is_empty())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read() {
        let excuses = Excuses::read().unwrap();
        assert!(excuses.reason(Operator::Change, "b Order Success", "orderedItem.orderItemStatus").is_none());
    }
}
