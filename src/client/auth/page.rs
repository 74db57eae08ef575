//! A page of the OpenID provider: what it is, and what sending it would send.

use scraper::{ElementRef, Html, Selector};

use crate::config::{Login, LoginSelectors};

/// What a page is, as far as whoever goes through it must know.
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

/// What a control sends when nobody touches it.
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

/// Reads a page, and fills it in.
pub(super) fn read(text: &str, login: &Login, selectors: &LoginSelectors) -> HtmlPage {
    let page = super::super::markup::tree(text);
    let find = |selector: &str| first(&page, selector);
    let (username, password) = (find(&selectors.username), find(&selectors.password));
    let button = find(&selectors.button);
    let asked = username.or(password);
    let kind = match (asked, button) {
        (Some(_), _) => PageKind::Login,
        (None, Some(_)) => PageKind::Consent,
        (None, None) => PageKind::Dead,
    };
    // What sends a form need not be where the fields are, as long as the form is the same.
    let form = asked.or(button).and_then(|element| form_of(&page, element));
    let sends =
        button.filter(|button| form.is_some_and(|form| form_of(&page, *button).is_some_and(|of| of.id() == form.id())));
    let filled = form.map(|form| {
        let attribute = |name: &str| {
            let of_button = sends.and_then(|button| button.value().attr(&format!("form{name}")));
            of_button.or_else(|| form.value().attr(name)).unwrap_or_default().to_owned()
        };
        let mut secret = Vec::new();
        let mut fields = Vec::new();
        for control in controls(&page, form).into_iter().filter(|control| !is_disabled(*control)) {
            let Some(name) = control.value().attr("name").filter(|name| !name.is_empty()) else { continue };
            let is = |other: Option<ElementRef<'_>>| other.is_some_and(|other| other.id() == control.id());
            let values = if is(username) {
                secret.push(name.to_owned());
                vec![login.username.reveal().to_owned()]
            } else if is(password) {
                secret.push(name.to_owned());
                vec![login.password.reveal().to_owned()]
            } else if is(sends) {
                vec![control.value().attr("value").unwrap_or_default().to_owned()]
            } else {
                untouched(control)
            };
            fields.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        }
        Form {
            action: attribute("action"),
            posts: attribute("method").eq_ignore_ascii_case("post"),
            plain: matches!(attribute("enctype").as_str(), "" | "application/x-www-form-urlencoded"),
            fields,
            secret,
        }
    });
    let alert = find("[role='alert'], .alert-danger, .validation-summary-errors, .error, .problem").map(text_of);
    HtmlPage {
        title: find("title").or_else(|| find("h1")).map(text_of).unwrap_or_default(),
        kind,
        alert: alert.filter(|text| !text.is_empty()),
        scripted: find("script").is_some(),
        form: filled,
    }
}

/// The hidden fields of a form that a page would send to the redirect URI by itself (`response_mode=form_post`).
pub(super) fn posted_back(text: &str, here: &url::Url, redirect_uri: &str) -> Option<Vec<(String, String)>> {
    let page = super::super::markup::tree(text);
    let forms = Selector::parse("form").ok()?;
    page.select(&forms).find_map(|form| {
        let action = here.join(form.value().attr("action")?).ok()?;
        super::journey::arrived(action.as_str(), redirect_uri)?;
        let controls = controls(&page, form);
        let pairs = controls.into_iter().filter_map(|control| {
            let name = control.value().attr("name")?;
            Some((name.to_owned(), untouched(control).into_iter().next()?))
        });
        Some(pairs.collect())
    })
}
