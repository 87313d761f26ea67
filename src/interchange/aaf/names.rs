//! The classes and properties that this reader knows, with their numbers in the binary form and
//! their names in the XML dialects.
//!
//! Source: AAF Object Specification 1.1.1, the reference writer's names of 2005 and 2009, and the
//! extensions that Media Composer, Pro Tools, Premiere and Resolve define in their files. What is not
//! listed is not read.

use std::collections::BTreeMap;

use super::objects::Auid;

/// A class of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Sequence,
    SourceClip,
    Filler,
    Transition,
    OperationGroup,
    NestedScope,
    ScopeReference,
    Selector,
    EssenceGroup,
    Pulldown,
    Timecode,
    Event,
    CommentMarker,
    DescriptiveMarker,
    SourceReference,
    ContentStorage,
    ControlPoint,
    DataDefinition,
    OperationDefinition,
    Dictionary,
    EssenceData,
    FileDescriptor,
    AifcDescriptor,
    WaveDescriptor,
    SoundDescriptor,
    Aes3Descriptor,
    PcmDescriptor,
    MultipleDescriptor,
    PictureDescriptor,
    TapeDescriptor,
    FilmDescriptor,
    PhysicalDescriptor,
    ImportDescriptor,
    RecordingDescriptor,
    Header,
    Identification,
    NetworkLocator,
    TextLocator,
    CompositionMob,
    MasterMob,
    SourceMob,
    EventMobSlot,
    StaticMobSlot,
    TimelineMobSlot,
    ConstantValue,
    VaryingValue,
    TaggedValue,
    ClassDefinition,
    PropertyDefinition,
    MetaDictionary,
    /// Any other: its properties are not read.
    Other,
}

/// A property of a class, named for what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prop {
    DataDefinition,
    Length,
    ComponentComments,
    ComponentAttributes,
    Position,
    EventComment,
    Operation,
    InputSegments,
    Parameters,
    ScopeSlots,
    InputSegment,
    PulldownKind,
    PulldownDirection,
    RelativeScope,
    RelativeSlot,
    Choices,
    Selected,
    Alternates,
    Components,
    SourceId,
    SourceSlotId,
    ChannelIds,
    MonoSourceSlotIds,
    StartTime,
    FadeInLength,
    FadeInType,
    FadeOutLength,
    FadeOutType,
    TimecodeStart,
    FramesPerSecond,
    DropFrame,
    TransitionOperation,
    CutPoint,
    Mobs,
    EssenceData,
    PointValue,
    PointTime,
    DefinitionId,
    DefinitionName,
    IsTimeWarp,
    OperationDefinitions,
    DataDefinitions,
    EssenceMobId,
    EssenceStream,
    Locators,
    SampleRate,
    EssenceLength,
    AifcSummary,
    WaveSummary,
    Content,
    Dictionary,
    Identifications,
    CompanyName,
    ProductName,
    ProductVersion,
    Url,
    LocationName,
    MobId,
    MobName,
    Slots,
    MobComments,
    MobAttributes,
    UsageCode,
    Descriptor,
    SlotId,
    SlotName,
    Segment,
    TrackNumber,
    EventEditRate,
    EventOrigin,
    EditRate,
    Origin,
    ParameterId,
    ConstantValue,
    Interpolation,
    PointList,
    TagName,
    TagValue,
    DescribedSlots,
    AudioSampleRate,
    ChannelCount,
    QuantizationBits,
    BlockAlign,
    FileDescriptors,
    ClassDefinitions,
    ParentClass,
    ClassProperties,
    LocalId,
    MetaId,
    MetaName,
    ComponentAttributeList,
    MobAttributeList,
    SlotAttributeList,
    MarkerAttributeList,
    MarkerColour,
    MarkerUser,
    PointProperties,
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An integer, boolean or enumeration.
    Integer,
    /// A fraction.
    Rational,
    /// Text.
    Text,
    /// An identifier.
    Auid,
    /// A weak reference to a definition, kept as its identifier.
    Reference,
    /// A reference to a mob.
    MobId,
    /// An owned object.
    Object,
    /// A vector or set of owned objects.
    Objects,
    /// Several integers.
    Integers,
    /// Bytes.
    Bytes,
    /// A stream of essence.
    Stream,
    /// A value with its own type beside it.
    Indirect,
}

