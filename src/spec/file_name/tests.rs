use super::*;
use crate::time::FrameRate;
use proptest::prelude::*;

fn named(template: &str, title: &str) -> String {
    let spec = Spec::builtin("dme").unwrap();
    let spec = spec.set(&format!("file_name={template}")).unwrap();
    let code = "DX".parse().unwrap();
    spec.name_file(&spec.fields_of(title, &code, &spec.layout, FrameRate::F24))
        .0
}

/// Whether the template has a field.
fn has(spec: &Spec, wanted: Field) -> bool {
    let has = |part: &Part| matches!(part, Part::Field { field, .. } if *field == wanted);
    spec.file_name.parts.iter().any(has)
}

#[test]
fn fields_are_filled_in() {
    assert_eq!(named("{title}_{code}.wav", "My Film"), "My Film_DX.wav");
    assert_eq!(named("{code}-{layout}.wav", "x"), "DX-2.0.wav");
    assert_eq!(named("{title}_{code}{.channel}.wav", "x"), "x_DX.wav");
    assert_eq!(
        named("{code}_{channels}_{rate}_{bits}_{frame_rate}.wav", "x"),
        "DX_2ch_48k_24b_24.wav"
    );
    assert_eq!(
        named("{title}_{code}.wav", "AC/DC: ../live"),
        "AC_DC_ .._live_DX.wav"
    );
    assert_eq!(named("{title}_{code}.wav", "../../etc"), "_._.._etc_DX.wav");
    assert_eq!(named("{title}_{code}.wav", " "), "__DX.wav");
}

#[test]
fn bad_templates_say_where() {
    let check = |template: &str, at: usize, message: &str| {
        let fault = FileName::parse(template).unwrap_err();
        assert_eq!(
            (fault.at, fault.message.as_str()),
            (at, message),
            "{template}"
        );
    };
    check("{title}.wav", 0, "the field `{code}` is missing");
    check("x_{cod}.wav", 2, "there is no field `{cod}`");
    check("x_{code.wav", 2, "`{` without `}`");
    check("a}{code}", 1, "`}` without `{`");
    check("out/{code}.wav", 3, "'/' cannot be part of a file name");
    check(".{code}", 0, "the name starts with a dot");
}

#[test]
fn a_name_that_does_not_lead_back_is_told() {
    let text = Spec::builtin_text("dme").unwrap();
    let spec = Spec::parse(&text.replace("OPT", "FX_DX"), "dme.toml").unwrap();
    let code = "FX_DX".parse().unwrap();
    let fields = spec.fields_of("T", &code, &spec.layout, FrameRate::F24);
    let (name, findings) = spec.name_file(&fields);
    assert_eq!(name, "T_FX_DX.wav");
    assert_eq!(findings[0].code.id, "SPC003");
}

proptest! {
    #[test]
    fn no_title_leads_out_of_the_folder(title in ".*") {
        let name = named("{title}_{code}.wav", &title);
        prop_assert!(!name.contains(['/', '\\']) && !name.starts_with('.'));
        prop_assert!(name.len() <= 255 && name.ends_with("_DX.wav"));
    }

    /// Every file of every spec, whatever its title, reel, frame rate and channel.
    #[test]
    fn every_name_leads_back_to_its_fields(
        title in "[A-Za-z0-9][A-Za-z0-9 ._-]{0,30}",
        pick in any::<(usize, usize, usize, usize)>(),
        reel in prop::option::of(1_u32..100),
    ) {
        let names: Vec<&str> = Spec::names().collect();
        let spec = Spec::builtin(names[pick.0 % names.len()]).unwrap();
        let codes: Vec<_> = spec.codes().collect();
        let code = codes[pick.1 % codes.len()];
        let rate = FrameRate::ALL[pick.2 % FrameRate::ALL.len()];
        let layout = spec.layout_of_code(code).unwrap();
        let mut fields = spec.fields_of(&title, code, &layout, rate);
        if has(&spec, Field::Part) {
            fields.reel = reel;
        }
        if !has(&spec, Field::FrameRate) {
            fields.frame_rate = spec.frame_rates.first().copied().unwrap_or(FrameRate::F24);
        }
        if has(&spec, Field::Channel) && layout.len() > 1 {
            fields.channel = layout.channels().get(pick.3 % layout.len()).copied();
        }
        let (name, findings) = spec.name_file(&fields);
        prop_assert!(findings.iter().all(|f| f.code.id == "SPC001"), "{} {:?}", name, findings);
        if let Some(alphabet) = &spec.alphabet {
            prop_assert_eq!(alphabet.first_illegal(&name), None);
        }
        let read = spec.parse_file_name(&name).unwrap();
        let title = if has(&spec, Field::Title) { spec.safe_title(&title) } else { String::new() };
        prop_assert_eq!(read, FileFields { title, ..fields });
    }
}
