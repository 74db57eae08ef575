//! HTTP to the OpenID provider: recorded like everything else, with the secrets that pass hidden.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::client::http::Client;
use crate::client::message::{Confidence, Payload, Request, Response};
use crate::config::{Headers, Secret};
use crate::results::ExchangeId;

use super::error_response::ErrorResponse;
use super::oauth_client::OAuthClient;

/// The client that every exchange with an OpenID provider goes through.
#[derive(Debug)]
pub struct AuthHttp {
    client: Client,
    timeout: Duration,
    label: Mutex<String>,
    /// Every exchange so far.
    exchanges: Mutex<Vec<ExchangeId>>,
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

/// How a client authenticates at the token endpoint: <https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
    /// `none`: by its identifier alone.
    Public,
}

/// The response to a form or a registration.
#[derive(Debug, Clone)]
pub struct FormReply {
    /// The HTTP status; none where nothing came back.
    pub status: Option<u16>,
    /// The body as JSON, where it is.
    pub body: Value,
    /// What it says, where it is an error.
    pub refusal: ErrorResponse,
    /// `Content-Type`
    pub content_type: Option<String>,
    /// Why nothing came back.
    pub failure: Option<String>,
    /// The exchange.
    pub exchange: Option<ExchangeId>,
}

impl FormReply {
    fn of(response: &Response) -> Self {
        Self {
            status: response.status,
            body: response.json().unwrap_or_default(),
            refusal: ErrorResponse::of(response),
            content_type: response.header("content-type").map(str::to_owned),
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
fn basic(client: &OAuthClient) -> Headers {
    use base64::Engine as _;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(&client.id), encoded(client.secret.reveal()));
    let text = base64::engine::general_purpose::STANDARD.encode(pair);
    vec![("Authorization".to_owned(), Secret::new(format!("Basic {text}")))]
}

/// A form with what authenticates the client, in headers or among its fields.
fn authenticated(client: &OAuthClient, method: ClientAuthentication, fields: &[(&str, &str)]) -> (Headers, String) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let headers = match method {
        ClientAuthentication::Basic => basic(client),
        ClientAuthentication::Post => {
            form.append_pair("client_id", &client.id).append_pair("client_secret", client.secret.reveal());
            Headers::new()
        }
        ClientAuthentication::Public => {
            form.append_pair("client_id", &client.id);
            Headers::new()
        }
    };
    (headers, form.finish())
}

impl AuthHttp {
    /// Through this client, with this time limit for a request.
    #[must_use]
    pub fn new(client: Client, timeout: Duration) -> Self {
        Self { client, timeout, label: Mutex::new("OpenID provider".to_owned()), exchanges: Mutex::default() }
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
        response
    }

    /// Posts a form to the token endpoint.
    pub(super) async fn post_form(
        &self,
        url: &str,
        client: &OAuthClient,
        method: ClientAuthentication,
        fields: &[(&str, &str)],
    ) -> FormReply {
        let (headers, form) = authenticated(client, method, fields);
        let sent = Sent::for_json(Some(FORM), Payload::Form(&form));
        let response = self.send(Method::POST, url, &headers, sent).await;
        FormReply::of(&response)
    }

    /// Registers a client by hand, as no well-behaved client would: to see that it is refused.
    pub async fn post_registration(&self, url: &str, token: Option<&Secret>, redirect_uris: &[&str]) -> FormReply {
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
        FormReply::of(&response)
    }
}
