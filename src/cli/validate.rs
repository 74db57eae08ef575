//! `oa-test validate`

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::client::{build_client, json_ld_of};
use crate::config::matches_path;
use crate::error::{Error, ErrorContext as _, ErrorKind, Exit};
use crate::report::escape;
use crate::validate::{
    Category, FindingKind, ModelFinding, Options, Remote, Rule, Severity, Validation, ValidationMode, Validator,
};
use crate::vocabulary::{in_order, utf8, without_mark};

use super::arguments::{ValidateArguments, ValidateFormat};
use super::output::Output;
use super::sarif::sarif;

/// How many bytes of lines are validated together.
const BATCH: usize = 8 * 1024 * 1024;
/// How long a remote document may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A failure for an HTML page that holds no document.
const NO_JSON_LD: &str = "document is neither JSON nor an HTML page with JSON-LD";

/// An HTML page, such as a dataset site.
struct HtmlPage {
    /// Its JSON-LD; `None` where it has none.
    json_ld: Option<String>,
}

impl HtmlPage {
    /// Reads a page; `None` for content that is not HTML.
    fn read(content: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(content).map_or_else(|_| String::from_utf8_lossy(content), Into::into);
        let page = without_mark(&text);
        page.trim_start().starts_with('<').then(|| Self { json_ld: json_ld_of(page) })
    }
}

/// `1 failure`, `2 failures`
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A document with its name.
struct Input {
    name: String,
    content: Vec<u8>,
}

pub(super) fn validate(arguments: &ValidateArguments, output: Output) -> Result<Exit, Error> {
    let mode = arguments.mode.as_deref().map(str::parse::<ValidationMode>).transpose()?;
    let least: Severity = arguments.show.parse()?;
    let mut validator = Validator::new(remote(arguments)?);
    let code = if arguments.lines {
        lines(arguments, mode, &mut validator, output)?
    } else {
        documents(arguments, mode, least, &mut validator, output)?
    };
    if let Some(file) = &arguments.save_remote {
        std::fs::write(file, validator.remote().text()).map_err(|error| Error::file("write", file, error))?;
    }
    Ok(code)
}

fn remote(arguments: &ValidateArguments) -> Result<Remote, Error> {
    let read = |file: &Path| std::fs::read_to_string(file).map_err(|error| Error::file("read", file, error));
    let mut remote = match &arguments.remote {
        Some(file) => Remote::read(without_mark(&read(file)?)).context(ErrorKind::Usage, || {
            format!("{} must be a JSON object of URLs, each with `status` and `json`", file.display())
        })?,
        None => Remote::none(),
    };
    if let Some(file) = &arguments.activity_list {
        let list: Value = serde_json::from_str(without_mark(&read(file)?))
            .context(ErrorKind::Usage, || format!("{} is not JSON", file.display()))?;
        let url = list.get("id").or_else(|| list.get("@id")).and_then(Value::as_str);
        remote.add(url.unwrap_or("https://openactive.io/activity-list"), Some(200), Some(list.clone()));
    }
    Ok(remote)
}

/// Validates, fetches what was missing where that is wanted, and validates again.
fn validated<T>(
    arguments: &ValidateArguments,
    validator: &mut Validator,
    validate: impl Fn(&Validator) -> T,
) -> Result<T, Error> {
    let mut answer = validate(validator);
    let mut asked: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    // A context may lead to another, and that to a third.
    for _ in 0..3 {
        let wanted: Vec<String> = validator.remote().wanted().difference(&asked).cloned().collect();
        if !arguments.fetch || wanted.is_empty() {
            break;
        }
        let mut remote = std::mem::replace(validator, Validator::new(Remote::none())).into_remote();
        for (url, (status, json)) in fetch(&wanted)? {
            remote.add(&url, status, json);
        }
        asked.extend(wanted);
        *validator = Validator::new(remote);
        answer = validate(validator);
    }
    Ok(answer)
}

type Answered = (Option<u16>, Option<Value>);

fn fetch(urls: &[String]) -> Result<Vec<(String, Answered)>, Error> {
    let runtime = super::runtime::runtime()?;
    let (client, _) = client()?;
    Ok(runtime.block_on(async {
        let mut answers = Vec::new();
        for url in urls {
            let request = client.get(url).header("accept", "application/ld+json, application/json");
            let answer = match request.send().await {
                Ok(response) => {
                    let status = response.status().as_u16();
                    (
                        Some(status),
                        response.text().await.ok().and_then(|text| serde_json::from_str(without_mark(&text)).ok()),
                    )
                }
                Err(_) => (None, None),
            };
            answers.push((url.clone(), answer));
        }
        answers
    }))
}

fn client() -> Result<(reqwest::Client, Option<String>), Error> {
    build_client(|| crate::client::http_client().timeout(PATIENCE))
        .context(ErrorKind::Internal, || "cannot set up the HTTP client".to_owned())
}

