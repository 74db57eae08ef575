//! `oa-test certificate`, and the certificate at the end of a run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::certificate::{ExpectedCertificate, Verification, award, obstacles, verify};
use crate::certificate::{PublicKey, SigningKey};
use crate::client::{Client, Confidence, Payload, Recorder, Redactor, Request};
use crate::config::{Config, Headers};
use crate::error::{Error, ErrorContext as _, ErrorKind, Exit};
use crate::report::{Paint, escape};
use crate::results::{RunReport, Verdict};

use super::arguments::{Format, RunArguments};
use super::list::catalogue;
use super::output::Output;
use super::report_arguments::{CertificateCommand, VerifyArguments};

/// How long the page of a certificate may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The certificate that a run is made for.
#[derive(Debug)]
pub(super) struct Certification {
    id: String,
    file: PathBuf,
    key: Option<SigningKey>,
}

impl Certification {
    /// What the arguments and the configuration ask for. What is left of an earlier certificate is removed: it must not
    /// outlive a run that fails.
    pub(super) fn of(arguments: &RunArguments, config: &Config) -> Result<Option<Self>, Error> {
        let settings = &config.certificate;
        if !settings.wanted {
            if arguments.certificate_file.is_none() && arguments.sign_key.is_none() || arguments.certificate.is_some() {
                return Ok(None);
            }
            return Err(Error::usage("no certificate is requested").hint("use --certificate URL"));
        }
        let id = settings.id.clone().ok_or_else(|| {
            Error::configuration("the URL of the certificate is missing")
                .hint("use --certificate URL, or set `integrationTests.conformanceCertificateId`")
        })?;
        let file = arguments.certificate_file.clone().unwrap_or_else(|| settings.folder.join("index.html"));
        let key = arguments.sign_key.as_deref().map(SigningKey::read).transpose()?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, error))?;
        }
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file("replace", &file, error));
            }
            _ => {}
        }
        Ok(Some(Self { id, file, key }))
    }

    /// Writes the certificate, if the run has earned it and it verifies. Whether it was written.
    pub(super) fn award(&self, report: &RunReport, catalogue: &Catalogue, output: Output) -> Result<bool, Error> {
        let reasons = obstacles(report);
        if !reasons.is_empty() {
            output.log("no certificate:");
            reasons.iter().for_each(|reason| output.log(&format!("  {}", escape(reason))));
            return Ok(false);
        }
        let made = award(report, catalogue, &self.id, Timestamp::now(), self.key.as_ref())?;
        let wanted = ExpectedCertificate {
            url: Some(self.id.clone()),
            holder: Some(made.holder.clone()),
            key: self.key.as_ref().map(SigningKey::public),
        };
        let runtime = super::runtime::runtime()?;
        let verification = runtime.block_on(verify(&made.page, &wanted, catalogue, Timestamp::now()));
        if !verification.valid() {
            output.log("no certificate: the certificate does not verify");
            output.log(&describe(&verification, output.paint_errors()));
            return Ok(false);
        }
        std::fs::write(&self.file, &made.page).map_err(|error| Error::file("write", &self.file, error))?;
        output.log(&format!(
            "certificate for {}: {} (publish it at {})",
            escape(&made.holder),
            self.file.display(),
            escape(&self.id)
        ));
        Ok(true)
    }
}

/// A verification as text.
fn describe(verification: &Verification, paint: Paint) -> String {
    let mut lines = Vec::new();
    for check in &verification.checks {
        if check.wrong.is_empty() {
            let note = check.note.as_deref().map_or_else(String::new, |note| format!(" ({})", escape(note)));
            lines.push(format!("{} {}{}", paint.verdict(Verdict::Passed, "✓"), check.what, paint.dim(&note)));
        } else {
            lines.push(format!("{} {}", paint.verdict(Verdict::Failed, "✗"), paint.bold(check.what)));
            lines.extend(check.wrong.iter().map(|reason| format!("    {}", escape(reason))));
        }
    }
    lines.join("\n")
}

pub(super) fn certificate(command: &CertificateCommand, output: Output) -> Result<Exit, Error> {
    match command {
        CertificateCommand::Verify(arguments) => verified(arguments, output),
        CertificateCommand::PublicKey { key } => {
            output.print(&format!("{}\n", SigningKey::read(key)?.public()));
            Ok(Exit::Success)
        }
    }
}

fn verified(arguments: &VerifyArguments, output: Output) -> Result<Exit, Error> {
    let place = &arguments.certificate;
    let is_url = place.starts_with("http://") || place.starts_with("https://");
    let runtime = super::runtime::runtime()?;
    let page = if is_url {
        runtime.block_on(fetched(place))?
    } else {
        let bytes = std::fs::read(place).map_err(|error| Error::file("read", place.as_ref(), error))?;
        String::from_utf8(bytes).context(ErrorKind::Usage, || format!("{place} is not UTF-8 text"))?
    };
    let key = match &arguments.public_key {
        None => None,
        Some(given) => {
            let file = std::path::Path::new(given);
            let text = if file.is_file() {
                std::fs::read_to_string(file).map_err(|error| Error::file("read the key", file, error))?
            } else {
                given.clone()
            };
            Some(text.parse::<PublicKey>().map_err(Error::usage)?)
        }
    };
    let wanted = ExpectedCertificate {
        url: arguments.url.clone().or_else(|| is_url.then(|| place.clone())),
        holder: arguments.holder.clone(),
        key,
    };
    let catalogue = catalogue(None)?;
    let verification = runtime.block_on(verify(&page, &wanted, &catalogue, Timestamp::now()));
    let valid = verification.valid();
    if arguments.format == Format::Json {
        let findings: Vec<serde_json::Value> = verification
            .checks
            .iter()
            .map(|check| serde_json::json!({ "what": check.what, "wrong": check.wrong, "note": check.note }))
            .collect();
        let json = serde_json::json!({ "valid": valid, "holder": verification.holder, "findings": findings });
        output.print(&format!("{}\n", serde_json::to_string_pretty(&json)?));
    } else {
        let paint = output.paint();
        let holder = escape(verification.holder.as_deref().unwrap_or("nobody"));
        let last = if valid {
            paint.verdict(Verdict::Passed, &format!("valid: awarded to {holder}"))
        } else {
            paint.verdict(Verdict::Failed, "not valid")
        };
        output.print(&format!("{}\n\n{last}\n", describe(&verification, paint)));
    }
    Ok(Exit::failure_if(!valid))
}

/// The page at a URL.
async fn fetched(url: &str) -> Result<String, Error> {
    let client = Client::new(Arc::new(Recorder::new(Redactor::default())), false)?;
    let none = Headers::new();
    let response = client
        .send_quietly(Request {
            label: "Certificate",
            feed: None,
            method: reqwest::Method::GET,
            url,
            configured: &none,
            accept: "text/html",
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: PATIENCE,
        })
        .await;
    match (&response.failure, response.status) {
        (Some(failure), _) => Err(Error::target(format!("{url} cannot be read: {}", failure.message))),
        (None, Some(200)) => Ok(String::from_utf8_lossy(&response.body).into_owned()),
        (None, status) => Err(Error::target(format!("{url} responds with HTTP {}", status.unwrap_or_default()))),
    }
}
