//! Decorrelation of the diffuse path (BS.2127-0 §7.4): one all-pass filter of random phase for each
//! loudspeaker.
//!
//! The filters run in blocks on a grid that starts at sample 0 of the programme, whatever stretch is
//! asked for, so that a sample's bits do not depend on how the programme is cut into blocks.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::ops::Range;

use super::fourier::Fourier;
use super::layout::Layout;
use super::mersenne::Mersenne;

/// Coefficients of a filter.
const TAPS: usize = 512;
/// Sample frames that the filters delay by, and that the direct path waits for: 255.
const DELAY: usize = (TAPS - 1) / 2;
/// Sample frames of a block of the grid.
const BLOCK: usize = 512;
/// Points of a transform: of the block, and what wraps round.
const SIZE: usize = BLOCK + TAPS;

/// The filters of a layout.
#[derive(Debug, Clone)]
pub struct Decorrelator {
    fourier: Fourier,
    /// Spectra, one for each channel of the file.
    spectra: Vec<(Vec<f64>, Vec<f64>)>,
}

/// Memory that decorrelation needs in passing; keep one for each thread.
#[derive(Debug, Clone, Default)]
pub struct DiffuseWork {
    re: Vec<f64>,
    im: Vec<f64>,
    out_re: Vec<f64>,
    out_im: Vec<f64>,
}

impl Decorrelator {
    pub(super) fn new(layout: &Layout) -> Self {
        let mut names = layout.labels();
        names.sort_unstable();
        let fourier = Fourier::new(SIZE);
        let spectrum = |label: &str| {
            let seed = names.iter().position(|name| *name == label).unwrap_or(0);
            let mut re = filter(seed as u32);
            re.resize(SIZE, 0.0);
            let mut im = vec![0.0; SIZE];
            fourier.forward(&mut re, &mut im);
            // The transform back is not scaled: that is done here.
            let scale = |x: &mut f64| *x /= SIZE as f64;
            re.iter_mut().for_each(scale);
            im.iter_mut().for_each(scale);
            (re, im)
        };
        let of_channel = layout.file.iter().zip(&layout.speakers);
        let ordered: BTreeMap<usize, &str> = of_channel.map(|(c, s)| (*c, s.label)).collect();
        Self {
            spectra: ordered.values().map(|label| spectrum(label)).collect(),
            fourier,
        }
    }

    /// The stretch of the diffuse path that a stretch of output needs; it may start before 0.
    pub fn needs(output: Range<u64>) -> Range<i64> {
        let block = BLOCK as u64;
        let first = output.start / block * block;
        let last = output.end.div_ceil(block) * block;
        first as i64 - (TAPS - 1 - DELAY) as i64..last as i64 + DELAY as i64
    }

    /// Adds the decorrelated diffuse path of two channels to `out`, which starts at sample frame
    /// `start`.
    ///
    /// `bus` holds the diffuse path of both for the stretch that [`Decorrelator::needs`] names.
    pub fn add(
        &self,
        channels: [usize; 2],
        bus: [&[f64]; 2],
        start: u64,
        out: [&mut [f64]; 2],
        work: &mut DiffuseWork,
    ) {
        let [left, right] = out;
        let end = start + left.len().min(right.len()) as u64;
        let first = start / BLOCK as u64 * BLOCK as u64;
        for (i, block) in (first..end).step_by(BLOCK).enumerate() {
            let needed = i * BLOCK..i * BLOCK + SIZE - 1;
            let (Some(a), Some(b)) = (bus[0].get(needed.clone()), bus[1].get(needed)) else {
                return;
            };
            if a.iter().chain(b).all(|x| *x == 0.0) {
                continue;
            }
            self.filter(channels, [a, b], work);
            let (from, to) = (block.max(start), (block + BLOCK as u64).min(end));
            let target = (from - start) as usize..(to - start) as usize;
            let skip = TAPS - 1 + (from - block) as usize;
            let valid = skip..skip + target.len();
            add(&mut left[target.clone()], &work.re[valid.clone()]);
            add(&mut right[target], &work.im[valid]);
        }
    }

