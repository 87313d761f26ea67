//! Which loudspeakers a file says that its channels feed.

use super::ixml;
use super::model::Wave;
use crate::audio::{Channel, ChannelLayout};

use Channel::{C, Cs, L, Lfe, Lrs, Ls, Ltf, Ltr, R, Rrs, Rs, Rtf, Rtr};

/// Mask bits that are known, ascending (ksmedia.h).
const BITS: [Channel; 13] = [L, R, C, Lfe, Lrs, Rrs, Cs, Ls, Rs, Ltf, Rtf, Ltr, Rtr];

impl Wave {
    /// The layout that the file states: by the functions in its iXML, else by its mask; `None` where
    /// neither names every channel. The number of channels alone is no statement.
    pub fn stated_layout(&self) -> Option<ChannelLayout> {
        self.layout_by_functions().or_else(|| self.layout_by_mask())
    }

    /// The channel of a file of one channel that its iXML names, and how it is written there.
    pub fn stated_function(&self) -> Option<(Channel, &str)> {
        let function = self.ixml.as_ref()?.tracks.first()?.function.as_deref()?;
        let layout = ixml::layout_of(&[function])?;
        let channel = layout.channels().first().copied()?;
        (self.format.channels == 1).then_some((channel, function))
    }

    fn layout_by_functions(&self) -> Option<ChannelLayout> {
        let ixml = self.ixml.as_ref()?;
        let mut tracks: Vec<_> = ixml.tracks.iter().enumerate().collect();
        // A track without an index stands where it stands.
        tracks.sort_by_key(|(i, track)| {
            track
                .interleave_index
                .map_or(*i, |k| (k as usize).saturating_sub(1))
        });
        let functions = tracks.iter().map(|(_, track)| track.function.as_deref());
        let functions: Option<Vec<&str>> = functions.collect();
        let layout = ixml::layout_of(&functions?)?;
        (layout.len() == usize::from(self.format.channels)).then_some(layout)
    }

    /// A lone pair of surrounds is the pair, whether the mask has it at the side or at the back.
    fn layout_by_mask(&self) -> Option<ChannelLayout> {
        let mask = self.format.mask;
        let known = BITS
            .iter()
            .fold(0, |bits, channel| bits | channel.speaker_bit());
        if mask == 0 || mask & !known != 0 {
            return None;
        }
        let has = |channel: Channel| mask & channel.speaker_bit() != 0;
        let lone = !has(Ls) && !has(Rs);
        let named = |channel: &Channel| match channel {
            Lrs if lone => Ls,
            Rrs if lone => Rs,
            other => *other,
        };
        let channels = BITS.iter().filter(|channel| has(**channel)).map(named);
        let layout = ChannelLayout::new(channels.collect()).ok()?;
        (layout.len() == usize::from(self.format.channels)).then_some(layout)
    }
}
