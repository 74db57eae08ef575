//! A page of the OpenID provider: what it is, and what sending it would send.

use scraper::{ElementRef, Html, Selector};

use crate::config::{Login, LoginSelectors};

/// The parts of a page that a login needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PageKind {
    /// It asks for a name, a password, or both.
    Login,
    /// It asks for nothing that must be filled in: consent, or a form that sends itself.
    Consent,
    /// There is nothing on it that could be sent.
    Dead,
}

/// A page.
#[derive(Debug, Clone)]
pub(super) struct HtmlPage {
    /// `title`
    pub(super) title: String,
    pub(super) kind: PageKind,
    /// What it says is wrong, where it marks that as such.
    pub(super) alert: Option<String>,
    /// Whether it seems to be made by JavaScript.
    pub(super) scripted: bool,
    /// Whether the only form that asks for a password is one for signing up.
    pub(super) registers: bool,
    /// What is to be read on it.
    pub(super) text: String,
    /// `<base href>`
    pub(super) base: Option<String>,
    /// Where `<meta http-equiv="refresh">` leads.
    pub(super) refresh: Option<String>,
    /// What sending it sends.
    pub(super) form: Option<Form>,
}

/// A form, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it goes, as the page has it.
    pub(super) action: String,
    /// Whether it is posted.
    pub(super) posts: bool,
    /// Whether it is encoded as a query is.
    pub(super) plain: bool,
    pub(super) fields: Vec<(String, String)>,
    /// Fields whose values are secret.
    pub(super) secret: Vec<String>,
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first<'p>(page: &'p Html, selector: &str) -> Option<ElementRef<'p>> {
    page.select(&Selector::parse(selector).ok()?).next()
}

/// The form that an element belongs to.
fn form_of<'p>(page: &'p Html, element: ElementRef<'p>) -> Option<ElementRef<'p>> {
    if let Some(id) = element.value().attr("form") {
        let forms = Selector::parse("form").ok()?;
        return page.select(&forms).find(|form| form.value().attr("id") == Some(id));
    }
    element.ancestors().filter_map(ElementRef::wrap).find(|parent| parent.value().name() == "form")
}

/// The controls of a form, in the order of the page.
fn controls<'p>(page: &'p Html, form: ElementRef<'p>) -> Vec<ElementRef<'p>> {
    let Ok(selector) = Selector::parse("input, select, textarea, button") else { return Vec::new() };
    page.select(&selector).filter(|control| form_of(page, *control).is_some_and(|of| of.id() == form.id())).collect()
}

fn is_disabled(control: ElementRef<'_>) -> bool {
    let own = control.value().attr("disabled").is_some();
    own || control
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|parent| parent.value().name() == "fieldset" && parent.value().attr("disabled").is_some())
}

