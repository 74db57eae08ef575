//! The members of a discovery document: <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata>,
//! <https://www.rfc-editor.org/rfc/rfc8414#section-2>.

use serde_json::{Map, Value};

use super::failure::AuthFailure;

/// An optional member of a document that has an unexpected type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddMember {
    /// The document.
    pub document: &'static str,
    /// The member.
    pub path: String,
    /// What it should be.
    pub expected: &'static str,
    /// What it is.
    pub found: String,
}

/// The members of a discovery document that a client uses.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata {
    pub(super) issuer: Option<String>,
    pub(super) authorization_endpoint: Option<String>,
    pub(super) token_endpoint: Option<String>,
    pub(super) jwks_uri: Option<String>,
    pub(super) registration_endpoint: Option<String>,
    /// `code_challenge_methods_supported`
    pub(super) challenge_methods: Option<Vec<String>>,
    /// `scopes_supported`
    pub(super) scopes: Option<Vec<String>>,
    /// `token_endpoint_auth_methods_supported`
    pub(super) auth_methods: Option<Vec<String>>,
    /// `authorization_response_iss_parameter_supported`
    pub(super) names_issuer: bool,
    /// `require_pushed_authorization_requests`
    pub(super) pushed_only: bool,
}

/// What the value of a member should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MemberType {
    Url,
    Texts,
    Flag,
}

impl MemberType {
    const fn name(self) -> &'static str {
        match self {
            Self::Url => "a URL",
            Self::Texts => "an array of strings",
            Self::Flag => "true or false",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Url => value.as_str().is_some_and(|text| url::Url::parse(text).is_ok()),
            Self::Texts => texts(Some(value)).is_some(),
            Self::Flag => value.is_boolean(),
        }
    }
}

/// Members that a provider must publish.
pub(super) const REQUIRED: &[&str] = &[
    "issuer",
    "authorization_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
];

/// Members that are used, with the URLs among them.
const ENDPOINTS: &[&str] = &["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"];

/// Other members whose types are known.
const OTHERS: &[(&str, MemberType)] = &[
    ("userinfo_endpoint", MemberType::Url),
    ("end_session_endpoint", MemberType::Url),
    ("revocation_endpoint", MemberType::Url),
    ("introspection_endpoint", MemberType::Url),
    ("service_documentation", MemberType::Url),
    ("op_policy_uri", MemberType::Url),
    ("op_tos_uri", MemberType::Url),
    ("scopes_supported", MemberType::Texts),
    ("response_types_supported", MemberType::Texts),
    ("response_modes_supported", MemberType::Texts),
    ("grant_types_supported", MemberType::Texts),
    ("subject_types_supported", MemberType::Texts),
    ("id_token_signing_alg_values_supported", MemberType::Texts),
    ("token_endpoint_auth_methods_supported", MemberType::Texts),
    ("code_challenge_methods_supported", MemberType::Texts),
    ("claims_supported", MemberType::Texts),
    ("claims_parameter_supported", MemberType::Flag),
    ("request_parameter_supported", MemberType::Flag),
    ("request_uri_parameter_supported", MemberType::Flag),
    ("require_request_uri_registration", MemberType::Flag),
    ("authorization_response_iss_parameter_supported", MemberType::Flag),
    ("require_pushed_authorization_requests", MemberType::Flag),
];

/// A value in a few words.
pub(super) fn brief(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "an empty string".to_owned(),
        Some(Value::String(text)) => super::error_response::quoted(text),
        Some(value) => super::error_response::quoted(&value.to_string()),
    }
}

/// What a value is, without what it says: it may be a secret.
pub(super) fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(text)) if text.is_empty() => "an empty string",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    }
}

/// The strings of an array; `None` where it is something else.
fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    value?.as_array()?.iter().map(|entry| entry.as_str().map(str::to_owned)).collect()
}

impl Metadata {
    /// Reads a document, with the members that have other types than they should.
    ///
    /// # Errors
    /// A member that is used has a value that cannot be.
    pub(super) fn read(document: &Map<String, Value>) -> Result<(Self, Vec<OddMember>), AuthFailure> {
        for name in ENDPOINTS {
            let value = document.get(*name).filter(|value| !value.is_null());
            if let Some(value) = value.filter(|value| !MemberType::Url.fits(value)) {
                return Err(AuthFailure::new(format!("`{name}` of the discovery document is not a URL"))
                    .expected("a URL", brief(Some(value)))
                    .path(*name));
            }
        }
        let odd = OTHERS.iter().filter_map(|(name, shape)| {
            let value = document.get(*name).filter(|value| !value.is_null() && !shape.fits(value))?;
            Some(OddMember {
                document: "the discovery document",
                path: (*name).to_owned(),
                expected: shape.name(),
                found: brief(Some(value)),
            })
        });
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        let flag = |name: &str| document.get(name).and_then(Value::as_bool).unwrap_or_default();
        let metadata = Self {
            issuer: text("issuer"),
            authorization_endpoint: text("authorization_endpoint"),
            token_endpoint: text("token_endpoint"),
            jwks_uri: text("jwks_uri"),
            registration_endpoint: text("registration_endpoint"),
            challenge_methods: texts(document.get("code_challenge_methods_supported")),
            scopes: texts(document.get("scopes_supported")),
            auth_methods: texts(document.get("token_endpoint_auth_methods_supported")),
            names_issuer: flag("authorization_response_iss_parameter_supported"),
            pushed_only: flag("require_pushed_authorization_requests"),
        };
        Ok((metadata, odd.collect()))
    }

    /// The endpoints, by the names of their members.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let urls = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri, &self.registration_endpoint];
        ENDPOINTS.iter().copied().zip(urls).filter_map(|(name, url)| Some((name, url.as_deref()?)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Metadata;

    fn read(document: Value) -> Result<(Metadata, Vec<String>), String> {
        let Value::Object(document) = document else { return Err("no object".to_owned()) };
        let (metadata, odd) = Metadata::read(&document).map_err(|failure| failure.to_string())?;
        Ok((metadata, odd.into_iter().map(|odd| format!("{}: {}", odd.path, odd.found)).collect()))
    }

    #[test]
    fn members_that_nobody_needs_stop_nothing() {
        let (metadata, odd) = read(json!({
            "issuer": "https://id.example.org",
            "token_endpoint": "https://id.example.org/token",
            "op_policy_uri": "",
            "claims_supported": "sub",
            "scopes_supported": ["openid"],
            "registration_endpoint": null,
        }))
        .unwrap();
        assert_eq!(odd, ["op_policy_uri: an empty string", "claims_supported: sub"]);
        assert_eq!(metadata.scopes.as_deref(), Some(&["openid".to_owned()][..]));
        assert_eq!(metadata.endpoints().count(), 1);
    }

    #[test]
    fn an_endpoint_that_is_no_url_is_named() {
        let failure = read(json!({ "issuer": "x", "jwks_uri": "/keys" })).unwrap_err();
        assert_eq!(failure, "`jwks_uri` of the discovery document is not a URL (expected a URL, found /keys)");
    }
}
