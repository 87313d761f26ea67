//! M2: dialogue clips in the M&E, by the ledger.

use std::collections::BTreeSet;

use crate::conform::plan::{Segment, Stem};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::judgement::Fault;
use crate::qc::ledger::{MusicAndEffects, Planted, Why, dialogue_in, music_and_effects, sung_in};

faults! {
    CLIP = "QCM201", Error, "dialogue clip in the M&E",
        "The plan puts a clip into the M&E that is dialogue: by its rule, by everything that is known of it, or \
         because the dialogue stem plays the same samples. Move it with a rule, and conform again. If it is meant, \
         as production effects are, say so in the rule with `group = \"pfx\"`.";
    PERHAPS = "QCM202", Warning, "clip in the M&E that may be dialogue",
        "The plan puts a clip into the M&E of which nobody can vouch that it is no dialogue: what is known of it \
         points there, or nothing is known and `--on-unassigned` sent it to this stem. Listen to it, and give it a \
         rule that names its group.";
    STEM = "QCM203", Error, "dialogue stem in the M&E",
        "The M&E of this plan is the sum of stems of which one takes dialogue. Correct the recipe of the composite \
         in the spec.";
    SUNG = "QCM204", Info, "singing voice in the M&E",
        "A clip of vocals sounds in the M&E. Choirs and backing may stay; a song whose words are dubbed wants its voice \
         on the optional stem and only the backing in the M&E. Send the clip there with a rule (`stem = \"OPT\"`) if the \
         words are to be replaced.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M2",
    family: "music_and_effects",
    title: "dialogue clips in the M&E",
    explanation: "From the plan: no clip of the M&E is of a dialogue group, is dialogue by its evidence though a rule \
                  says otherwise, or reads source samples, between its fades, that sound in a dialogue stem.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let Some((name, plan)) = &view.facts.plan else {
        return Looked::not_applicable("there is no plan beside the files");
    };
    let mut looked = Looked::default();
    let mut said: BTreeSet<(&str, Option<usize>)> = BTreeSet::new();
    for me in music_and_effects(view.limits.spec(), plan) {
        looked.file(name);
        let clips: usize = me.stems.iter().map(|stem| stem.segments.len()).sum();
        looked.reading(
            name.clone(),
            format!("{}: {clips} clips", me.called()),
            None,
        );
        for (stem, segment) in sung_in(&me) {
            if said.insert((&stem.code, Some(std::ptr::from_ref(segment).addr()))) {
                let clip = &segment.clip;
                let message = format!(
                    "`{}` (track {}, {}) is sung, and sounds in {}",
                    clip.name, clip.track, clip.record_in, stem.code
                );
                let fault = Fault::new(SUNG, message);
                looked
                    .faults
                    .push(at_clip(view, &me, (stem, segment), fault));
            }
        }
        for planted in dialogue_in(view.limits.spec(), plan, &me) {
            // Two versions of one M&E hold the same clips: say it once.
            let place = planted
                .segment
                .map(|segment| std::ptr::from_ref(segment).addr());
            if said.insert((&planted.stem.code, place)) {
                looked.faults.push(fault(view, &me, &planted));
            }
        }
    }
    looked.or_nothing("the plan has neither music nor effects")
}

fn fault(view: &View<'_>, me: &MusicAndEffects<'_>, planted: &Planted<'_>) -> Fault {
    let Some(segment) = planted.segment else {
        let text = format!("{} holds the stem {}", me.called(), planted.stem.code);
        return at_stem(view, me, planted.stem, Fault::new(STEM, text));
    };
    let rule = &segment.because.rule;
    let why = match planted.why {
        Why::Group | Why::Stem => format!("it is {} by `{rule}`", segment.because.group),
        Why::Evidence(group) => {
            let evidence = segment.because.evidence.get(1);
            let evidence = evidence.map_or_else(String::new, |text| format!(" ({text})"));
            format!("`{rule}` sends it there, but it is {group}{evidence}")
        }
        Why::Same(other) => format!("the same samples are dialogue as `{}`", other.clip.name),
        Why::Doubt(group) => format!("`{rule}` sends it there, and it may be {group}"),
        Why::Unknown => format!("nothing tells what it is, and `{rule}` sends it there"),
    };
    let clip = &segment.clip;
    let message = format!(
        "`{}` (track {}, {}) sounds in {}: {why}",
        clip.name, clip.track, clip.record_in, planted.stem.code
    );
    let code = if planted.why.is_sure() { CLIP } else { PERHAPS };
    let advice =
        "give the clip a rule that sends it to the dialogue stem, or one that names its group";
    at_clip(
        view,
        me,
        (planted.stem, segment),
        Fault::new(code, message).advice(advice),
    )
}

/// The same with the file of an M&E, or of its stem, and the place of a clip in it.
pub(super) fn at_clip(
    view: &View<'_>,
    me: &MusicAndEffects<'_>,
    (stem, segment): (&Stem, &Segment),
    fault: Fault,
) -> Fault {
    let codes = me.code.into_iter().chain([stem.code.as_str()]);
    let place = |code| view.facts.place_of(code, segment.start);
    match { codes }.find_map(place) {
        Some((sound, at)) => Fault {
            file: Some(view.facts.name_of(sound)),
            ..fault.over(view, sound, at, segment.length)
        },
        None => at_stem(view, me, stem, fault),
    }
}

/// The same with the file of an M&E or of its stem.
fn at_stem(view: &View<'_>, me: &MusicAndEffects<'_>, stem: &Stem, fault: Fault) -> Fault {
    let codes = me.code.into_iter().chain([stem.code.as_str()]);
    let sound = { codes }.find_map(|code| view.facts.sound(code));
    Fault {
        file: sound.map(|sound| view.facts.name_of(sound)),
        ..fault
    }
}
