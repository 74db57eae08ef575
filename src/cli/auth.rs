//! `oa-test auth login`: from discovery to the tokens, step by step.

use std::sync::Arc;

use crate::client::auth::{
    Access, Agent, AuthFailure, AuthHttp, Authorized, OAuthClient, PageImage, Provider, Tokens, nonce_of, state_of,
};
use crate::client::{Client, Confidence, Payload, Recorder, Redactor, Request, read_dataset_site};
use crate::config::{Config, SellerRole, TargetSite};
use crate::error::{Error, Exit};
use crate::plan::Plan;
use crate::report::{Paint, escape};
use crate::results::{Exchange, Verdict};
use crate::sandbox::Sandbox;

use super::arguments::{AuthCommand, LoginCommandArguments, SellerArgument};
use super::configuration::configuration;
use super::output::Output;
use super::run::sandbox_like;

/// A login, step by step, with what its steps require.
struct LoginSession<'w> {
    arguments: &'w LoginCommandArguments,
    config: Arc<Config>,
    client: Client,
    access: Access,
    output: Output,
    paint: Paint,
    /// The exchanges that have been shown.
    shown: usize,
    /// Whether something is wrong that kept nothing from going on.
    flawed: bool,
}

pub(super) fn auth(command: &AuthCommand, output: Output) -> Result<Exit, Error> {
    let AuthCommand::Login(arguments) = command;
    let config = Arc::new(configuration(&arguments.configuration)?);
    let runtime = super::runtime::runtime()?;
    let exit = runtime.block_on(login(arguments, config, output))?;
    runtime.shutdown_background();
    Ok(exit)
}

async fn login(arguments: &LoginCommandArguments, config: Arc<Config>, output: Output) -> Result<Exit, Error> {
    let sandbox = match &config.target {
        TargetSite::Sandbox => Some(
            Sandbox::start(sandbox_like(&config, &Plan::default()))
                .await
                .map_err(|error| error.during("cannot start the sandbox"))?,
        ),
        TargetSite::Url(_) => None,
    };
    let site = match (&config.target, &sandbox) {
        (TargetSite::Url(url), _) => url.clone(),
        (TargetSite::Sandbox, sandbox) => sandbox.as_ref().map(Sandbox::dataset_site).unwrap_or_default(),
    };
    let recorder = Arc::new(Recorder::new(Redactor::of(&config)));
    let client = Client::new(recorder, arguments.insecure)?;
    let agent = arguments.login.agent(&config, arguments.insecure);
    let paint = output.paint();
    let authority = match &arguments.authority {
        Some(authority) => Some(authority.clone()),
        None => authority_of(&client, &config, &site).await?,
    };
    let access = Access::new(Arc::clone(&config), client.clone(), authority, agent);
    let mut walk = LoginSession { arguments, config, client, access, output, paint, shown: 0, flawed: false };
    match walk.steps(&site).await {
        Ok(()) => Ok(if walk.flawed { Exit::Failure } else { Exit::Success }),
        Err(failure) => {
            walk.failed(&failure);
            Ok(Exit::Failure)
        }
    }
}

/// What the dataset site names.
async fn authority_of(client: &Client, config: &Config, site: &str) -> Result<Option<String>, Error> {
    let response = client
        .send(Request {
            label: "Dataset site",
            feed: None,
            method: reqwest::Method::GET,
            url: site,
            configured: &Vec::new(),
            accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: config.request_timeout,
        })
        .await;
    let (found, findings) = read_dataset_site(&response);
    let Some(found) = found else {
        let reason = findings.first().map_or("the dataset site has no Dataset", |finding| finding.message.as_str());
        return Err(Error::target(escape(reason)));
    };
    Ok(found.authentication_authority)
}

