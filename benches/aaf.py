#!/usr/bin/env python3
"""CPU time of reading an AAF of 5,000 clips and some 20 MB, beside pyaaf2 walking the same file.

    python3 benches/aaf.py target/release/stemline [--runs 5]     (pip install pyaaf2)
    python3 benches/aaf.py target/release/stemline --embedded     memory with 2 GiB of embedded sound

The runs alternate; printed are the medians of user and system time, and their ratio.
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile

WALK = """
import sys, aaf2
with aaf2.open(sys.argv[1]) as f:
    count = 0
    def down(segment, depth):
        global count
        if depth > 20:
            return
        for name in ('components', 'segments'):
            for part in getattr(segment, name, None) or ():
                down(part, depth + 1)
        if type(segment).__name__ == 'SourceClip':
            mob, slot = segment.mob, segment.slot
            segment.start, segment.length
            if mob is None:
                count += 1
                return
            mob.name
            d = mob.get('EssenceDescription', None)
            if d is not None:
                d = d.value
                for key in ('SampleRate', 'Length', 'Locator'):
                    if key in d:
                        d[key].value
            if slot is not None:
                down(slot.segment, depth + 1)
        for p in getattr(segment, 'parameters', None) or ():
            p.value if 'Value' in p else None
    for mob in f.content.toplevel():
        for slot in mob.slots:
            down(slot.segment, 0)
    print(count)
"""


def make(path, clips=5000, recordings=2500):
    """Eight tracks of clips with gains; two clips of each recording."""
    import aaf2
    from aaf2.auid import AUID
    from aaf2.rational import AAFRational
    with aaf2.open(path, "w") as f:
        create, dictionary = f.create, f.dictionary
        gain = create.OperationDef(AUID("9d2ea894-0968-11d3-8a38-0050040ef7d2"), "Audio Gain")
        gain.media_kind = "sound"
        gain["IsTimeWarp"].value, gain["Bypass"].value, gain["NumberInputs"].value = False, 0, 1
        gain["OperationCategory"].value = "OperationCategory_Effect"
        dictionary.register_def(gain)
        amplitude = create.ParameterDef(AUID("e4962321-2267-11d3-8a4c-0050040ef7d2"), "Amplitude", "",
                                        dictionary.lookup_typedef("Rational"))
        dictionary.register_def(amplitude)
        masters = []
        for i in range(recordings):
            file = create.SourceMob(f"recording_{i:05}.wav")
            d = create.PCMDescriptor()
            for key, value in (("SampleRate", 48000), ("AudioSamplingRate", 48000), ("Channels", 1), ("QuantizationBits", 24),
                               ("BlockAlign", 3), ("AverageBPS", 144000), ("Length", 4800000)):
                d[key].value = value
            locator = create.NetworkLocator()
            locator["URLString"].value = f"file:///media/recording_{i:05}.wav"
            d["Locator"].append(locator)
            file.descriptor = d
            f.content.mobs.append(file)
            slot = file.create_timeline_slot(48000, slot_id=1)
            slot.segment = create.Filler("sound", 4800000)
            master = create.MasterMob(f"recording_{i:05}")
            f.content.mobs.append(master)
            slot = master.create_timeline_slot(48000, slot_id=1)
            slot.segment = file.create_source_clip(slot_id=1, start=0, length=4800000, media_kind="sound")
            masters.append(master)
        top = create.CompositionMob("reel")
        top.usage = "Usage_TopLevel"
        f.content.mobs.append(top)
        timecode = create.Timecode(24, False)
        timecode.start, timecode.length = 86400, 24 * 3600
        top.create_timeline_slot(24, slot_id=1).segment = timecode
        for track in range(8):
            slot = top.create_timeline_slot(48000, slot_id=track + 2)
            sequence = create.Sequence(media_kind="sound")
            parts = []
            for i in range(track, clips, 8):
                parts.append(create.Filler("sound", 1000 + i))
                group = create.OperationGroup(gain, 48000)
                group.media_kind = "sound"
                constant = create.ConstantValue()
                constant.parameterdef = amplitude
                constant.value = AAFRational(1 + i % 7, 8)
                group["Parameters"].append(constant)
                group.segments.append(masters[i % recordings].create_source_clip(slot_id=1, start=i, length=48000, media_kind="sound"))
                parts.append(group)
            sequence.components.value = parts
            sequence.length = sum(p.length for p in parts)
            slot.segment = sequence


def embed(path, gib=2):
    """A composition over one recording of silence, 2 GiB of it, whose bytes the file does not take from the disk."""
    import aaf2
    with aaf2.open(path, "w") as f:
        create = f.create
        frames = (gib << 30) // 3
        file = create.SourceMob("inside")
        d = create.PCMDescriptor()
        for key, value in (("SampleRate", 48000), ("AudioSamplingRate", 48000), ("Channels", 1), ("QuantizationBits", 24),
                           ("BlockAlign", 3), ("AverageBPS", 144000), ("Length", frames)):
            d[key].value = value
        file.descriptor = d
        f.content.mobs.append(file)
        file.create_timeline_slot(48000, slot_id=1).segment = create.Filler("sound", frames)
        essence = create.EssenceData()
        essence.mob_id = file.mob_id
        f.content.essencedata.append(essence)
        stream = essence.open("w")
        block = bytes(1 << 20)
        for _ in range(gib << 10):
            stream.write(block)
        master = create.MasterMob("inside")
        f.content.mobs.append(master)
        master.create_timeline_slot(48000, slot_id=1).segment = file.create_source_clip(slot_id=1, start=0, length=frames, media_kind="sound")
        top = create.CompositionMob("reel")
        top.usage = "Usage_TopLevel"
        f.content.mobs.append(top)
        timecode = create.Timecode(24, False)
        timecode.start, timecode.length = 86400, 24 * 3600
        top.create_timeline_slot(24, slot_id=1).segment = timecode
        slot = top.create_timeline_slot(48000, slot_id=2)
        sequence = create.Sequence(media_kind="sound")
        sequence.components.value = [master.create_source_clip(slot_id=1, start=i * 48000000, length=480000, media_kind="sound")
                                     for i in range(frames // 48000000)]
        sequence.length = 480000 * (frames // 48000000)
        slot.segment = sequence


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def memory(command):
    """Largest resident memory of a run, in MiB."""
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{command}: {status}")
    return usage.ru_maxrss / 1024


def main():
    stemline, options = sys.argv[1], sys.argv[2:]
    runs = int(options[options.index("--runs") + 1]) if "--runs" in options else 5
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "reel.aaf")
        if "--embedded" in options:
            embed(path)
            out = os.path.join(folder, "out")
            inspect = memory([stemline, "inspect", path])
            conform = memory([stemline, "conform", path, "--out", out, "--title", "T", "--on-unassigned", "FX"])
            print(f"{os.path.getsize(path) / 2**30:.2f} GiB: inspect {inspect:.0f} MiB, conform {conform:.0f} MiB")
            return
        make(path)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(cpu([stemline, "inspect", "--json", path]))
            theirs.append(cpu([sys.executable, "-c", WALK, path]))
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"{os.path.getsize(path) / 1e6:.1f} MB: stemline {a:.3f} s, pyaaf2 {b:.3f} s, ratio {a / b:.3f}")


main()
