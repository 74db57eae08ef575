//! Mutants with what became of them, and the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use crate::run::{Fate, Mutant, Objection};

/// A mutant, and what the checks made of it.
#[derive(Debug)]
pub(super) struct SweptMutant {
    pub(super) operator: &'static str,
    /// Whether it conforms, so that no check may object.
    pub(super) conforms: bool,
    /// The kind of exchange.
    pub(super) kind: String,
    /// What of the exchange differs.
    pub(super) subject: String,
    /// Where it was made: a cell or a feed.
    pub(super) cell: String,
    pub(super) fate: Fate,
    /// Why no check need object.
    pub(super) excuse: Option<&'static str>,
}

impl From<Mutant> for SweptMutant {
    fn from(mutant: Mutant) -> Self {
        let Mutant { operator, kind, subject, cell, fate, excuse } = mutant;
        Self { operator: operator.name(), conforms: operator.conforms(), kind, subject, cell, fate, excuse }
    }
}

impl SweptMutant {
    /// Whether a check fails or warns.
    const fn is_found(&self) -> bool {
        matches!(self.fate, Fate::Failed(_) | Fate::Warned(_))
    }

    /// Whether some check should object, and none fails or warns.
    const fn is_open(&self) -> bool {
        !self.is_found() && self.excuse.is_none() && !self.conforms
    }

    /// Whether a check objects to what conforms.
    const fn is_alarm(&self) -> bool {
        self.conforms && !matches!(self.fate, Fate::Unfound)
    }

    const fn objection(&self) -> Option<&Objection> {
        match &self.fate {
            Fate::Failed(objection) | Fate::Warned(objection) | Fate::Blocked(objection) => Some(objection),
            Fate::Unfound => None,
        }
    }

    /// The word for what became of it.
    const fn word(&self) -> &'static str {
        match self.fate {
            Fate::Failed(_) => "failed",
            Fate::Warned(_) => "warned",
            Fate::Blocked(_) => "blocked",
            Fate::Unfound => "undetected",
        }
    }

    fn json(&self) -> Value {
        let objection = self.objection().map(
            |objection| json!({ "check": objection.check, "subject": objection.subject, "exact": objection.exact }),
        );
        json!({
            "operator": self.operator,
            "exchange": self.kind,
            "subject": self.subject,
            "cell": self.cell,
            "fate": self.word(),
            "objection": objection,
            "excuse": self.excuse,
        })
    }
}

/// The mutants of a group.
#[derive(Debug)]
pub(super) struct Swept {
    pub(super) name: &'static str,
    pub(super) rows: Vec<SweptMutant>,
    /// Mutants that no cell came to.
    pub(super) unmade: usize,
    pub(super) time: Duration,
}

/// How many mutants came to what.
#[derive(Debug, Default)]
struct Figures {
    mutants: usize,
    failed: usize,
    warned: usize,
    excused: usize,
    conforming: usize,
    open: usize,
    alarms: usize,
    /// Of those that fail or warn, those whose first finding names the stage and the place.
    exact: usize,
}

impl Figures {
    fn of<'r>(rows: impl Iterator<Item = &'r SweptMutant>) -> Self {
        let mut figures = Self::default();
        for row in rows {
            figures.mutants += 1;
            if row.conforms {
                figures.conforming += 1;
                figures.alarms += usize::from(row.is_alarm());
                continue;
            }
            match &row.fate {
                Fate::Failed(objection) => {
                    figures.failed += 1;
                    figures.exact += usize::from(objection.exact);
                }
                Fate::Warned(objection) => {
                    figures.warned += 1;
                    figures.exact += usize::from(objection.exact);
                }
                Fate::Blocked(_) | Fate::Unfound if row.excuse.is_some() => figures.excused += 1,
                Fate::Blocked(_) | Fate::Unfound => figures.open += 1,
            }
        }
        figures
    }

    const fn found(&self) -> usize {
        self.failed + self.warned
    }

    /// How many of a hundred findings name the stage and the place of the edit.
    fn share(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "counts of mutants are small")]
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        share(self.exact, self.found())
    }
}

impl Swept {
    fn figures(&self) -> Figures {
        Figures::of(self.rows.iter())
    }

    /// Whether a mutant is open, or a check objects to one that conforms.
    pub(super) fn has_holes(&self) -> bool {
        self.rows.iter().any(|row| row.is_open() || row.is_alarm())
    }

    pub(super) fn json(&self) -> Value {
        let figures = self.figures();
        json!({
            "mutants": figures.mutants,
            "failed": figures.failed,
            "warned": figures.warned,
            "excused": figures.excused,
            "conforming": figures.conforming,
            "open": figures.open,
            "alarms": figures.alarms,
            "unmade": self.unmade,
            "exact": figures.share(),
            "seconds": self.time.as_secs_f64(),
            "all": self.rows.iter().map(SweptMutant::json).collect::<Vec<_>>(),
        })
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n{:<17}mutants  detected  excused  open\n", self.name, "operator");
        let mut operators = BTreeSet::new();
        for row in self.rows.iter().filter(|row| operators.insert(row.operator)) {
            let own = Figures::of(self.rows.iter().filter(|other| other.operator == row.operator));
            text.push_str(&format!(
                "{:<16}{:>8}{:>10}{:>9}{:>6}\n",
                row.operator,
                own.mutants,
                own.found(),
                own.excused,
                own.open
            ));
        }
        text.push_str(&self.listed("Open:", &SweptMutant::is_open));
        text.push_str(&self.listed("Conforming edits that a check objects to:", &SweptMutant::is_alarm));
        text.push_str(&self.listed("Detected elsewhere than at the edit:", &|row| {
            row.is_found() && !row.conforms && row.objection().is_some_and(|objection| !objection.exact)
        }));
        let Figures { mutants, failed, warned, excused, open, conforming, alarms, .. } = self.figures();
        let (share, seconds) = (self.figures().share(), self.time.as_secs_f64());
        text.push_str(&format!(
            "\n{mutants} mutants: {failed} fail, {warned} warn, {excused} excused, {open} open, {conforming} conforming \
             ({alarms} with an alarm); {share:.1}% of the findings name the edit; {seconds:.1} s\n",
        ));
        if self.unmade > 0 {
            text.push_str(&format!("{} more mutants need an exchange that no cell made\n", self.unmade));
        }
        text
    }

    /// The mutants that fit, by subject.
    fn listed(&self, title: &str, fits: &dyn Fn(&SweptMutant) -> bool) -> String {
        let mut lines: BTreeMap<(&str, &str, &str), &SweptMutant> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| fits(row)) {
            lines.entry((&row.subject, &row.kind, row.operator)).or_insert(row);
        }
        let mut text = if lines.is_empty() { String::new() } else { format!("\n{title}\n") };
        for ((subject, kind, operator), row) in lines {
            let found = row.objection().map(|objection| format!(": {} at {}", objection.check, objection.subject));
            text.push_str(&format!("  {operator} {subject}, {kind}{} ({})\n", found.unwrap_or_default(), row.cell));
        }
        text
    }
}
