//! Which channel of a source feeds which channel of its stem.
//!
//! The defaults, in the words of the trade:
//! * mono speech and effects: the centre, where the stem has one; mono music: left and right;
//! * mono in a stereo stem: left and right at unity, or at the pan law that the rules state;
//! * channels 1 and 2 of a stereo recording placed as two mono clips: left and right;
//! * a channel of a stereo or surround clip, and a clip with a pan: where the timeline says;
//! * stereo to left and right; more channels by their names, else in the usual order of so many;
//! * a recorder's poly file: its mix track, else its first channel, never the sum of the microphones;
//! * what the stem has no channel for is folded down (ITU-R BS.775-4), without the LFE.
//!
//! **Invariant:** a guess, a fold and a channel left out is a finding.

mod default;
mod fold;
mod position;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use default::{Source, Target, default_map};
pub use position::{name_position, track_position};

use super::assignment::{Assignment, Decision};
use super::evidence::Evidence;
use super::set::StemSet;
use crate::audio::{Decibels, Gain};
use crate::finding::{Code, Finding, Severity};

/// One source channel feeds one channel of the stem.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Channel of the source, from 0.
    pub from: usize,
    /// Channel of the stem, from 0.
    pub to: usize,
    /// Linear gain; negative where the polarity turns (the side of a mid-side pair).
    pub gain: Gain,
}

/// The routes of a clip, in order of stem channel, then source channel: the order they are summed in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Route>", into = "Vec<Route>")]
pub struct ChannelMap {
    routes: Vec<Route>,
}

impl From<Vec<Route>> for ChannelMap {
    fn from(routes: Vec<Route>) -> Self {
        Self::new(routes)
    }
}

impl From<ChannelMap> for Vec<Route> {
    fn from(map: ChannelMap) -> Self {
        map.routes
    }
}

impl ChannelMap {
    /// A map of routes in any order.
    pub fn new(mut routes: Vec<Route>) -> Self {
        routes.sort_by_key(|route| (route.to, route.from));
        Self { routes }
    }

    /// The routes.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The routes that fit.
    #[must_use]
    pub fn filtered(&self, fits: impl Fn(&Route) -> bool) -> Self {
        let routes = self.routes.iter().copied().filter(|route| fits(route));
        Self {
            routes: routes.collect(),
        }
    }

    /// Whether nothing is routed.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }
}

/// Why no map could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// The clip has no stem.
    #[error("the clip has no stem")]
    NoStem,
    /// The media file was not found, so its channels are not known.
    #[error("the media of the clip is not known")]
    NoMedia,
    /// A file without channels, or with more than any recording has.
    #[error("the source has {0} channels")]
    Channels(usize),
    /// The timeline names a channel that the recording does not have.
    #[error("the timeline uses channel {channel} of a source with {channels}")]
    NoSuchChannel {
        /// The channel, from 1.
        channel: u32,
        /// How many there are.
        channels: usize,
    },
    /// So many channels have no usual order.
    #[error("{0} channels without names have no usual order; give them a `map` in the rules")]
    NoOrder(usize),
    /// Ambisonic components are no loudspeaker channels.
    #[error("the source is ambisonic ({0}); decode it, or give it a `map` in the rules")]
    Ambisonic(String),
    /// A map of the rules feeds nothing from the channels that the clip has.
    #[error("the map of {0} names no channel that the clip has")]
    RuleMap(String),
    /// The layout has no place for a channel.
    #[error("a stem of {0} has no place for it")]
    NoPlace(String),
}

/// Most channels of a source: what the widest recorders and ADM files have, with room.
pub(super) const MAX_CHANNELS: usize = 1024;

/// Folded into fewer channels.
pub(super) const FOLDED: Code = Code {
    id: "STM010",
    severity: Severity::Info,
    title: "channels folded down",
    explanation: "The source has channels that its stem does not have. They are folded into those \
                  that it has with the coefficients of ITU-R BS.775-4 (0.7071 for the centre and \
                  each surround). Give the clip a `map` in the rules for another fold.",
};

/// Low-frequency channel left out.
pub(crate) const NO_LFE: Code = Code {
    id: "STM011",
    severity: Severity::Warning,
    title: "LFE channel left out",
    explanation: "The source has an LFE channel and its stem has none. A fold-down leaves it out \
                  (ITU-R BS.775-4). If the channel holds something that must be heard, give the clip \
                  a `map` in the rules; an item of an ADM file, which no map is for, is heard in full in a \
                  layout with an LFE (--layout 5.1).",
};

/// A recorder's file with several microphones.
pub(super) const ONE_OF_POLY: Code = Code {
    id: "STM012",
    severity: Severity::Warning,
    title: "one track of a production recording chosen",
    explanation: "The timeline does not say which track of the recorder's file it uses. The mix \
                  track is used where there is one, else the first; the microphones are never \
                  summed. Assemble the right tracks before the conform, or give the clip a `map` in \
                  the rules.",
};

