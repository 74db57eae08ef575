//! HTML pages of a target, read in linear time.

use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

/// Elements nest to this depth; what is deeper becomes a sibling. Building a tree takes time by the depth of each element.
const DEEPEST: usize = 256;

/// Limit of a page that becomes a tree, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
];

/// Elements that pages are read for; a start tag of them is kept however deep it is.
const KEPT: &[&str] = &[
    "html",
    "head",
    "body",
    "title",
    "h1",
    "form",
    "fieldset",
    "select",
    "option",
    "textarea",
    "button",
    "script",
    "style",
    "noscript",
    "iframe",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
];

/// Formatting: a parser repeats it in every paragraph that follows while it is open, which grows with the square.
const FORMATTING: &[&str] =
    &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Gives a page to a tokenizer.
fn tokenize<S: TokenSink>(page: &str, sink: S) -> S {
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(page));
    // A script, of which nothing is run, only interrupts.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

/// The tree of a page, of which what is very deep or very long is left out.
pub(super) fn tree(page: &str) -> Html {
    let page = page.get(..page.floor_char_boundary(LONGEST)).unwrap_or(page);
    // No script is run, so `noscript` is as visible as anything else.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options);
    let shallow = tokenize(page, Shallow { builder, open: RefCell::default() });
    shallow.builder.sink.finish()
}

/// Passes on what is not too deep.
struct Shallow {
    builder: TreeBuilder<<HtmlTreeSink as html5ever::tree_builder::TreeSink>::Handle, HtmlTreeSink>,
    /// The names of the elements that may be open, outermost first.
    open: RefCell<Vec<LocalName>>,
}

impl Shallow {
    fn passes(&self, tag: &Tag) -> bool {
        let name = &*tag.name;
        if FORMATTING.contains(&name) {
            return false;
        }
        if VOID.contains(&name) || tag.self_closing && name != "script" {
            return VOID.contains(&name) || self.open.borrow().len() < DEEPEST;
        }
        match tag.kind {
            TagKind::StartTag => {
                let mut open = self.open.borrow_mut();
                let passes = open.len() < DEEPEST || KEPT.contains(&name);
                if passes {
                    open.push(tag.name.clone());
                    // What is kept at any depth must not make the search for its end longer.
                    if open.len() > 2 * DEEPEST {
                        open.remove(0);
                    }
                }
                passes
            }
            TagKind::EndTag => {
                // An end without a beginning closes nothing.
                let mut open = self.open.borrow_mut();
                if let Some(began) = open.iter().rposition(|open| *open == tag.name) {
                    open.truncate(began);
                }
                true
            }
        }
    }
}

impl TokenSink for Shallow {
    type Handle = <HtmlTreeSink as html5ever::tree_builder::TreeSink>::Handle;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<Self::Handle> {
        match &token {
            Token::TagToken(tag) if !self.passes(tag) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line_number),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The texts of the JSON-LD scripts of an HTML page, in their order.
#[must_use]
pub(super) fn json_ld(page: &str) -> Vec<String> {
    let found = tokenize(page, JsonLd::default());
    found.texts.into_inner()
}

/// Looks for JSON-LD.
#[derive(Default)]
struct JsonLd {
    texts: RefCell<Vec<String>>,
    /// Whether what comes is within the script.
    within: Cell<bool>,
}

impl TokenSink for JsonLd {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(characters) if self.within.get() => {
                if let Some(text) = self.texts.borrow_mut().last_mut() {
                    text.push_str(&characters);
                }
            }
            Token::TagToken(tag) => {
                self.within.set(false);
                return if tag.kind == TagKind::StartTag { self.start(&tag) } else { TokenSinkResult::Continue };
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl JsonLd {
    fn start(&self, tag: &Tag) -> TokenSinkResult<()> {
        let raw = match &*tag.name {
            "title" | "textarea" => RawKind::Rcdata,
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => RawKind::Rawtext,
            "script" => {
                let kind = tag.attrs.iter().find(|attribute| &*attribute.name.local == "type");
                // Without parameters of the media type, such as `charset`.
                let media = |value: &str| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                if kind.is_some_and(|kind| media(&kind.value) == "application/ld+json") {
                    self.texts.borrow_mut().push(String::new());
                    self.within.set(true);
                }
                RawKind::ScriptData
            }
            "plaintext" => return TokenSinkResult::Plaintext,
            _ => return TokenSinkResult::Continue,
        };
        TokenSinkResult::RawData(raw)
    }
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::{json_ld, tree};

    #[test]
    fn json_ld_is_found_as_it_is_written() {
        let page = "<!-- <script type='application/ld+json'>0</script> --><title><script></title>\
            <script>'<script type=\"application/ld+json\">'</script>\
            <SCRIPT id=x TYPE='application/LD+json'>{\"a\": \"&lt;b> <!-- \"}</script>\
            <script type='application/ld+json; charset=utf-8'>2</script>";
        assert_eq!(json_ld(page), ["{\"a\": \"&lt;b> <!-- \"}", "2"]);
        assert!(json_ld("<script type=text/json>1</script><p>").is_empty());
        assert_eq!(json_ld("<script type=application/ld+json>"), [""]);
    }

    /// What grew with the square would take minutes.
    #[test]
    fn hostile_pages_are_read_in_linear_time() {
        let numbered: String = (0..10_000).map(|number| format!("<b a={number}><p>")).collect();
        let pages = [
            "<div>".repeat(40_000),
            "<p>".repeat(40_000),
            "<form><button>".repeat(20_000),
            "<a><div>".repeat(20_000),
            "<table><tr><td>".repeat(20_000),
            "<select><option>".repeat(20_000),
            "<div></p>".repeat(20_000),
            "<svg><g>".repeat(20_000),
            "<".repeat(200_000),
            "&".repeat(200_000),
            numbered,
        ];
        for page in pages {
            let page = format!("{page}<form><input name=deep></form><script type=application/ld+json>1</script>");
            assert_eq!(json_ld(&page), ["1"]);
            let _ = tree(&page);
        }
    }

    #[test]
    fn a_page_of_a_usual_depth_is_read_in_full() {
        let page = format!("{}<form><p><strong>Log in</strong><input name=deep>", "<div>".repeat(100));
        let tree = tree(&page);
        let form = tree.select(&Selector::parse("div > div > form").unwrap()).next().unwrap();
        assert_eq!(form.text().collect::<String>(), "Log in");
        assert!(form.select(&Selector::parse("p > input").unwrap()).next().is_some());
    }
}
