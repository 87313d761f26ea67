//! Blocks as text.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::kept::{AdmKept, AdmKeptChannel};
use super::text::{escaped_text, exact_time, nanoseconds, rounded_down};
use crate::audio::scene::{
    Block, BlockSpan, Bounded, Coordinate, Degrees, HoaChannel, HoaFormat, HorizontalEdge,
    Normalization, ObjectBlock, Position, ScreenEdges, SpeakerBlock, SpeakerPosition, VerticalEdge,
    Zone,
};
use crate::audio::{AdmProfile, Gain, SampleRate};
use crate::time::{Rational, sample_at};

/// How blocks are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockStyle {
    pub(super) profile: AdmProfile,
    pub(super) rate: SampleRate,
}

impl BlockStyle {
    /// Every block of a channel, one a line, with identities that begin with `id`.
    ///
    /// Overlaps end where the next block begins, gaps of less than a sample are closed, and gains move
    /// no longer than the block lasts: rounded times of five decimals break these rules.
    pub(super) fn blocks(
        self,
        kept: &AdmKept,
        channel: &AdmKeptChannel,
        id: &str,
        line: &mut dyn FnMut(&str),
    ) {
        let mut number = 0;
        let mut text = String::new();
        let mut show = |block: Block, next: Option<BlockSpan>| {
            let span = block.span().map(|span| self.mended(span, next));
            let Some(span) = cut(span, kept.cut) else {
                return;
            };
            let span = if kept.strict {
                span
            } else {
                span.map(|span| self.reached(span))
            };
            let Some(span) = ended(span, self.duration(kept)) else {
                return;
            };
            number += 1;
            text.clear();
            self.open(&mut text, &format!("{id}_{number:08x}"), span);
            match &block {
                Block::Object(block) => self.object(&mut text, block, span, kept),
                Block::Speaker(block) => speaker(&mut text, block),
            }
            text.push_str("</audioBlockFormat>");
            line(&text);
        };
        let mut waiting: Option<Block> = None;
        channel.blocks.walk(0, &mut |_, block| {
            let next = block.span();
            if let Some(before) = waiting.replace(block) {
                show(before, next);
            }
            ControlFlow::Continue(())
        });
        if let Some(last) = waiting {
            show(last, None);
        }
    }

    /// The only block of a component of HOA.
    pub(super) fn component(
        self,
        component: (HoaChannel, &HoaFormat),
        id: &str,
        line: &mut dyn FnMut(&str),
    ) {
        let (channel, format) = component;
        let mut text = String::new();
        self.open(&mut text, &format!("{id}_00000001"), format.span);
        element(&mut text, "order", channel.order);
        element(&mut text, "degree", channel.degree);
        let normalization = match format.normalization {
            Normalization::N3d => "N3D",
            Normalization::Sn3d => "SN3D",
            Normalization::FuMa => "FuMa",
        };
        element(&mut text, "normalization", normalization);
        if let Some(distance) = format.nfc_distance {
            element(&mut text, "nfcRefDist", distance.value());
        }
        if format.screen_ref {
            element(&mut text, "screenRef", 1);
        }
        text.push_str("</audioBlockFormat>");
        line(&text);
    }

    fn open(self, out: &mut String, id: &str, span: Option<BlockSpan>) {
        put(
            out,
            format_args!("<audioBlockFormat audioBlockFormatID=\"{id}\""),
        );
        if let Some(span) = span {
            let (start, duration) = self.times(span);
            put(
                out,
                format_args!(" rtime=\"{start}\" duration=\"{duration}\""),
            );
        }
        out.push('>');
    }

    /// Start and duration as text. Where they have to be rounded, the duration leads to the rounded end,
    /// so that blocks which follow one another still do.
    fn times(self, span: BlockSpan) -> (String, String) {
        let text = |time| exact_time(time, self.profile, self.rate);
        let whole = |time: Rational| {
            let samples = i128::from(time.num()) * i128::from(self.rate.hertz());
            samples % i128::from(time.den()) == 0
        };
        if self.profile == AdmProfile::Bs2076v2 && whole(span.start) && whole(span.duration) {
            return (text(span.start), text(span.duration));
        }
        let start = nanoseconds(span.start);
        let end = span.end().map_or(start, nanoseconds);
        let duration = end.checked_sub(start).unwrap_or(Rational::ZERO);
        (text(start), text(duration))
    }

    /// Seconds of the object as they are written, where it does not last as long as the file.
    fn duration(self, kept: &AdmKept) -> Option<Rational> {
        let (_, length) = kept.span?;
        match self.profile {
            AdmProfile::Bs2076v2 => Rational::from_wide(length.into(), self.rate.hertz().into()),
            _ => Some(rounded_down(length, self.rate)),
        }
    }

