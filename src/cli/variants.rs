//! The conforming designs of the sandbox on the command line.

use crate::config::Config;
use crate::error::Error;
use crate::sandbox::{Variant, VariantGroup, Variants};
use crate::vocabulary::{Flow, OpportunityType};

use super::output::Output;

/// Reads the names of variants.
pub(super) fn variant_names(names: &[String]) -> Result<Vec<Variant>, Error> {
    let read = |name: &String| {
        name.parse::<Variant>().map_err(|unknown| {
            let error = Error::from(unknown);
            if error.advice().is_some() { error } else { error.hint("see `oa-test sandbox --list-variants`") }
        })
    };
    names.iter().map(read).collect()
}

/// Reads the names of variants that are on at once.
///
/// # Errors
/// A name that is none, or two variants that exclude each other.
pub(super) fn variants(names: &[String]) -> Result<Variants, Error> {
    let variants = Variants::new(&variant_names(names)?);
    match variants.conflict() {
        Some((one, other)) => Err(Error::usage(format!("variants `{one}` and `{other}` exclude each other"))),
        None => Ok(variants),
    }
}

/// All variants, each with what allows it.
pub(super) fn list(output: Output) -> String {
    let paint = output.paint();
    let mut text = String::new();
    for group in VariantGroup::ALL {
        text.push_str(&format!("{group}\n"));
        for variant in Variant::ALL.iter().filter(|variant| variant.group() == *group) {
            text.push_str(&format!(
                "  {}\n    {}\n    {}\n    {}\n",
                paint.bold(variant.name()),
                variant.summary(),
                paint.dim(variant.allowed()),
                paint.dim(&format!("checks: {}", variant.checks().join(", ")))
            ));
        }
    }
    text
}

/// The configuration of a system with these variants.
pub(super) fn configure(config: &mut Config, variants: &Variants) {
    for (switch, on) in variants.iter().flat_map(|variant| variant.switches()) {
        config.features.insert(switch.name().to_owned(), Some(*on));
    }
    if variants.has(Variant::PrepaymentAbsent) {
        // There is no conflict of two kinds of prepayment where there is one.
        config.features.insert("prepayment-required-unavailable".to_owned(), Some(false));
    }
    if variants.has(Variant::ApprovalAbsent) {
        config.flows.retain(|flow| *flow == Flow::Simple);
    }
    if variants.has(Variant::CourtsAbsent) {
        for kind in &mut config.types {
            if *kind == OpportunityType::IndividualFacilityUseSlot {
                *kind = OpportunityType::FacilityUseSlot;
            }
        }
        config.types.dedup();
    }
    if variants.has(Variant::SingleFeed) {
        config.types.retain(|kind| *kind == OpportunityType::ScheduledSession);
    }
    if variants.has(Variant::SellersArePersons) {
        let facilities = [OpportunityType::FacilityUseSlot, OpportunityType::IndividualFacilityUseSlot];
        config.types.retain(|kind| !facilities.contains(kind));
        let sellers = &mut config.sellers;
        for seller in [Some(&mut sellers.primary), sellers.secondary.as_mut()].into_iter().flatten() {
            "Person".clone_into(&mut seller.json_type);
        }
    }
}