impl LoginSession<'_> {
    fn safe(&self, text: &str) -> String {
        escape(&self.client.recorder().redactor().text(text))
    }

    /// Reports a step that succeeded, with what it returned.
    fn done(&mut self, title: &str, facts: &[(&str, String)]) {
        let mut text = format!("{} {}\n", self.paint.verdict(Verdict::Passed, "✓"), self.paint.bold(title));
        for (name, value) in facts {
            text.push_str(&format!("    {} {}\n", self.paint.dim(&format!("{name:<18}")), self.safe(value)));
        }
        self.output.print(&text);
        self.exchanges();
    }

    /// Reports the exchanges since the last call, with `--verbose`.
    fn exchanges(&mut self) {
        let all = self.client.recorder().all();
        let fresh: Vec<Exchange> = all.iter().skip(self.shown).collect();
        self.shown = all.len();
        if self.arguments.verbose {
            self.output.print(&fresh.iter().map(|exchange| exchange_lines(exchange, self.paint)).collect::<String>());
        }
    }

    /// Reports a failure that does not stop the login.
    fn found(&mut self, outcome: Result<(), AuthFailure>) {
        if let Err(failure) = outcome {
            self.flawed = true;
            self.failed(&failure);
        }
    }

    fn failed(&mut self, failure: &AuthFailure) {
        let mut text = format!("{} {}\n", self.paint.verdict(Verdict::Failed, "✗"), self.safe(&failure.message));
        let mut line = |name: &str, value: &str| {
            text.push_str(&format!("    {} {value}\n", self.paint.dim(&format!("{name:<18}"))));
        };
        if let Some((expected, found)) = failure.difference.as_deref() {
            line("expected", &self.safe(expected));
            line("found", &self.safe(found));
        }
        if let Some(path) = &failure.path {
            line("at", &self.safe(path));
        }
        if let Some(hint) = &failure.hint {
            line("hint", &self.safe(hint));
        }
        let all = self.client.recorder().all();
        if let Some(exchange) = failure.exchange.and_then(|id| all.iter().find(|exchange| exchange.id == id)) {
            line("exchange", &format!("{} {}", exchange.method, escape(&exchange.url)));
            if let Some(answer) = exchange.answer.as_ref().filter(|_| !self.arguments.verbose) {
                // The failure quotes a page; anything else is short.
                let page = answer.body.trim_start().starts_with('<');
                let start: String = if page { String::new() } else { answer.body.chars().take(400).collect() };
                line("response", format!("HTTP {} {}", answer.status, escape(start.trim())).trim_end());
            }
        }
        for (number, picture) in self.access.screenshots().iter().enumerate() {
            match save(picture, number) {
                Ok(path) => line("screenshot", &path),
                Err(error) => line("screenshot", &format!("cannot be saved: {error}")),
            }
        }
        self.output.print(&text);
        self.exchanges();
    }

    async fn steps(&mut self, site: &str) -> Result<(), AuthFailure> {
        let partner = self.arguments.partner.as_str();
        let role = match self.arguments.seller {
            SellerArgument::Primary => SellerRole::Primary,
            SellerArgument::Secondary => SellerRole::Secondary,
        };
        let config = Arc::clone(&self.config);
        let seller = config.sellers.get(role).unwrap_or(&config.sellers.primary);
        let client = config.partners.get(partner).and_then(|partner| partner.client.as_ref());
        let headers = !seller.request_headers.is_empty() || seller.login.is_none();
        if client.is_none() && seller.client.is_none() && headers {
            self.output.print(&format!(
                "No login is required: the {partner} Booking Partner has neither `clientCredentials` nor \
                 `initialAccessToken`. Headers of the configuration authenticate requests for the {} Seller; \
                 `oa-test doctor` verifies them.\n",
                role.name()
            ));
            return Ok(());
        }
        self.exchanges();
        let provider = self.access.provider().await?;
        self.found(provider.other_issuer().map_or(Ok(()), Err));
        let or_none = |endpoint: Option<&str>| endpoint.unwrap_or("none").to_owned();
        self.done(
            "Discovery",
            &[
                ("dataset site", site.to_owned()),
                ("issuer", provider.issuer().to_owned()),
                ("authorization", or_none(provider.authorization_endpoint())),
                ("token", or_none(provider.token_endpoint())),
                ("registration", or_none(provider.registration_endpoint())),
            ],
        );
        let client = self.access.client_of(partner).await?;
        let registers = self
            .config
            .partners
            .get(partner)
            .is_some_and(|partner| matches!(partner.client, Some(crate::config::ClientSource::Registration(_))));
        let how = if registers { "Registration" } else { "Configured client" };
        self.done(how, &[("client id", client.id.clone()), ("redirect URI", self.config.redirect_uri.clone())]);
        let tokens = self.access.feed_token(partner).await?;
        self.done("Client credentials", &lifetime(&tokens));
        self.found(bearer(&tokens));
        if seller.login.is_none() && seller.client.is_some() {
            let tokens = self.access.seller_token(role, partner).await?;
            self.done("Client credentials of the Seller", &lifetime(&tokens));
            self.found(bearer(&tokens));
            return Ok(());
        }
        let http = self.access.http();
        let tokens = self.authorize(&provider, role, &client, &http).await?;
        if tokens.refresh.is_none() {
            let failure = AuthFailure::new("`refresh_token` of the token response is missing")
                .expected("a refresh token for the scope offline_access", "nothing")
                .path("refresh_token");
            self.found(Err(failure.hint("it was also requested with prompt=consent (OpenID Connect Core, 11)")));
            return Ok(());
        }
        let fresh = provider.refresh(&http, &client, &tokens).await?;
        self.done("Refresh token", &lifetime(&fresh));
        Ok(())
    }

    async fn authorize(
        &mut self,
        provider: &Provider,
        role: SellerRole,
        client: &OAuthClient,
        http: &AuthHttp,
    ) -> Result<Tokens, AuthFailure> {
        let with = match self.access.agent() {
            Agent::Forms => "HTML forms",
            Agent::Browser(_) => "browser",
        };
        let authorized = self.access.authorize(provider, role, client, &provider.seller_scopes(), http).await?;
        let Authorized { tokens, consent, authorization, arrival, prompted } = authorized;
        let consent = if consent { "requested and given" } else { "not requested" };
        let mut facts = vec![("pages", format!("submitted by {with}")), ("consent", consent.to_owned())];
        if prompted {
            facts.push(("prompt", "consent, because no refresh token was issued without it".to_owned()));
        }
        self.done("Login", &facts);
        self.found(state_of(&arrival, &authorization));
        self.found(provider.redirect_issuer(&arrival));
        let mut facts = lifetime(&tokens);
        let claims = tokens.id.as_ref().and_then(|id| id.claims.as_object().cloned()).unwrap_or_default();
        let claims: Vec<(String, String)> = claims
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "nonce" | "at_hash"))
            .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        facts.extend(
            claims.iter().map(|(name, value)| (name.trim_start_matches("https://openactive.io/"), value.clone())),
        );
        self.done("Authorization code", &facts);
        self.found(bearer(&tokens));
        self.found(nonce_of(&tokens, &authorization));
        Ok(tokens)
    }
}

