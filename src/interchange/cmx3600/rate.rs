//! Which frame rate and which way of counting: stated by the user, marked by the list, or inferred.

use super::codes::{DROP_CONFLICT, DROP_FROM_FCM, RATE_CONFLICT};
use super::event_line::EventLine;
use super::events::List;
use super::infer::guess;
use super::report::{Report, Spot};
use crate::time::{FrameRate, Rational};

/// Frame numbers a second that lists count in, for inference: whole rates, the smallest first.
pub(super) const COUNTS: [u32; 8] = [24, 25, 30, 48, 50, 60, 100, 120];

/// The rates that a list is read at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    /// Of the record timecode.
    pub(super) record: FrameRate,
    /// Whether the record side of the list claims drop-frame, be it possible or not.
    claims_drop: bool,
    /// FCM at the head.
    head: Option<bool>,
    /// Whether drop-frame marks are in use anywhere, so that their absence means something.
    marks: bool,
    /// Highest source frame number below 30 that the record rate does not have.
    stray: u32,
}

impl Rates {
    /// Decides, and says what was guessed or contradictory.
    pub(super) fn of(list: &List<'_>, option: Option<FrameRate>, report: &mut Report<'_>) -> Self {
        let seen = Seen::in_list(list);
        let claims_drop = seen.record_drops(list.head, report);
        let record = match option {
            Some(rate) => given(rate, claims_drop, list.head, report),
            None => guess(list, &seen, claims_drop, report),
        };
        let strays = list.lines.iter().filter_map(source_field);
        let stray = strays
            .filter(|field| (record.nominal()..30).contains(field))
            .max();
        Self {
            record,
            claims_drop,
            head: list.head,
            marks: seen.marked > 0 || seen.source_marked,
            stray: stray.unwrap_or_default(),
        }
    }

    /// The rate and counting of an event's source timecodes; `None` where no rate counts so far.
    ///
    /// It is the record rate, except where a frame number does not exist in it, and counts as the FCM
    /// in force or its own marks say.
    pub(super) fn source(&self, line: &EventLine<'_>) -> Option<FrameRate> {
        let field = source_field(line).unwrap_or_default();
        let base = if field < self.record.nominal() {
            self.record
        } else {
            self.fitting(field)?
        };
        let drops = self.source_drops(line);
        if let Ok(rate) = base.with_drop(drops) {
            return Some(rate);
        }
        if self.claims_drop {
            // Everything in the list is marked so, at a rate that cannot be: the marks mean nothing.
            return Some(base);
        }
        Some(ntsc(if field < 30 { 30 } else { 60 }, true))
    }

    fn source_drops(&self, line: &EventLine<'_>) -> bool {
        let marked = [line.source.0, line.source.1]
            .iter()
            .any(|position| position.mark() == Some(true));
        let switched_off = line.fcm == Some(false) && self.head == Some(true);
        let unmarked = if self.marks || switched_off {
            false
        } else {
            self.record.drop_frame()
        };
        marked || line.fcm == Some(true) || unmarked
    }

    /// The next rate of the record's family that has this frame number.
    fn fitting(&self, field: u32) -> Option<FrameRate> {
        let top = if field < 30 {
            field.max(self.stray)
        } else {
            field
        };
        if self.record.fps().is_integer() {
            COUNTS.into_iter().find(|count| *count > top).map(whole)
        } else {
            let counts = [30, 60, 120];
            let fit = counts.into_iter().find(|count| *count > top);
            fit.map(|count| ntsc(count, false))
        }
    }
}

/// The higher frame number of an event's source.
fn source_field(line: &EventLine<'_>) -> Option<u32> {
    let fields = [line.source.0.frame_field(), line.source.1.frame_field()];
    fields.into_iter().flatten().max().map(u32::from)
}

/// The rate of so many frames a second, exactly.
pub(super) fn whole(count: u32) -> FrameRate {
    FrameRate::from_rational(Rational::from_int(i64::from(count))).unwrap_or(FrameRate::F24)
}

/// The rate of so many frame numbers a second, a thousandth slower.
pub(super) fn ntsc(count: u32, drop: bool) -> FrameRate {
    let slow = |rate: &FrameRate| !rate.fps().is_integer() && rate.nominal() == count;
    let rate = FrameRate::ALL.into_iter().find(slow);
    let rate = rate.unwrap_or(FrameRate::F29_97);
    rate.with_drop(drop).unwrap_or(rate)
}

