//! The findings about media.

use crate::finding::codes;

codes! {
    FOLDER = "MED001", Warning, "a media folder or a part of it cannot be read",
        "A folder could not be listed: it does not exist, or the rights to read it are missing. Sound in it is \
         not found. Check the path and the rights and run again.";
    NOT_SOUND = "MED002", Warning, "a file cannot be read as sound",
        "A file in the media folders has the name or the first bytes of a sound file but cannot be used. It \
         matters only if the cut needs it: then copy it again from the original, or convert it to WAV.";
    DUPLICATE = "MED003", Warning, "the same recording lies in several places",
        "Several files have the name that the cut asks for, and their length, format, time and (as far as it was \
         compared) content are the same. The one with the shortest path was taken. Remove the copies, or name \
         only the folder that counts.";
    AMBIGUOUS = "MED004", Error, "several different recordings fit",
        "Several files fit what the cut says of the recording, and their content differs. Taking one would be \
         a guess about sound, so none was taken. Name a folder that holds only the right one, or mend the path \
         or the reel in the cut.";
    ELSEWHERE = "MED005", Info, "the recording was found elsewhere than the cut says",
        "The path in the cut does not exist here. The file was found under the media folders by the end of \
         its path, by its name or by its unique identifier. Check it when the name is a common one.";
    OTHER_NAME = "MED006", Warning, "the recording was found under a similar name",
        "No file has the name in the cut. One whose name differs only in its suffix, in punctuation, or \
         in what an eight-character reel name cuts off was taken. Check that it is the right recording.";
    BY_TIME = "MED007", Info, "the recording was found by reel and timecode",
        "The file was found by its tape, scene or take (iXML, bext or file name) and because its time \
         stamp covers the timecode in the cut.";
    MISSING = "MED008", Error, "the recording was not found",
        "No file under the media folders fits what the cut says of the recording. Name the folder that \
         holds it with --media, or go on with silence in its place (--on-missing silence).";
    FROM_HEAD = "MED009", Warning, "the source timecode was counted from the start of the file",
        "The file has no time stamp that covers the source timecode in the cut, but the timecode lies within \
         the file when its first sample counts as 00:00:00:00. That is how editing systems treat files without \
         a time stamp. Check the sync of one clip.";
    FROM_HOUR = "MED010", Warning, "the source timecode was counted from 01:00:00:00",
        "The file has no time stamp, and the source timecode in the cut lies within it only when its first sample \
         counts as 01:00:00:00. Several editing systems give files without a time stamp this start. Check the sync \
         of one clip.";
    OWN_RATE = "MED011", Warning, "the source timecode was read at the frame rate of the file",
        "The file states another family of frame rates than the cut (23.976 and 24, or 29.97 and 30). Compared \
         in real time the source timecode is not in the file; read at the file's own rate it is. Check the frame \
         rate of the cut (--rate) and the sync of one clip.";
    OUTSIDE = "MED012", Error, "the source timecode is not in the file",
        "The file was found, but the stretch that the cut asks for does not lie in it: neither by its time \
         stamp nor counted from its start. Usually another take of the same name was found, or the frame rate of \
         the cut is wrong.";
    LENGTH = "MED014", Warning, "the file holds another length of sound than it states",
        "Decoding gave more or fewer sample frames than the file's header states. What it states beyond the \
         decoded sound cannot be used. Copy the file again from the original.";
    NO_LENGTH = "MED015", Info, "the file does not state its length",
        "The header does not say how long the sound is, as in a stream; it was counted.";
    TRUNCATED = "MED016", Warning, "the file is shorter than it states",
        "The file ends before the sound that its header states: usually an interrupted copy. What is there was \
         used. Copy the file again from the original.";
    EMBEDDED = "MED017", Error, "sound inside the timeline file cannot be read",
        "The cut says that the sound lies inside the timeline's own file or bundle, but it is not there or of a \
         kind that cannot be read. Export the cut with its media as separate files.";
    METADATA = "MED018", Info, "metadata of the sound file contradict each other",
        "The file states a thing twice and differently. The message says which was used.";
    CHECKSUM = "MED019", Warning, "the decoded sound does not agree with the file's checksum",
        "The file carries a checksum of its sound, and what was decoded has another. Either the sound was \
         damaged, or a program cut the file without renewing the checksum. Compare it with the original.";
}