use Class as C;
use Kind as K;
use Prop as P;

/// Class, the eight digits of its identifier that tell it apart (AAF Object Specification, annex B),
/// its name of 2009 and, where that was another, of 2005.
const CLASSES: &[(Class, u32, &str, &str)] = &[
    (C::Sequence, 0x0101_0f00, "Sequence", ""),
    (C::SourceClip, 0x0101_1100, "SourceClip", ""),
    (C::Filler, 0x0101_0900, "Filler", ""),
    (C::Transition, 0x0101_1700, "Transition", ""),
    (C::OperationGroup, 0x0101_0a00, "OperationGroup", ""),
    (C::NestedScope, 0x0101_0b00, "NestedScope", ""),
    (C::ScopeReference, 0x0101_0d00, "ScopeReference", ""),
    (C::Selector, 0x0101_0e00, "Selector", ""),
    (C::EssenceGroup, 0x0101_0500, "EssenceGroup", ""),
    (C::Pulldown, 0x0101_0c00, "Pulldown", ""),
    (C::Timecode, 0x0101_1400, "Timecode", ""),
    (C::Event, 0x0101_0600, "Event", ""),
    (C::CommentMarker, 0x0101_0800, "CommentMarker", ""),
    (C::DescriptiveMarker, 0x0101_4100, "DescriptiveMarker", ""),
    (C::SourceReference, 0x0101_1000, "SourceReference", ""),
    (C::ContentStorage, 0x0101_1800, "ContentStorage", ""),
    (C::ControlPoint, 0x0101_1900, "ControlPoint", ""),
    (C::DataDefinition, 0x0101_1b00, "DataDefinition", ""),
    (C::OperationDefinition, 0x0101_1c00, "OperationDefinition", ""),
    (C::Dictionary, 0x0101_2200, "Dictionary", ""),
    (C::EssenceData, 0x0101_2300, "EssenceData", ""),
    (C::FileDescriptor, 0x0101_2500, "FileDescriptor", ""),
    (C::AifcDescriptor, 0x0101_2600, "AIFCDescriptor", ""),
    (C::WaveDescriptor, 0x0101_2c00, "WAVEDescriptor", ""),
    (C::SoundDescriptor, 0x0101_4200, "SoundDescriptor", ""),
    (C::Aes3Descriptor, 0x0101_4700, "AES3PCMDescriptor", ""),
    (C::PcmDescriptor, 0x0101_4800, "WAVEPCMDescriptor", "PCMDescriptor"),
    (C::MultipleDescriptor, 0x0101_4400, "MultipleDescriptor", ""),
    (C::PictureDescriptor, 0x0101_2700, "PictureDescriptor", "DigitalImageDescriptor"),
    (C::PictureDescriptor, 0x0101_2800, "CDCIDescriptor", ""),
    (C::PictureDescriptor, 0x0101_2900, "RGBADescriptor", ""),
    (C::TapeDescriptor, 0x0101_2e00, "TapeDescriptor", ""),
    (C::FilmDescriptor, 0x0101_2d00, "FilmDescriptor", ""),
    (C::PhysicalDescriptor, 0x0101_4900, "PhysicalDescriptor", ""),
    (C::ImportDescriptor, 0x0101_4a00, "ImportDescriptor", ""),
    (C::RecordingDescriptor, 0x0101_4b00, "RecordingDescriptor", ""),
    (C::Header, 0x0101_2f00, "Preface", "Header"),
    (C::Identification, 0x0101_3000, "Identification", ""),
    (C::NetworkLocator, 0x0101_3200, "NetworkLocator", ""),
    (C::TextLocator, 0x0101_3300, "TextLocator", ""),
    (C::CompositionMob, 0x0101_3500, "CompositionPackage", "CompositionMob"),
    (C::MasterMob, 0x0101_3600, "MaterialPackage", "MasterMob"),
    (C::SourceMob, 0x0101_3700, "SourcePackage", "SourceMob"),
    (C::EventMobSlot, 0x0101_3900, "EventTrack", "EventMobSlot"),
    (C::StaticMobSlot, 0x0101_3a00, "StaticTrack", "StaticMobSlot"),
    (C::TimelineMobSlot, 0x0101_3b00, "TimelineTrack", "TimelineMobSlot"),
    (C::ConstantValue, 0x0101_3d00, "ConstantValue", ""),
    (C::VaryingValue, 0x0101_3e00, "VaryingValue", ""),
    (C::TaggedValue, 0x0101_3f00, "TaggedValue", ""),
    (C::ClassDefinition, 0x0201_0000, "ClassDefinition", ""),
    (C::PropertyDefinition, 0x0202_0000, "PropertyDefinition", ""),
    (C::MetaDictionary, 0x0225_0000, "MetaDictionary", ""),
];

