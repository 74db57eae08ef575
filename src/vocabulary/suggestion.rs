//! "Did you mean": the nearest of a set of known names.

/// The known name nearest to `given`, if it is near enough to be a slip of the keyboard.
///
/// Letter case is ignored, and a known name that contains `given` (or is contained in it) counts as near.
#[must_use]
pub fn closest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = given.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            let lower = name.to_lowercase();
            let within = wanted.len() >= 4 && (lower.contains(&wanted) || wanted.contains(&lower) && lower.len() >= 4);
            let score = strsim::jaro_winkler(&wanted, &lower);
            (if within { score.max(0.9) } else { score }, name)
        })
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
