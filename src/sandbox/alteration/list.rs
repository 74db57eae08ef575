//! The alterations, and which of them there are of a kind of exchange.

use serde_json::Value;

use super::document::members;
use super::kind::ExchangeKind;

/// A way to alter an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alteration {
    /// The response has another HTTP status.
    Status(u16),
    /// The response has another media type; `None`: it has none.
    MediaType(Option<&'static str>),
    /// The response lacks a header.
    HeaderMissing(String),
    /// A header of the response has another value.
    HeaderOther(String),
    /// The response has no body.
    BodyEmpty,
    /// The body of the response ends in the middle.
    BodyTruncated,
    /// The body of the response is a web page.
    BodyHtml,
    /// The body of the response is an empty list.
    BodyList,
    /// A member of the JSON document of the response differs. The path is a JSON pointer.
    Member(String, MemberChange),
    /// A claim of the ID token of the response differs; its signature is right.
    Claim(String, MemberChange),
    /// The response says that the request succeeded, which had no effect.
    NoEffect,
    /// The request had its effect twice.
    DoubleEffect,
    /// The effect comes long after the response, or the feed shows what is new long after it happened.
    LateEffect,
    /// The effect, or the response, is that of another Order.
    OtherOrder,
    /// The response is the one before it of the same kind.
    EarlierResponse,
}

/// What becomes of a member of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberChange {
    /// It is left out.
    Omit,
    /// It has another value of the same type.
    Change,
    /// It has a value of another type.
    Retype,
}

impl MemberChange {
    const ALL: [Self; 3] = [Self::Omit, Self::Change, Self::Retype];

    const fn name(self) -> &'static str {
        match self {
            Self::Omit => "omit",
            Self::Change => "change",
            Self::Retype => "retype",
        }
    }
}

/// Statuses in place of the one that a response has.
const STATUSES: &[u16] = &[200, 201, 204, 302, 400, 401, 404, 409, 500];
/// Media types in place of the one that a response has.
const MEDIA_TYPES: &[&str] = &["text/html", "application/json"];
/// Headers that the connection decides, or that are altered otherwise.
const OTHER_HEADERS: &[&str] =
    &["date", "content-length", "content-type", "transfer-encoding", "connection", "vary", "content-encoding"];
/// Claims of an ID token that are altered.
const CLAIMS: &[&str] = &[
    "iss",
    "aud",
    "exp",
    "iat",
    "sub",
    "https://openactive.io/sellerId",
    "https://openactive.io/sellerName",
    "https://openactive.io/sellerUrl",
    "https://openactive.io/sellerLogo",
    "https://openactive.io/bookingServiceName",
    "https://openactive.io/bookingServiceUrl",
];

impl Alteration {
    /// Every alteration of a kind of exchange, by the headers and the body of a response.
    #[must_use]
    pub fn all(kind: &ExchangeKind, headers: &[(String, String)], body: &str) -> Vec<Self> {
        let mut all: Vec<Self> =
            STATUSES.iter().filter(|status| **status != kind.status()).map(|status| Self::Status(*status)).collect();
        let document = serde_json::from_str::<Value>(body).ok();
        if !body.is_empty() {
            let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let others = MEDIA_TYPES.iter().filter(|other| !found.is_some_and(|(_, value)| value.starts_with(**other)));
            all.extend(others.map(|other| Self::MediaType(Some(*other))));
            all.extend([Self::MediaType(None), Self::BodyEmpty, Self::BodyTruncated, Self::EarlierResponse]);
        }
        if document.is_some() {
            all.extend([Self::BodyHtml, Self::BodyList]);
        }
        for (name, _) in headers {
            let name = name.to_ascii_lowercase();
            if !OTHER_HEADERS.contains(&name.as_str()) {
                all.extend([Self::HeaderMissing(name.clone()), Self::HeaderOther(name)]);
            }
        }
        all.extend(Self::effects(kind));
        if kind.path().starts_with("identity/") && kind.status() < 300 {
            let document = document.unwrap_or_default();
            let changes = |path: String| MemberChange::ALL.into_iter().map(move |change| (path.clone(), change));
            let paths = members(&document).into_iter().flat_map(changes);
            all.extend(paths.map(|(path, change)| Self::Member(path, change)));
            if document.get("id_token").is_some() {
                let claims = CLAIMS.iter().flat_map(|claim| changes((*claim).to_owned()));
                all.extend(claims.map(|(claim, change)| Self::Claim(claim, change)));
            }
        }
        all
    }

    /// The alterations of what a successful request does.
    fn effects(kind: &ExchangeKind) -> Vec<Self> {
        let path = kind.path();
        if kind.status() >= 300 || path.starts_with("identity/") {
            return Vec::new();
        }
        let of_order = path.starts_with("order") && path.ends_with("/*");
        match kind.method() {
            "GET" if path.starts_with("feeds/") || path.ends_with("-rpde") => vec![Self::LateEffect],
            "GET" if of_order => vec![Self::OtherOrder],
            "GET" => Vec::new(),
            _ if of_order || path.ends_with("/actions") => {
                vec![Self::NoEffect, Self::DoubleEffect, Self::LateEffect, Self::OtherOrder]
            }
            _ => vec![Self::NoEffect, Self::DoubleEffect, Self::LateEffect],
        }
    }

    /// The name of what it does.
    #[must_use]
    pub const fn operator(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::MediaType(_) => "media-type",
            Self::HeaderMissing(_) | Self::HeaderOther(_) => "header",
            Self::BodyEmpty | Self::BodyTruncated | Self::BodyHtml | Self::BodyList => "body",
            Self::Member(_, change) | Self::Claim(_, change) => change.name(),
            Self::NoEffect => "no-effect",
            Self::DoubleEffect => "double-effect",
            Self::LateEffect => "late-effect",
            Self::OtherOrder => "other-order",
            Self::EarlierResponse => "earlier-response",
        }
    }

    /// Whether it is about what a request does, and not about how the response looks.
    #[must_use]
    pub const fn is_effect(&self) -> bool {
        matches!(self, Self::NoEffect | Self::DoubleEffect | Self::LateEffect | Self::OtherOrder)
    }

    /// What of the exchange it alters.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::Status(status) => format!("status {status}"),
            Self::MediaType(Some(media_type)) => format!("Content-Type {media_type}"),
            Self::MediaType(None) => "Content-Type".to_owned(),
            Self::HeaderMissing(name) => format!("{name} missing"),
            Self::HeaderOther(name) => format!("{name} other"),
            Self::BodyEmpty => "body empty".to_owned(),
            Self::BodyTruncated => "body truncated".to_owned(),
            Self::BodyHtml => "body HTML".to_owned(),
            Self::BodyList => "body list".to_owned(),
            Self::Member(path, _) => {
                let names = path.split('/').filter(|name| !name.is_empty() && name.parse::<usize>().is_err());
                names.collect::<Vec<_>>().join(".")
            }
            Self::Claim(claim, _) => format!("id_token {claim}"),
            Self::NoEffect | Self::DoubleEffect | Self::LateEffect | Self::OtherOrder => "effect".to_owned(),
            Self::EarlierResponse => "response".to_owned(),
        }
    }
}
