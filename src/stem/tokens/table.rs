//! The words that tell a stem, in the languages of the trade.

use super::Meaning::{self, Composite, Either, Is, Trap};
use super::Snare;
use super::Strength::{self, Explicit, Faint, Fair, Off};
use crate::stem::Group::{
    Adr, Backgrounds, Design, Dialogue, Effects, Foley, Hard, LoopGroup, Music, Narration,
    Optional, Pfx, Production, Score, Source, Vocals,
};

/// How much the words tell as the name of a track (or role, tag, folder, timeline), how much in the
/// name of a clip or file, what they mean, and the words; a phrase has spaces. Clip names are free
/// text: a short or common word tells less there.
pub(super) type Row = (Strength, Strength, Meaning, &'static str);

pub(super) const TABLE: &[Row] = &[
    // Dialogue.
    (
        Explicit,
        Explicit,
        Is(Dialogue),
        "DX|DIA|DIAL|DIALOG|DIALOGS|DIALOGUE|DIALOGUES|DIALOUGE|DLG|DXSTEM|DIASTEM|DIAPD|DXPD|FUTZ DX|\
         DIALOGO|DIALOGOS|DIALOGHI|DIALOOG|DIALOGI|DIALOGY|DIYALOG|DIALOGER|REPLIK|REPLIKER|PAROLES|\
         SPRACHE|SPREKEN|ДИАЛОГ|ДИАЛОГИ|РЕПЛИКИ|РЕЧЬ|セリフ|台詞|ダイアログ|ダイアローグ|対白|对白|對白|대사|다이얼로그",
    ),
    (
        Fair,
        Fair,
        Is(Dialogue),
        "FUTZ|VOICES|INTERVIEW|INTERVIEWS|SOT|SOTS|VOIX|STIMMEN|VOCES|VOCI|STEMMER",
    ),
    (Fair, Off, Is(Dialogue), "SPR|VOICE"),
    (Faint, Off, Is(Dialogue), "GUIDE|VF|VFF|VFQ"),
    (
        Explicit,
        Explicit,
        Is(Production),
        "PROD DX|PROD DIA|PROD SOUND|PROD AUDIO|LOCATION AUDIO|SYNC AUDIO|PRODUCTION DX|PRODUCTION SOUND|PRODUCTION AUDIO|PRODUCTION DIALOGUE|\
         LOCATION SOUND|SYNC SOUND|SYNC DX|MIXTRK|O TON|OTON|ORIGINALTON|SON SEUL|SON DIRECT|SON DIRECTS|\
         SONS SEULS|PRESA DIRETTA|SONIDO DIRECTO|SOM DIRETO|同期声|同時録音|동시녹음",
    ),
    (
        Fair,
        Fair,
        Is(Production),
        "PROD|WILD LINES|WILD LINE|SYNC DIALOGUE",
    ),
    (
        Fair,
        Faint,
        Is(Production),
        "BOOM|BOOMS|LAV|LAVS|LAVALIER|PRODUCTION|SYNC|RADIO MIC|RADIO MICS|DIRECTS",
    ),
    (Fair, Off, Is(Production), "BM|RM|RADIOS"),
    (Faint, Off, Is(Production), "RADIO|PLANT|BODY|ISO|ISOS|DIR"),
    (
        Explicit,
        Explicit,
        Is(Adr),
        "ADR|TEMPADR|POSTSYNCHRO|POST SYNCHRO|POST SYNC|POSTSYNC|DOUBLAGE|DOBLAJE|DUBLAGEM|DOPPIAGGIO|\
         NACHSYNCHRON|SYNCHRONTON|アフレコ|吹替|配音|후시녹음|더빙",
    ),
    (
        Fair,
        Fair,
        Is(Adr),
        "LOOPED|EFFORTS|EFFORT|EXERT|EXERTS|EXERTIONS|DUBS|DUBBING",
    ),
    (Faint, Faint, Is(Adr), "LOOP|LOOPS"),
    (
        Explicit,
        Explicit,
        Is(LoopGroup),
        "GRP|GRPS|LOOPGRP|LOOPGROUP|LOOP GROUP|LP GRP|LPGRP|ADR GROUP|GROUP ADR|GROUP DX|ガヤ",
    ),
    (Explicit, Faint, Is(LoopGroup), "GROUP|WALLA|WALLAS"),
    (Fair, Off, Is(LoopGroup), "LG"),
    (Faint, Faint, Either(LoopGroup, Backgrounds), "CROWD|CROWDS"),
    (
        Explicit,
        Explicit,
        Is(Narration),
        "NARR|NARRATION|NARRATOR|NARRATORE|NARRACION|NARRACAO|NARRATIVE VO|VOICEOVER|VOICE OVER|\
         VOICE OFF|VOIX OFF|V O|LOCUCION|LOCUCAO|SPRECHER|COMMENTAIRE|KOMMENTAR|LEKTOR|ДИКТОР|\
         ナレーション|ナレ|旁白|나레이션|내레이션|AUDIO DESCRIPTION|AUDIODESCRIPTION|HORFILM",
    ),
    (Explicit, Faint, Is(Narration), "NAR"),
    (Fair, Faint, Is(Narration), "COMMENTARY|VOICEOVERS"),
    (Fair, Off, Is(Narration), "COMM|OFF TON"),
    (Fair, Fair, Trap(Snare::Vo), "VO"),
    (Faint, Off, Trap(Snare::Vi), "VI"),
    (Faint, Off, Trap(Snare::Ad), "AD"),
    (Faint, Off, Trap(Snare::Vox), "VOX"),
    // Music.
    (
        Explicit,
        Explicit,
        Is(Music),
        "MX|MUS|MUSIC|TEMPMX|MXSTEM|MXPD|MUSIK|MUSIKK|MUSIQUE|MUSIQUES|MUSICA|MUSICAS|MUSICHE|MUZIEK|\
         MUZYKA|MUZIK|HUDBA|MUSIIKKI|МУЗЫКА|BGM|音楽|音乐|音樂|劇伴|음악|PRODUCTION MUSIC|LIBRARY MUSIC|\
         PROD MUSIC|STOCK MUSIC",
    ),
    (Fair, Off, Is(Music), "MU"),
    (
        Explicit,
        Explicit,
        Is(Score),
        "SCORE|UNDERSCORE|OST|ORCHESTRA|ORCH",
    ),
    (Fair, Faint, Is(Score), "SCO|CUES|SOUNDTRACK|THEME"),
    (Faint, Off, Is(Score), "CUE"),
    (
        Explicit,
        Explicit,
        Is(Source),
        "SOURCE MUSIC|SOURCE MX|SRC MUSIC|SRC MX|MX SRC|MX SOURCE|MUSIC SOURCE|DIEGETIC MUSIC",
    ),
    (Fair, Faint, Trap(Snare::Src), "SRC"),
    (Faint, Off, Is(Source), "SOURCE"),
    (
        Fair,
        Fair,
        Is(Music),
        "SONG|SONGS|JINGLE|NEEDLEDROP|NEEDLE DROP",
    ),
    (
        Faint,
        Faint,
        Either(Music, Design),
        "STING|STINGER|STINGS|STINGERS",
    ),
    (
        Fair,
        Fair,
        Is(Vocals),
        "VOCAL|VOCALS|LEAD VOX|BACKING VOX|BGV|BGVS|MX VOX|CHOIR",
    ),
    (
        Fair,
        Faint,
        Is(Music),
        "DRUM|DRUMS|PERC|PERCUSSION|STRINGS|BRASS|WOODWINDS|GUITAR|GUITARS|GTR|PIANO|SYNTH|SYNTHS|PADS",
    ),
    // Effects.
    (
        Explicit,
        Explicit,
        Is(Effects),
        "FX|SFX|EFX|SOUND EFFECTS|SOUND FX|SOUNDFX|EFFECTS|FXSTEM|SFXSTEM|FFFX|FXPD|EFFETS|EFFEKTE|\
         EFFEKTER|EFFECTEN|EFECTOS|EFECTO|EFEITOS|EFFETTI|RUMORI|RUIDOS|GERAUSCHE|GERAUSCH|GERAEUSCHE|\
         EFEKTY|EFEKT|RUCHY|ШУМЫ|ЭФФЕКТЫ|効果音|効果|音效|효과음|이펙트",
    ),
    (Fair, Off, Is(Effects), "SE|GER|LFE"),
    (
        Explicit,
        Explicit,
        Is(Hard),
        "HFX|HARDFX|HARD FX|HARD EFFECTS|SPOT FX|SPOT EFFECTS|CUT FX",
    ),
    (Faint, Off, Is(Hard), "SPOT|SPOTS"),
    (
        Fair,
        Fair,
        Is(Design),
        "DSGN|SOUND DESIGN|SOUNDDESIGN|SD FX|DESIGN FX|FX DESIGN",
    ),
    (Fair, Faint, Is(Design), "DESIGN"),
    (Fair, Off, Is(Design), "DES"),
    (
        Explicit,
        Explicit,
        Is(Backgrounds),
        "BG|BGS|BGFX|BG WALLA|WALLA BG|BG CROWD|CROWD BG|BG FX|BGND|BKG|BKGD|BACKGROUND|BACKGROUNDS|AMB|AMBS|AMBIENCE|AMBIENCES|AMBIANCE|\
         AMBIANCES|AMBIENT|AMBIENTE|AMBIENTES|AMBIENTI|ATM|ATMO|ATMOSPHERE|ATMOSPHERES|ATMOSFERA|FONDS|\
         АТМОСФЕРА|ФОНЫ|環境音|环境音|环境|앰비언스|앰비",
    ),
    (
        Fair,
        Faint,
        Is(Backgrounds),
        "ROOMTONE|ROOM TONE|ROOMTONES|ROOM TONES|SALA|SALAS",
    ),
    (Fair, Off, Is(Backgrounds), "RT|REAX|AUDIENCE"),
    (Fair, Faint, Trap(Snare::Atmos), "ATMOS"),
    (
        Explicit,
        Explicit,
        Is(Foley),
        "FOL|FOLEY|FOLEYS|FOLY|BRUITAGE|BRUITAGES|FOLEYTRK|FEET FOLEY|生音|フォーリー|拟音|擬音|폴리",
    ),
    (
        Fair,
        Faint,
        Is(Foley),
        "FOOTSTEPS|FOOTSTEP|FEET|PROPS|CLOTH|FTSTEPS|FTSTPS",
    ),
    (Fair, Off, Is(Foley), "FT|FS|FLY|MOVES"),
    (
        Explicit,
        Explicit,
        Is(Pfx),
        "PFX|PRODFX|PROD FX|PROD SFX|PROD EFX|PRODUCTION FX|PRODUCTION SFX|PRODUCTION EFFECTS|PX FX",
    ),
    // Neither.
    (
        Explicit,
        Explicit,
        Is(Optional),
        "OPT|OPTA|OPTB|OPTC|OPTS|OPTIONAL|OPTIONALS",
    ),
    (
        Explicit,
        Explicit,
        Composite,
        "M E|M AND E|MUSIC EFFECTS|MUSIC AND EFFECTS|MUSIC FX|MNE|MANDE|MIXDOWN|PRINTMASTER|PRINT MASTER|FULL MIX|FULLMIX|FINAL MIX|STEREO MIX|\
         REFMIX|REF MIX|TEMP MIX|MIX MINUS|COMPLETE MAIN",
    ),
    (
        Fair,
        Off,
        Composite,
        "ME|IT|PM|PGM|MIX|REF|REFERENCE|SCRATCH",
    ),
];
