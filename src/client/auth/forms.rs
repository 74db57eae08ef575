//! Going through the pages without a browser: their forms are read, filled in and sent; cookies and redirects are followed.

use cookie_store::CookieStore;
use reqwest::Method;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use crate::client::message::{Payload, Response};
use crate::config::{Headers, Secret};

use super::error_response::ErrorResponse;
use super::journey::{Arrival, Journey, JourneyEnd, JourneyFailure, arrival, loses_tls};
use super::page::{HtmlPage, PageKind, posted_back, read};
use super::transport::{AuthHttp, FORM, Sent};

/// A page for logging in that is larger than this is none.
const PAGE_LIMIT: usize = 4 * 1024 * 1024;
/// More hops than this lead nowhere.
const HOPS: usize = 40;

/// What is requested next.
struct Next {
    url: url::Url,
    /// The form that is posted.
    form: Option<String>,
    secret: Vec<String>,
}

impl Next {
    const fn get(url: url::Url) -> Self {
        Self { url, form: None, secret: Vec::new() }
    }
}

/// Goes through the pages.
pub(super) async fn travel(http: &AuthHttp, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
    let begin = url::Url::parse(journey.url);
    let begin = begin.map_err(|error| {
        JourneyFailure::new(JourneyEnd::Broken, format!("the authorization endpoint is not a URL: {error}"))
    })?;
    let mut cookies = CookieStore::default();
    let mut next = Next::get(begin.clone());
    let mut progress = Progress::default();
    for _ in 0..HOPS {
        let response = hop(http, &mut cookies, &next).await;
        let at = response.exchange();
        let reached =
            |arrival: Arrival, progress: &Progress| Arrival { consent: progress.consented, exchange: at, ..arrival };
        if let Some(failure) = &response.failure {
            let message = format!("a login page cannot be read: {}", failure.message);
            return Err(JourneyFailure::new(JourneyEnd::Unreachable, message).at(at));
        }
        let status = response.status.unwrap_or_default();
        if let Some(location) = location(&response, &next.url) {
            if let Some(arrival) = arrival(location.as_str(), &journey) {
                return Ok(reached(arrival, &progress));
            }
            next = redirected(next, location, status, &begin).map_err(|failure| failure.at(at))?;
            continue;
        }
        if response.body.len() > PAGE_LIMIT {
            let message = format!("a login page has {} MiB", response.body.len() / 1024 / 1024);
            return Err(JourneyFailure::new(JourneyEnd::DeadPage, message).at(at));
        }
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let page = read(&text, journey.login, journey.selectors);
        // A login page may have any status that says so; a browser shows it all the same.
        let shown = (200..300).contains(&status) || ((400..500).contains(&status) && page.kind == PageKind::Login);
        if !shown {
            return Err(rejected(&response, status, &progress).at(at));
        }
        let base = page.base.as_ref().and_then(|base| next.url.join(base).ok()).unwrap_or_else(|| next.url.clone());
        if let Some((url, parameters)) = posted_back(&text, &base)
            && let Some(arrival) = arrival(url.as_str(), &journey)
        {
            return Ok(reached(Arrival { parameters, fragment: false, ..arrival }, &progress));
        }
        if let Some(target) = page.refresh.as_ref().filter(|_| page.kind == PageKind::Dead)
            && let Ok(target) = base.join(target)
        {
            if let Some(arrival) = arrival(target.as_str(), &journey) {
                return Ok(reached(arrival, &progress));
            }
            next = Next::get(target);
            continue;
        }
        next = step(&page, (&begin, &next.url, &base), &mut progress).map_err(|failure| failure.at(at))?;
    }
    let message = format!("the redirect URI is not reached after {HOPS} pages and redirects");
    Err(JourneyFailure::new(JourneyEnd::Lost, message).at(http.last()))
}

/// What a redirect leads to: 307 and 308 repeat the request; everything else asks for the next page.
fn redirected(mut from: Next, to: url::Url, status: u16, begin: &url::Url) -> Result<Next, JourneyFailure> {
    let form = from.form.take().filter(|_| matches!(status, 307 | 308));
    if form.is_some() && [begin, &from.url].iter().any(|from| loses_tls(from.as_str(), to.as_str())) {
        let message = format!("a redirect with HTTP {status} would send the login form without TLS");
        let shown = to.origin().ascii_serialization();
        return Err(JourneyFailure::new(JourneyEnd::Broken, message).expected("a redirect to https", shown));
    }
    Ok(Next { url: to, form, secret: std::mem::take(&mut from.secret) })
}

/// How far the journey has come.
#[derive(Debug, Default)]
struct Progress {
    /// Names of fields that have been filled in.
    filled: Vec<String>,
    consented: bool,
}

