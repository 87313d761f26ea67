"""A 7.1 bed and 16 objects with a block every 10 ms of noise, and how long rendering them to 7.1.4 takes.

adm_scene.py write FILE SECONDS [polar|cartesian]     writes such a file (needs numpy)
adm_scene.py bench STEMLINE SECONDS [polar|cartesian] times `stemline conform` on it, and in turns with it
                                                      `ear-render` where that is installed

Times are those of the processor, user and system, of the whole process, per second of programme: what else
the machine does hardly counts. Each program runs three times; the middle one is told.
"""

import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np

RATE = 48_000
OBJECTS = 16
BLOCKS_A_SECOND = 100
BED_PACK = "AP_0001000f"
BED_CHANNELS = ["01", "02", "03", "04", "0a", "0b", "1c", "1d"]


def clock(blocks):
    seconds = blocks / BLOCKS_A_SECOND
    return f"{int(seconds) // 3600:02}:{int(seconds) % 3600 // 60:02}:{seconds % 60:08.5f}"


def position(azimuth, elevation, mode):
    if mode == "polar":
        names = {"azimuth": azimuth, "elevation": elevation, "distance": 1.0}
        before = ""
    else:
        names = {"X": azimuth / 180, "Y": np.cos(np.radians(azimuth)), "Z": elevation / 60}
        before = "<cartesian>1</cartesian>"
    return before + "".join(f'<position coordinate="{n}">{v:.6f}</position>' for n, v in names.items())


def bed():
    uids = [f"ATU_{i + 1:08x}" for i in range(len(BED_CHANNELS))]
    tracks = "".join(f"<audioTrackUIDRef>{uid}</audioTrackUIDRef>" for uid in uids)
    yield (f'<audioObject audioObjectID="AO_1001" audioObjectName="Bed">'
           f"<audioPackFormatIDRef>{BED_PACK}</audioPackFormatIDRef>{tracks}</audioObject>")
    for uid, channel in zip(uids, BED_CHANNELS):
        yield (f'<audioTrackUID UID="{uid}" sampleRate="{RATE}" bitDepth="24">'
               f"<audioTrackFormatIDRef>AT_000100{channel}_01</audioTrackFormatIDRef>"
               f"<audioPackFormatIDRef>{BED_PACK}</audioPackFormatIDRef></audioTrackUID>")


def moving_object(number, seconds, mode):
    own, uid = f"0003{0x1001 + number:04x}", f"ATU_{9 + number:08x}"
    name = f"Object {number + 1}"
    pcm = 'formatLabel="0001" formatDefinition="PCM"'
    yield (f'<audioObject audioObjectID="AO_{0x1002 + number:04x}" audioObjectName="{name}">'
           f"<audioPackFormatIDRef>AP_{own}</audioPackFormatIDRef><audioTrackUIDRef>{uid}</audioTrackUIDRef></audioObject>")
    yield (f'<audioPackFormat audioPackFormatID="AP_{own}" audioPackFormatName="{name}" typeLabel="0003" '
           f'typeDefinition="Objects"><audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef></audioPackFormat>')
    yield (f'<audioStreamFormat audioStreamFormatID="AS_{own}" audioStreamFormatName="{name}" {pcm}>'
           f"<audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef>"
           f"<audioTrackFormatIDRef>AT_{own}_01</audioTrackFormatIDRef></audioStreamFormat>")
    yield (f'<audioTrackFormat audioTrackFormatID="AT_{own}_01" audioTrackFormatName="{name}" {pcm}>'
           f"<audioStreamFormatIDRef>AS_{own}</audioStreamFormatIDRef></audioTrackFormat>")
    yield (f'<audioTrackUID UID="{uid}" sampleRate="{RATE}" bitDepth="24">'
           f"<audioTrackFormatIDRef>AT_{own}_01</audioTrackFormatIDRef>"
           f"<audioPackFormatIDRef>AP_{own}</audioPackFormatIDRef></audioTrackUID>")
    yield (f'<audioChannelFormat audioChannelFormatID="AC_{own}" audioChannelFormatName="{name}" typeLabel="0003" '
           f'typeDefinition="Objects">')
    azimuth, elevation = random.uniform(-180, 180), random.uniform(0, 30)
    for block in range(int(seconds * BLOCKS_A_SECOND)):
        azimuth = (azimuth + random.uniform(0, 3) + 180) % 360 - 180
        elevation = min(60, max(0, elevation + random.uniform(-1, 1)))
        yield (f'<audioBlockFormat audioBlockFormatID="AB_{own}_{block + 1:08x}" rtime="{clock(block)}" '
               f'duration="{clock(1)}">{position(azimuth, elevation, mode)}</audioBlockFormat>')
    yield "</audioChannelFormat>"


