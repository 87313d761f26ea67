//! The stems of a job and which kinds of sound each takes.

use super::code::{Group, StemCode};
use super::document::nearest;
use crate::audio::ChannelLayout;

/// A stem as the assignment sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stem {
    /// Its code.
    pub code: StemCode,
    /// Its channels.
    pub layout: ChannelLayout,
    /// The kinds of sound it takes, with all their parts that no other stem takes.
    pub groups: Vec<Group>,
}

/// The stems of a delivery spec, in its order.
///
/// A kind of sound goes to the stem that names it, else to the stem that names the wider kind:
/// with a `FOL` stem for foley, foley goes there and every other effect to the stem for effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StemSet {
    stems: Vec<Stem>,
}

/// Why stems do not make a set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StemSetError {
    /// Two stems of one code: their files would have one name.
    #[error("the stem {0} stands twice")]
    TwiceCode(StemCode),
    /// A kind of sound that two stems claim.
    #[error("both {1} and {2} take {0}")]
    TwiceGroup(Group, StemCode, StemCode),
}

/// A stem that the spec does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the spec has no stem {code}; it has {known}")]
pub struct UnknownStem {
    /// The code asked for.
    pub code: StemCode,
    /// The codes there are.
    pub known: String,
    /// The one that looks like it.
    pub nearest: Option<String>,
}

impl StemSet {
    /// A set of stems.
    ///
    /// # Errors
    /// [`StemSetError`] when a code or a kind of sound stands twice.
    pub fn new(stems: Vec<Stem>) -> Result<Self, StemSetError> {
        for (i, stem) in stems.iter().enumerate() {
            for other in stems.iter().take(i) {
                if other.code == stem.code {
                    return Err(StemSetError::TwiceCode(stem.code.clone()));
                }
                if let Some(&group) = stem.groups.iter().find(|g| other.groups.contains(g)) {
                    let codes = (other.code.clone(), stem.code.clone());
                    return Err(StemSetError::TwiceGroup(group, codes.0, codes.1));
                }
            }
        }
        Ok(Self { stems })
    }

    /// The stems in order.
    pub fn stems(&self) -> &[Stem] {
        &self.stems
    }

    /// The stem of a code.
    pub fn get(&self, code: &StemCode) -> Option<&Stem> {
        self.stems.iter().find(|stem| stem.code == *code)
    }

    /// The stem of a code, for what a user wrote (`--on-unassigned OPT`).
    ///
    /// # Errors
    /// [`UnknownStem`] with the codes there are.
    pub fn require(&self, code: &StemCode) -> Result<&Stem, UnknownStem> {
        self.get(code).ok_or_else(|| {
            let known: Vec<&str> = self.stems.iter().map(|s| s.code.as_str()).collect();
            UnknownStem {
                code: code.clone(),
                known: known.join(" "),
                nearest: nearest(code.as_str(), &known).map(str::to_owned),
            }
        })
    }

    /// The stem that takes a kind of sound: the one that names it, else the one that names the
    /// wider kind.
    pub fn stem_for(&self, group: Group) -> Option<&Stem> {
        [group, group.root()]
            .into_iter()
            .find_map(|g| self.stems.iter().find(|stem| stem.groups.contains(&g)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(code: &str, groups: &[Group]) -> Stem {
        Stem {
            code: code.parse().unwrap(),
            layout: ChannelLayout::stereo(),
            groups: groups.to_vec(),
        }
    }

    #[test]
    fn the_most_specific_stem_takes_a_group() {
        let set = StemSet::new(vec![
            stem("DX", &[Group::Dialogue]),
            stem("FX", &[Group::Effects]),
            stem("FOL", &[Group::Foley]),
        ])
        .unwrap();
        let check = |group: Group, want: Option<&str>| {
            assert_eq!(set.stem_for(group).map(|s| s.code.as_str()), want);
        };
        check(Group::Foley, Some("FOL"));
        check(Group::Pfx, Some("FX"));
        check(Group::Adr, Some("DX"));
        check(Group::Score, None);
        let unknown = set.require(&"FLO".parse().unwrap()).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "the spec has no stem FLO; it has DX FX FOL"
        );
        assert_eq!(unknown.nearest.as_deref(), Some("FOL"));
    }

    #[test]
    fn codes_and_groups_stand_once() {
        let twice = StemSet::new(vec![stem("DX", &[]), stem("dx", &[])]);
        assert!(matches!(twice, Err(StemSetError::TwiceCode(_))));
        let both = StemSet::new(vec![stem("A", &[Group::Music]), stem("B", &[Group::Music])]);
        assert!(matches!(
            both,
            Err(StemSetError::TwiceGroup(Group::Music, _, _))
        ));
    }
}
