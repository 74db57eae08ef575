//! Cells: each test in each booking flow with each opportunity type, and with several opportunities at once.

use std::sync::Arc;

use crate::catalogue::{Catalogue, Condition, Feature, Multiple, PartnerName, SellerChoice, Test, WantedItem, When};
use crate::config::{Config, Mode, SellerRole};
use crate::error::Error;
use crate::results::SkippedTest;
use crate::steps::{ItemSpec, OpportunityScope};
use crate::vocabulary::{Flow, OpportunityType, Profile, openactive};

use super::select::{Chosen, Selection};
use crate::opportunity::possible;

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
    pub booking: Option<(Flow, OpportunityScope)>,
    /// The OrderItems, in order of their positions.
    pub items: Vec<ItemSpec>,
    /// The Seller of its Orders.
    pub seller: SellerRole,
    /// The Seller whose credentials it uses.
    pub credentials: SellerRole,
    /// How often it gets opportunities for all its OrderItems.
    pub fetches: usize,
    /// Why it cannot run, if it cannot.
    pub obstacle: Option<String>,
}

/// What a run will do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Its cells, in the order of the catalogue.
    pub cells: Vec<Arc<Cell>>,
    /// Selected tests that have no cell.
    pub skipped: Vec<SkippedTest>,
    /// What does not go together in the configuration of the selected features.
    pub notices: Vec<String>,
}

/// Makes the plan.
///
/// # Errors
/// A selection that selects nothing.
pub fn plan(catalogue: &Catalogue, config: &Config, profile: Profile, selection: &Selection) -> Result<Plan, Error> {
    let chosen = selection.read(catalogue)?;
    let (mut plan, mut beside) = (Plan::default(), Plan::default());
    for feature in catalogue.features() {
        if feature.tests.iter().any(|test| chosen.test(feature, test)) {
            plan.notices.extend(misfit(feature, config));
        }
        let shared = Arc::new(feature.clone());
        for test in feature.tests.iter().filter(|test| test.applies(profile) && chosen.test(feature, test)) {
            match gate(feature, test, config) {
                Some(reason) => {
                    // Tests for when a feature is not implemented are not listed as skipped if it is implemented, and the other way
                    // round, as long as something is tested of it.
                    let configured = config.features.get(&feature.id).copied().flatten();
                    let other = |other: &Test| configured == Some(other.when == When::Implemented);
                    if !other(test) && feature.tests.iter().any(other) {
                        beside.skip(feature, test, reason);
                    } else {
                        plan.skip(feature, test, reason);
                    }
                }
                None if test.slow && !selection.slow => {
                    plan.skip(feature, test, "slow test; use `--slow` to include it");
                }
                None => {
                    let cells = Scoped { config, chosen: &chosen, profile }.cells(&shared, &Arc::new(test.clone()));
                    if cells.is_empty() {
                        plan.skip(feature, test, "no selected booking flow and opportunity type is in scope");
                    }
                    plan.cells.extend(cells);
                }
            }
        }
    }
    if plan.cells.is_empty() {
        plan.skipped.append(&mut beside.skipped);
    }
    if plan.cells.is_empty() && plan.skipped.is_empty() {
        return Err(Error::usage("the selection matches no test"));
    }
    Ok(plan)
}

impl Plan {
    fn skip(&mut self, feature: &Feature, test: &Test, reason: impl Into<String>) {
        self.skipped.push(SkippedTest { feature: feature.id.clone(), test: test.id.clone(), reason: reason.into() });
    }
}

/// What the configuration says of a feature that does not go with what it says of others.
fn misfit(feature: &Feature, config: &Config) -> Option<String> {
    let id = &feature.id;
    if config.implements(id) {
        let none = !feature.needs_one_of.is_empty() && !feature.needs_one_of.iter().any(|one| config.implements(one));
        return none.then(|| {
            format!("`implementedFeatures.{id}` is true, and requires one of {}", feature.needs_one_of.join(", "))
        });
    }
    let unset = config.features.get(id).copied().flatten().is_none();
    (feature.required && unset)
        .then(|| format!("`implementedFeatures.{id}` is not set; the feature is required, and is not tested"))
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
    test.only_if.iter().find_map(|condition| unmet(condition, config))
}

/// Why a condition does not hold, if it does not.
fn unmet(condition: &Condition, config: &Config) -> Option<String> {
    match condition {
        Condition::ControlledMode => (config.mode == Mode::Random).then(|| "requires controlled mode".to_owned()),
        Condition::RandomMode => (config.mode == Mode::Controlled).then(|| "requires random mode".to_owned()),
        // A configuration that does not name the feature at all is older than the feature.
        Condition::Implemented(feature) => match config.features.get(feature) {
            None | Some(Some(true)) => None,
            Some(_) => Some(format!("`implementedFeatures.{feature}` is not true")),
        },
        Condition::NotImplemented(feature) => {
            config.implements(feature).then(|| format!("`implementedFeatures.{feature}` is true"))
        }
    }
}

/// Whether a test is run with a type: it is not left out, and can have what the test needs.
fn suits(test: &Test, kind: OpportunityType) -> bool {
    let mut wanted = test.opportunities.iter().flat_map(|wanted| wanted.single.iter().chain(&wanted.multiple));
    !test.without_types.contains(&kind) && wanted.all(|want| possible(want.criteria, kind))
}

