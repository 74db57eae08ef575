//! JSON paths, as findings write them: `orderedItem[0].acceptedOffer.price`.

/// A step of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment<'v> {
    /// A property.
    Name(&'v str),
    /// An entry of a list.
    Index(usize),
}

/// The most characters of a property's name in a path.
const NAME_LENGTH: usize = 80;

/// Writes a path. Names with other characters than those of names are quoted, long ones are cut.
pub(super) fn written(segments: &[Segment<'_>]) -> String {
    let mut path = String::new();
    for segment in segments {
        match segment {
            Segment::Index(index) => path.push_str(&format!("[{index}]")),
            Segment::Name(name) if is_plain(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Segment::Name(name) => {
                let cut: String = name.chars().take(NAME_LENGTH).collect();
                let dots = if cut.len() < name.len() { "…" } else { "" };
                path.push_str(&format!("[{:?}]", format!("{cut}{dots}")));
            }
        }
    }
    path
}

fn is_plain(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b':' | b'_' | b'-');
    (1..=NAME_LENGTH).contains(&name.len()) && name.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        use Segment::{Index, Name};
        assert_eq!(written(&[]), "");
        assert_eq!(written(&[Name("orderedItem"), Index(0), Name("@id")]), "orderedItem[0].@id");
        assert_eq!(written(&[Name("beta:codeType")]), "beta:codeType");
        assert_eq!(written(&[Name("a"), Name("b.c"), Name("d")]), "a[\"b.c\"].d");
        assert_eq!(written(&[Name("")]), "[\"\"]");
        assert!(written(&[Name(&"é".repeat(100_000))]).chars().count() < 100);
    }
}
