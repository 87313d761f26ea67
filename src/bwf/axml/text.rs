//! XML text: elements, attributes, times.

use std::fmt::Write as _;
use std::io;

use crate::audio::{AdmProfile, SampleRate};
use crate::time::Rational;

/// Bytes that are gathered before they go on.
const GATHERED: usize = 64 << 10;

/// XML in the making; elements are indented by a tab. It goes on to `sink` as it is made.
pub(super) struct Xml<'a> {
    out: String,
    depth: usize,
    sink: &'a mut dyn io::Write,
    /// Why the sink takes no more.
    failed: Option<io::Error>,
}

/// Attributes of an element, in order.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl<'a> Xml<'a> {
    /// A document that is empty but for its declaration.
    pub(super) fn new(sink: &'a mut dyn io::Write) -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            depth: 0,
            sink,
            failed: None,
        }
    }

    /// An element with what `inside` writes.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        self.out.push_str(">\n");
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        self.close(name);
    }

    /// An element of text.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.out.push('>');
        self.escaped(text);
        self.close(name);
    }

    /// An element that is text already.
    pub(super) fn line(&mut self, element: &str) {
        self.indent();
        self.out.push_str(element);
        self.out.push('\n');
        if self.out.len() >= GATHERED {
            self.go_on();
        }
    }

    /// Ends the document.
    ///
    /// # Errors
    /// Whatever the sink said first.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.go_on();
        self.failed.map_or(Ok(()), Err)
    }

    fn go_on(&mut self) {
        if self.failed.is_none() {
            self.failed = self.sink.write_all(self.out.as_bytes()).err();
        }
        self.out.clear();
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n('\t', self.depth));
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escaped(value);
            self.out.push('"');
        }
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
        if self.out.len() >= GATHERED {
            self.go_on();
        }
    }

    fn escaped(&mut self, text: &str) {
        escape(&mut self.out, text);
    }
}

/// Text as it stands in an element or attribute.
pub(super) fn escaped_text(text: &str) -> String {
    let mut out = String::new();
    escape(&mut out, text);
    out
}

/// Text without what XML 1.0 §2.2 does not allow; white space in it stays what it is.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                // A string takes everything.
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
}

/// An instant in samples as `hh:mm:ss.zzzzz` (ITU-R BS.2076-1 §6.1): five decimals, and more only where
/// the sample would not be found again. Rounded down: readers that go to the nearest sample find it, and
/// those that round up, as BS.2127 does.
pub(super) fn decimal_time(samples: u64, rate: SampleRate) -> String {
    let (units, digits) = decimals(samples, rate);
    let scale = 10_u128.pow(digits);
    let (seconds, part) = (units / scale, units % scale);
    let width = digits as usize;
    format!("{}.{part:0width$}", clock(seconds))
}

/// The instant that [`decimal_time`] writes, in seconds.
pub(super) fn rounded_down(samples: u64, rate: SampleRate) -> Rational {
    let (units, digits) = decimals(samples, rate);
    let scale = 10_i128.pow(digits);
    Rational::from_wide(i128::try_from(units).unwrap_or(i128::MAX), scale).unwrap_or(Rational::ZERO)
}

/// So many decimals that less than half a sample is cut off, and how many.
fn decimals(samples: u64, rate: SampleRate) -> (u128, u32) {
    let rate = u128::from(rate.hertz());
    let mut digits = 5;
    while 10_u128.pow(digits) <= 2 * rate {
        digits += 1;
    }
    (u128::from(samples) * 10_u128.pow(digits) / rate, digits)
}

/// The nanosecond before.
pub(super) fn nanoseconds(seconds: Rational) -> Rational {
    let (num, den) = (i128::from(seconds.num()), i128::from(seconds.den()));
    let units = (num * 1_000_000_000).div_euclid(den);
    Rational::from_wide(units, 1_000_000_000).unwrap_or(seconds)
}

/// Seconds exactly where nine decimals can say them, with as many as they need and five at least; in
/// samples where version 2 may and the seconds are whole samples; else the nanosecond before.
pub(super) fn exact_time(seconds: Rational, profile: AdmProfile, rate: SampleRate) -> String {
    let (num, den) = (i128::from(seconds.num()).max(0), i128::from(seconds.den()));
    let hertz = i128::from(rate.hertz());
    if profile == AdmProfile::Bs2076v2 && num * hertz % den == 0 {
        return sample_time((num * hertz / den) as u64, rate);
    }
    let nano = 1_000_000_000;
    let units = (num * nano / den).unsigned_abs();
    let (whole, part) = (units / nano.unsigned_abs(), units % nano.unsigned_abs());
    let part = format!("{part:09}");
    let used = part.trim_end_matches('0').len().max(5);
    format!("{}.{}", clock(whole), part.get(..used).unwrap_or_default())
}

/// An instant as `hh:mm:ss.SSSSSSrrrrr` (ITU-R BS.2076-2 §6.1): exactly so many samples.
pub(super) fn sample_time(samples: u64, rate: SampleRate) -> String {
    let hertz = u64::from(rate.hertz());
    let clock = clock(u128::from(samples / hertz));
    format!("{clock}.{}S{hertz}", samples % hertz)
}

fn clock(seconds: u128) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_find_their_sample_again() {
        let rate = |hertz| SampleRate::new(hertz).unwrap();
        assert_eq!(decimal_time(172_972_800, rate(48_000)), "01:00:03.60000");
        assert_eq!(decimal_time(512, rate(48_000)), "00:00:00.01066");
        assert_eq!(decimal_time(1, rate(192_000)), "00:00:00.000005");
        assert_eq!(
            sample_time(172_972_801, rate(48_000)),
            "01:00:03.28801S48000"
        );
        assert_eq!(
            decimal_time(86_400 * 48_000, rate(48_000)),
            "24:00:00.00000"
        );
        for hertz in [44_100, 48_000, 96_000, 192_000] {
            for samples in [1, 2, 3, 511, 512, 513, 47_999, 123_457, 9_999_999] {
                let text = decimal_time(samples, rate(hertz));
                let (clock, part) = text.split_once('.').unwrap();
                let scale = 10_u64.pow(part.len() as u32);
                let clock: Vec<u64> = clock.split(':').map(|n| n.parse().unwrap()).collect();
                let seconds = clock[0] * 3600 + clock[1] * 60 + clock[2];
                let units = seconds * scale + part.parse::<u64>().unwrap();
                let found = (2 * units * u64::from(hertz) + scale) / (2 * scale);
                assert_eq!(found, samples, "{text} at {hertz}");
                assert_eq!(
                    (units * u64::from(hertz)).div_ceil(scale),
                    samples,
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn text_is_well_formed_whatever_it_says() {
        let mut out = Vec::new();
        let mut xml = Xml::new(&mut out);
        xml.element("a", &[("b", "\"<&>\n")], |xml| {
            xml.text("c", &[], "x\u{1}<y>");
        });
        xml.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, body) = text.split_once('\n').unwrap();
        assert_eq!(
            body,
            "<a b=\"&quot;&lt;&amp;&gt;&#10;\">\n\t<c>x&lt;y&gt;</c>\n</a>\n"
        );
    }
}
