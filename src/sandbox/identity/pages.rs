//! The pages that a person sees.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::sandbox::faults::Fault;
use crate::sandbox::variants::Variant;

use super::{BOOKING_SCOPE, IDENTITY_SCOPE, Identity, OFFLINE_SCOPE};

const SIGN_UP: &str = "<form method=\"post\" action=\"/identity/sign-up\">\n<input type=\"text\" name=\"username\">\n\
<input type=\"password\" name=\"password\">\n<input type=\"password\" name=\"repeated\">\n\
<button class=\"btn\" type=\"submit\">Sign up</button>\n</form>\n";

const BANNER: &str = "<form method=\"post\" action=\"/identity/cookies\">\n\
<button class=\"btn btn-primary\" type=\"submit\">Accept cookies</button>\n</form>\n";

const OTHER_USER: &str = "<form method=\"post\" action=\"/identity/login\">\n<input type=\"text\" name=\"username\">\n\
<input type=\"password\" name=\"password\">\n<button class=\"btn\" type=\"submit\">Switch user</button>\n</form>\n";

const WRONG: &str = "<p class=\"problem\" role=\"alert\">Name or password is wrong.</p>\n";

const PASSWORD: &str = "<label for=\"password\">Password</label>\n\
<input type=\"password\" id=\"password\" name=\"password\" autocomplete=\"current-password\" required>\n";

