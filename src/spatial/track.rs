//! One item on one layout: which gains hold for which samples.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::Spatial;
use super::bed::BedChannel;
use super::layout::MAX_SPEAKERS;
use super::point::Gains;
use super::timing::{Bounds, Grid, ObjectTime, Placed, Schedule, first_sample};
use crate::audio::SampleRate;
use crate::audio::scene::{
    Block, Blocks, Ear, HoaFormat, ItemFormat, ItemKind, JumpPosition, ObjectBlock, SpeakerBlock,
};
use crate::time::Rational;

/// Gains of both paths for each channel of the file; those beyond its channels are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PathGains {
    /// To the loudspeakers as they are.
    pub direct: [f64; MAX_SPEAKERS],
    /// To the decorrelators.
    pub diffuse: [f64; MAX_SPEAKERS],
}

impl PathGains {
    /// Nothing sounds.
    pub const SILENCE: Self = Self {
        direct: [0.0; MAX_SPEAKERS],
        diffuse: [0.0; MAX_SPEAKERS],
    };
}

/// Samples over which the gains stay or go straight from one value to another.
///
/// Sample `samples.0 + i` has `from·(1 − p) + to·p` with `p =` [`Piece::way`]`(i)`, or `to` where `from`
/// is absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece<'a> {
    /// First sample and the one after the last.
    pub samples: (i64, i64),
    /// Where the gains come from, while they move.
    pub from: Option<&'a PathGains>,
    /// Where they go, or what they are.
    pub to: &'a PathGains,
    /// Samples of the ramp that lie before this piece.
    done: i64,
    /// From the start of the ramp to its first sample, in samples.
    lead: f64,
    /// How far the gains go with each sample.
    step: f64,
}

impl Piece<'_> {
    /// How far the gains are at a sample of the piece, 0 to 1; the same bits for the same sample of
    /// the programme, however it was cut into pieces.
    pub fn way(&self, sample: i32) -> f64 {
        // Whole numbers below 2^53: their sum is exact.
        (self.lead + (self.done as f64 + f64::from(sample))) * self.step
    }
}

/// An item on its way to one layout.
#[derive(Debug, Clone)]
pub struct SceneTrack {
    spatial: Arc<Spatial>,
    format: ItemFormat,
    gain: f64,
    strict: bool,
    plan: Plan,
}

#[derive(Debug, Clone)]
enum Plan {
    /// Nothing sounds.
    Silent,
    /// Blocks of an object or of a bed channel.
    Blocks(Schedule),
    /// Gains for each feed that hold all the time: a sound field, or what is passed through.
    Fixed(Bounds, Vec<PathGains>),
}

/// How the times of an item become samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SceneClock {
    /// Sample frames per second of the output.
    pub rate: SampleRate,
    /// Which position of the scene, in output sample frames from the file's first, counts as
    /// sample 0.
    pub origin: Rational,
    /// Times and labels to the letter of BS.2127, instead of mended.
    pub strict: bool,
}

impl SceneTrack {
    /// An item with its blocks.
    pub fn new(
        spatial: Arc<Spatial>,
        format: ItemFormat,
        blocks: Arc<dyn Blocks>,
        clock: SceneClock,
    ) -> Self {
        let grid = Grid {
            rate: clock.rate,
            origin: clock.origin,
            strict: clock.strict,
        };
        let object = ObjectTime::new(format.start, format.duration);
        let gain = format.gain.linear();
        let plan = match &format.kind {
            _ if format.mute => Plan::Silent,
            ItemKind::Binaural(ear) => object.bounds(None, &grid).map_or(Plan::Silent, |bounds| {
                Plan::Fixed(bounds, vec![passed(&spatial, *ear, gain)])
            }),
            ItemKind::Hoa(hoa) => object
                .bounds(hoa.span, &grid)
                .map_or(Plan::Silent, |bounds| {
                    Plan::Fixed(bounds, matrix(&spatial, hoa, gain))
                }),
            ItemKind::Speakers { .. } | ItemKind::Object => {
                Plan::Blocks(Schedule::new(blocks, object, grid))
            }
        };
        Self {
            spatial,
            format,
            gain,
            strict: clock.strict,
            plan,
        }
    }

    /// What stands still of the item; its feeds are the signals that the gains are for.
    pub fn format(&self) -> &ItemFormat {
        &self.format
    }

