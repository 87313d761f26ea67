//! How the sound is stored: layout, channel order, rates, formats.

use toml::Spanned;

use super::{FORMATS, RATES, Read, Reader, hint_of};
use crate::audio::{Channel, ChannelLayout, SampleFormat, SampleRate};
use crate::spec::model::ChannelOrder;
use crate::spec::raw::{RawSpec, Text};
use crate::time::FrameRate;

/// Most channels of a file.
const MAX_CHANNELS: usize = 128;

impl Reader<'_> {
    pub(super) fn layout(&self, layout: &Text) -> Read<ChannelLayout> {
        let parsed = layout.get_ref().parse::<ChannelLayout>();
        parsed.map_err(|error| self.fault(layout, error.to_string(), None))
    }

    pub(super) fn channel(&self, channel: &Text) -> Read<Channel> {
        let parsed = channel.get_ref().parse::<Channel>();
        parsed.map_err(|error| self.fault(channel, error.to_string(), None))
    }

    /// The channels of a file, `-` for silent ones.
    pub(super) fn channel_order(&self, raw: &RawSpec) -> Read<Option<ChannelOrder>> {
        let Some(order) = &raw.channel_order else {
            return Ok(None);
        };
        let mut channels = Vec::new();
        for channel in order.get_ref() {
            let read = match channel.get_ref().as_str() {
                "-" => None,
                _ => Some(self.channel(channel)?),
            };
            if read.is_some() && channels.contains(&read) {
                let message = format!("the channel {} stands twice", channel.get_ref());
                return Err(self.fault(channel, message, None));
            }
            channels.push(read);
        }
        if channels.is_empty() || channels.len() > MAX_CHANNELS {
            let message = format!(
                "{} channels; a file has 1 to {MAX_CHANNELS}",
                channels.len()
            );
            return Err(self.fault(order, message, None));
        }
        Ok(Some(ChannelOrder(channels)))
    }

    pub(super) fn sample_rate(&self, rate: &Spanned<u32>) -> Read<SampleRate> {
        let hertz = *rate.get_ref();
        let known = SampleRate::new(hertz)
            .ok()
            .filter(|_| RATES.contains(&hertz));
        known.ok_or_else(|| {
            let rates: Vec<String> = RATES.iter().map(u32::to_string).collect();
            let hint = format!("rates are {}", rates.join(", "));
            let message = format!("{hertz} Hz is not a rate of delivery");
            self.fault(rate, message, Some(hint))
        })
    }

    pub(super) fn sample_format(&self, format: &Text) -> Read<SampleFormat> {
        let written = format.get_ref();
        let known = FORMATS.iter().find(|known| known.0 == *written);
        known.map(|known| known.1).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|known| known.0).collect();
            let hint = format!("formats are {}", names.join(", "));
            let message = format!("`{written}` is not a sample format that is written");
            self.fault(format, message, Some(hint))
        })
    }

    pub(super) fn frame_rates(&self, rates: &[Text]) -> Read<Vec<FrameRate>> {
        Self::all(rates, |rate| {
            let parsed = rate.get_ref().parse::<FrameRate>();
            parsed.map_err(|error| {
                let names: Vec<String> = FrameRate::ALL.iter().map(ToString::to_string).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let hint = hint_of(rate.get_ref(), &names, "rates are");
                self.fault(rate, error.to_string(), Some(hint))
            })
        })
    }
}