/// What the positions of a list show.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Highest record frame number.
    pub(super) highest: u32,
    /// Record timecodes with a drop-frame mark, and the first of them.
    marked: u64,
    first_marked: Spot,
    /// Record timecodes without.
    plain: u64,
    /// Whether source timecodes are marked or FCM switches to drop-frame behind the head.
    pub(super) source_marked: bool,
    pub(super) source_switched: bool,
}

impl Seen {
    fn in_list(list: &List<'_>) -> Self {
        let mut seen = Self::default();
        for line in &list.lines {
            for position in [line.record.0, line.record.1] {
                let field = position.frame_field().map_or(0, u32::from);
                seen.highest = seen.highest.max(field);
                match position.mark() {
                    Some(true) if seen.marked == 0 => {
                        seen.marked = 1;
                        seen.first_marked = line.spot;
                    }
                    Some(true) => seen.marked += 1,
                    Some(false) => seen.plain += 1,
                    None => {}
                }
            }
            let source = [line.source.0, line.source.1];
            seen.source_marked |= source.iter().any(|p| p.mark() == Some(true));
            seen.source_switched |= line.fcm == Some(true) && list.head != Some(true);
        }
        seen
    }

    /// Whether the record side claims drop-frame. The mark stands on the number itself and is
    /// believed over FCM NON-DROP, which many systems write by default; FCM DROP is believed over
    /// the plain `:` that old systems write everywhere.
    fn record_drops(&self, head: Option<bool>, report: &mut Report<'_>) -> bool {
        let mostly_marked = self.marked > self.plain;
        let counted = |drop| if drop { "drop-frame" } else { "non-drop" };
        let mut conflict = |says: &str, drop| {
            let (marked, plain) = (self.marked, self.plain);
            let message = format!(
                "{says}, yet {marked} record timecodes are marked drop-frame (`;`) and {plain} are \
                 not; read as {}",
                counted(drop)
            );
            let hint = "check how the sequence counts; --rate 29.97df says it for certain";
            report.advise(&DROP_CONFLICT, self.first_marked, message, hint);
            drop
        };
        match head {
            Some(true) if self.marked == 0 => {
                if self.plain > 0 {
                    let message = "FCM says DROP FRAME and the timecodes are written with `:`";
                    report.add(&DROP_FROM_FCM, Spot::default(), || message.to_owned());
                }
                true
            }
            Some(true) if self.plain > 0 => conflict("FCM says DROP FRAME", true),
            Some(false) if self.marked > 0 => conflict("FCM says NON-DROP FRAME", mostly_marked),
            None if self.marked > 0 && self.plain > 0 => {
                conflict("the list has no FCM line at its head", mostly_marked)
            }
            Some(drop) => drop,
            None => self.marked > 0,
        }
    }
}

/// The user's rate, counted as the list says where the user does not.
fn given(
    rate: FrameRate,
    claims_drop: bool,
    head: Option<bool>,
    report: &mut Report<'_>,
) -> FrameRate {
    if rate.drop_frame() {
        if head == Some(false) && !claims_drop {
            let message = format!("FCM says NON-DROP FRAME; read at {rate} as given");
            report.add(&RATE_CONFLICT, Spot::default(), || message);
        }
        return rate;
    }
    if let Ok(counted) = rate.with_drop(claims_drop) {
        return counted;
    }
    let message = format!("the list claims drop-frame timecode, which {rate} does not have");
    let hint = "if the sequence is drop-frame, its rate is 29.97df or 59.94df";
    report.advise(&RATE_CONFLICT, Spot::default(), message, hint);
    rate
}

#[cfg(test)]
mod tests {
    use super::super::events::list;
    use super::*;

    fn read(text: &str, option: Option<&str>) -> (Rates, Vec<String>, Vec<FrameRate>) {
        let mut report = Report::new("a.edl");
        let list = list(text, &mut report).unwrap();
        let option = option.map(|rate| rate.parse().unwrap());
        let rates = Rates::of(&list, option, &mut report);
        let codes = report
            .finish()
            .iter()
            .map(|f| f.code.id.to_owned())
            .collect();
        let sources = list
            .lines
            .iter()
            .filter_map(|line| rates.source(line))
            .collect();
        (rates, codes, sources)
    }

