//! F1: sample rate, bit depth, and whether the file can be read.

use crate::finding::Severity;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::judgement::Fault;

faults! {
    RATE = "QCF101", Error, "wrong sample rate",
        "The file's header states another sample rate than the spec asks for. If the sound plays at the right \
         speed, convert it with a sample-rate converter; if it plays too fast or slow, only the header is wrong.";
    FORMAT = "QCF102", Error, "wrong bit depth or coding",
        "The samples are stored in another form than the spec asks for (24-bit integers against 16-bit, or \
         floats). Export again in the client's format; going to fewer bits wants dither.";
    PADDED = "QCF103", Warning, "fewer effective bits than stored",
        "The lowest bits of every sample are zero: somewhere on the way the sound went through 16 bits or fewer \
         and was only padded. Find the export that did so and make it anew from the session.";
    UNREADABLE = "QCF104", Error, "file cannot be read",
        "The file is not a WAVE file, or its header is damaged beyond use. Copy it again and compare sizes.";
    DAMAGED = "QCF105", Error, "file is damaged or cut off",
        "The header promises something that the file does not hold: a copy that was interrupted, sizes that \
         were never updated, chunks that run over the end. Copy it again, or export it again.";
    NOT_NUMBERS = "QCF106", Error, "samples that are not numbers",
        "A floating-point file holds NaN or infinite samples. Whatever plays it next will mute, crack or crash. \
         Find the plug-in that made them and render again.";
    FRAME_RATE = "QCF107", Warning, "frame rate that the client does not take",
        "The iXML states a frame rate that is not among those of the spec. Deliver at the rate of the picture that \
         the client has; if only the statement is wrong, correct it.";
    STATED = "QCF108", Warning, "iXML against the header",
        "The iXML states another sample rate or bit depth than the header of the same file: a converter that copied \
         the old text. Who reads the iXML plays the file at the wrong speed; write it anew.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F1",
    family: "file",
    title: "sample rate, bit depth and coding",
    explanation: "The header against the spec and against the iXML; the lowest bit that is ever used over \
                  the whole file; whether the file is whole.",
    codes: CODES,
    look,
};

/// What a reader tolerates and a client does not: chunks cut off, sizes missing or wrong, sound that ends
/// inside a frame, iXML that is no XML.
const DAMAGE: [&str; 7] = [
    "WAV002", "WAV003", "WAV009", "WAV013", "WAV018", "WAV022", "WAV025",
];

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for file in &view.facts.files {
        let Some(wave) = &file.wave else { continue };
        looked.file(&file.name);
        match wave {
            Err(error) => looked.faults.push(Fault {
                file: Some(file.name.clone()),
                ..Fault::new(UNREADABLE, error.clone())
            }),
            Ok(wave) => header(view, &file.name, wave, &mut looked),
        }
    }
    sound(view, &mut looked);
    looked.or_nothing("there are no sound files")
}

fn header(view: &View<'_>, name: &str, wave: &crate::bwf::Wave, looked: &mut Looked) {
    let spec = view.limits.spec();
    let fault = |code, message: String, measured: String, limit: String| Fault {
        file: Some(name.to_owned()),
        ..Fault::new(code, message).value(measured, limit)
    };
    let format = &wave.format;
    let stored = if format.sample.is_float() {
        format!("{}-bit float", format.sample.bits())
    } else {
        format!("{}-bit", format.valid_bits)
    };
    let wanted = if spec.sample_format.is_float() {
        format!("{}-bit float", spec.sample_format.bits())
    } else {
        format!("{}-bit", spec.sample_format.bits())
    };
    let speed = wave.ixml.as_ref().and_then(|ixml| ixml.speed.as_ref());
    let hertz = speed.and_then(|speed| speed.file_sample_rate);
    if let Some(is) = hertz.filter(|is| *is != format.rate.hertz()) {
        let message = format!("the iXML states {is} Hz, the header {}", format.rate);
        let fault = fault(STATED, message, format!("{is} Hz"), format.rate.to_string());
        looked.faults.push(fault);
    }
    let bits = [format.valid_bits, format.sample.bits()].map(u32::from);
    let depth = speed.and_then(|speed| speed.audio_bit_depth);
    if let Some(is) = depth.filter(|is| !bits.contains(is)) {
        let message = format!("the iXML states {is} bits, the header {}", bits[0]);
        let fault = fault(
            STATED,
            message,
            format!("{is} bits"),
            format!("{} bits", bits[0]),
        );
        looked.faults.push(fault);
    }
    let taken = &spec.frame_rates;
    if let Some(is) = wave.frame_rate()
        && !taken.is_empty()
        && !taken.iter().any(|rate| rate.fps() == is.fps())
    {
        let list: Vec<String> = taken.iter().map(ToString::to_string).collect();
        let message = format!("{is} frames a second, the client takes {}", list.join(", "));
        let fault = fault(FRAME_RATE, message, is.to_string(), list.join(", "));
        looked.faults.push(fault);
    }
    let measured = format!("{}, {stored}", format.rate);
    looked.reading(
        name.to_owned(),
        measured,
        Some(format!("{}, {wanted}", spec.sample_rate)),
    );
    if format.rate != spec.sample_rate {
        let (is, want) = (format.rate.to_string(), spec.sample_rate.to_string());
        looked
            .faults
            .push(fault(RATE, format!("{is} instead of {want}"), is, want));
    }
    if stored != wanted {
        let message = format!("{stored} instead of {wanted}");
        looked.faults.push(fault(FORMAT, message, stored, wanted));
    }
    if wave.frames == 0 {
        let message = "the file holds no samples".to_owned();
        let (is, want) = ("0 samples".to_owned(), "some sound".to_owned());
        looked.faults.push(fault(DAMAGED, message, is, want));
    }
    for finding in &wave.findings {
        if finding.severity >= Severity::Error || DAMAGE.contains(&finding.code.id) {
            looked.faults.push(Fault {
                file: Some(name.to_owned()),
                ..Fault::new(DAMAGED, finding.message.clone())
            });
        }
    }
}

/// What only the samples tell.
fn sound(view: &View<'_>, looked: &mut Looked) {
    let least = view.limits.value("F1", "effective_bits");
    for sound in &view.facts.sounds {
        if let Some(error) = &sound.error {
            looked
                .faults
                .push(view.fault(DAMAGED, sound, None, error.clone()));
        }
        let Some(scan) = &sound.scan else { continue };
        let stored = view.facts.file_of(sound, 0).and_then(|file| file.header());
        let stored = stored.map_or(0, |wave| wave.format.valid_bits);
        if let Some(bits) = scan.effective_bits
            && f64::from(bits) <= least
            && bits < stored
        {
            let message = format!("only the upper {bits} of {stored} bits are ever used");
            let fault = view.fault(PADDED, sound, None, message);
            looked
                .faults
                .push(fault.value(format!("{bits} bits"), format!("more than {least} bits")));
        }
        if let Some(first) = scan.first_not_number {
            let message = format!("{} samples are not numbers", scan.not_numbers);
            let fault = view.fault(NOT_NUMBERS, sound, None, message);
            looked.faults.push(fault.over(view, sound, first, 1));
        }
    }
}
