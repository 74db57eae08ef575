//! Cells: each test in each booking flow with each opportunity type, and with several opportunities at once.

use std::sync::Arc;

use crate::catalogue::{Catalogue, Condition, Feature, Test, When};
use crate::config::{Config, Mode, SellerRole};
use crate::results::SkippedTest;
use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::select::{Chosen, Selection, SelectionError};

/// What a cell books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One opportunity of one type.
    Type(OpportunityType),
    /// Several opportunities of every type in scope, in one Order.
    Multiple,
}

impl Scope {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type(opportunity_type) => opportunity_type.name(),
            Self::Multiple => "Multiple",
        }
    }

    /// A word short enough for a table heading.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Type(opportunity_type) => opportunity_type.short(),
            Self::Multiple => "Multiple",
        }
    }
}

/// One OrderItem that a cell wants to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSpec {
    /// The type of its opportunity.
    pub opportunity_type: OpportunityType,
    /// What the opportunity must be.
    pub criteria: CriteriaName,
    /// Whether it stands beside the items under test to see that they are told apart.
    pub control: bool,
    /// The Seller of the opportunity.
    pub seller: SellerRole,
    /// Items with the same number share one opportunity.
    pub opportunity: usize,
}

/// One run of one test.
#[derive(Debug, Clone)]
pub struct Cell {
    /// `feature/test@flow/type`.
    pub id: String,
    /// The feature.
    pub feature: Arc<Feature>,
    /// The test.
    pub test: Arc<Test>,
    /// The booking flow and what is booked; none for a test without opportunities.
    pub booking: Option<(Flow, Scope)>,
    /// The OrderItems, in order of their positions.
    pub items: Vec<ItemSpec>,
}

/// What a run will do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Its cells, in the order of the catalogue.
    pub cells: Vec<Arc<Cell>>,
    /// Selected tests that have no cell.
    pub skipped: Vec<SkippedTest>,
}

/// Makes the plan.
///
/// # Errors
/// A selection that selects nothing.
pub fn plan(catalogue: &Catalogue, config: &Config, selection: &Selection) -> Result<Plan, SelectionError> {
    let chosen = selection.read(catalogue)?;
    let mut plan = Plan::default();
    for feature in catalogue.features() {
        let shared = Arc::new(feature.clone());
        for test in feature.tests.iter().filter(|test| chosen.test(feature, test)) {
            match gate(feature, test, config) {
                Some(reason) => plan.skip(feature, test, reason),
                None => {
                    let cells = cells_of(&shared, &Arc::new(test.clone()), config, &chosen);
                    if cells.is_empty() {
                        plan.skip(feature, test, "no booking flow and opportunity type that was asked for is in scope");
                    }
                    plan.cells.extend(cells);
                }
            }
        }
    }
    if plan.cells.is_empty() && plan.skipped.is_empty() {
        return Err(SelectionError("the selection selects no test: its parts exclude each other".to_owned()));
    }
    Ok(plan)
}

impl Plan {
    fn skip(&mut self, feature: &Feature, test: &Test, reason: impl Into<String>) {
        self.skipped.push(SkippedTest { feature: feature.id.clone(), test: test.id.clone(), reason: reason.into() });
    }
}

/// Why a test does not run, if it does not.
fn gate(feature: &Feature, test: &Test, config: &Config) -> Option<String> {
    let configured = config.features.get(&feature.id).copied().flatten();
    let wanted = test.when == When::Implemented;
    match configured {
        None => return Some(format!("`implementedFeatures.{}` is not set", feature.id)),
        Some(value) if value != wanted => {
            return Some(format!("`implementedFeatures.{}` is {value}", feature.id));
        }
        Some(_) => {}
    }
    test.only_if.iter().find_map(|condition| match (condition, config.mode) {
        (Condition::ControlledMode, Mode::Random) => Some("it runs in controlled mode only".to_owned()),
        (Condition::RandomMode, Mode::Controlled) => Some("it runs in random mode only".to_owned()),
        _ => None,
    })
}

fn cells_of(feature: &Arc<Feature>, test: &Arc<Test>, config: &Config, chosen: &Chosen) -> Vec<Arc<Cell>> {
    let cell = |booking: Option<(Flow, Scope)>, items: Vec<ItemSpec>| {
        let place = booking.map(|(flow, scope)| format!("@{}/{}", flow.name(), scope.name())).unwrap_or_default();
        let id = format!("{}/{}{place}", feature.id, test.id);
        Arc::new(Cell { id, feature: Arc::clone(feature), test: Arc::clone(test), booking, items })
    };
    let Some(criteria) = test.criteria else { return vec![cell(None, Vec::new())] };
    let mut cells = Vec::new();
    for flow in config.flows.iter().copied().filter(|flow| chosen.flow(*flow)) {
        for opportunity_type in config.types.iter().copied().filter(|kind| chosen.opportunity_type(kind.name())) {
            let item = ItemSpec {
                opportunity_type,
                criteria: criteria.test,
                control: false,
                seller: SellerRole::Primary,
                opportunity: 0,
            };
            cells.push(cell(Some((flow, Scope::Type(opportunity_type))), vec![item]));
        }
        if test.multiple && chosen.opportunity_type("Multiple") {
            cells.push(cell(Some((flow, Scope::Multiple)), multiple(&config.types, criteria.test, criteria.control)));
        }
    }
    cells
}

/// Three items for each type: two under test, which share one opportunity unless it holds one booking only, and one
/// control item.
fn multiple(types: &[OpportunityType], test: CriteriaName, control: CriteriaName) -> Vec<ItemSpec> {
    let mut items = Vec::new();
    let mut next = 0;
    for opportunity_type in types.iter().copied() {
        let first = next;
        let second = if opportunity_type.holds_one_booking() { first + 1 } else { first };
        let third = second + 1;
        next = third + 1;
        for (criteria, control, opportunity) in [(test, false, first), (test, false, second), (control, true, third)] {
            items.push(ItemSpec { opportunity_type, criteria, control, seller: SellerRole::Primary, opportunity });
        }
    }
    items
}