fn is_url(input: &str) -> bool {
    input.starts_with("http://") || input.starts_with("https://")
}

/// The contents of every input, in order.
fn read(arguments: &ValidateArguments) -> Result<Vec<Input>, Error> {
    let limit = arguments.max_size.saturating_mul(1024 * 1024);
    let mut inputs = Vec::new();
    for input in &arguments.inputs {
        if input == "-" {
            inputs.push(bounded("standard input", std::io::stdin().lock(), limit)?);
        } else if is_url(input) {
            inputs.push(download(input, limit)?);
        } else {
            for path in paths(input)? {
                let file = std::fs::File::open(&path).map_err(|error| Error::file("read", path.as_ref(), error))?;
                inputs.push(bounded(&path, file, limit)?);
            }
        }
    }
    Ok(inputs)
}

fn too_large(name: &str, limit: u64) -> Error {
    Error::usage(format!("{name} is larger than {} MiB", limit / 1024 / 1024)).hint("see --max-size")
}

fn bounded(name: &str, reader: impl std::io::Read, limit: u64) -> Result<Input, Error> {
    let mut content = Vec::new();
    reader.take(limit + 1).read_to_end(&mut content).map_err(|error| Error::file("read", name.as_ref(), error))?;
    if content.len() as u64 > limit {
        return Err(too_large(name, limit));
    }
    Ok(Input { name: name.to_owned(), content })
}

fn download(url: &str, limit: u64) -> Result<Input, Error> {
    let runtime = super::runtime::runtime()?;
    let (client, no_roots) = client()?;
    if let Some(reason) = no_roots.filter(|_| url.starts_with("https:")) {
        return Err(Error::internal(format!("cannot read {url}: {reason}")));
    }
    runtime.block_on(async {
        let mut response = client.get(url).send().await.context(ErrorKind::Target, || format!("cannot read {url}"))?;
        if !response.status().is_success() {
            return Err(Error::target(format!("{url} returned HTTP {}", response.status().as_u16())));
        }
        let mut content = Vec::new();
        while let Some(part) = response.chunk().await.context(ErrorKind::Target, || format!("cannot read {url}"))? {
            content.extend_from_slice(&part);
            if content.len() as u64 > limit {
                return Err(too_large(url, limit));
            }
        }
        Ok(Input { name: url.to_owned(), content })
    })
}

/// The files that a path or a glob means, in order.
fn paths(input: &str) -> Result<Vec<String>, Error> {
    if !input.contains(['*', '?', '[', '{']) || Path::new(input).exists() {
        return Ok(vec![input.to_owned()]);
    }
    let root = input.split(['*', '?', '[', '{']).next().unwrap_or_default();
    let root = root.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    let mut found = Vec::new();
    let mut folders = vec![Path::new(root).to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| Error::file("read", &folder, error))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let shown = path.strip_prefix(".").unwrap_or(&path);
            if path.is_dir() {
                folders.push(path);
            } else if matches_path(input, &shown.display().to_string())
                .context(ErrorKind::Usage, || format!("{input} is not a valid pattern"))?
            {
                found.push(shown.display().to_string());
            }
        }
    }
    if found.is_empty() {
        return Err(Error::usage(format!("no file matches {input}")));
    }
    found.sort();
    Ok(found)
}

fn options<'o>(arguments: &'o ValidateArguments, mode: ValidationMode) -> Options<'o> {
    Options { mode, root_type: arguments.root_type.as_deref(), item_limit: arguments.item_limit, to_the_minute: true }
}

fn documents(
    arguments: &ValidateArguments,
    mode: Option<ValidationMode>,
    least: Severity,
    validator: &mut Validator,
    output: Output,
) -> Result<Exit, Error> {
    let inputs = read(arguments)?;
    let results = validated(arguments, validator, |validator| {
        parallel(&inputs, |input| {
            let page = HtmlPage::read(&input.content);
            let content = match &page {
                Some(page) => page.json_ld.as_deref().map(str::as_bytes),
                None => Some(input.content.as_slice()),
            };
            let Some(content) = content else {
                return (mode.unwrap_or(ValidationMode::DatasetSite), Validator::unreadable(NO_JSON_LD));
            };
            let guessed = || utf8(content).map_or(ValidationMode::RpdeFeed, |text| validator.guess(text));
            let mode = mode.unwrap_or_else(guessed);
            (mode, validator.bytes(content, options(arguments, mode)))
        })
    })?;
    let failed = results.iter().any(|(_, result)| result.failed());
    let all: Vec<(&str, ValidationMode, &Validation)> =
        inputs.iter().zip(&results).map(|(input, (mode, result))| (input.name.as_str(), *mode, result)).collect();
    let text = match arguments.format {
        ValidateFormat::Text => text(&all, least, output),
        ValidateFormat::Json => {
            let documents: Vec<Value> = all
                .iter()
                .map(|(name, mode, result)| {
                    let findings: Vec<FindingJson<'_>> = shown(result, least).map(FindingJson::of).collect();
                    json!({ "input": name, "mode": mode, "findings": findings, "repeatedKeys": result.repeated_keys })
                })
                .collect();
            format!("{}\n", serde_json::to_string_pretty(&json!({ "documents": documents }))?)
        }
        ValidateFormat::Sarif => {
            let results = all.iter().flat_map(|(name, _, result)| shown(result, least).map(move |f| (*name, f)));
            format!("{}\n", serde_json::to_string_pretty(&sarif(results))?)
        }
    };
    output.print(&text);
    Ok(Exit::failure_if(failed))
}

