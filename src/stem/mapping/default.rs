//! The map of a clip that no rule gives one.

use super::fold::fold;
use super::position::{Position, is_b_format, positions, shows_recorder};
use super::{
    CHANNEL_OF_MONO, CHANNEL_OF_PAIR, ChannelMap, FOLDED, HALF_OF_PAIR, MAX_CHANNELS, MID_SIDE,
    MapError, NO_LFE, ONE_OF_POLY, ORDER_GUESSED, PAIR_OF_MIX, Route,
};
use crate::audio::{Channel, ChannelLayout, Decibels, Gain};
use crate::finding::Finding;
use crate::stem::code::Group;
use crate::stem::evidence::TrackName;

/// The source side of a map.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How many channels the file has.
    pub channels: usize,
    /// What the file calls them.
    pub tracks: &'a [TrackName],
    /// The channel that the timeline uses, from 1; all of them when absent.
    pub clip_channel: Option<u32>,
    /// What the names of file, clip or track say of a mono file's place ([`super::name_position`]).
    pub position: Option<Channel>,
    /// The loudspeaker that the timeline names for the one channel of the clip.
    pub speaker: Option<Channel>,
    /// Whether the timeline says where the clip stands between left and right: then names do not.
    pub panned: bool,
}

/// The stem side of a map.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The kind of sound: speech and effects in mono go to the centre, music does not.
    pub group: Group,
    /// The channels of the stem.
    pub layout: &'a ChannelLayout,
}

/// The default map, with what was guessed and left out.
///
/// # Errors
/// [`MapError`] when the channel does not exist or so many channels have no order.
pub fn default_map(
    source: &Source,
    target: &Target,
    pan_law: Decibels,
) -> Result<(ChannelMap, Vec<Finding>), MapError> {
    let (one, note) = chosen_channel(source.channels, source.clip_channel)?;
    let mut mapper = Mapper {
        target: *target,
        pan_law: pan_law.gain(),
        routes: Vec::new(),
        findings: note.into_iter().collect(),
    };
    let positions = positions(source.channels, source.tracks);
    match one {
        Some(channel) => mapper.one(channel, source, &positions)?,
        None if source.channels == 1 => mapper.one(0, source, &positions)?,
        None => mapper.all(source, &positions)?,
    }
    if mapper.routes.is_empty() && mapper.findings.iter().all(|f| f.code != &NO_LFE) {
        return Err(MapError::NoPlace(target.layout.to_string()));
    }
    Ok((ChannelMap::new(mapper.routes), mapper.findings))
}

/// The channel that the timeline names, from 0, where the file has it.
pub(super) fn chosen_channel(
    channels: usize,
    clip_channel: Option<u32>,
) -> Result<(Option<usize>, Option<Finding>), MapError> {
    if channels == 0 || channels > MAX_CHANNELS {
        return Err(MapError::Channels(channels));
    }
    let Some(channel) = clip_channel.filter(|&channel| channel > 0) else {
        return Ok((None, None));
    };
    let index = channel as usize - 1;
    if index < channels {
        return Ok((Some(index), None));
    }
    if channels == 1 {
        let message = format!("the timeline uses channel {channel} of a file with one");
        return Ok((Some(0), Some(Finding::new(&CHANNEL_OF_MONO, message))));
    }
    if channels == 2 {
        // A pair on record tracks 3/4, 5/6 …: lists without patches give the record channel.
        let message = format!("the timeline uses channel {channel} of a file with two");
        return Ok((
            Some(index % 2),
            Some(Finding::new(&CHANNEL_OF_PAIR, message)),
        ));
    }
    Err(MapError::NoSuchChannel { channel, channels })
}

struct Mapper<'a> {
    target: Target<'a>,
    pan_law: Gain,
    routes: Vec<Route>,
    findings: Vec<Finding>,
}