def axml(seconds, mode):
    random.seed(1)
    yield ('<?xml version="1.0" encoding="UTF-8"?><ebuCoreMain xmlns="urn:ebu:metadata-schema:ebuCore_2016">'
           "<coreMetadata><format><audioFormatExtended>")
    yield ('<audioProgramme audioProgrammeID="APR_1001" audioProgrammeName="Bench">'
           "<audioContentIDRef>ACO_1001</audioContentIDRef></audioProgramme>")
    objects = "".join(f"<audioObjectIDRef>AO_{0x1001 + i:04x}</audioObjectIDRef>" for i in range(OBJECTS + 1))
    yield (f'<audioContent audioContentID="ACO_1001" audioContentName="Effects">{objects}'
           '<dialogue nonDialogueContentKind="2">0</dialogue></audioContent>')
    yield from bed()
    for number in range(OBJECTS):
        yield from moving_object(number, seconds, mode)
    yield "</audioFormatExtended></format></coreMetadata></ebuCoreMain>"


def chna():
    rows = [(f"AT_000100{channel}_01", BED_PACK) for channel in BED_CHANNELS]
    rows += [(f"AT_0003{0x1001 + i:04x}_01", f"AP_0003{0x1001 + i:04x}") for i in range(OBJECTS)]
    packed = struct.pack("<HH", len(rows), len(rows))
    for i, (track, pack) in enumerate(rows):
        packed += struct.pack("<H12s14s11sx", i + 1, b"ATU_%08x" % (i + 1), track.encode(), pack.encode())
    return packed


def write(path, seconds, mode):
    channels, frames = len(BED_CHANNELS) + OBJECTS, int(seconds * RATE)
    noise = np.random.default_rng(1).integers(-800_000, 800_000, size=(frames, channels)).astype("<i4")
    sound = noise.view(np.uint8).reshape(frames, channels, 4)[:, :, :3].tobytes()
    fmt = struct.pack("<HHIIHH", 1, channels, RATE, RATE * channels * 3, channels * 3, 24)
    chunks = [(b"fmt ", fmt), (b"chna", chna()), (b"axml", "\n".join(axml(seconds, mode)).encode()), (b"data", sound)]
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in chunks)
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", len(body)) + body)


def cpu(command):
    """Seconds of the processor that a command takes."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def bench(stemline, seconds, mode):
    with tempfile.TemporaryDirectory() as folder:
        file, out = os.path.join(folder, "scene.wav"), os.path.join(folder, "out")
        write(file, seconds, mode)
        conform = [stemline, "conform", file, "--out", out, "--title", "T", "--layout", "7.1.4"]
        commands = {"stemline": [*conform, "--no-measure"], "stemline, measured": conform}
        if shutil.which("ear-render"):
            commands["ear-render"] = ["ear-render", "-s", "4+7+0", file, os.path.join(folder, "ear.wav")]
        times = {name: [] for name in commands}
        for _ in range(3):
            for name, command in commands.items():
                times[name].append(cpu(command) / seconds)
        middle = {name: sorted(all_of)[1] for name, all_of in times.items()}
        for name, value in middle.items():
            print(f"{name}: {value:.4f} s of the processor per second ({mode})")
        if "ear-render" in middle:
            print(f"{middle['ear-render'] / middle['stemline']:.1f} times faster than ear-render")
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    command, target, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    {"write": write, "bench": bench}[command](target, seconds, sys.argv[4] if len(sys.argv) > 4 else "polar")