fn shown(result: &Validation, least: Severity) -> impl Iterator<Item = &ModelFinding> {
    result.findings.iter().filter(move |finding| finding.severity <= least)
}

/// A finding as JSON, with its keys in alphabetical order.
#[derive(Serialize)]
struct FindingJson<'f> {
    category: Category,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'f str>,
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'static str>,
    path: &'f str,
    rule: Rule,
    severity: Severity,
    #[serde(rename = "type")]
    kind: FindingKind,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    undetermined: bool,
}

impl<'f> FindingJson<'f> {
    fn of(finding: &'f ModelFinding) -> Self {
        Self {
            category: finding.category,
            cause: finding.cause.map(Rule::name),
            expected: finding.expected.as_deref(),
            found: finding.found.as_deref(),
            message: &finding.message,
            model: finding.model,
            path: &finding.path,
            rule: finding.rule,
            severity: finding.severity,
            kind: finding.kind,
            undetermined: finding.undetermined,
        }
    }
}

/// The same finding in several places of lists.
struct Group<'f> {
    finding: &'f ModelFinding,
    /// With a star for places that differ.
    path: String,
    count: usize,
}

fn grouped<'f>(findings: impl Iterator<Item = &'f ModelFinding>) -> Vec<Group<'f>> {
    let mut groups: Vec<Group<'f>> = Vec::new();
    let mut places: std::collections::HashMap<(String, &str), usize> = std::collections::HashMap::new();
    for finding in findings {
        let general = finding.general_path();
        match places.get(&(general.clone(), finding.message.as_str())).and_then(|place| groups.get_mut(*place)) {
            Some(group) => {
                group.path.clone_from(&general);
                group.count += 1;
            }
            None => {
                places.insert((general, &finding.message), groups.len());
                groups.push(Group { finding, path: finding.path.clone(), count: 1 });
            }
        }
    }
    groups.sort_by_key(|group| group.finding.severity);
    groups
}

fn text(all: &[(&str, ValidationMode, &Validation)], least: Severity, output: Output) -> String {
    let paint = output.paint();
    let mut text = String::new();
    let mut undetermined = 0;
    for (name, mode, result) in all {
        let count = |severity: Severity| {
            let severe = |finding: &&ModelFinding| finding.severity == severity && finding.is_independent();
            result.findings.iter().filter(severe).count()
        };
        let verdict = if result.failed() {
            paint.verdict(crate::results::Verdict::Failed, "FAILED")
        } else {
            paint.verdict(crate::results::Verdict::Passed, "valid")
        };
        text.push_str(&format!(
            "{verdict}  {}  {mode}: {}, {}, {}\n",
            escape(name),
            counted(count(Severity::Failure), "failure"),
            counted(count(Severity::Warning), "warning"),
            counted(count(Severity::Suggestion), "suggestion")
        ));
        for Group { finding, path, count } in grouped(shown(result, least).filter(|finding| finding.is_independent())) {
            let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
            text.push_str(&format!(
                "  {:<10} {}{times}  {}  {}\n",
                finding.severity.name(),
                paint.bold(&escape(&path)),
                escape(&finding.message),
                paint.dim(finding.rule.name())
            ));
            let found = if count > 1 { "first" } else { "found" };
            for (label, value) in [("expected", finding.expected.as_deref()), (found, finding.found.as_deref())] {
                if let Some(value) = value {
                    text.push_str(&format!("             {label:<8}  {}\n", escape(value)));
                }
            }
        }
        undetermined += result.findings.iter().filter(|finding| finding.undetermined).count();
    }
    if undetermined > 0 {
        text.push_str(&format!(
            "{} omitted: an activity list or context is not available. Use --fetch, --activity-list or --remote\n",
            counted(undetermined, "finding")
        ));
    }
    text
}