    fn check(text: &str, option: Option<&str>, record: &str, source: &str, codes: &[&str]) {
        let (rates, mut found, sources) = read(text, option);
        found.sort();
        assert_eq!(rates.record.to_string(), record, "{text}");
        assert_eq!(sources.last().unwrap().to_string(), source, "{text}");
        assert_eq!(found, codes, "{text}");
    }

    fn event(source: (&str, &str), record: (&str, &str)) -> String {
        format!(
            "1 R A C {} {} {} {}\n",
            source.0, source.1, record.0, record.1
        )
    }

    #[test]
    fn the_highest_record_frame_decides() {
        for (frame, rate) in [
            ("23", "24"),
            ("24", "25"),
            ("25", "30"),
            ("29", "30"),
            ("47", "48"),
            ("49", "50"),
            ("59", "60"),
        ] {
            let out = format!("01:00:01:{frame}");
            let list = event(
                ("10:00:00:00", &format!("10:00:01:{frame}")),
                ("01:00:00:00", &out),
            );
            check(&list, None, rate, rate, &["EDL001"]);
        }
    }

    #[test]
    fn lengths_decide_where_frame_numbers_do_not() {
        let short = event(
            ("10:00:00:20", "10:00:01:10"),
            ("01:00:00:00", "01:00:00:15"),
        );
        check(&short, None, "25", "25", &["EDL001"]);
    }

    #[test]
    fn stray_sources_do_not_raise_the_rate() {
        let mut text = String::new();
        for frame in 0..20 {
            let out = format!("01:00:01:{frame:02}");
            text += &event(
                ("10:00:00:00", &format!("10:00:01:{frame:02}")),
                ("01:00:00:00", &out),
            );
        }
        text += &event(
            ("10:00:00:26", "10:00:01:26"),
            ("01:00:00:00", "01:00:01:00"),
        );
        check(&text, None, "24", "30", &["EDL001"]);
        check(&text, Some("23.976"), "23.976", "29.97", &[]);
    }

    #[test]
    fn drop_frame_by_fcm_or_mark() {
        let plain = event(
            ("10:00:00:00", "10:00:01:00"),
            ("01:00:00:00", "01:00:01:00"),
        );
        let marked = event(
            ("10:00:00;00", "10:00:01;00"),
            ("01:00:00;00", "01:00:01;00"),
        );
        let fast = event(
            ("10:00:00;00", "10:00:01;40"),
            ("01:00:00;00", "01:00:01;40"),
        );
        let (drop, non_drop) = ("FCM: DROP FRAME\n", "FCM: NON-DROP FRAME\n");
        let (df, ndf) = ("29.97 DF", "29.97");
        check(
            &format!("{drop}{plain}"),
            None,
            df,
            df,
            &["EDL001", "EDL003"],
        );
        check(&marked, None, df, df, &["EDL001"]);
        check(&fast, None, "59.94 DF", "59.94 DF", &["EDL001"]);
        check(
            &format!("{non_drop}{marked}"),
            None,
            df,
            df,
            &["EDL001", "EDL002"],
        );
        check(&format!("{plain}{drop}{plain}"), Some(ndf), ndf, df, &[]);
        check(
            &format!("{drop}{plain}{non_drop}{plain}"),
            Some(ndf),
            df,
            ndf,
            &["EDL003"],
        );
        check(
            &format!("{drop}{plain}"),
            Some("24"),
            "24",
            "24",
            &["EDL003", "EDL004"],
        );
        check(&plain, Some(df), df, df, &[]);
        check(&format!("{non_drop}{plain}"), Some(df), df, df, &["EDL004"]);
    }

    #[test]
    fn marked_sources_in_a_list_without() {
        let line = event(
            ("10:00:00;00", "10:00:01;00"),
            ("01:00:00:00", "01:00:01:00"),
        );
        check(&line, Some("24"), "24", "29.97 DF", &[]);
        check(&line, Some("29.97"), "29.97", "29.97 DF", &[]);
    }
}
