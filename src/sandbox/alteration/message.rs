//! Requests and responses that can be sent and read more than once.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header, request, response};
use axum::middleware::Next;
use axum::response::Response;

use super::kind::ExchangeKind;

/// The largest body that is read.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) parts: request::Parts,
    pub(super) body: Bytes,
}

impl Sent {
    pub(super) async fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        Self { parts, body: axum::body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default() }
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The kind of the exchange, with a response of a status.
    pub(super) fn kind(&self, status: u16) -> ExchangeKind {
        let body = (!self.body.is_empty()).then(|| self.text());
        ExchangeKind::of(self.parts.method.as_str(), self.parts.uri.path(), body.as_deref(), status)
    }

    /// The collection and the UUID that the path ends with.
    pub(super) fn order(&self) -> Option<(String, String)> {
        let mut segments = self.parts.uri.path().rsplit('/');
        let (uuid, collection) = (segments.next()?, segments.next()?);
        uuid::Uuid::try_parse(uuid).is_ok().then(|| (collection.to_owned(), uuid.to_owned()))
    }

    /// The same request with another method, path and body.
    pub(super) fn with(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Self {
        let mut other = self.clone();
        other.body = body.into();
        other.parts.method = method;
        other.parts.headers.remove(header::CONTENT_LENGTH);
        if let Ok(uri) = path.parse::<Uri>() {
            other.parts.uri = uri;
        }
        other
    }

    /// Sends it on.
    pub(super) async fn forward(&self, next: &Next) -> Received {
        let request = Request::from_parts(self.parts.clone(), Body::from(self.body.clone()));
        Received::of(next.clone().run(request).await).await
    }
}

/// A response.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) parts: response::Parts,
    pub(super) body: Bytes,
}

impl Received {
    async fn of(response: Response) -> Self {
        let (mut parts, body) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        Self { parts, body: axum::body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default() }
    }

    /// A response without a body.
    pub(super) fn empty(status: u16) -> Self {
        let (mut parts, _) = Response::new(()).into_parts();
        parts.status = StatusCode::from_u16(status).unwrap_or_default();
        Self { parts, body: Bytes::new() }
    }

    pub(super) fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Sets a header, or removes it.
    pub(super) fn set_header(&mut self, name: header::HeaderName, value: Option<&str>) {
        match value.and_then(|value| HeaderValue::from_str(value).ok()) {
            Some(value) => drop(self.parts.headers.insert(name, value)),
            None => drop(self.parts.headers.remove(name)),
        }
    }

    pub(super) fn response(self) -> Response {
        Response::from_parts(self.parts, Body::from(self.body))
    }
}
