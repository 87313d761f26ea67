//! What profiles want of a model: rules as data, one table for each profile.
//!
//! **Invariant:** a rule looks and never changes anything; each has a code that says what to do.

mod basic;
mod dolby;
mod emission;
mod production;

pub use basic::CODES as STANDARD_CODES;
pub use dolby::CODES as DOLBY_CODES;
pub use emission::CODES as EMISSION_CODES;
pub use production::CODES as PRODUCTION_CODES;

use serde::{Serialize, Serializer};

use super::whole::Adm;
use crate::audio::SampleRate;
use crate::bwf::model::Wave;
use crate::finding::{Code, Finding, Place, Severity};
use crate::time::Rational;

/// A set of constraints on ADM files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckProfile {
    /// The standard itself (ITU-R BS.2076).
    Standard,
    /// Dolby Atmos Master ADM profile 1.1.
    Dolby,
    /// The production profile of the EBU (Tech 3392, later Tech 3393).
    Production,
    /// The emission profile (ITU-R BS.2168).
    Emission,
}

/// The findings of one profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileCheck {
    /// Which.
    pub profile: CheckProfile,
    /// Whether the file claims to follow it or shows that it means to; always for the standard.
    pub claimed: bool,
    /// What is against it.
    pub findings: Vec<Finding>,
}

/// Profile, name in options and JSON, name for people, rules, codes.
type Row = (
    CheckProfile,
    &'static str,
    &'static str,
    &'static [Rule],
    &'static [&'static Code],
);

const PROFILES: [Row; 4] = [
    (
        CheckProfile::Standard,
        "bs2076",
        "ITU-R BS.2076",
        basic::RULES,
        basic::CODES,
    ),
    (
        CheckProfile::Dolby,
        "dolby",
        "Dolby Atmos Master ADM 1.1",
        dolby::RULES,
        dolby::CODES,
    ),
    (
        CheckProfile::Production,
        "ebu",
        "EBU production",
        production::RULES,
        production::CODES,
    ),
    (
        CheckProfile::Emission,
        "bs2168",
        "ITU-R BS.2168 emission",
        emission::RULES,
        emission::CODES,
    ),
];

impl CheckProfile {
    /// Every profile in the order of its rules.
    pub fn all() -> impl Iterator<Item = Self> {
        PROFILES.iter().map(|row| row.0)
    }

    /// Name in options and JSON.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Name for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The codes of its rules.
    pub fn codes(self) -> &'static [&'static Code] {
        self.row().4
    }

    /// The profile of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        PROFILES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        // PROFILES stands in the order of the enum; a test holds it to that.
        &PROFILES[self as usize]
    }
}

impl Serialize for CheckProfile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One rule: its code and what it looks for. It names each thing that is against it.
type Rule = (&'static Code, fn(&Facts, &mut dyn FnMut(String)));

/// What rules look at.
struct Facts<'a> {
    adm: &'a Adm,
    channels: u16,
    rate: SampleRate,
    bits: u16,
    /// Length of the sound in seconds.
    length: Rational,
}

/// Most findings of one rule.
const MOST: usize = 20;

/// Holds a file against every profile.
pub fn check(adm: &Adm, wave: &Wave) -> Vec<ProfileCheck> {
    let hertz = i128::from(wave.format.rate.hertz());
    let length = Rational::from_wide(i128::from(wave.frames), hertz);
    let facts = Facts {
        adm,
        channels: wave.format.channels,
        rate: wave.format.rate,
        bits: wave.format.valid_bits,
        length: length.unwrap_or(Rational::ZERO),
    };
    let file = wave.path.display().to_string();
    let judge = |row: &Row| {
        let mut findings = Vec::new();
        if row.0 == CheckProfile::Standard {
            let read = adm.findings.iter().filter(|f| f.severity > Severity::Info);
            findings.extend(read.cloned());
        }
        for (code, rule) in row.3 {
            findings.extend(apply(code, *rule, &facts, &file));
        }
        ProfileCheck {
            profile: row.0,
            claimed: claimed(row.0, adm),
            findings,
        }
    };
    PROFILES.iter().map(judge).collect()
}

fn apply(
    code: &'static Code,
    rule: fn(&Facts, &mut dyn FnMut(String)),
    facts: &Facts,
    file: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut more = 0_usize;
    rule(facts, &mut |message| {
        if findings.len() < MOST {
            findings.push(Finding::new(code, message).at(Place::file(file)));
        } else {
            more += 1;
        }
    });
    if let Some(last) = findings.last_mut().filter(|_| more > 0) {
        last.message = format!("{}; and {more} more", last.message);
    }
    findings
}

/// Whether a file means to follow a profile: by its list of profiles, or as Dolby's tools tell it, by
/// the name of the programme.
fn claimed(profile: CheckProfile, adm: &Adm) -> bool {
    let listed = |words: &[&str]| {
        adm.profiles().iter().any(|stated| {
            let text = format!("{} {}", stated.name, stated.text).to_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    };
    match profile {
        CheckProfile::Standard => true,
        CheckProfile::Dolby => adm.programmes().iter().any(|p| p.name == "Atmos_Master"),
        CheckProfile::Production => listed(&["3392", "3393", "production"]),
        CheckProfile::Emission => listed(&["2168", "emission"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bwf::adm::tests::{adm, content, monos, object, programme};

    /// Codes of a profile's findings in a file of 8 channels, 48 kHz, 24 bits and 1 s.
    #[track_caller]
    fn check(profile: CheckProfile, elements: &str, want: &str) {
        let adm = adm(elements);
        let facts = Facts {
            adm: &adm,
            channels: 8,
            rate: SampleRate::new(48_000).unwrap(),
            bits: 24,
            length: Rational::ONE,
        };
        let mut codes = Vec::new();
        for (code, rule) in profile.row().3 {
            rule(&facts, &mut |_| codes.push(code.id));
        }
        codes.dedup();
        assert_eq!(codes.join(" "), want);
    }

    #[test]
    fn the_table_stands_in_enum_order() {
        for (i, row) in PROFILES.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
            assert_eq!(CheckProfile::from_name(row.1), Some(row.0));
            assert!(
                row.3.iter().all(|(code, _)| row.4.contains(code)),
                "{}",
                row.1
            );
        }
    }

    fn plain() -> String {
        [
            programme(1001, &[1001]),
            content(1001, &[1001]),
            object(1001, "AP_00010001", &[1], ""),
            monos(&[1]),
        ]
        .concat()
    }

    #[test]
    fn a_plain_file_keeps_to_the_standard() {
        check(CheckProfile::Standard, &plain(), "");
        check(
            CheckProfile::Standard,
            &plain().replace("APR_1001", "APG_1001"),
            "ADC101",
        );
        check(
            CheckProfile::Standard,
            &plain().replace("<audioTrackUIDRef>ATU_00000001</audioTrackUIDRef>", ""),
            "ADC105",
        );
        check(
            CheckProfile::Standard,
            &plain().replace("</audioObject>", "<mute>0</mute></audioObject>"),
            "ADC108",
        );
        check(CheckProfile::Standard, &programme(1001, &[]), "ADC103");
    }

    #[test]
    fn profiles_want_more() {
        check(
            CheckProfile::Dolby,
            &plain(),
            "ADC201 ADC202 ADC206 ADC208 ADC215 ADC224 ADC227",
        );
        check(CheckProfile::Production, &plain(), "ADC302 ADC303 ADC304");
        check(
            CheckProfile::Emission,
            &plain(),
            "ADC401 ADC403 ADC404 ADC405 ADC411",
        );
    }
}
