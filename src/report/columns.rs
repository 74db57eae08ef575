//! Texts in columns, for terminals.

use std::iter::zip;

use console::{Alignment, measure_text_width, pad_str};

/// The width of each column on a terminal.
#[must_use]
pub(super) fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, text) in zip(&mut widths, row) {
            *width = (*width).max(measure_text_width(text));
        }
    }
    widths
}

/// The texts of a row, as wide as their columns and with a text between them. `align` is asked for each column.
#[must_use]
pub(super) fn line(row: &[String], widths: &[usize], between: &str, align: impl Fn(usize) -> Alignment) -> String {
    let cells = zip(row, widths).enumerate();
    let cells = cells.map(|(column, (text, width))| pad_str(text, *width, align(column), None));
    cells.collect::<Vec<_>>().join(between)
}

/// A table without lines, in which every text is on the left.
#[must_use]
pub fn blank(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let lines = rows.iter().map(|row| format!(" {} ", line(row, &widths, "   ", |_| Alignment::Left)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A table with a line below its headings. In some columns every text is on the right.
#[must_use]
pub fn ruled(rows: &[Vec<String>], right: impl Fn(usize) -> bool) -> String {
    let widths = widths(rows);
    let align = |column| if right(column) { Alignment::Right } else { Alignment::Left };
    let mut lines: Vec<String> = rows.iter().map(|row| format!(" {} ", line(row, &widths, " | ", align))).collect();
    let rule = widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("+");
    lines.insert(lines.len().min(1), rule);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use console::Alignment;

    use super::{blank, line, ruled, widths};

    fn rows() -> Vec<Vec<String>> {
        let row = |texts: [&str; 3]| texts.map(str::to_owned).to_vec();
        vec![row(["Seller", "type", "needed"]), row(["\u{1b}[1mprimary\u{1b}[0m", "“–”", "7"]), row(["", "Slot", "12"])]
    }

    #[test]
    fn what_is_not_seen_takes_no_width() {
        assert_eq!(widths(&rows()), [7, 4, 6]);
        assert_eq!(
            blank(&rows()),
            " Seller    type   needed \n \u{1b}[1mprimary\u{1b}[0m   “–”    7      \n           Slot   12     "
        );
    }

    #[test]
    fn numbers_are_on_the_right() {
        assert_eq!(
            ruled(&rows(), |column| column == 2),
            " Seller  | type | needed \n---------+------+--------\n \u{1b}[1mprimary\u{1b}[0m | “–”  |      7 \n         | Slot |     12 "
        );
    }

    #[test]
    fn an_odd_space_is_on_the_right_of_what_is_in_the_middle() {
        assert_eq!(line(&["ab".to_owned()], &[5], "", |_| Alignment::Center), " ab  ");
    }
}
