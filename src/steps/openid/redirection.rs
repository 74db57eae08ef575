//! Authorization requests and redirect URIs that differ from the plain ones.

/// With another query parameter.
pub(super) fn with_parameter(url: &str, changes: &[(&str, Option<&str>)]) -> Option<String> {
    let mut url = url::Url::parse(url).ok()?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .collect();
    let mut pairs = url.query_pairs_mut();
    pairs.clear().extend_pairs(kept);
    for (name, value) in changes {
        if let Some(value) = value {
            pairs.append_pair(name, value);
        }
    }
    drop(pairs);
    Some(url.into())
}

/// A redirect URI that is longer by a word than the one that was registered.
pub(super) fn other_redirect_uri(registered: &str) -> String {
    format!("{}-elsewhere", registered.trim_end_matches('/'))
}
