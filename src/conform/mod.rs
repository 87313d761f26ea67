//! The conform: valid timelines, found media and stem decisions become a render plan.
//!
//! **Invariant:** every clip that sounds stands in the plan with its source samples, its stem and
//! the rule that chose it, or in a finding that says why not; nothing is lost in silence. A
//! [`RenderPlan`] is made only here, by [`conform`] or by [`plan::read`], both through the same check.

mod adm;
mod build;
mod clips;
mod codes;
mod files;
mod framing;
mod inputs;
mod leaders;
mod marks;
mod names;
mod outputs;
mod overlap;
mod pan;
mod place;
pub mod plan;
mod plan_adm;
mod programme;
mod reels;
mod request;
mod scene;
mod sources;
mod unused;

pub use build::conform;
pub use codes::CODES;
pub use framing::Framing;
pub use plan::RenderPlan;
pub use request::{ConformError, Conformed, OnMissing, OnUnassigned, Request, ReviewItem, Tally};