/// Property, its number in the binary form, its name of 2009 and, where that was another, of 2005.
#[rustfmt::skip]
const PROPS: &[(Prop, u16, &str, &str, Kind)] = &[
    (P::DataDefinition, 0x0201, "ComponentDataDefinition", "", K::Reference),
    (P::Length, 0x0202, "ComponentLength", "", K::Integer),
    (P::ComponentComments, 0x0204, "ComponentUserComments", "", K::Objects),
    (P::ComponentAttributes, 0x0205, "ComponentAttributes", "", K::Objects),
    (P::Position, 0x0601, "EventPosition", "Position", K::Integer),
    (P::EventComment, 0x0602, "EventComment", "Comment", K::Text),
    (P::Operation, 0x0b01, "Operation", "", K::Reference),
    (P::InputSegments, 0x0b02, "InputSegments", "", K::Objects),
    (P::Parameters, 0x0b03, "Parameters", "", K::Objects),
    (P::ScopeSlots, 0x0c01, "NestedScopeTracks", "NestedScopeSlots", K::Objects),
    (P::InputSegment, 0x0d01, "InputSegment", "", K::Object),
    (P::PulldownKind, 0x0d02, "PulldownKind", "", K::Integer),
    (P::PulldownDirection, 0x0d03, "PulldownDirection", "", K::Integer),
    (P::RelativeScope, 0x0e01, "RelativeScope", "", K::Integer),
    (P::RelativeSlot, 0x0e02, "RelativeTrack", "RelativeSlot", K::Integer),
    (P::Choices, 0x0501, "Choices", "", K::Objects),
    (P::Selected, 0x0f01, "SelectedSegment", "Selected", K::Object),
    (P::Alternates, 0x0f02, "AlternateSegments", "Alternates", K::Objects),
    (P::Components, 0x1001, "ComponentObjects", "Components", K::Objects),
    (P::SourceId, 0x1101, "SourcePackageID", "SourceID", K::MobId),
    (P::SourceSlotId, 0x1102, "SourceTrackID", "SourceMobSlotID", K::Integer),
    (P::ChannelIds, 0x1103, "ChannelIDs", "", K::Integers),
    (P::MonoSourceSlotIds, 0x1104, "MonoSourceTrackIDs", "MonoSourceSlotIDs", K::Integers),
    (P::StartTime, 0x1201, "StartPosition", "StartTime", K::Integer),
    (P::FadeInLength, 0x1202, "FadeInLength", "", K::Integer),
    (P::FadeInType, 0x1203, "FadeInType", "", K::Integer),
    (P::FadeOutLength, 0x1204, "FadeOutLength", "", K::Integer),
    (P::FadeOutType, 0x1205, "FadeOutType", "", K::Integer),
    (P::TimecodeStart, 0x1501, "StartTimecode", "TimecodeStart", K::Integer),
    (P::FramesPerSecond, 0x1502, "FramesPerSecond", "FPS", K::Integer),
    (P::DropFrame, 0x1503, "DropFrame", "Drop", K::Integer),
    (P::TransitionOperation, 0x1801, "TransitionOperation", "TransitionOperationGroup", K::Object),
    (P::CutPoint, 0x1802, "CutPoint", "", K::Integer),
    (P::Mobs, 0x1901, "Packages", "Mobs", K::Objects),
    (P::EssenceData, 0x1902, "EssenceDataObjects", "ContentStorageEssenceData", K::Objects),
    (P::PointValue, 0x1a02, "ControlPointValue", "", K::Indirect),
    (P::PointTime, 0x1a03, "ControlPointTime", "Time", K::Rational),
    (P::DefinitionId, 0x1b01, "DefinitionObjectIdentification", "", K::Auid),
    (P::DefinitionName, 0x1b02, "DefinitionObjectName", "", K::Text),
    (P::IsTimeWarp, 0x1e02, "IsTimeWarp", "", K::Integer),
    (P::OperationDefinitions, 0x2603, "OperationDefinitions", "", K::Objects),
    (P::DataDefinitions, 0x2605, "DataDefinitions", "", K::Objects),
    (P::EssenceMobId, 0x2701, "LinkedPackageID", "EssenceDataMobID", K::MobId),
    (P::EssenceStream, 0x2702, "EssenceStream", "Data", K::Stream),
    (P::Locators, 0x2f01, "Locators", "EssenceDescriptorLocator", K::Objects),
    (P::SampleRate, 0x3001, "SampleRate", "FileDescriptorSampleRate", K::Rational),
    (P::EssenceLength, 0x3002, "EssenceLength", "FileDescriptorLength", K::Integer),
    (P::AifcSummary, 0x3101, "AIFCSummary", "AIFCDescriptorSummary", K::Bytes),
    (P::WaveSummary, 0x3801, "WAVESummary", "WAVEDescriptorSummary", K::Bytes),
    (P::Content, 0x3b03, "ContentStorageObject", "Content", K::Object),
    (P::Dictionary, 0x3b04, "Dictionaries", "HeaderDictionary", K::Object),
    (P::Identifications, 0x3b06, "IdentificationList", "", K::Objects),
    (P::CompanyName, 0x3c01, "ApplicationSupplierName", "CompanyName", K::Text),
    (P::ProductName, 0x3c02, "ApplicationName", "ProductName", K::Text),
    (P::ProductVersion, 0x3c04, "ApplicationVersionString", "ProductVersionString", K::Text),
    (P::Url, 0x4001, "URL", "URLString", K::Text),
    (P::LocationName, 0x4101, "LocationName", "TextLocatorName", K::Text),
    (P::MobId, 0x4401, "PackageID", "MobID", K::MobId),
    (P::MobName, 0x4402, "PackageName", "MobName", K::Text),
    (P::Slots, 0x4403, "PackageTracks", "MobSlots", K::Objects),
    (P::MobComments, 0x4406, "PackageUserComments", "MobUserComments", K::Objects),
    (P::MobAttributes, 0x4409, "PackageAttributes", "MobAttributes", K::Objects),
    (P::UsageCode, 0x4408, "PackageUsage", "UsageCode", K::Auid),
    (P::Descriptor, 0x4701, "EssenceDescription", "", K::Object),
    (P::SlotId, 0x4801, "TrackID", "SlotID", K::Integer),
    (P::SlotName, 0x4802, "TrackName", "SlotName", K::Text),
    (P::Segment, 0x4803, "TrackSegment", "MobSlotSegment", K::Object),
    (P::TrackNumber, 0x4804, "EssenceTrackNumber", "PhysicalTrackNumber", K::Integer),
    (P::EventEditRate, 0x4901, "EventTrackEditRate", "EventMobSlotEditRate", K::Rational),
    (P::EventOrigin, 0x4902, "EventTrackOrigin", "", K::Integer),
    (P::EditRate, 0x4b01, "EditRate", "TimelineMobSlotEditRate", K::Rational),
    (P::Origin, 0x4b02, "Origin", "SlotOrigin", K::Integer),
    (P::ParameterId, 0x4c01, "ParameterDefinitionReference", "Definition", K::Auid),
    (P::ConstantValue, 0x4d01, "Value", "ConstantValueValue", K::Indirect),
    (P::Interpolation, 0x4e01, "Interpolation", "", K::Reference),
    (P::PointList, 0x4e02, "PointList", "", K::Objects),
    (P::TagName, 0x5001, "Tag", "TaggedValueName", K::Text),
    (P::TagValue, 0x5003, "IndirectValue", "TaggedValueValue", K::Indirect),
    (P::DescribedSlots, 0x6102, "DescribedTrackIDs", "DescribedSlots", K::Integers),
    (P::AudioSampleRate, 0x3d03, "AudioSampleRate", "AudioSamplingRate", K::Rational),
    (P::ChannelCount, 0x3d07, "ChannelCount", "Channels", K::Integer),
    (P::QuantizationBits, 0x3d01, "QuantizationBits", "", K::Integer),
    (P::BlockAlign, 0x3d0a, "BlockAlign", "", K::Integer),
    (P::FileDescriptors, 0x3f01, "FileDescriptors", "", K::Objects),
    (P::ClassDefinitions, 0x0003, "ClassDefinitions", "", K::Objects),
    (P::ParentClass, 0x0008, "ParentClass", "", K::Reference),
    (P::ClassProperties, 0x0009, "Properties", "", K::Objects),
    (P::LocalId, 0x000d, "LocalIdentification", "", K::Integer),
    (P::MetaId, 0x0005, "MetaDefinitionIdentification", "", K::Auid),
    (P::MetaName, 0x0006, "MetaDefinitionName", "", K::Text),
];

