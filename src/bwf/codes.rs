//! The findings of reading and writing WAV files.

use crate::finding::codes;

codes! {
    RIFF_SIZE = "WAV001", Info, "the RIFF size is not the file's",
        "The size field in the first eight bytes does not match the length of the file. Many recorders \
         leave it at zero or at its largest value, or do not update it. The file's real length was used; \
         nothing needs to be done.";
    TRUNCATED = "WAV002", Warning, "a chunk runs past the end of the file",
        "A chunk says that it is longer than what is left of the file: the file was cut short, usually by \
         an interrupted copy or a recorder that lost power. What is there was used. Copy the file again from \
         the original and compare lengths.";
    OPEN_ENDED = "WAV003", Warning, "the length of the sound is not stated",
        "The data chunk's size is zero or its largest value, as in a stream or an unfinished recording. \
         Everything up to the end of the file was taken as sound; metadata behind it, if there is any, would be \
         heard as noise at the very end.";
    NO_PAD = "WAV004", Info, "the pad byte of an odd chunk is missing",
        "RIFF wants a pad byte after a chunk of odd length. It is missing here, as in files of several \
         recorders and splitters. The next chunk was found without it.";
    TRAILING = "WAV005", Info, "bytes behind the last chunk were ignored",
        "What follows the last chunk is not a chunk. It was ignored.";
    REPEATED = "WAV006", Warning, "a chunk stands twice",
        "A chunk that may stand once stands again. The first was used, the later ones were ignored. If \
         the sound or the metadata looks wrong, the file was damaged by the program that last wrote it.";
    TOO_LARGE = "WAV007", Warning, "a metadata chunk is too large and was not read",
        "A chunk of metadata is larger than 64 MiB, or all of them together larger than 256 MiB, which no program writes on \
         purpose. It was skipped.";
    TOO_MANY = "WAV008", Warning, "too many chunks or entries",
        "The file holds more chunks, cue points, labels or iXML elements than any real file. The rest were \
         ignored.";
    PART_FRAME = "WAV009", Warning, "the sound ends inside a frame",
        "The length of the data chunk is not a whole number of frames (one sample of every channel). The last, \
         incomplete frame was ignored.";
    FORMAT_FIELD = "WAV010", Info, "a field of the format chunk is wrong",
        "The format chunk contradicts itself in a field that is not needed to read the sound. The others were \
         used.";
    NOT_ASCII = "WAV011", Info, "text of the bext chunk is not ASCII",
        "EBU Tech 3285 allows only ASCII in the bext chunk. The text was read as UTF-8 where it is valid UTF-8, \
         else as Windows Latin 1; check accented letters.";
    SHORT_BEXT = "WAV012", Warning, "the bext chunk is too short",
        "The bext chunk has fewer than the 602 bytes of EBU Tech 3285. The missing fields were taken as unset.";
    BAD_IXML = "WAV013", Warning, "the iXML is not well-formed",
        "The iXML chunk is not well-formed XML. What stood before the fault was used.";
    IXML_VALUE = "WAV014", Warning, "a value of the iXML was not understood",
        "A field of the iXML holds something else than the iXML specification says. The text is kept, but not \
         used.";
    TIME_DIFFERS = "WAV015", Warning, "bext and iXML state different start times",
        "The time reference of the bext chunk and the time stamp of the iXML differ. The bext chunk was used; \
         some editing systems use the iXML. Check the start timecode of this file against the sound report.";
    FORMAT_DIFFERS = "WAV016", Info, "iXML and format chunk differ",
        "The iXML states another sample rate, bit depth or track count than the format chunk. The format \
         chunk was used.";
    NO_DATA = "WAV017", Error, "there is no sound in the file",
        "The file has a format chunk but no data chunk, or the way to it is blocked by a damaged chunk. \
         Copy the file again from the original.";
    DS64 = "WAV018", Warning, "the 64-bit sizes are missing or wrong",
        "An RF64 or BW64 file keeps its real sizes in the ds64 chunk. It is missing, too short, or its sizes do \
         not fit the file. The file's real length was used.";
    BAD_CUES = "WAV019", Warning, "the cue list is damaged",
        "Cue points or their labels are cut off or refer to nothing. Those that are whole were used.";
    BAD_CHNA = "WAV020", Warning, "the chna chunk is damaged",
        "The chna chunk, which ties tracks to the ADM metadata, is too short or states more entries than it \
         has.";
    MD5 = "WAV021", Info, "the checksum of the sound is not one",
        "The `MD5 ` chunk does not hold the 16 bytes of a checksum. It was ignored.";
    WRAPPED = "WAV022", Warning, "the size of the sound is short by a multiple of 4 GiB",
        "The file is longer than 4 GiB, but a RIFF file, whose sizes have 32 bits: the program that wrote it let \
         the size overflow. The end of the sound was found by looking for what follows it. Check the length, and \
         write such files as RF64.";
    IXML_ROUNDED = "WAV023", Info, "a rate of the iXML is written as a rounded number",
        "The iXML specification wants rates as exact fractions such as 24000/1001. The rounded number was taken as \
         the rate of the field that it stands for.";
    UNUSED_BITS = "WAV024", Info, "samples have more bytes than bits",
        "The format chunk states fewer bits than its samples have bytes for, without the extension that says where \
         they lie. They were taken as left-justified, as Microsoft's specification has it. If the sound is \
         silent, they are right-justified: convert the file.";
    WRONG_SIZE = "WAV025", Warning, "the size of a chunk is wrong",
        "What follows a chunk is not a chunk, so its size is wrong. The next chunk was found by looking for it. \
         Check that the sound and its metadata are whole.";
    IXML_ENCODING = "WAV026", Warning, "the encoding of the iXML is a guess",
        "The iXML is neither valid UTF-8 nor UTF-16, and names no other encoding. Check accented letters in names \
         and notes.";
    DATA_FIRST = "WAV027", Info, "the sound stands before its format",
        "RIFF wants the format chunk before the sound. It was found behind it and used; other programs may refuse \
         this file.";
    NOT_TAKEN = "WAV030", Warning, "text was changed to fit the bext chunk",
        "The bext chunk holds ASCII in fields of fixed length (EBU Tech 3285). Accents fell off, other characters \
         became question marks, or the text was cut. The iXML keeps the text as it is.";
    CUE_DROPPED = "WAV031", Warning, "a cue point cannot be written",
        "A cue point or region lies past what the 32-bit fields of a cue list can say. It was left out.";
    IXML_DROPPED = "WAV032", Warning, "an iXML element cannot be written",
        "The name of an element is not an XML name, or it is nested too deeply. It was left out.";
}
