//! HTTP to the OpenID provider: recorded like everything else, with the secrets that pass hidden.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::Method;
use serde_json::Value;

use crate::client::http::Client;
use crate::client::message::{Confidence, Payload, Request, Response};
use crate::config::{ClientCredentials, Headers, Secret};
use crate::results::ExchangeId;

/// The client that every exchange with an OpenID provider goes through.
#[derive(Debug)]
pub struct AuthHttp {
    client: Client,
    timeout: Duration,
    label: Mutex<String>,
    /// Every exchange so far.
    exchanges: Mutex<Vec<ExchangeId>>,
    /// Why the last request brought nothing, if so.
    silent: Mutex<Option<String>>,
}

/// What is sent, and what is wanted back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'s> {
    /// `Accept`
    pub(super) accept: &'s str,
    /// `Content-Type`
    pub(super) content_type: Option<&'s str>,
    /// The body.
    pub(super) body: Payload<'s>,
    /// Fields of a form that are secret, beside those that OAuth 2.0 names.
    pub(super) secret_fields: &'s [String],
}

impl<'s> Sent<'s> {
    /// Nothing, for a page.
    pub(super) const PAGE: Sent<'static> = Sent {
        accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        content_type: None,
        body: Payload::Empty,
        secret_fields: &[],
    };

    /// Something, for JSON.
    pub(super) const fn for_json(content_type: Option<&'s str>, body: Payload<'s>) -> Self {
        Self { accept: "application/json", content_type, body, secret_fields: &[] }
    }
}

/// The content type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Nothing usable came back.
#[derive(Debug)]
pub struct Silence(String);

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Silence {}

/// What a form that was posted by hand brought.
#[derive(Debug, Clone)]
pub struct FormAnswer {
    /// The HTTP status; none where nothing came back.
    pub status: Option<u16>,
    /// The body as JSON, where it is.
    pub body: Value,
    /// Why nothing came back.
    pub failure: Option<String>,
    /// The exchange.
    pub exchange: Option<ExchangeId>,
}

impl FormAnswer {
    fn of(response: &Response) -> Self {
        Self {
            status: response.status,
            body: response.json().unwrap_or_default(),
            failure: response.failure.as_ref().map(|failure| failure.message.clone()),
            exchange: response.exchange(),
        }
    }

    /// Whether an access token was given out.
    #[must_use]
    pub fn granted(&self) -> bool {
        self.body.get("access_token").and_then(Value::as_str).is_some_and(|token| !token.is_empty())
    }
}

/// `Authorization: Basic` with identifier and secret, each encoded as a form is:
/// <https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>.
fn basic(client: &ClientCredentials) -> Headers {
    use base64::Engine as _;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(&client.id), encoded(client.secret.reveal()));
    let text = base64::engine::general_purpose::STANDARD.encode(pair);
    vec![("Authorization".to_owned(), Secret::new(format!("Basic {text}")))]
}

impl AuthHttp {
    /// Through this client, with this time limit for a request.
    #[must_use]
    pub fn new(client: Client, timeout: Duration) -> Self {
        Self {
            client,
            timeout,
            label: Mutex::new("OpenID provider".to_owned()),
            exchanges: Mutex::default(),
            silent: Mutex::default(),
        }
    }

    /// What the requests from here on are for.
    pub fn about(&self, label: impl Into<String>) {
        *self.label.lock().unwrap_or_else(PoisonError::into_inner) = label.into();
    }

    /// Every exchange so far, in order.
    #[must_use]
    pub fn exchanges(&self) -> Vec<ExchangeId> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last exchange.
    #[must_use]
    pub fn last(&self) -> Option<ExchangeId> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).last().copied()
    }

    /// Why the last request brought nothing, if so.
    pub(super) fn silent(&self) -> Option<String> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client behind it.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Makes a request. Redirects are returned, not followed.
    pub(super) async fn send(&self, method: Method, url: &str, headers: &Headers, sent: Sent<'_>) -> Response {
        let label = self.label.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = Request {
            label: &label,
            feed: None,
            method,
            url,
            configured: headers,
            accept: sent.accept,
            content_type: sent.content_type,
            body: sent.body,
            redirects: false,
            confidence: Confidence::Secrets(sent.secret_fields),
            timeout: self.timeout,
        };
        let response = self.client.send(request).await;
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).extend(response.exchange());
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) =
            response.failure.as_ref().map(|failure| failure.message.clone());
        response
    }

    /// Posts a form to the token endpoint by hand, as no well-behaved client would: to see that it is refused.
    pub async fn post_form(&self, url: &str, client: &ClientCredentials, fields: &[(&str, &str)]) -> FormAnswer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = basic(client);
        let sent = Sent::for_json(Some(FORM), Payload::Form(&form));
        let response = self.send(Method::POST, url, &headers, sent).await;
        FormAnswer::of(&response)
    }

    /// Registers a client by hand, as no well-behaved client would: to see that it is refused.
    pub async fn post_registration(&self, url: &str, token: Option<&Secret>, redirect_uris: &[&str]) -> FormAnswer {
        self.about("OpenID provider: registration");
        let metadata = serde_json::json!({
            "client_name": "oa-test",
            "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": redirect_uris,
        });
        let headers: Headers = token
            .map(|token| ("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal()))))
            .into_iter()
            .collect();
        let sent = Sent::for_json(Some("application/json"), Payload::Json(&metadata));
        let response = self.send(Method::POST, url, &headers, sent).await;
        FormAnswer::of(&response)
    }

    /// Whether a page refuses a request before anybody logs in; none where nothing came back.
    pub async fn refused_at_once(&self, url: &str) -> Option<bool> {
        let response = self.send(Method::GET, url, &Headers::new(), Sent::PAGE).await;
        response.status.map(|status| (400..500).contains(&status))
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, Silence> {
        let (parts, body) = request.into_parts();
        let headers: Headers = parts
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "accept" | "content-type"))
            .filter_map(|(name, value)| Some((name.to_string(), Secret::new(value.to_str().ok()?))))
            .collect();
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = text("content-type");
        let form = kind.is_some_and(|kind| kind.starts_with(FORM));
        let payload = match std::str::from_utf8(&body) {
            Ok(text) if form => Payload::Form(text),
            _ if body.is_empty() => Payload::Empty,
            _ => Payload::Bytes(&body),
        };
        let (method, url) = (parts.method, parts.uri.to_string());
        let accept = text("accept").unwrap_or("application/json");
        let response = self.send(method, &url, &headers, Sent { accept, ..Sent::for_json(kind, payload) }).await;
        // What asks for a longer wait than there is time for has a status, and has failed all the same.
        let Some(status) = response.status.filter(|_| response.failure.is_none()) else {
            let reason = response.failure.map_or_else(|| "no answer".to_owned(), |failure| failure.message);
            return Err(Silence(reason));
        };
        let mut answer = openidconnect::http::Response::builder().status(status);
        for (name, value) in &response.headers {
            answer = answer.header(name, value);
        }
        let body = response.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&response.body);
        answer.body(body.to_vec()).map_err(|error| Silence(error.to_string()))
    }
}

impl<'c> AsyncHttpClient<'c> for AuthHttp {
    type Error = Silence;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Silence>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
