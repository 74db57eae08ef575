//! JSON with comments and trailing commas, as configuration files are often written.

use std::sync::Arc;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::node::{Excerpts, Key, Node, NodeKind, Source, Spot};
use super::problem::Problem;

/// Reads JSON text. Comments and trailing commas are allowed, other liberties are not.
///
/// # Errors
/// The first syntax error, with its place; or that the text is empty.
pub fn parse_json(name: &str, text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned(), excerpts: Excerpts::Json });
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let lines = LineStarts::of(&source);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
        .map_err(|error| Problem::new(&lines.spot(error.range().start), format!("not valid JSON: {}", error.kind())))?;
    match parsed.value {
        Some(value) => lines.node(&value),
        None => Err(Problem::new(&lines.spot(0), "expected a JSON value")),
    }
}

/// Byte offsets at which lines start.
struct LineStarts {
    source: Arc<Source>,
    starts: Vec<usize>,
}

impl LineStarts {
    fn of(source: &Arc<Source>) -> Self {
        let starts = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source: Arc::clone(source), starts }
    }

    fn spot(&self, offset: usize) -> Spot {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.source.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        Spot { source: Arc::clone(&self.source), line, column }
    }

    fn node(&self, value: &Value<'_>) -> Result<Node, Problem> {
        let at = |range: &Range| self.spot(range.start);
        Ok(match value {
            Value::NullKeyword(null) => Node { spot: at(&null.range), kind: NodeKind::Null },
            Value::BooleanLit(lit) => Node { spot: at(&lit.range), kind: NodeKind::Bool(lit.value) },
            Value::NumberLit(lit) => Node { spot: at(&lit.range), kind: NodeKind::Number(lit.value.to_owned()) },
            Value::StringLit(lit) => Node { spot: at(&lit.range), kind: NodeKind::Text(lit.value.to_string()) },
            Value::Array(array) => Node {
                spot: at(&array.range),
                kind: NodeKind::List(array.elements.iter().map(|item| self.node(item)).collect::<Result<_, _>>()?),
            },
            Value::Object(object) => {
                let mut entries: Vec<(Key, Node)> = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    let key = Key { name: property.name.as_str().to_owned(), spot: at(&property.range) };
                    if let Some((first, _)) = entries.iter().find(|(other, _)| other.name == key.name) {
                        return Err(Problem::new(
                            &key.spot,
                            format!("duplicate key `{}` (first on line {})", key.name, first.spot.line),
                        ));
                    }
                    entries.push((key, self.node(&property.value)?));
                }
                Node { spot: at(&object.range), kind: NodeKind::Object(entries) }
            }
        })
    }
}
