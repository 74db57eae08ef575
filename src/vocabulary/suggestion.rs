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

/// Limit of a given name that is compared, in characters: a longer one is no slip of the keyboard.
const COMPARED: usize = 80;

/// The `count` known names with the smallest edit distance to `given`, nearest first, without regard to letter case.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let wanted: String = given.chars().take(COMPARED).collect::<String>().to_lowercase();
    let mut ranked: Vec<(usize, &str)> =
        known.into_iter().map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name)).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.into_iter().take(count).map(|(_, name)| name).collect()
}