    /// The span with times that readers who round up (BS.2127) take for the samples that are nearest to
    /// those stated.
    fn reached(self, span: BlockSpan) -> BlockSpan {
        let nearest = |time: Rational| {
            let rate = i128::from(self.rate.hertz());
            Rational::from_wide(sample_at(time, self.rate).into(), rate)
                .map_or(time, |at| at.min(time))
        };
        let start = nearest(span.start);
        let end = span.end().map(nearest);
        let duration = end.and_then(|end| end.checked_sub(start));
        BlockSpan {
            start,
            duration: duration.unwrap_or(span.duration),
        }
    }

    /// The span with its end at the start of the next one, where they are within a sample of each
    /// other or overlap.
    fn mended(self, span: BlockSpan, next: Option<BlockSpan>) -> BlockSpan {
        let sample = Rational::from_wide(1, i128::from(self.rate.hertz()));
        let to_next = next.and_then(|next| next.start.checked_sub(span.start));
        let (Some(to_next), Some(sample)) = (to_next.filter(|gap| !gap.is_negative()), sample)
        else {
            return span;
        };
        let apart = to_next.checked_sub(span.duration);
        if apart.is_some_and(|apart| apart < sample) {
            return BlockSpan {
                duration: to_next,
                ..span
            };
        }
        span
    }

    fn object(
        self,
        out: &mut String,
        block: &ObjectBlock,
        span: Option<BlockSpan>,
        kept: &AdmKept,
    ) {
        if block.cartesian {
            element(out, "cartesian", 1);
        }
        position(out, block.position.moved(kept.offset), block.edges);
        jump(out, block, span);
        let extent = block.extent;
        for (name, value) in [
            ("width", extent.width),
            ("height", extent.height),
            ("depth", extent.depth),
        ] {
            if value != 0.0 {
                element(out, name, value);
            }
        }
        let gain = block.gain.times(kept.gain);
        if gain != Gain::UNITY {
            element(out, "gain", gain.linear());
        }
        if block.diffuse != 0.0 {
            element(out, "diffuse", block.diffuse);
        }
        special(out, block);
        if block.importance != 10 {
            element(out, "importance", block.importance);
        }
        if block.head_locked && self.profile == AdmProfile::Bs2076v2 {
            element(out, "headLocked", 1);
        }
    }
}

/// How the gains of a block follow those before: no longer than it lasts.
fn jump(out: &mut String, block: &ObjectBlock, span: Option<BlockSpan>) {
    if !block.jump.flag {
        return;
    }
    let length = block.jump.length.map(|length| match span {
        Some(span) if length > span.duration => span.duration,
        _ => length,
    });
    let length = length.unwrap_or(Rational::ZERO);
    put(
        out,
        format_args!(
            "<jumpPosition interpolationLength=\"{}\">1</jumpPosition>",
            decimal(length)
        ),
    );
}

/// Channel lock, divergence, zones and the screen.
fn special(out: &mut String, block: &ObjectBlock) {
    if let Some(lock) = block.channel_lock {
        let distance = lock.max_distance.map(|d| ("maxDistance", d.value()));
        with_numbers(out, "channelLock", &Vec::from_iter(distance), 1.0);
    }
    if let Some(divergence) = block.divergence {
        let azimuth = divergence
            .azimuth_range
            .map(|d| ("azimuthRange", d.value()));
        let position = divergence
            .position_range
            .map(|d| ("positionRange", d.value()));
        let ranges: Vec<_> = azimuth.into_iter().chain(position).collect();
        with_numbers(out, "objectDivergence", &ranges, divergence.value);
    }
    if !block.zones.is_empty() {
        out.push_str("<zoneExclusion>");
        block.zones.iter().for_each(|zone| self::zone(out, zone));
        out.push_str("</zoneExclusion>");
    }
    if block.screen_ref {
        element(out, "screenRef", 1);
    }
}

fn zone(out: &mut String, zone: &Zone) {
    let bounds: Vec<(&str, f64)> = match zone {
        Zone::Cartesian { min, max } => {
            let names = [["minX", "minY", "minZ"], ["maxX", "maxY", "maxZ"]];
            let values = [min, max].into_iter().flatten().map(|c| c.value());
            names.into_iter().flatten().zip(values).collect()
        }
        Zone::Polar { azimuth, elevation } => vec![
            ("minAzimuth", azimuth.0.value()),
            ("maxAzimuth", azimuth.1.value()),
            ("minElevation", elevation.0.value()),
            ("maxElevation", elevation.1.value()),
        ],
    };
    out.push_str("<zone");
    for (name, value) in bounds {
        put(out, format_args!(" {name}=\"{value}\""));
    }
    out.push_str("/>");
}