impl Mapper<'_> {
    /// Whether it is speech: then several channels without places are microphones.
    fn speech(&self) -> bool {
        self.target.group.root() == Group::Dialogue
    }

    fn finding(&mut self, code: &'static crate::finding::Code, message: String) {
        self.findings.push(Finding::new(code, message));
    }

    fn route(&mut self, from: usize, to: usize, gain: Gain) {
        self.routes.push(Route { from, to, gain });
    }

    /// A channel without a place.
    fn mono(&mut self, from: usize) {
        let layout = self.target.layout;
        let music = self.target.group.root() == Group::Music;
        let centre = layout.index_of(Channel::C);
        let pair = layout.index_of(Channel::L).zip(layout.index_of(Channel::R));
        if let Some(to) = layout.index_of(Channel::Mono) {
            self.route(from, to, Gain::UNITY);
        } else if let (Some(to), true) = (centre, !music || pair.is_none()) {
            self.route(from, to, Gain::UNITY);
        } else if let Some((left, right)) = pair {
            self.route(from, left, self.pan_law);
            self.route(from, right, self.pan_law);
        }
    }

    /// A channel of a loudspeaker.
    fn placed(&mut self, from: usize, channel: Channel) {
        let layout = self.target.layout;
        let routes = fold(channel, layout);
        if channel == Channel::Lfe && routes.is_empty() {
            let message = format!(
                "channel {} is an LFE, the stem ({layout}) has none",
                from + 1
            );
            self.finding(&NO_LFE, message);
        } else if layout.index_of(channel).is_none() {
            let message = format!("channel {} ({channel}) is folded into {layout}", from + 1);
            self.finding(&FOLDED, message);
        }
        for (to, gain) in routes {
            self.route(from, to, gain);
        }
    }

    /// One channel, the only one of the file or the one that the timeline names.
    fn one(
        &mut self,
        from: usize,
        source: &Source,
        positions: &[Position],
    ) -> Result<(), MapError> {
        let position = positions.get(from).copied().unwrap_or(Position::Unnamed);
        if let Some(speaker) = source.speaker {
            self.placed(from, speaker);
            return Ok(());
        }
        if source.panned {
            self.mono(from);
            return Ok(());
        }
        if source.channels == 1 {
            self.only(from, source, position);
            return Ok(());
        }
        match position {
            Position::At(channel) => self.placed(from, channel),
            Position::MixLeft => self.placed(from, Channel::L),
            Position::MixRight => self.placed(from, Channel::R),
            Position::Mix | Position::Mid | Position::Named => self.mono(from),
            Position::Side => {
                let message = "the timeline uses the side of a mid-side pair alone".to_owned();
                self.finding(&MID_SIDE, message);
                self.mono(from);
            }
            Position::Ambisonic => return Err(MapError::Ambisonic(source.channels.to_string())),
            Position::Unnamed => self.unnamed(from, source.channels),
        }
        Ok(())
    }

    /// The channel of a mono file.
    fn only(&mut self, from: usize, source: &Source, position: Position) {
        let place = match position {
            Position::At(channel) if channel != Channel::C => Some(channel),
            Position::MixLeft => Some(Channel::L),
            Position::MixRight => Some(Channel::R),
            _ => source.position,
        };
        let Some(channel) = place else {
            self.mono(from);
            return;
        };
        if self.speech() {
            let message = format!("a mono file named for {channel} is placed there");
            self.finding(&HALF_OF_PAIR, message);
        }
        self.placed(from, channel);
    }

    /// One channel of a file that does not say what its channels are.
    fn unnamed(&mut self, from: usize, channels: usize) {
        let discrete = match self.target.group {
            // A production file's channels are microphones.
            Group::Production | Group::Adr | Group::LoopGroup | Group::Narration => true,
            Group::Dialogue => channels != 2 && channels != 6,
            _ => false,
        };
        let layout = ChannelLayout::usual(channels).filter(|_| !discrete);
        let place = layout.and_then(|layout| layout.channels().get(from).copied());
        match place {
            Some(channel) => {
                if channels > 2 {
                    self.guessed(channels);
                }
                self.placed(from, channel);
            }
            None => self.mono(from),
        }
    }

    fn guessed(&mut self, channels: usize) {
        if let Some(layout) = ChannelLayout::usual(channels) {
            let names: Vec<&str> = layout.channels().iter().map(|c| c.name()).collect();
            let message = format!("{channels} channels are taken as {}", names.join(" "));
            self.finding(&ORDER_GUESSED, message);
        }
    }

    /// A file of several channels, used whole.
    fn all(&mut self, source: &Source, positions: &[Position]) -> Result<(), MapError> {
        if positions.contains(&Position::Ambisonic) || is_b_format(source.tracks) {
            return Err(MapError::Ambisonic(source.channels.to_string()));
        }
        if positions.iter().all(|p| matches!(p, Position::At(_))) {
            for (from, position) in positions.iter().enumerate() {
                if let Position::At(channel) = position {
                    self.placed(from, *channel);
                }
            }
            return Ok(());
        }
        if self.mid_side(positions) {
            return Ok(());
        }
        let recorder = shows_recorder(positions);
        let unnamed_poly = source.channels > 2 && self.target.group == Group::Production;
        let mixed = mix_tracks(positions).is_some();
        if (recorder && (self.speech() || mixed)) || unnamed_poly {
            self.poly(positions, source.tracks);
            return Ok(());
        }
        let layout = ChannelLayout::usual(source.channels);
        let layout = layout.ok_or(MapError::NoOrder(source.channels))?;
        if source.channels > 2 {
            self.guessed(source.channels);
        }
        for (from, &channel) in layout.channels().iter().enumerate() {
            self.placed(from, channel);
        }
        Ok(())
    }

    /// A mid-side pair of two channels.
    fn mid_side(&mut self, positions: &[Position]) -> bool {
        let (mid, side) = match positions {
            [Position::Mid, Position::Side] => (0, 1),
            [Position::Side, Position::Mid] => (1, 0),
            _ => return false,
        };
        let layout = self.target.layout;
        let pair = layout.index_of(Channel::L).zip(layout.index_of(Channel::R));
        let Some((left, right)) = pair.filter(|_| !self.speech()) else {
            self.finding(
                &MID_SIDE,
                "the middle of a mid-side pair is used".to_owned(),
            );
            self.mono(mid);
            return true;
        };
        self.finding(&MID_SIDE, "a mid-side pair is decoded".to_owned());
        for (to, sign) in [(left, 1.0), (right, -1.0)] {
            self.route(mid, to, Gain::UNITY);
            self.route(side, to, Gain::new(sign));
        }
        true
    }

    /// A recorder's file: its mix, else its first channel.
    fn poly(&mut self, positions: &[Position], tracks: &[TrackName]) {
        let count = positions.len();
        let name = |channel: usize| {
            let named = tracks
                .iter()
                .find(|t| usize::from(t.channel) == channel + 1);
            named.map_or(String::new(), |t| format!(" ({})", t.name))
        };
        match mix_tracks(positions) {
            Some((left, Some(right))) => {
                let message = format!("the mix of a recording of {count} tracks is on two tracks");
                self.finding(&PAIR_OF_MIX, message);
                self.placed(left, Channel::L);
                self.placed(right, Channel::R);
            }
            mix => {
                let from = mix.map_or(0, |mix| mix.0);
                let message = format!("of {count} tracks {}{} is used", from + 1, name(from));
                self.finding(&ONE_OF_POLY, message);
                self.mono(from);
            }
        }
    }
}

/// The mix of a recorder: one track, or left and right.
fn mix_tracks(positions: &[Position]) -> Option<(usize, Option<usize>)> {
    let find = |wanted: Position| positions.iter().position(|&p| p == wanted);
    if let Some(mono) = find(Position::Mix) {
        return Some((mono, None));
    }
    let (left, right) = (find(Position::MixLeft), find(Position::MixRight));
    left.or(right).map(|first| (first, left.and(right)))
}