/// What is in scope, and what was asked for.
struct Scoped<'s> {
    config: &'s Config,
    chosen: &'s Chosen,
    profile: Profile,
}

impl Scoped<'_> {
    fn cells(&self, feature: &Arc<Feature>, test: &Arc<Test>) -> Vec<Arc<Cell>> {
        let flows: Vec<Flow> = self
            .config
            .flows
            .iter()
            .copied()
            .filter(|flow| test.flows.is_empty() || test.flows.contains(flow))
            .collect();
        let types: Vec<OpportunityType> = self.config.types.iter().copied().filter(|kind| suits(test, *kind)).collect();
        if flows.is_empty() || types.is_empty() {
            return Vec::new();
        }
        if test.opportunities.is_none() && !test.each_type {
            return vec![self.cell(feature, test, None, &types)];
        }
        let multiple = test.multiple != Multiple::No
            && test.multiple_only_if.iter().all(|condition| unmet(condition, self.config).is_none());
        let mut cells = Vec::new();
        for flow in flows.into_iter().filter(|flow| self.chosen.flow(*flow)) {
            for kind in types.iter().copied().filter(|kind| self.chosen.opportunity_type(kind.name())) {
                cells.push(self.cell(feature, test, Some((flow, OpportunityScope::Type(kind))), &types));
            }
            if multiple && self.chosen.opportunity_type("Multiple") {
                cells.push(self.cell(feature, test, Some((flow, OpportunityScope::Multiple)), &types));
            }
        }
        cells
    }

    fn cell(
        &self,
        feature: &Arc<Feature>,
        test: &Arc<Test>,
        booking: Option<(Flow, OpportunityScope)>,
        types: &[OpportunityType],
    ) -> Arc<Cell> {
        let place = booking.map(|(flow, scope)| format!("@{}/{}", flow.name(), scope.name())).unwrap_or_default();
        let mut obstacle = None;
        let mut role = |choice: SellerChoice| match self.role(choice) {
            Ok(role) => role,
            Err(reason) => {
                obstacle = Some(reason);
                SellerRole::Primary
            }
        };
        let lacks_partner = test
            .parts
            .iter()
            .filter(|part| part.applies(self.profile) && part.partner == PartnerName::Secondary)
            .any(|part| !self.config.partners.contains_key(part.partner.name()));
        let seller = role(test.seller);
        let credentials = test.credentials.map_or(seller, &mut role);
        let mut items = Vec::new();
        if let (Some(wanted), Some((_, scope))) = (&test.opportunities, booking) {
            let (kinds, wanted) = match &scope {
                OpportunityScope::Type(kind) => (std::slice::from_ref(kind), &wanted.single),
                OpportunityScope::Multiple => (types, &wanted.multiple),
            };
            for kind in kinds {
                add_items(&mut items, *kind, wanted, |choice| choice.map_or(seller, &mut role));
            }
        }
        if lacks_partner {
            obstacle = Some("`broker.bookingPartners.secondary` is not configured".to_owned());
        }
        Arc::new(Cell {
            id: format!("{}/{}{place}", feature.id, test.id),
            feature: Arc::clone(feature),
            test: Arc::clone(test),
            booking,
            items,
            seller,
            credentials,
            fetches: test.fetches(self.profile),
            obstacle,
        })
    }

    /// The configured Seller that is meant.
    fn role(&self, choice: SellerChoice) -> Result<SellerRole, String> {
        let sellers = &self.config.sellers;
        let with_mode = |term: &str| {
            let mode = openactive(term);
            let has =
                |role: &SellerRole| sellers.get(*role).is_some_and(|seller| seller.tax_mode.as_deref() == Some(&mode));
            [SellerRole::Primary, SellerRole::Secondary]
                .into_iter()
                .find(has)
                .ok_or_else(|| format!("no Seller is configured with `taxMode` {mode}"))
        };
        match choice {
            SellerChoice::Primary => Ok(SellerRole::Primary),
            SellerChoice::Secondary if sellers.secondary.is_some() => Ok(SellerRole::Secondary),
            SellerChoice::Secondary => Err("`sellers.secondary` is not configured".to_owned()),
            SellerChoice::TaxGross => with_mode("TaxGross"),
            SellerChoice::TaxNet => with_mode("TaxNet"),
        }
    }
}

/// The OrderItems of one type. Items share an opportunity where they may and where it holds more than one booking.
fn add_items(
    items: &mut Vec<ItemSpec>,
    opportunity_type: OpportunityType,
    wanted: &[WantedItem],
    mut role: impl FnMut(Option<SellerChoice>) -> SellerRole,
) {
    for want in wanted {
        let last = items.last().map(|item| item.opportunity);
        let opportunity = match last {
            Some(last) if want.shared && !opportunity_type.holds_one_booking() => last,
            Some(last) => last + 1,
            None => 0,
        };
        items.push(ItemSpec {
            opportunity_type,
            criteria: want.criteria,
            control: want.control,
            seller: role(want.seller),
            opportunity,
            flow: want.flow,
        });
    }
}
