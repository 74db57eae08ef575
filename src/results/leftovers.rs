//! What a run in random mode leaves on the target.

use std::ops::AddAssign;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cell::CellReport;

/// What is on the target after a run, by number. An Order counts where no response came to the request that creates it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Leftovers {
    /// Orders that B created and that were not deleted. Cancelled Orders count.
    pub orders: usize,
    /// OrderProposals that were neither booked nor rejected.
    pub order_proposals: usize,
    /// OrderQuotes that were neither booked nor deleted; each may hold a lease until it expires.
    pub order_quotes: usize,
}

impl Leftovers {
    /// Adds what cells left.
    #[must_use]
    pub fn of(cells: &[CellReport]) -> Self {
        let mut all = Self::default();
        cells.iter().for_each(|cell| all += cell.leftovers);
        all
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// In words, such as `2 Orders, 1 OrderQuote`; `no Orders` where nothing is left.
    #[must_use]
    pub fn words(self) -> String {
        let parts =
            [(self.orders, "Order"), (self.order_proposals, "OrderProposal"), (self.order_quotes, "OrderQuote")];
        let counted: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if counted.is_empty() { "no Orders".to_owned() } else { counted.join(", ") }
    }
}

impl AddAssign for Leftovers {
    fn add_assign(&mut self, other: Self) {
        self.orders += other.orders;
        self.order_proposals += other.order_proposals;
        self.order_quotes += other.order_quotes;
    }
}

#[cfg(test)]
mod tests {
    use super::Leftovers;

    #[test]
    fn words_name_only_what_is_there() {
        let words = |orders, order_proposals, order_quotes| Leftovers { orders, order_proposals, order_quotes }.words();
        assert_eq!(words(0, 0, 0), "no Orders");
        assert_eq!(words(1, 0, 0), "1 Order");
        assert_eq!(words(12, 1, 2), "12 Orders, 1 OrderProposal, 2 OrderQuotes");
        assert_eq!(words(0, 0, 1), "1 OrderQuote");
    }
}