const LOG_IN: &str = "<button class=\"btn btn-primary\" type=\"submit\" name=\"button\" value=\"login\">Log in</button>\n\
</form>\n";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;\
color:#1c2430}h1{font-size:1.4rem}label{display:block;margin:.8rem 0 .2rem}input[type=text],input[type=password]\
{width:100%;box-sizing:border-box;padding:.5rem;font:inherit;border:1px solid #b6bec9;border-radius:4px}\
.btn{font:inherit;padding:.5rem 1.2rem;border-radius:4px;border:1px solid #b6bec9;background:#fff;margin:1.2rem .4rem 0 0}\
.btn-primary{background:#1d4ed8;border-color:#1d4ed8;color:#fff}.problem{color:#9a3412}ul{padding-left:1.2rem}";

/// A page.
#[derive(Debug)]
pub(super) enum ProviderPage<'p> {
    /// Name and password.
    Login {
        /// The request that waits.
        id: &'p str,
        /// Hidden fields of the form.
        token: &'p str,
        /// Whether name and password were wrong.
        wrong: bool,
    },
    /// The password, after the name.
    Password {
        /// The request that waits.
        id: &'p str,
        /// Hidden fields of the form.
        token: &'p str,
        /// The name.
        user: &'p str,
        /// Whether name and password were wrong.
        wrong: bool,
    },
    /// A page that leads to the one for name and password.
    Refresh {
        /// The request that waits.
        id: &'p str,
    },
    /// Whether the Seller allows it.
    Consent(ConsentPage<'p>),
    /// Something that cannot go on.
    Problem(&'p str),
}

/// The consent page of the Seller.
#[derive(Debug)]
pub(super) struct ConsentPage<'p> {
    pub(super) id: &'p str,
    pub(super) token: &'p str,
    pub(super) client: &'p str,
    pub(super) seller: &'p str,
    pub(super) user: &'p str,
    pub(super) scopes: &'p [String],
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Permission of a scope, in words.
fn allows(scope: &str) -> Option<&'static str> {
    match scope {
        BOOKING_SCOPE => Some("book, read and cancel for you"),
        OFFLINE_SCOPE => Some("do so while you are not here"),
        IDENTITY_SCOPE => Some("know the name and logo of your organisation"),
        _ => None,
    }
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value))
}

impl ProviderPage<'_> {
    fn title(&self) -> &'static str {
        match self {
            Self::Login { .. } | Self::Password { .. } => "Log in",
            Self::Refresh { .. } => "One moment",
            Self::Consent(_) => "Allow a Booking Partner",
            Self::Problem(_) => "Error",
        }
    }

    /// The head of the page without its title.
    fn head(&self, identity: &Identity) -> String {
        match self {
            Self::Login { .. } if identity.is(Variant::LoginBase) => "<base href=\"/identity/\">\n".to_owned(),
            Self::Refresh { id } => {
                format!("<meta http-equiv=\"refresh\" content=\"0; url=login?request={id}&amp;shown=1\">\n")
            }
            _ => String::new(),
        }
    }

    /// Additional forms of a page.
    fn others(&self, identity: &Identity) -> (String, String) {
        match self {
            Self::Login { .. } => {
                let form = |variant, form| if identity.is(variant) { form } else { "" };
                let sign_up = form(Variant::LoginBesideSignUp, SIGN_UP);
                (format!("{sign_up}{}", form(Variant::LoginBesideBanner, BANNER)), String::new())
            }
            Self::Consent(_) if identity.is(Variant::ConsentOffersOtherUser) => (String::new(), OTHER_USER.to_owned()),
            _ => (String::new(), String::new()),
        }
    }

    fn body(&self, identity: &Identity) -> String {
        match self {
            Self::Refresh { .. } => "<p>You are being led to the login page.</p>\n".to_owned(),
            Self::Login { id, token, wrong } => {
                let wrong = if *wrong { WRONG } else { "" };
                let action = if identity.is(Variant::LoginBase) { "login" } else { "/identity/login" };
                let password = if identity.is(Variant::LoginInTwoSteps) { "" } else { PASSWORD };
                format!(
                    "{wrong}<form method=\"post\" action=\"{action}\">\n{}{}\
                     <label for=\"username\">Name</label>\n\
                     <input type=\"text\" id=\"username\" name=\"username\" autocomplete=\"username\" required>\n\
                     {password}{LOG_IN}",
                    hidden("request", id),
                    hidden("page_token", token)
                )
            }
            Self::Password { id, token, user, wrong } => format!(
                "{}<form method=\"post\" action=\"/identity/login\">\n{}{}{}{PASSWORD}{LOG_IN}",
                if *wrong { WRONG } else { "" },
                hidden("request", id),
                hidden("page_token", token),
                hidden("username", user)
            ),
            Self::Consent(consent) => {
                let named = identity.is(Variant::ConsentNamesUser);
                let user = if named { hidden("username", consent.user) } else { String::new() };
                let list: String = consent
                    .scopes
                    .iter()
                    .filter_map(|scope| allows(scope))
                    .map(|words| format!("<li>{words}</li>\n"))
                    .collect();
                format!(
                    "<p><strong>{}</strong> wants to act for <strong>{}</strong>. It would be able to:</p>\n<ul>\n{list}</ul>\n\
                     <form method=\"post\" action=\"/identity/consent\">\n{user}{}{}\
                     <label><input type=\"checkbox\" name=\"remember\" value=\"yes\" checked> Remember this</label>\n\
                     <button class=\"btn btn-primary\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
                     <button class=\"btn btn-secondary\" type=\"submit\" name=\"decision\" value=\"deny\">Do not allow</button>\n\
                     </form>\n",
                    escape(consent.client),
                    escape(consent.seller),
                    hidden("request", consent.id),
                    hidden("page_token", consent.token)
                )
            }
            Self::Problem(what) => format!("<p>{}</p>\n", escape(what)),
        }
    }

    pub(super) fn answer(&self, identity: &Identity, status: u16) -> Response {
        let scripted = identity.scripted && !matches!(self, Self::Problem(_));
        let (before, after) = self.others(identity);
        let whole = format!("{before}{}{after}", self.body(identity));
        let body = if scripted {
            // The page as text in a script, which only a browser renders.
            let text = json!(whole).to_string().replace("</", "<\\/");
            format!(
                "<main id=\"page\"></main>\n<noscript>This page needs JavaScript.</noscript>\n\
                 <script>setTimeout(() => {{ document.getElementById(\"page\").innerHTML = {text}; }}, 50);</script>\n"
            )
        } else {
            whole
        };
        let status = if identity.has(Fault::LoginPagesStatus500) { 500 } else { status };
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} — Sandbox Booking</title>\n\
             <style>{STYLE}</style>\n{head}</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n",
            title = self.title(),
            head = self.head(identity)
        );
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // These pages must be neither framed nor cached.
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        (status, headers, page).into_response()
    }
}