/// What a page leads to. Given are where the journey began, the URL of the page, and what its links are relative to.
fn step(
    page: &HtmlPage,
    (begin, here, base): (&url::Url, &url::Url, &url::Url),
    progress: &mut Progress,
) -> Result<Next, JourneyFailure> {
    let title =
        if page.title.is_empty() { "a page without a title".to_owned() } else { format!("“{}”", page.title) };
    let dead = |what: String| {
        let failure = JourneyFailure::new(JourneyEnd::DeadPage, what);
        if page.scripted {
            failure.hint("the page seems to require JavaScript: `--browser` uses a browser")
        } else {
            failure.hint("see `broker.loginPagesSelectors`; `--browser` uses a browser")
        }
    };
    let Some(form) = page.form.as_ref().filter(|_| page.kind != PageKind::Dead) else {
        let what = if page.registers { "no form but one for signing up" } else { "no form for login or consent" };
        return Err(dead(format!("{title} has {what}")).expected("a form for login or consent", page.text.clone()));
    };
    if page.kind == PageKind::Login {
        if form.secret.is_empty() {
            return Err(dead(format!("the fields of {title} have no names")));
        }
        if form.secret.iter().all(|field| progress.filled.contains(field)) {
            return Err(JourneyFailure::login_rejected(page.alert.as_deref(), &title));
        }
        progress.filled.extend(form.secret.iter().cloned());
    } else {
        progress.consented = true;
    }
    if !form.plain {
        return Err(dead(format!("`enctype` of the form of {title} requires a browser")));
    }
    // An empty action is the page itself, with any base.
    let action = if form.action.is_empty() { Ok(here.clone()) } else { base.join(&form.action) };
    let mut url = action.map_err(|error| {
        let message = format!("`action` of the form of {title} is not a URL: {error}");
        JourneyFailure::new(JourneyEnd::Broken, message)
    })?;
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&form.fields);
    let body = body.finish();
    // A redirect to a page without TLS is no reason to send a password there.
    if [begin, here].iter().any(|from| loses_tls(from.as_str(), url.as_str())) {
        return Err(JourneyFailure::without_tls(&title, url.as_str()));
    }
    if form.posts {
        return Ok(Next { url, form: Some(body), secret: form.secret.clone() });
    }
    url.set_query(Some(&body));
    Ok(Next { secret: form.secret.clone(), ..Next::get(url) })
}

async fn hop(http: &AuthHttp, cookies: &mut CookieStore, next: &Next) -> Response {
    let sent: Vec<String> =
        cookies.get_request_values(&next.url).map(|(name, value)| format!("{name}={value}")).collect();
    let headers: Headers =
        if sent.is_empty() { Headers::new() } else { vec![(COOKIE.to_string(), Secret::new(sent.join("; ")))] };
    let (method, payload) = match &next.form {
        Some(form) => (Method::POST, Payload::Form(form)),
        None => (Method::GET, Payload::Empty),
    };
    http.about("OpenID provider: login pages");
    let content_type = next.form.is_some().then_some(FORM);
    let sent = Sent { content_type, body: payload, secret_fields: &next.secret, ..Sent::PAGE };
    let response = http.send(method, next.url.as_str(), &headers, sent).await;
    for value in response.headers.get_all(SET_COOKIE) {
        // A cookie that cannot be kept is one that a browser would not keep either.
        if let Ok(text) = value.to_str() {
            let _ = cookies.parse(text, &next.url);
        }
    }
    response
}

fn location(response: &Response, from: &url::Url) -> Option<url::Url> {
    if !matches!(response.status, Some(301 | 302 | 303 | 307 | 308)) {
        return None;
    }
    from.join(response.headers.get(LOCATION)?.to_str().ok()?).ok()
}

/// What a page that is an error says.
fn rejected(response: &Response, status: u16, progress: &Progress) -> JourneyFailure {
    let found = ErrorResponse::of(response).to_string();
    let sent = progress.consented || !progress.filled.is_empty();
    let (end, message) = match status {
        400..500 if sent => (JourneyEnd::ErrorPage, format!("a login page returns HTTP {status}")),
        400..500 => {
            let message = format!("the authorization endpoint rejects the request with HTTP {status}");
            (JourneyEnd::Rejected, message)
        }
        _ => (JourneyEnd::Broken, format!("a login page returns HTTP {status}")),
    };
    // Too many requests, or too many at once, say nothing of this one.
    let end = if matches!(status, 429 | 503) { JourneyEnd::Unreachable } else { end };
    let failure = JourneyFailure::new(end, message).expected("a page for login or consent", found);
    if end == JourneyEnd::ErrorPage {
        return failure.hint("`--browser` uses a browser, in case the pages require one");
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::{Next, Progress, redirected, step};
    use crate::client::auth::page::read;
    use crate::config::{Login, LoginSelectors, Secret};

    #[test]
    fn no_password_leaves_tls_by_a_redirect() {
        let url = |text: &str| url::Url::parse(text).unwrap();
        let posted = || Next {
            url: url("https://id.example.org/login"),
            form: Some("password=secret".to_owned()),
            secret: Vec::new(),
        };
        let to = "http://id.example.org/login";
        let begin = url("https://id.example.org/authorize");
        let failure = redirected(posted(), url(to), 307, &begin).err().unwrap();
        assert_eq!(failure.message, "a redirect with HTTP 307 would send the login form without TLS");
        let plain = redirected(posted(), url(to), 303, &begin).unwrap();
        assert_eq!(plain.form, None, "what is asked for by GET has no form");
        assert!(redirected(posted(), url("https://other.example.org/login"), 308, &begin).unwrap().form.is_some());
    }

    /// An authorization endpoint with TLS may redirect to a login page without.
    #[test]
    fn no_password_goes_to_a_page_without_tls() {
        let url = |text: &str| url::Url::parse(text).unwrap();
        let login = Login { username: Secret::new("me"), password: Secret::new("secret") };
        let text = "<title>In</title><form method=post action=/in><input name=username><input name=password>\
                    <button class=btn-primary>In</button></form>";
        let page = read(text, &login, &LoginSelectors::default());
        let sent = |begin: &str, here: &str| {
            let (begin, here) = (url(begin), url(here));
            step(&page, (&begin, &here, &here), &mut Progress::default())
        };
        let (with, without) = ("https://id.example.org/authorize", "http://id.example.org/login");
        let failure = sent(with, without).err().unwrap();
        assert_eq!(failure.message, "the form of “In” would be sent without TLS");
        assert!(sent(with, "https://id.example.org/login").unwrap().form.is_some());
        assert!(sent("http://127.0.0.1/authorize", "http://127.0.0.1/login").unwrap().form.is_some());
    }
}