/// A line of `--lines`: a document, or one with how it is to be validated.
#[derive(Debug, Deserialize)]
struct Case<'l> {
    id: Option<Value>,
    mode: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    options: CaseOptions,
    #[serde(rename = "type")]
    root_type: Option<String>,
    #[serde(rename = "itemLimit")]
    item_limit: Option<usize>,
    #[serde(borrow)]
    document: &'l RawValue,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CaseOptions {
    rpde_item_limit: Option<usize>,
    #[serde(rename = "type")]
    root_type: Option<String>,
}

fn lines(
    arguments: &ValidateArguments,
    mode: Option<ValidationMode>,
    validator: &mut Validator,
    output: Output,
) -> Result<Exit, Error> {
    let limit = arguments.max_size.saturating_mul(1024 * 1024);
    let mut failed = false;
    for input in &arguments.inputs {
        let mut reader: Box<dyn BufRead> = match input.as_str() {
            "-" => Box::new(std::io::stdin().lock()),
            url if is_url(url) => Box::new(std::io::Cursor::new(download(url, limit)?.content)),
            path => {
                let file = std::fs::File::open(path).map_err(|error| Error::file("read", path.as_ref(), error))?;
                Box::new(BufReader::with_capacity(1 << 20, file))
            }
        };
        loop {
            let batch = batch(&mut reader, limit, input)?;
            if batch.is_empty() {
                break;
            }
            let answers = validated(arguments, validator, |validator| {
                parallel(&batch, |line| answer(arguments, mode, validator, line))
            })?;
            let mut text = String::new();
            for (line, bad) in answers {
                failed |= bad;
                text.push_str(&line);
                text.push('\n');
            }
            let mut stdout = std::io::stdout().lock();
            // A reader that went away wants no more.
            if stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err() {
                return Ok(Exit::failure_if(failed));
            }
        }
    }
    let _ = output;
    Ok(Exit::failure_if(failed))
}

/// Lines, until there are enough for one turn.
fn batch(reader: &mut dyn BufRead, limit: u64, name: &str) -> Result<Vec<Vec<u8>>, Error> {
    let (mut lines, mut size) = (Vec::new(), 0);
    while size < BATCH {
        let mut line = Vec::new();
        let read = (&mut *reader)
            .take(limit + 1)
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::file("read", name.as_ref(), error))?;
        if read == 0 {
            break;
        }
        if read as u64 > limit {
            return Err(too_large("a line", limit));
        }
        size += read;
        if !line.trim_ascii().is_empty() {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// What is printed for a document.
#[derive(Serialize)]
struct Answer<'f> {
    findings: Vec<FindingJson<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
}

fn answer(
    arguments: &ValidateArguments,
    mode: Option<ValidationMode>,
    validator: &Validator,
    line: &[u8],
) -> (String, bool) {
    let (id, result) = match utf8(line) {
        Err(reason) => (None, Validator::unreadable(&format!("document is {reason}"))),
        // A byte order mark before a case belongs to the stream, and to none of its documents.
        Ok(text) => match serde_json::from_str::<Case<'_>>(without_mark(text)) {
            Ok(case) => (case.id.clone(), case_result(arguments, mode, validator, &case)),
            Err(_) => {
                let text = text.trim();
                let mode = mode.unwrap_or_else(|| validator.guess(text));
                (None, validator.text(text, options(arguments, mode)))
            }
        },
    };
    let answer = Answer { findings: result.findings.iter().map(FindingJson::of).collect(), id };
    // Writing text into memory does not fail.
    (serde_json::to_string(&answer).unwrap_or_default(), result.failed())
}

fn case_result(
    arguments: &ValidateArguments,
    mode: Option<ValidationMode>,
    validator: &Validator,
    case: &Case<'_>,
) -> Validation {
    let text = case.document.get();
    // An unknown mode has the general requirements only.
    let given = case.mode.as_deref().map(|mode| mode.parse().unwrap_or(ValidationMode::Other));
    let mode = given.or(mode).unwrap_or_else(|| validator.guess(text));
    let usual = options(arguments, mode);
    let options = Options {
        mode,
        root_type: case.root_type.as_deref().or(case.options.root_type.as_deref()).or(usual.root_type),
        item_limit: case.item_limit.or(case.options.rpde_item_limit).or(usual.item_limit),
        // Cases are compared with the public validator.
        to_the_minute: false,
    };
    if case.profile.as_deref() == Some("offline") {
        return Validator::new(Remote::none()).text(text, options);
    }
    validator.text(text, options)
}

/// Does the same with each, on all processors; the results are in order.
fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    if workers == 1 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    // Small shares, so that a worker that had easy ones takes more.
    let share = items.len().div_ceil(workers * 8).max(1);
    let shares: Vec<&[T]> = items.chunks(share).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let done: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    loop {
                        let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(share) = shares.get(number) else { break };
                        mine.push((number, share.iter().map(&work).collect::<Vec<R>>()));
                    }
                    mine
                })
            })
            .collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(mine) => mine,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    in_order(done).into_iter().flatten().collect()
}
