//! The classes and properties that this reader knows, found by their numbers in the binary form and
//! by their names in the XML dialects.

use std::collections::BTreeMap;

use super::objects::Auid;
use super::tables::{CLASSES, EXTENSIONS, PROPS, REGISTER_NAMES};

use Class as C;

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
    MetaKind,
    MetaProperty,
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
    StartTime,
    FadeInLength,
    FadeInType,
    FadeOutLength,
    FadeOutType,
    TimecodeStart,
    FramesPerSecond,
    DropFrame,
    TransitionOperation,
    Mobs,
    EssenceData,
    PointValue,
    PointTime,
    DefinitionId,
    DefinitionName,
    IsTimeWarp,
    OperationDefinitions,
    EssenceMobId,
    EssenceStream,
    Locators,
    SampleRate,
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

    /// The class that an object of an unknown one has by where it stands: what describes a source
    /// describes a file, and may say where that is.
    pub(super) fn within(self, property: Option<Prop>) -> Self {
        match (self, property) {
            (C::Other, Some(Prop::Descriptor | Prop::FileDescriptors)) => C::FileDescriptor,
            _ => self,
        }
    }

    /// Whether a mob.
    pub(super) fn is_mob(self) -> bool {
        matches!(self, C::CompositionMob | C::MasterMob | C::SourceMob)
    }
}

/// The fixed properties by their numbers in the binary form.
pub(super) fn numbers() -> BTreeMap<u16, (Prop, Kind)> {
    PROPS.iter().map(|row| (row.1, (row.0, row.4))).collect()
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
            if old {
                [former, current]
            } else {
                [current, former]
            }
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

    use Prop as P;

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
        assert_eq!(
            Names::new(false).class("MaterialPackage"),
            Some(C::MasterMob)
        );
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
        assert_eq!(
            extension(None, "MobAttributeList").unwrap().0,
            P::MobAttributeList
        );
        assert_eq!(extension(None, "x"), None);
    }
}