    /// Shows the gains of a feed for the samples of a window, in order of time. Where there is no
    /// piece there is silence.
    pub fn pieces(&self, feed: usize, window: Range<i64>, visit: &mut dyn FnMut(Piece<'_>)) {
        match &self.plan {
            Plan::Silent => {}
            Plan::Fixed(bounds, gains) => {
                if let Some(gains) = gains.get(feed) {
                    steady(bounds.samples(&window), gains, visit);
                }
            }
            Plan::Blocks(schedule) => self.block_pieces(schedule, &window, visit),
        }
    }

    fn block_pieces(
        &self,
        schedule: &Schedule,
        window: &Range<i64>,
        visit: &mut dyn FnMut(Piece<'_>),
    ) {
        let mut last = Last::default();
        schedule.walk(window, &mut |placed, block| {
            if first_sample(placed.bounds.start) >= window.end {
                return ControlFlow::Break(());
            }
            let samples = placed.bounds.samples(window);
            match block {
                Block::Speaker(block) => {
                    last = Last::default();
                    if !samples.is_empty() {
                        steady(samples, &self.bed_gains(&block), visit);
                    }
                }
                Block::Object(block) if samples.is_empty() => last.unused = Some(block),
                Block::Object(block) => {
                    let target = schedule.target(&placed, block.jump);
                    let from = self.before(&placed, &mut last);
                    let to = self.object_gains(block, &mut last);
                    let from = from.filter(|from| *from != to);
                    moving(samples, &placed.bounds, target, (from.as_ref(), &to), visit);
                }
            }
            ControlFlow::Continue(())
        });
    }

    /// The gains that a block starts from: those of the block before where it follows on it.
    fn before(&self, placed: &Placed, last: &mut Last) -> Option<PathGains> {
        let unused = last.unused.take();
        if !placed.continues {
            return None;
        }
        if let Some(block) = unused {
            self.object_gains(block, last);
        }
        last.gains.as_ref().map(|(_, gains)| *gains)
    }

    /// The gains of a block; those of the block before where nothing has changed.
    fn object_gains(&self, mut block: ObjectBlock, last: &mut Last) -> PathGains {
        block.span = None;
        block.jump = JumpPosition::default();
        if let Some((known, gains)) = &last.gains
            && *known == block
        {
            return *gains;
        }
        let offset = self.format.offset;
        let (direct, diffuse) = self
            .spatial
            .object
            .gains(&block, offset, &self.format.screen);
        let gains = PathGains {
            direct: self.spatial.to_file(&direct, self.gain),
            diffuse: self.spatial.to_file(&diffuse, self.gain),
        };
        last.gains = Some((block, gains));
        gains
    }

    fn bed_gains(&self, block: &SpeakerBlock) -> PathGains {
        let ItemKind::Speakers {
            common_pack,
            frequency,
        } = &self.format.kind
        else {
            return PathGains::SILENCE;
        };
        let channel = BedChannel {
            pack: common_pack.as_deref(),
            frequency: *frequency,
            strict: self.strict,
        };
        let direct = self.spatial.bed.gains(block, channel);
        PathGains {
            direct: self.spatial.to_file(&direct, self.gain),
            ..PathGains::SILENCE
        }
    }
}

/// The gains that were computed last.
#[derive(Debug, Default)]
struct Last {
    /// The block without its times, and its gains.
    gains: Option<(ObjectBlock, PathGains)>,
    /// The block before, where nothing of it sounds in the window: its gains are not known yet.
    unused: Option<ObjectBlock>,
}

fn matrix(spatial: &Spatial, hoa: &HoaFormat, gain: f64) -> Vec<PathGains> {
    let columns = spatial.hoa.gains(hoa);
    let path = |column: &Gains| PathGains {
        direct: spatial.to_file(column, gain),
        ..PathGains::SILENCE
    };
    columns.iter().map(path).collect()
}

/// What is made for an ear goes to the loudspeaker of its side as it is.
fn passed(spatial: &Spatial, ear: Ear, gain: f64) -> PathGains {
    // All layouts of BS.2051 begin with left and right.
    let number = match ear {
        Ear::Left => 0,
        Ear::Right => 1,
    };
    let mut gains = [0.0; MAX_SPEAKERS];
    gains[number] = 1.0;
    PathGains {
        direct: spatial.to_file(&gains, gain),
        ..PathGains::SILENCE
    }
}

fn steady(samples: Range<i64>, gains: &PathGains, visit: &mut dyn FnMut(Piece<'_>)) {
    if !samples.is_empty() {
        visit(Piece {
            samples: (samples.start, samples.end),
            from: None,
            to: gains,
            done: 0,
            lead: 1.0,
            step: 0.0,
        });
    }
}

/// The ramp of a block, then what stays.
fn moving(
    samples: Range<i64>,
    bounds: &Bounds,
    target: Rational,
    (from, to): (Option<&PathGains>, &PathGains),
    visit: &mut dyn FnMut(Piece<'_>),
) {
    let turn = match from {
        Some(_) => first_sample(target).clamp(samples.start, samples.end),
        None => samples.start,
    };
    if turn > samples.start
        && let Some(length) = target.checked_sub(bounds.start)
    {
        let first = Rational::from_int(first_sample(bounds.start));
        let lead = first.checked_sub(bounds.start).unwrap_or(Rational::ZERO);
        visit(Piece {
            samples: (samples.start, turn),
            from,
            to,
            // Counted from the block's own first sample, wherever the window starts.
            done: samples.start - first.num(),
            lead: lead.to_f64(),
            step: 1.0 / length.to_f64(),
        });
    }
    steady(turn..samples.end, to, visit);
}

/// A delay in sample frames; halves are rounded down (BS.2127-0 §6.5).
pub fn delay_samples(delay: Rational, rate: SampleRate) -> u64 {
    let half = Rational::new(1, 2).unwrap_or(Rational::ZERO);
    let exact = delay.checked_mul(Rational::from_int(i64::from(rate.hertz())));
    let shifted = exact.and_then(|exact| exact.checked_sub(half));
    shifted.map_or(0, |shifted| first_sample(shifted).max(0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::scene::{BlockSpan, Position};

    /// Gains of the channels L and R of sample after sample.
    fn draw(track: &SceneTrack, cuts: &[i64]) -> Vec<Option<(f64, f64)>> {
        let mut all = Vec::new();
        for window in cuts.windows(2).map(|cut| cut[0]..cut[1]) {
            let mut part = vec![None; (window.end - window.start) as usize];
            track.pieces(0, window.clone(), &mut |piece| {
                for n in piece.samples.0..piece.samples.1 {
                    let way = piece.way((n - piece.samples.0) as i32);
                    let of = |i: usize| {
                        let from = piece.from.unwrap_or(piece.to).direct[i];
                        from * (1.0 - way) + piece.to.direct[i] * way
                    };
                    let slot = &mut part[(n - window.start) as usize];
                    assert!(slot.is_none(), "sample {n} is drawn twice");
                    *slot = Some((of(0), of(1)));
                }
            });
            all.extend(part);
        }
        all
    }

    fn track(jump: bool, length: Option<&str>, strict: bool) -> SceneTrack {
        let block = |start: i64, duration: i64, azimuth: f64| {
            let mut block = ObjectBlock::at(Position::polar(azimuth, 0.0, 1.0));
            let at = |samples| Rational::new(samples, 48_000).unwrap();
            block.span = Some(BlockSpan {
                start: at(start),
                duration: at(duration),
            });
            block.jump.flag = jump;
            block.jump.length = length.map(|text| text.parse().unwrap());
            Block::Object(block)
        };
        // Left, then right; a gap; left again.
        let blocks = vec![
            block(0, 10, 30.0),
            block(10, 10, -30.0),
            block(25, 10, 30.0),
        ];
        let spatial = Spatial::new(&"5.1".parse().unwrap()).unwrap();
        let clock = SceneClock {
            rate: SampleRate::HZ_48000,
            origin: Rational::ZERO,
            strict,
        };
        let format = ItemFormat::new(ItemKind::Object, 0);
        SceneTrack::new(Arc::new(spatial), format, Arc::new(blocks), clock)
    }

    #[test]
    fn gains_move_over_a_block_that_follows_and_jump_after_a_gap() {
        let whole = draw(&track(false, None, true), &[0, 40]);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        for (n, gains) in whole.iter().enumerate() {
            let wanted = match n {
                0..10 | 25..35 => Some((1.0, 0.0)),
                10..20 => Some((1.0 - (n - 10) as f64 / 10.0, (n - 10) as f64 / 10.0)),
                _ => None,
            };
            let same = match (gains, wanted) {
                (Some((l, r)), Some((wl, wr))) => near(*l, wl) && near(*r, wr),
                (got, wanted) => got.is_none() && wanted.is_none(),
            };
            assert!(same, "sample {n}: {gains:?}");
        }
    }

    #[test]
    fn a_jump_takes_its_length_and_no_more_than_the_block() {
        let jump = draw(&track(true, None, true), &[0, 40]);
        assert_eq!(jump[10], Some((0.0, 1.0)));
        let short = draw(&track(true, Some("5/48000"), true), &[0, 40]);
        assert_eq!((short[10], short[15]), (Some((1.0, 0.0)), Some((0.0, 1.0))));
        let long = draw(&track(true, Some("1/10"), true), &[0, 40]);
        assert!(long[19].is_some_and(|(_, right)| (right - 0.9).abs() < 1e-12));
    }

    #[test]
    fn ears_go_to_their_sides_while_the_object_lasts() {
        let spatial = Arc::new(Spatial::new(&"5.1".parse().unwrap()).unwrap());
        let clock = SceneClock {
            rate: SampleRate::HZ_48000,
            origin: Rational::ZERO,
            strict: false,
        };
        for (ear, wanted) in [(Ear::Left, (0.5, 0.0)), (Ear::Right, (0.0, 0.5))] {
            let mut format = ItemFormat::new(ItemKind::Binaural(ear), 0);
            format.start = Rational::new(2, 48_000);
            format.gain = crate::audio::Gain::new(0.5);
            let blocks = Arc::new(Vec::<Block>::new());
            let track = SceneTrack::new(Arc::clone(&spatial), format, blocks, clock);
            let gains = [None, None, Some(wanted), Some(wanted)];
            assert_eq!(draw(&track, &[0, 4]), gains);
        }
    }

    #[test]
    fn the_cut_of_the_windows_does_not_matter() {
        for strict in [false, true] {
            let track = track(false, None, strict);
            let whole = draw(&track, &[0, 40]);
            for at in 1..40 {
                let parts = draw(&track, &[0, at, 40]);
                let bits = |x: &Option<(f64, f64)>| x.map(|(l, r)| (l.to_bits(), r.to_bits()));
                let same = parts.iter().map(bits).eq(whole.iter().map(bits));
                assert!(same, "cut at {at}");
            }
        }
    }
}
