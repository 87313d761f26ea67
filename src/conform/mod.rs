//! The conform: valid timelines, found media and stem decisions become a render plan.
//!
//! **Invariant:** every clip that sounds stands in the plan with its source samples, its stem and
//! the rule that chose it, or in a finding that says why not; nothing is lost in silence. A
//! [`RenderPlan`] is made only here, by [`conform`] or by [`plan::read`], both through the same check.

mod place;
pub mod plan;
mod programme;

pub use plan::RenderPlan;