/// Extension properties by the identifier and the names that producers give them: their numbers
/// differ from file to file.
#[rustfmt::skip]
const EXTENSIONS: &[(Prop, Auid, &str, Kind)] = &[
    (P::ComponentAttributeList, Auid(0x6095_8184_47b1_11d4_a01c_0004_ac96_9f50), "ComponentAttributeList", K::Objects),
    (P::MobAttributeList, Auid(0x6095_8183_47b1_11d4_a01c_0004_ac96_9f50), "MobAttributeList", K::Objects),
    (P::SlotAttributeList, Auid(0x107f_8331_1914_4234_b2c4_5a3e_b755_b7ca), "TimelineMobAttributeList", K::Objects),
    (P::SlotAttributeList, Auid(0x107f_8331_1914_4234_b2c4_5a3e_b755_b7ca), "TimelineMobSlotAttributes", K::Objects),
    (P::MarkerAttributeList, Auid(0xc72c_c817_aac5_499b_af34_bc47_fec1_eaa8), "CommentMarkerAttributeList", K::Objects),
    (P::MarkerColour, Auid(0xe96e_6d44_c383_11d3_a069_0060_94eb_75cb), "CommentMarkerColor", K::Integers),
    (P::MarkerUser, Auid(0xc4c4_5d9a_0967_11d4_a08a_0060_94eb_75cb), "CommentMarkerUSer", K::Text),
    (P::MarkerUser, Auid(0xc4c4_5d9a_0967_11d4_a08a_0060_94eb_75cb), "CommentMarkerUser", K::Text),
    (P::PointProperties, Auid(0x3c1b_48d0_c32c_4ea9_bb9d_35b8_9852_7283), "ControlPointPointProperties", K::Objects),
];

