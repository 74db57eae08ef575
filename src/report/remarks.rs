//! What validation has to say that is no failure: kept apart from findings, and shown on request only.

use std::collections::HashMap;

use crate::results::{Remark, RemarkLevel, RunReport};

use super::escape::escape;
use super::paint::Paint;

/// A remark, with where it was made.
pub(super) struct CountedRemark<'r> {
    pub(super) remark: &'r Remark,
    pub(super) place: &'r str,
    pub(super) count: u64,
}

/// The remarks of a run, the same one once.
pub(super) fn all(report: &RunReport) -> Vec<CountedRemark<'_>> {
    let of_feeds = report.remarks.iter().map(|remark| (remark, remark.first.as_deref().unwrap_or_default()));
    let of_steps = report
        .cells
        .iter()
        .flat_map(|cell| &cell.steps)
        .flat_map(|step| step.remarks.iter().map(move |remark| (remark, step.title.as_str())));
    let mut remarks: Vec<CountedRemark<'_>> = Vec::new();
    let mut places: HashMap<_, usize> = HashMap::new();
    for (remark, place) in of_feeds.chain(of_steps) {
        match places.get(&remark.key()).and_then(|at| remarks.get_mut(*at)) {
            Some(known) => known.count += remark.count,
            None => {
                places.insert(remark.key(), remarks.len());
                remarks.push(CountedRemark { remark, place, count: remark.count });
            }
        }
    }
    remarks.sort_by(|one, two| (one.remark.level, two.count).cmp(&(two.remark.level, one.count)));
    remarks
}

/// How many there are, in a line; `None` where there are none.
pub(super) fn count_remarks(report: &RunReport) -> Option<String> {
    let remarks = all(report);
    let part = |level: RemarkLevel| {
        let count = remarks.iter().filter(|counted| counted.remark.level == level).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural} ({})", level.word(), level.grade()))
    };
    let parts: Vec<String> = [RemarkLevel::Warning, RemarkLevel::Suggestion].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("also: {}; --warnings lists them", parts.join(", ")))
}

/// What they say.
pub(super) fn remarks(report: &RunReport, paint: Paint) -> String {
    let remarks = all(report);
    if remarks.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    for CountedRemark { remark, place, count } in remarks {
        let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
        let path = if remark.path.is_empty() { String::new() } else { format!("{}  ", escape(&remark.path)) };
        text.push_str(&format!(
            "{:<10} {}{}{times}\n           {}\n",
            remark.level.word(),
            paint.bold(&path),
            escape(&remark.message),
            paint.dim(&format!("{}, rule {}", escape(place), escape(&remark.rule)))
        ));
        for cited in &remark.requirements {
            text.push_str(&format!("           {}\n", paint.dim(&cited.to_string())));
        }
    }
    text
}
