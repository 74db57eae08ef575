//! Typed reading of an object, with every problem collected.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;

use super::node::{Node, NodeKind, Spot};
use super::problem::Problem;

/// Everything found wrong so far.
#[derive(Debug, Default)]
pub struct Problems {
    found: RefCell<Vec<Problem>>,
}

impl Problems {
    /// Notes a problem and goes on.
    pub fn add(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// The problems in the order in which they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Problem> {
        self.found.into_inner()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }
}

/// The properties of one object while they are read: asks are remembered, so that [`Fields::finish`] can name what
/// unknown properties.
pub struct Fields<'n> {
    node: &'n Node,
    what: &'static str,
    asked: RefCell<Vec<&'static str>>,
    problems: &'n Problems,
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("what", &self.what).field("at", &self.node.spot.line).finish_non_exhaustive()
    }
}

impl<'n> Fields<'n> {
    /// Starts reading `node` as an object; `what` says what the object is in messages, such as `a test`.
    pub fn of(node: &'n Node, what: &'static str, problems: &'n Problems) -> Option<Self> {
        if !matches!(node.kind, NodeKind::Object(_)) {
            problems.add(Problem::new(&node.spot, format!("expected {what}, found {}", node.kind_in_words())));
            return None;
        }
        Some(Self { node, what, asked: RefCell::default(), problems })
    }

    /// Where the object stands.
    #[must_use]
    pub fn spot(&self) -> &'n Spot {
        &self.node.spot
    }

    /// The property, if it is there and not null.
    pub fn get(&self, name: &'static str) -> Option<&'n Node> {
        self.asked.borrow_mut().push(name);
        self.node.get(name).filter(|node| node.kind != NodeKind::Null)
    }

    /// The property; its absence is a problem.
    pub fn need(&self, name: &'static str) -> Option<&'n Node> {
        let found = self.get(name);
        if found.is_none() {
            self.problems.add(Problem::new(self.spot(), format!("{} lacks `{name}`", self.what)));
        }
        found
    }

    /// The text of a property that may be absent.
    pub fn text(&self, name: &'static str) -> Option<&'n str> {
        self.get(name).and_then(|node| self.as_text(name, node))
    }

    /// The text of a property that must be there.
    pub fn need_text(&self, name: &'static str) -> Option<&'n str> {
        self.need(name).and_then(|node| self.as_text(name, node))
    }

    fn as_text(&self, name: &str, node: &'n Node) -> Option<&'n str> {
        let text = node.as_text();
        if text.is_none() {
            self.wrong_kind(name, "text", node);
        }
        text
    }

    /// The boolean of a property, or `default` when it is absent.
    pub fn flag(&self, name: &'static str, default: bool) -> bool {
        match self.get(name) {
            None => default,
            Some(node) => node.as_bool().unwrap_or_else(|| {
                self.wrong_kind(name, "true or false", node);
                default
            }),
        }
    }

    /// The list of a property; empty when it is absent.
    pub fn list(&self, name: &'static str) -> &'n [Node] {
        match self.get(name).map(|node| (node, &node.kind)) {
            None => &[],
            Some((_, NodeKind::List(items))) => items,
            Some((node, _)) => {
                self.wrong_kind(name, "a list", node);
                &[]
            }
        }
    }

    /// The name of an enumeration, at `node`.
    pub fn name_at<T: FromStr<Err = crate::vocabulary::UnknownName>>(&self, node: &Node) -> Option<T> {
        let Some(text) = node.as_text() else {
            self.problems.add(Problem::new(&node.spot, format!("expected a name, found {}", node.kind_in_words())));
            return None;
        };
        match text.parse() {
            Ok(value) => Some(value),
            Err(unknown) => {
                let mut problem = Problem::new(&node.spot, format!("unknown {} `{}`", unknown.what, unknown.given));
                if let Some(name) = unknown.closest {
                    problem = problem.hint(format!("did you mean `{name}`?"));
                }
                self.problems.add(problem);
                None
            }
        }
    }

    fn wrong_kind(&self, name: &str, expected: &str, node: &Node) {
        let message = format!("`{name}` must be {expected}, found {}", node.kind_in_words());
        self.problems.add(Problem::new(&node.spot, message));
    }

    /// Ends the reading: every unknown property is a problem.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.node.entries() {
            if !asked.contains(&key.name.as_str()) {
                let problem = Problem::new(&key.spot, format!("unknown key `{}` in {}", key.name, self.what));
                let mut known: Vec<&str> = asked.clone();
                known.sort_unstable();
                known.dedup();
                let suggested = problem.clone().suggest(&key.name, known.iter().copied());
                self.problems.add(match suggested.hint {
                    Some(_) => suggested,
                    None => problem.hint(format!("known keys: {}", known.join(", "))),
                });
            }
        }
    }
}