/// A block of a bed.
fn speaker(out: &mut String, block: &SpeakerBlock) {
    for label in &block.labels {
        element(out, "speakerLabel", escaped_text(label));
    }
    match &block.position {
        SpeakerPosition::Polar {
            azimuth,
            elevation,
            distance,
        } => {
            let lock = block.edges;
            bounded(out, "azimuth", azimuth, Degrees::value, horizontal(lock));
            bounded(out, "elevation", elevation, Degrees::value, vertical(lock));
            bounded(out, "distance", distance, Coordinate::value, None);
        }
        SpeakerPosition::Cartesian { x, y, z } => {
            element(out, "cartesian", 1);
            bounded(out, "X", x, Coordinate::value, horizontal(block.edges));
            bounded(out, "Y", y, Coordinate::value, None);
            bounded(out, "Z", z, Coordinate::value, vertical(block.edges));
        }
    }
    if block.gain != Gain::UNITY {
        element(out, "gain", block.gain.linear());
    }
    if block.importance != 10 {
        element(out, "importance", block.importance);
    }
}

/// A coordinate of a loudspeaker with the bounds that it has.
fn bounded<T: Copy>(
    out: &mut String,
    coordinate: &str,
    value: &Bounded<T>,
    number: impl Fn(T) -> f64,
    lock: Option<&str>,
) {
    let bounds = [("min", value.min), ("max", value.max)];
    for (bound, at) in bounds {
        if let Some(at) = at {
            put(
                out,
                format_args!(
                    "<position coordinate=\"{coordinate}\" bound=\"{bound}\">{}</position>",
                    number(at)
                ),
            );
        }
    }
    coordinate_of(out, coordinate, number(value.value), lock);
}

fn position(out: &mut String, position: Position, edges: ScreenEdges) {
    match position {
        Position::Polar {
            azimuth,
            elevation,
            distance,
        } => {
            coordinate_of(out, "azimuth", azimuth.value(), horizontal(edges));
            coordinate_of(out, "elevation", elevation.value(), vertical(edges));
            coordinate_of(out, "distance", distance.value(), None);
        }
        Position::Cartesian { x, y, z } => {
            coordinate_of(out, "X", x.value(), horizontal(edges));
            coordinate_of(out, "Y", y.value(), None);
            coordinate_of(out, "Z", z.value(), vertical(edges));
        }
    }
}

fn coordinate_of(out: &mut String, coordinate: &str, value: f64, lock: Option<&str>) {
    put(out, format_args!("<position coordinate=\"{coordinate}\""));
    if let Some(lock) = lock {
        put(out, format_args!(" screenEdgeLock=\"{lock}\""));
    }
    put(out, format_args!(">{value}</position>"));
}

fn horizontal(edges: ScreenEdges) -> Option<&'static str> {
    edges.horizontal.map(|edge| match edge {
        HorizontalEdge::Left => "left",
        HorizontalEdge::Right => "right",
    })
}

fn vertical(edges: ScreenEdges) -> Option<&'static str> {
    edges.vertical.map(|edge| match edge {
        VerticalEdge::Top => "top",
        VerticalEdge::Bottom => "bottom",
    })
}

/// A span that begins `cut` earlier; `None` where nothing of it is left. A block without times stays.
#[expect(
    clippy::option_option,
    reason = "no block and a block without times are two things"
)]
fn cut(span: Option<BlockSpan>, cut: Rational) -> Option<Option<BlockSpan>> {
    let Some(span) = span else {
        return Some(None);
    };
    let start = span.start.checked_sub(cut)?;
    if !start.is_negative() {
        return Some(Some(BlockSpan { start, ..span }));
    }
    let duration = start.checked_add(span.duration)?;
    let left = !duration.is_negative() && !duration.is_zero();
    left.then_some(Some(BlockSpan {
        start: Rational::ZERO,
        duration,
    }))
}

/// A span that ends with its object; `None` where it begins no earlier than that ends.
#[expect(
    clippy::option_option,
    reason = "no block and a block without times are two things"
)]
fn ended(span: Option<BlockSpan>, end: Option<Rational>) -> Option<Option<BlockSpan>> {
    let (Some(span), Some(end)) = (span, end) else {
        return Some(span);
    };
    let left = end.checked_sub(span.start)?;
    let duration = span.duration.min(left);
    (left > Rational::ZERO).then_some(Some(BlockSpan { duration, ..span }))
}

/// Seconds as a decimal number of at most nine digits.
fn decimal(seconds: Rational) -> String {
    const SCALE: i128 = 1_000_000_000;
    let (num, den) = (i128::from(seconds.num()), i128::from(seconds.den()));
    let units = (2 * num * SCALE + den).div_euclid(2 * den);
    let text = format!("{}.{:09}", units / SCALE, units % SCALE);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

fn element(out: &mut String, name: &str, value: impl std::fmt::Display) {
    put(out, format_args!("<{name}>{value}</{name}>"));
}

fn with_numbers(out: &mut String, name: &str, attributes: &[(&str, f64)], value: f64) {
    put(out, format_args!("<{name}"));
    for (key, number) in attributes {
        put(out, format_args!(" {key}=\"{number}\""));
    }
    put(out, format_args!(">{value}</{name}>"));
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = out.write_fmt(text);
}