/// The name of a property in ST 2001-1 documents, where it is yet another.
const REGISTER_NAMES: &[(Prop, &str, Kind)] = &[(P::Dictionary, "Dictionary", K::Object)];

/// The identifier of the class with these digits.
const fn class_id(digits: u32) -> u128 {
    0x0d01_0101_0000_0000_060e_2b34_0206_0101 | (digits as u128) << 64
}

impl Class {
    /// The class with this identifier.
    pub(super) fn by_id(id: Auid) -> Option<Self> {
        CLASSES
            .iter()
            .find(|(_, digits, _, _)| class_id(*digits) == id.0)
            .map(|row| row.0)
    }

    /// Whether a mob.
    pub(super) fn is_mob(self) -> bool {
        matches!(self, C::CompositionMob | C::MasterMob | C::SourceMob)
    }

    /// Whether it describes a file. One of picture may hold sound beside it.
    pub(super) fn is_file(self) -> bool {
        matches!(
            self,
            C::FileDescriptor
                | C::AifcDescriptor
                | C::WaveDescriptor
                | C::SoundDescriptor
                | C::Aes3Descriptor
                | C::PcmDescriptor
                | C::MultipleDescriptor
                | C::PictureDescriptor
        )
    }
}

/// A property with this number in the binary form, of the fixed ones.
pub(super) fn property_by_number(number: u16) -> Option<(Prop, Kind)> {
    // The table is in order of the standard's classes, not of numbers.
    PROPS
        .iter()
        .find(|row| row.1 == number)
        .map(|row| (row.0, row.4))
}