/// The value of a control without input.
fn untouched(control: ElementRef<'_>) -> Vec<String> {
    let attribute = |name: &str| control.value().attr(name).map(str::to_owned);
    match control.value().name() {
        "input" => match attribute("type").unwrap_or_default().to_lowercase().as_str() {
            "checkbox" | "radio" => match control.value().attr("checked") {
                Some(_) => vec![attribute("value").unwrap_or_else(|| "on".to_owned())],
                None => Vec::new(),
            },
            "submit" | "button" | "image" | "reset" | "file" => Vec::new(),
            _ => vec![attribute("value").unwrap_or_default()],
        },
        "textarea" => vec![control.text().collect()],
        "select" => {
            let Ok(options) = Selector::parse("option") else { return Vec::new() };
            let value =
                |option: ElementRef<'_>| option.value().attr("value").map_or_else(|| text_of(option), str::to_owned);
            let chosen: Vec<String> = control
                .select(&options)
                .filter(|option| option.value().attr("selected").is_some())
                .map(value)
                .collect();
            if chosen.is_empty() && control.value().attr("multiple").is_none() {
                control.select(&options).next().map(value).into_iter().collect()
            } else {
                chosen
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a control can be filled in.
fn is_open(control: ElementRef<'_>) -> bool {
    let hidden = control.value().attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden"));
    !hidden && !is_disabled(control)
}

/// A form that may be the one to send.
struct Candidate<'p> {
    form: ElementRef<'p>,
    username: Option<ElementRef<'p>>,
    password: Option<ElementRef<'p>>,
    button: Option<ElementRef<'p>>,
    /// Whether it is for signing up, to which no credentials go.
    registers: bool,
}

impl<'p> Candidate<'p> {
    /// The form that an element belongs to, with what of it must be filled in.
    fn of(page: &'p Html, form: ElementRef<'p>, selectors: &LoginSelectors) -> Self {
        let within = |selector: &str| {
            let selector = Selector::parse(selector).ok()?;
            let own = |element: &ElementRef<'p>| form_of(page, *element).is_some_and(|of| of.id() == form.id());
            page.select(&selector).filter(|element| is_open(*element)).find(own)
        };
        let attribute = |control: &ElementRef<'_>, name: &str, value: &str| {
            control.value().attr(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        let controls = controls(page, form);
        let passwords = controls.iter().filter(|control| attribute(control, "type", "password")).count();
        let new = controls.iter().any(|control| attribute(control, "autocomplete", "new-password"));
        Self {
            form,
            username: within(&selectors.username),
            password: within(&selectors.password),
            button: within(&selectors.button),
            registers: passwords > 1 || new,
        }
    }

    const fn asks(&self) -> bool {
        self.username.is_some() || self.password.is_some()
    }

    /// The form that holds the configured button wins, and among several, one that asks for name or password.
    const fn rank(&self) -> u8 {
        match (self.button.is_some(), self.asks()) {
            (true, true) => 3,
            (true, false) => 2,
            (false, true) => 1,
            (false, false) => 0,
        }
    }
}

/// The form to send, and whether another one is for signing up.
fn chosen<'p>(page: &'p Html, selectors: &LoginSelectors) -> (Option<Candidate<'p>>, bool) {
    let mut candidates: Vec<Candidate<'p>> = Vec::new();
    for selector in [&selectors.username, &selectors.password, &selectors.button] {
        let Ok(selector) = Selector::parse(selector) else { continue };
        for form in page.select(&selector).filter_map(|element| form_of(page, element)) {
            if !candidates.iter().any(|known| known.form.id() == form.id()) {
                candidates.push(Candidate::of(page, form, selectors));
            }
        }
    }
    let registers = candidates.iter().any(|candidate| candidate.registers);
    let usable = candidates.into_iter().filter(|candidate| !candidate.registers && candidate.rank() > 0);
    // Of equals, the first.
    let best = usable.reduce(|best, other| if other.rank() > best.rank() { other } else { best });
    (best, registers)
}

/// Reads a page, and fills it in.
pub(super) fn read(text: &str, login: &Login, selectors: &LoginSelectors) -> HtmlPage {
    let page = super::super::markup::tree(text);
    let find = |selector: &str| first(&page, selector);
    let (candidate, registers) = chosen(&page, selectors);
    let kind = match &candidate {
        Some(candidate) if candidate.asks() => PageKind::Login,
        Some(_) => PageKind::Consent,
        None => PageKind::Dead,
    };
    let form = candidate.map(|candidate| filled(&page, &candidate, login));
    let alert = find("[role='alert'], .alert-danger, .validation-summary-errors, .error, .problem").map(text_of);
    HtmlPage {
        title: title_of(&page),
        kind,
        alert: alert.filter(|text| !text.is_empty()),
        scripted: find("script, [onload], [onclick]").is_some(),
        registers,
        text: summary_of(&page),
        base: find("base[href]").and_then(|base| base.value().attr("href")).map(|href| href.trim().to_owned()),
        refresh: find("meta[http-equiv='refresh' i]").and_then(|meta| refresh_target(meta.value().attr("content")?)),
        form,
    }
}

/// A form, filled in.
fn filled(page: &Html, candidate: &Candidate<'_>, login: &Login) -> Form {
    let attribute = |name: &str| {
        let of_button = candidate.button.and_then(|button| button.value().attr(&format!("form{name}")));
        of_button.or_else(|| candidate.form.value().attr(name)).unwrap_or_default().to_owned()
    };
    let mut secret = Vec::new();
    let mut fields = Vec::new();
    for control in controls(page, candidate.form).into_iter().filter(|control| !is_disabled(*control)) {
        let Some(name) = control.value().attr("name").filter(|name| !name.is_empty()) else { continue };
        let is = |other: Option<ElementRef<'_>>| other.is_some_and(|other| other.id() == control.id());
        let values = if is(candidate.username) {
            secret.push(name.to_owned());
            vec![login.username.reveal().to_owned()]
        } else if is(candidate.password) {
            secret.push(name.to_owned());
            vec![login.password.reveal().to_owned()]
        } else if is(candidate.button) {
            vec![control.value().attr("value").unwrap_or_default().to_owned()]
        } else {
            untouched(control)
        };
        fields.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }
    Form {
        action: attribute("action").trim().to_owned(),
        posts: attribute("method").eq_ignore_ascii_case("post"),
        plain: matches!(attribute("enctype").as_str(), "" | "application/x-www-form-urlencoded"),
        fields,
        secret,
    }
}

fn title_of(page: &Html) -> String {
    first(page, "title").or_else(|| first(page, "h1")).map(text_of).unwrap_or_default()
}

/// What is to be read on a page: its title, and the text of its body.
fn summary_of(page: &Html) -> String {
    let title = title_of(page);
    let mut text = String::new();
    for node in page.root_element().descendants() {
        let Some(part) = node.value().as_text() else { continue };
        let hidden = node
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|parent| matches!(parent.value().name(), "head" | "script" | "style" | "template"));
        if !hidden {
            text.push_str(part);
            text.push(' ');
        }
    }
    let text = super::error_response::quoted(&text);
    match (title.is_empty(), text.is_empty() || text == title) {
        (true, true) => "an empty page".to_owned(),
        (true, false) => text,
        (false, true) => format!("“{title}”"),
        (false, false) => format!("“{title}”: {text}"),
    }
}

/// What is to be read on a page.
pub(super) fn summary(text: &str) -> String {
    summary_of(&super::super::markup::tree(text))
}

/// The URL of `5; url='/login'`.
fn refresh_target(content: &str) -> Option<String> {
    let (_, target) = content.split_once([';', ','])?;
    let target = target.trim();
    let url = target
        .get(..3)
        .filter(|start| start.eq_ignore_ascii_case("url"))
        .map_or(target, |_| target.get(3..).unwrap_or_default().trim_start().trim_start_matches('=').trim_start());
    let url = url.trim_matches(['"', '\'']).trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// A form that a page would send by itself (`response_mode=form_post`): where to, and its hidden fields.
pub(super) fn posted_back(text: &str, base: &url::Url) -> Option<(url::Url, Vec<(String, String)>)> {
    let page = super::super::markup::tree(text);
    let forms = Selector::parse("form").ok()?;
    page.select(&forms).find_map(|form| {
        let action = base.join(form.value().attr("action")?).ok()?;
        let controls = controls(&page, form);
        let pairs: Vec<(String, String)> = controls
            .into_iter()
            .filter_map(|control| {
                let name = control.value().attr("name")?;
                Some((name.to_owned(), untouched(control).into_iter().next()?))
            })
            .collect();
        pairs.iter().any(|(name, _)| name == "code" || name == "error").then_some((action, pairs))
    })
}

#[cfg(test)]
mod tests {
    use super::{PageKind, read, refresh_target, summary};
    use crate::config::{Login, LoginSelectors, Secret};

    fn fields(page: &str) -> (PageKind, Vec<(String, String)>) {
        let login = Login { username: Secret::new("me"), password: Secret::new("secret") };
        let page = read(page, &login, &LoginSelectors::default());
        (page.kind, page.form.map(|form| form.fields).unwrap_or_default())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const LOGIN: &str = "<form><input name=username><input name=password type=password>\
                         <button class=btn-primary name=go value=1>In</button></form>";

    #[test]
    fn the_form_that_holds_the_configured_button_wins() {
        let other_user = "<form><button class=btn-primary name=decision value=allow>Allow</button></form>\
                          <form><input name=username><input name=password type=password><button>Switch</button></form>";
        assert_eq!(fields(other_user), (PageKind::Consent, pairs(&[("decision", "allow")])));
        let banner = format!("<form><button class=btn-primary name=cookies value=all>All</button></form>{LOGIN}");
        let sent = pairs(&[("username", "me"), ("password", "secret"), ("go", "1")]);
        assert_eq!(fields(&banner), (PageKind::Login, sent));
    }

    #[test]
    fn hidden_inputs_are_never_the_username() {
        let consent = "<form><input type=hidden name=username value=known>\
                       <button class=btn-primary name=decision value=allow>Allow</button></form>";
        let (kind, sent) = fields(consent);
        assert_eq!((kind, sent), (PageKind::Consent, pairs(&[("username", "known"), ("decision", "allow")])));
    }

    #[test]
    fn no_credentials_go_to_a_form_for_signing_up() {
        let sign_up = "<form><input name=username><input name=password type=password>\
                       <input name=again type=password><button class=btn-primary>Join</button></form>";
        assert_eq!(fields(sign_up), (PageKind::Dead, Vec::new()));
        assert_eq!(fields(&format!("{sign_up}{LOGIN}")).1.len(), 3);
        let new = "<form><input name=username><input name=password type=password autocomplete=new-password></form>";
        assert_eq!(fields(new).0, PageKind::Dead);
    }

    /// Where no script runs, what is for that case counts.
    #[test]
    fn a_page_is_read_as_one_is_shown_without_javascript() {
        let page = "<body onload=go()><form><input type=hidden name=a value=1><noscript>\
                    <button class=btn-primary name=go value=2>On</button></noscript></form>";
        assert_eq!(fields(page), (PageKind::Consent, pairs(&[("a", "1"), ("go", "2")])));
        let dead = "<body onload=go()><form><input type=hidden name=a value=1></form>";
        let login = Login { username: Secret::new("me"), password: Secret::new("secret") };
        assert!(read(dead, &login, &LoginSelectors::default()).scripted);
    }

    #[test]
    fn refreshes_and_texts_are_read() {
        for content in ["0; url=/next", "0;URL='/next'", "3, /next", "0; url = \"/next\""] {
            assert_eq!(refresh_target(content).as_deref(), Some("/next"), "{content}");
        }
        assert_eq!(refresh_target("30"), None);
        let page = "<title>Oops</title><style>p{}</style><p>client: <b>unknown</b></p><script>x()</script>";
        assert_eq!(summary(page), "“Oops”: client: unknown");
    }
}