/// Channels without names taken in the usual order.
pub(super) const ORDER_GUESSED: Code = Code {
    id: "STM013",
    severity: Severity::Warning,
    title: "channel order guessed",
    explanation: "The file does not say what its channels are. They are taken in the usual order of \
                  so many (5.1: L R C LFE Ls Rs). Files in film order (L C R Ls Rs LFE) need a `map` \
                  in the rules.",
};

/// A channel of a mono file that it does not have.
pub(super) const CHANNEL_OF_MONO: Code = Code {
    id: "STM014",
    severity: Severity::Info,
    title: "channel of a mono file",
    explanation: "The timeline uses a channel above 1 of a recording whose file has one channel, as \
                  cut lists do with mono files of a set. The one channel is used; check that it is \
                  the right file of the set.",
};

/// A channel of a stereo file that it does not have.
pub(super) const CHANNEL_OF_PAIR: Code = Code {
    id: "STM019",
    severity: Severity::Warning,
    title: "channel of a stereo file",
    explanation: "The timeline uses a channel above 2 of a recording whose file has two channels, as \
                  cut lists do that name the record track and no patch. Odd channels are taken for \
                  the left one, even channels for the right one; check the pair, or give the clip a \
                  `map` in the rules.",
};

/// A mid-side pair.
pub(super) const MID_SIDE: Code = Code {
    id: "STM015",
    severity: Severity::Warning,
    title: "mid-side recording",
    explanation: "The file names its channels mid and side. Speech uses the middle alone; music and \
                  effects are decoded (left is mid plus side, right mid minus side). Give the clip a \
                  `map` in the rules where it was decoded already.",
};

/// A map of the rules that does not fit the file.
pub(super) const MAP_MISFIT: Code = Code {
    id: "STM016",
    severity: Severity::Warning,
    title: "map does not fit the file",
    explanation: "The `map` of the rule has another number of channels than the file. Channels that \
                  only one of them has are not used. Narrow the rule, or complete the map.",
};

/// One side of a split pair in dialogue.
pub(super) const HALF_OF_PAIR: Code = Code {
    id: "STM017",
    severity: Severity::Warning,
    title: "one side of a split file",
    explanation: "The file's name ends like one of a split pair or set (.L, .R, .C, .Ls). It is \
                  placed on that side. If a mono recording was split, use one side and give it a \
                  `map` in the rules.",
};

/// A recorder's mix on two tracks.
pub(super) const PAIR_OF_MIX: Code = Code {
    id: "STM018",
    severity: Severity::Warning,
    title: "two-track production mix",
    explanation: "The recorder's mix is on two tracks. They are placed left and right as they stand; \
                  where the mixer split boom and radio microphones between them, give the clip a \
                  `map` in the rules.",
};

/// The map of a clip: the one of the user's rule, else the default of its kind of sound.
///
/// # Errors
/// [`MapError`] when the clip has no stem or media, or its channels cannot be placed.
pub fn map_for(
    evidence: &Evidence,
    assignment: &Assignment,
    set: &StemSet,
    pan_law: Decibels,
) -> Result<(ChannelMap, Vec<Finding>), MapError> {
    let Decision::Stem { code, group } = &assignment.decision else {
        return Err(MapError::NoStem);
    };
    let stem = set.get(code).ok_or(MapError::NoStem)?;
    let media = evidence.media.ok_or(MapError::NoMedia)?;
    let clip_channel = evidence.clip.media.channel;
    if let Some(map) = &assignment.map {
        return rule_map(map, media.channels, clip_channel, &assignment.rule);
    }
    let names = [
        evidence.file_name(),
        &evidence.clip.name,
        &evidence.track.name,
    ];
    let named = names.into_iter().find_map(name_position);
    let source = Source {
        channels: media.channels,
        tracks: media.track_names,
        clip_channel,
        position: named.or_else(|| track_position(&evidence.track.name)),
        speaker: evidence.clip.speaker,
        panned: evidence.clip.pan.is_some() || evidence.track.pan.is_some(),
    };
    let target = Target {
        group: *group,
        layout: &stem.layout,
    };
    default_map(&source, &target, pan_law)
}

/// A rule's map on a file of so many channels, of which the clip may use one.
fn rule_map(
    map: &ChannelMap,
    channels: usize,
    clip_channel: Option<u32>,
    rule: &str,
) -> Result<(ChannelMap, Vec<Finding>), MapError> {
    let mut findings = Vec::new();
    let (one, note) = default::chosen_channel(channels, clip_channel)?;
    findings.extend(note);
    let fitting = map
        .filtered(|route| route.from < channels && one.is_none_or(|channel| channel == route.from));
    if fitting.is_empty() {
        return Err(MapError::RuleMap(rule.to_owned()));
    }
    let named = map.routes().iter().map(|route| route.from + 1).max();
    let named = named.unwrap_or_default();
    if named > channels || (one.is_none() && named != channels) {
        let message = format!("the map of {rule} uses {named} channels, the file has {channels}");
        let severity = if named < channels {
            Severity::Info
        } else {
            Severity::Warning
        };
        findings.push(Finding::new(&MAP_MISFIT, message).severity(severity));
    }
    Ok((fitting, findings))
}
