//! Sync pops, which are laid into every file at one level and sum to nothing that is meant.

use crate::qc::Sound;

/// More pops than this in one sound are none.
const MOST: usize = 64;

/// Seconds of leader at either end of a file in which pops may stand.
const LEADER: u64 = 30;

/// From which frame to which pops sound in some files: tones that stand alone in the first or last seconds.
pub(super) fn pops<'a>(sounds: impl Iterator<Item = &'a Sound>) -> Vec<(u64, u64)> {
    let mut all: Vec<(u64, u64)> = sounds.flat_map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn of(sound: &Sound) -> Vec<(u64, u64)> {
    let second = u64::from(sound.rate.hertz());
    let channels = sound.scan.iter().flat_map(|scan| &scan.channels);
    let pops = channels.flat_map(|channel| &channel.bursts).filter(|pop| {
        let end = pop.start + pop.len;
        let alone = (pop.before >= second / 4 || pop.before == pop.start)
            && (pop.after >= second / 4 || end + second / 4 >= sound.length);
        let in_leader = end <= LEADER * second || pop.start + LEADER * second >= sound.length;
        pop.is_pop(sound.rate) && alone && in_leader
    });
    // The samples beside it, where a pop of another file begins or ends a little off.
    let around = |pop: &crate::meter::scan::Burst| {
        let more = second / 100;
        (pop.start.saturating_sub(more), pop.start + pop.len + more)
    };
    pops.map(around).take(MOST).collect()
}

/// Makes silence of the pops in a block that begins at frame `at`.
pub(super) fn hush(block: &mut [f32], channels: usize, at: u64, pops: &[(u64, u64)]) {
    let frames = (block.len() / channels.max(1)) as u64;
    let place = |frame: u64| frame.saturating_sub(at).min(frames) as usize * channels;
    for &(from, to) in pops {
        let pop = place(from)..place(to);
        block.get_mut(pop).unwrap_or_default().fill(0.0);
    }
}
