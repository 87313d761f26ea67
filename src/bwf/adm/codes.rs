//! What reading ADM metadata notices.

use crate::finding::codes;

codes! {
    BROKEN = "ADM001", Error, "the ADM metadata is damaged",
        "The XML of the axml chunk cannot be read to its end: it is not well-formed, cut off, or breaks a limit. What \
         stood before the fault was used, so objects and blocks may be missing. Export the file again, or go on with \
         what is there by --on-missing silence.";
    MORE = "ADM002", Info, "further findings are not listed",
        "The metadata has so many things to remark that the list was cut. Mend the ones listed and look again.";
    UNKNOWN = "ADM003", Info, "an element of the ADM metadata is not understood",
        "The metadata holds an element or attribute that BS.2076 does not know, or that has no bearing on stems and \
         rendering. It was passed over.";
    VALUE = "ADM004", Warning, "a value of the ADM metadata was not understood",
        "A number, time or flag is not written as BS.2076 wants it, or is not a finite number. The value counts as \
         unset; check the object that it belongs to.";
    NO_MODEL = "ADM005", Warning, "there is no ADM metadata in the axml chunk",
        "The axml chunk holds no audioFormatExtended and no ADM element. Where the chna chunk names common \
         definitions the tracks are used by those.";
    ENCODING = "ADM006", Warning, "the text of the axml chunk is not of its encoding",
        "Some bytes are not text of the encoding that the XML declares (UTF-8 where it declares none). They were \
         replaced; check accented letters in names.";
    TWICE = "ADM007", Warning, "an identity of the ADM metadata stands twice",
        "Two elements have the same identity. References lead to the first one.";
    DANGLING = "ADM008", Warning, "a reference of the ADM metadata leads nowhere",
        "An element refers to an identity that neither the file nor the common definitions (BS.2094) have. The \
         reference was ignored; sound may be missing.";
    LOOP = "ADM009", Error, "references of the ADM metadata go in a circle",
        "Objects or packs contain themselves. The reference that closes the circle was ignored.";
    NO_ID = "ADM010", Warning, "an element of the ADM metadata has no identity",
        "The element cannot be referred to and was ignored, unless it is the only programme.";
    DIALOGUE = "ADM011", Info, "the kind of a content is not stated as the standard wants it",
        "The `dialogue` element has no kind attribute, one that belongs to another value, or a number that the \
         standard does not have. The undefined kind of its value was taken.";
    TOO_MANY = "ADM012", Error, "too many blocks or elements in the ADM metadata",
        "The metadata holds more blocks or elements than three feature films. The rest were ignored.";
    ROUNDED = "ADM013", Info, "block times are rounded and were closed",
        "Blocks of an object end a hundredth of a millisecond before or after the next begins, because the times are \
         written with five decimals. They were joined. With --adm-strict gaps stay open, as BS.2127 reads them.";
    OVERLAP = "ADM014", Warning, "blocks overlap",
        "A block lasts longer than the beginning of the next one. It was ended there.";
    INTERPOLATION = "ADM015", Info, "an interpolation is longer than its block",
        "The interpolationLength of a block is longer than the block. It was shortened to the block, as all tools of \
         the trade do.";
    UNSORTED = "ADM016", Warning, "blocks are not in order of time",
        "The blocks of a channel were sorted by their rtime.";
    TIME_CUT = "ADM017", Info, "a time has more digits than can be kept",
        "A time is written with more than 13 decimals. The rest were cut off, less than a trillionth of a second.";
    HALF_TIMES = "ADM018", Info, "a block has only one of rtime and duration",
        "BS.2076 wants both or none. Without rtime the block starts with its object, without duration it lasts until \
         the next one.";
    CHNA_DIFFERS = "ADM019", Warning, "chna and axml differ",
        "The chna chunk refers to another format or pack for a track than the axml chunk. The axml chunk was used.";
    NO_TRACK = "ADM020", Warning, "a track of the ADM metadata is not in the file",
        "An audioTrackUID has no row in the chna chunk, or one that names a channel that the file does not have. It \
         is silent.";
    STREAM_PACK = "ADM021", Info, "a PCM stream refers to a pack",
        "audioStreamFormat refers to a channel and to a pack, as Dolby's tools write it. The pack was ignored.";
    CHNA_ONLY = "ADM022", Info, "tracks are described by the chna chunk alone",
        "The file has no programmes and objects. Every row of the chna chunk is used with the formats that it names.";
    GUESSED_FORMAT = "ADM023", Warning, "the format of a track was guessed by its number",
        "A track leads to no channel format by its references. The channel format of the same number was taken.";
    CARTESIAN = "ADM024", Warning, "coordinates contradict the cartesian flag",
        "A block's `cartesian` says one kind of coordinates and its positions are of the other. The positions count.";
    DEFAULT_PROGRAMME = "ADM025", Warning, "several programmes, the one with the lowest identity is used",
        "The file holds several programmes and none was chosen. As BS.2127 says, the one with the lowest identity \
         is used. Choose with --programme APR_….";
    ALLOCATION = "ADM026", Error, "the tracks of an object do not fit its packs",
        "The tracks, packs and channels that an object refers to contradict each other: a channel has no track, or a \
         track no channel. The object cannot be rendered as it stands.";
    MISFIT = "ADM044", Warning, "the references of an object are not whole",
        "Channels of an object's packs have no track, or its tracks refer to other packs than the object does. What \
         can be told apart sounds; the rest is silent. Listen to it.";
    AMBIGUOUS = "ADM027", Warning, "the tracks of an object fit its packs in several ways",
        "An object has several tracks for the same channel of several packs. They were taken in the order of the file.";
    COUNTED_ONCE = "ADM028", Warning, "an object stands in several contents",
        "The same object belongs to several contents of the programme, or is reached by several paths. It sounds \
         once.";
    COMPLEMENTARY = "ADM029", Info, "one of several complementary objects is used",
        "Objects are complementary: only one of them sounds, by default the first. Choose another with --select AO_….";
    SILENCED = "ADM030", Warning, "the programme's own version of complementary objects is not the default",
        "Of complementary objects the first one is the default, and it is not in the chosen programme. Read to the \
         letter (--adm-strict) the programme has no sound there; otherwise the version that the programme holds is \
         used.";
    GROUP_VALUES = "ADM031", Warning, "a group of objects has times, gain or offset of its own",
        "An object that holds other objects has values that BS.2127 gives to objects with sound only. Gain, mute and \
         times of the group apply to all that is in it.";
    UNUSABLE_MATRIX = "ADM032", Error, "a matrix cannot be computed",
        "A matrix has no constant coefficients, refers to channels that are not there, or wants a phase shift. What it \
         feeds cannot be rendered.";
    BINAURAL = "ADM033", Warning, "sound for headphones is passed through",
        "Binaural channels are made for headphones; BS.2127 does not render them to loudspeakers. They are passed to \
         left and right as they are. Check that they belong in the mix.";
    NO_SOUND = "ADM034", Info, "an object has no sound",
        "The object refers to no track. Nothing is rendered for it.";
    UNUSABLE = "ADM035", Error, "a format cannot be rendered",
        "The channels of a pack are of a type that BS.2127 does not render, or miss what it needs, such as the order \
         and degree of HOA components.";
    VALUE_SET = "ADM036", Info, "an alternative value set is used",
        "The programme or content chooses other values for an object than its own.";
    NAN_GAIN = "ADM037", Warning, "a gain is not usable",
        "A gain is not a finite number, or above +60 dB. Unity was taken.";
    UNUSED_TRACK = "ADM038", Info, "a track is not part of the programme",
        "A channel of the file belongs to no object of the chosen programme. It does not sound.";
    VERSION = "ADM039", Info, "the version of the ADM metadata is not known",
        "The metadata states a version that is not one of BS.2076-0 to -3. It was read as version 3.";
    MUTED = "ADM042", Warning, "an object is muted",
        "The metadata mutes the object. It does not sound.";
}
