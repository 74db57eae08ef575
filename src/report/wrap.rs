//! Line breaks for terminals.

/// Breaks a text at spaces, so that lines have at most `columns` columns. `indent` is the column at which the text starts and
/// at which further lines start. A word that is longer stays whole.
#[must_use]
pub fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    let mut column = indent;
    for (number, word) in text.split(' ').enumerate() {
        let width = console::measure_text_width(word);
        if number > 0 && column + 1 + width > columns {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            column = indent;
        } else if number > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += width;
    }
    wrapped
}

/// The beginning of a text in so many columns, with `…` where something is left out.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns.max(1), "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces_within_the_columns() {
        assert_eq!(wrap("one two three", 9, 2), "one two\n  three");
        assert_eq!(wrap("one two", 9, 2), "one two");
        assert_eq!(wrap("https://example.com/long is", 9, 0), "https://example.com/long\nis");
        assert_eq!(wrap("a  b", 80, 0), "a  b", "spaces within a line are kept");
        assert_eq!(wrap("", 9, 2), "");
    }
}