/// An extension property by its identifier, else by its name.
pub(super) fn extension(id: Option<Auid>, name: &str) -> Option<(Prop, Kind)> {
    EXTENSIONS
        .iter()
        .find(|row| Some(row.1) == id)
        .or_else(|| EXTENSIONS.iter().find(|row| row.2 == name))
        .map(|row| (row.0, row.3))
}

/// The names of one XML dialect.
#[derive(Debug)]
pub(super) struct Names {
    classes: BTreeMap<&'static str, Class>,
    props: BTreeMap<&'static str, (Prop, Kind)>,
}

impl Names {
    /// The names of 2009 (`old` false) or 2005, with the others where they do not contradict.
    pub(super) fn new(old: bool) -> Self {
        let (mut classes, mut props) = (BTreeMap::new(), BTreeMap::new());
        let pick = |current: &'static str, former: &'static str| {
            let former = if former.is_empty() { current } else { former };
            if old { [former, current] } else { [current, former] }
        };
        for turn in 0..2 {
            for &(class, _, current, former) in CLASSES {
                classes.entry(pick(current, former)[turn]).or_insert(class);
            }
            for &(prop, _, current, former, kind) in PROPS {
                props
                    .entry(pick(current, former)[turn])
                    .or_insert((prop, kind));
            }
        }
        for &(prop, name, kind) in REGISTER_NAMES {
            props.entry(name).or_insert((prop, kind));
        }
        Self { classes, props }
    }

    /// The class with this name.
    pub(super) fn class(&self, name: &str) -> Option<Class> {
        self.classes.get(name).copied()
    }

    /// The property with this name, of the fixed ones.
    pub(super) fn property(&self, name: &str) -> Option<(Prop, Kind)> {
        self.props.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_and_identifiers_stand_once() {
        let numbers: BTreeSet<u16> = PROPS.iter().map(|row| row.1).collect();
        assert_eq!(numbers.len(), PROPS.len());
        let classes: BTreeSet<u32> = CLASSES.iter().map(|row| row.1).collect();
        assert_eq!(classes.len(), CLASSES.len());
    }

    #[test]
    fn both_generations_of_names() {
        for (old, name, prop) in [
            (false, "Value", P::ConstantValue),
            (false, "StartPosition", P::StartTime),
            (true, "StartTime", P::StartTime),
            (true, "Position", P::Position),
            (true, "SlotOrigin", P::Origin),
            (false, "Dictionary", P::Dictionary),
        ] {
            let names = Names::new(old);
            assert_eq!(names.property(name).unwrap().0, prop, "{name}");
        }
        assert_eq!(Names::new(true).class("MasterMob"), Some(C::MasterMob));
        assert_eq!(Names::new(false).class("MaterialPackage"), Some(C::MasterMob));
    }

    #[test]
    fn classes_by_identifier() {
        let id = Auid(0x0d01_0101_0101_3500_060e_2b34_0206_0101);
        assert_eq!(Class::by_id(id), Some(C::CompositionMob));
        assert_eq!(Class::by_id(Auid(0)), None);
    }

    #[test]
    fn extensions_by_identifier_then_name() {
        let user = Auid(0xc4c4_5d9a_0967_11d4_a08a_0060_94eb_75cb);
        assert_eq!(extension(Some(user), "x").unwrap().0, P::MarkerUser);
        assert_eq!(extension(None, "MobAttributeList").unwrap().0, P::MobAttributeList);
        assert_eq!(extension(None, "x"), None);
    }
}
