//! Designs that the specification allows and that are not the sandbox's own. The code that decides knows little of them: most are
//! made of what it has decided, on the way in and on the way out.

mod design;
mod errors;
mod ids;
mod list;
mod memory;
mod numbering;
mod place;
mod rewrite;
mod shape;
mod site;
mod state;
mod text;
mod values;
mod wire;

pub use list::{Variant, VariantGroup, Variants};

pub(super) use design::design;
pub(super) use memory::Wire;
pub(super) use numbering::query;
pub(super) use place::{base_path, feed_path, listed, merged, order_paging, paging, site_path};
pub(super) use site::{Presentation, distribution, presentation};
pub(super) use state::fill;
pub(super) use wire::{answer, early, inward, pause, routed};