/// Whether a token can be sent as the Open Booking API has it.
fn bearer(tokens: &Tokens) -> Result<(), AuthFailure> {
    if tokens.kind.eq_ignore_ascii_case("bearer") {
        return Ok(());
    }
    let found = if tokens.kind.is_empty() { "nothing" } else { &tokens.kind };
    Err(AuthFailure::new("`token_type` of the token response is not Bearer")
        .expected("Bearer", found)
        .path("token_type"))
}

fn lifetime(tokens: &Tokens) -> Vec<(&'static str, String)> {
    let life = tokens.expires_in.map_or_else(|| "not stated".to_owned(), |life| format!("{} s", life.as_secs()));
    vec![
        ("token", format!("{}, {} characters", tokens.kind, tokens.access.reveal().len())),
        ("expires in", life),
        ("scope", tokens.scope.clone().unwrap_or_else(|| "as requested".to_owned())),
    ]
}

/// An exchange, secrets hidden.
fn exchange_lines(exchange: &Exchange, paint: Paint) -> String {
    let mut text = format!("    {}\n", paint.dim(&format!("{} {}", exchange.method, escape(&exchange.url))));
    let mut body = |mark: &str, body: &str| {
        let body: String = body.chars().take(2000).collect();
        for line in body.trim().lines() {
            text.push_str(&format!("      {mark} {}\n", escape(line)));
        }
    };
    if let Some(sent) = &exchange.request_body {
        body(">", sent);
    }
    match (&exchange.answer, &exchange.failure) {
        (Some(answer), _) => {
            body("<", &format!("HTTP {}", answer.status));
            body("<", &answer.body);
        }
        (None, Some(failure)) => body("<", &failure.message),
        (None, None) => {}
    }
    text
}

fn save(picture: &PageImage, number: usize) -> std::io::Result<String> {
    let path = format!("screenshot-{}.png", number + 1);
    std::fs::write(&path, &picture.png)?;
    Ok(format!("{path} (“{}”)", escape(&picture.title)))
}