    /// Filters two signals at once, one as the real and one as the imaginary part, into
    /// `work.re` and `work.im`.
    fn filter(&self, channels: [usize; 2], input: [&[f64]; 2], work: &mut DiffuseWork) {
        for (part, input) in [(&mut work.re, input[0]), (&mut work.im, input[1])] {
            part.clear();
            part.extend_from_slice(input);
            part.resize(SIZE, 0.0);
        }
        self.fourier.forward(&mut work.re, &mut work.im);
        work.out_re.resize(SIZE, 0.0);
        work.out_im.resize(SIZE, 0.0);
        let [(pr, pi), (qr, qi)] = channels.map(|channel| &self.spectra[channel]);
        let places = self.fourier.places();
        let mirrored = places.iter().take(1).chain(places.iter().skip(1).rev());
        for (&at, &back) in places.iter().zip(mirrored) {
            // X = A + iB with A and B the spectra of two real signals: A(k) = (X(k) + X̄(−k))/2.
            let (xr, xi, yr, yi) = (work.re[at], work.im[at], work.re[back], work.im[back]);
            let (ar, ai) = ((xr + yr) * 0.5, (xi - yi) * 0.5);
            let (br, bi) = ((xi + yi) * 0.5, (yr - xr) * 0.5);
            let (cr, ci) = (ar * pr[at] - ai * pi[at], ar * pi[at] + ai * pr[at]);
            let (dr, di) = (br * qr[at] - bi * qi[at], br * qi[at] + bi * qr[at]);
            work.out_re[at] = cr - di;
            work.out_im[at] = ci + dr;
        }
        std::mem::swap(&mut work.re, &mut work.out_re);
        std::mem::swap(&mut work.im, &mut work.out_im);
        self.fourier.backward(&mut work.re, &mut work.im);
    }
}

fn add(sum: &mut [f64], x: &[f64]) {
    for (sum, x) in sum.iter_mut().zip(x) {
        *sum += x;
    }
}

/// The coefficients of the filter with a number: all frequencies at unity, their phases random.
fn filter(seed: u32) -> Vec<f64> {
    let mut random = Mersenne::new(seed);
    let fourier = Fourier::new(TAPS);
    let (mut re, mut im) = (vec![0.0; TAPS], vec![0.0; TAPS]);
    let places = fourier.places();
    re[places[0]] = 1.0;
    re[places[TAPS / 2]] = 1.0;
    for k in 1..TAPS / 2 {
        let turn = f64::from(random.bits()) / 4_294_967_296.0;
        let (sin, cos) = libm::sincos(2.0 * PI * turn);
        let (at, back) = (places[k], places[TAPS - k]);
        (re[at], im[at]) = (cos, sin);
        (re[back], im[back]) = (cos, -sin);
    }
    fourier.backward(&mut re, &mut im);
    re.iter().map(|x| x / TAPS as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decorrelator() -> Decorrelator {
        Decorrelator::new(&Layout::of(&"7.1.4".parse().unwrap()).unwrap())
    }

    #[test]
    fn the_filters_of_the_standard() {
        // First and last coefficients for the seeds 0 and 7, from the reference implementation.
        let head = [-0.069_648_56, 0.009_239_8, -0.044_409_07, 0.096_743_18];
        let tail = [0.058_736_15, 0.083_361_22, -0.012_216_6];
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-8);
        assert!(close(&filter(0)[..4], &head));
        assert!(close(&filter(7)[TAPS - 3..], &tail));
    }

    #[test]
    fn an_impulse_comes_out_as_the_filter_for_any_cut() {
        let (bank, at) = (decorrelator(), 1000_i64);
        let draw = |start: u64, length: usize| {
            let needs = Decorrelator::needs(start..start + length as u64);
            let bus: Vec<f64> = needs.map(|n| f64::from(u8::from(n == at))).collect();
            let (mut left, mut right) = (vec![0.0; length], vec![0.0; length]);
            let out = [left.as_mut_slice(), right.as_mut_slice()];
            bank.add(
                [0, 1],
                [&bus, &bus],
                start,
                out,
                &mut DiffuseWork::default(),
            );
            left
        };
        let whole = draw(0, 2000);
        let labels = ["LFE1", "M+000", "M+030"];
        let wanted = filter(labels.len() as u32 - 1);
        for (k, tap) in wanted.iter().enumerate() {
            let n = at as usize + k - DELAY;
            assert!((whole[n] - tap).abs() < 1e-12, "tap {k}");
        }
        for cut in [1, 700, 1023, 1024, 1500] {
            let parts: Vec<f64> = draw(0, cut)
                .into_iter()
                .chain(draw(cut as u64, 2000 - cut))
                .collect();
            assert!(
                parts
                    .iter()
                    .zip(&whole)
                    .all(|(a, b)| a.to_bits() == b.to_bits()),
                "cut at {cut}"
            );
        }
    }
}
