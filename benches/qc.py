#!/usr/bin/env python3
"""CPU time and memory of `stemline qc` against `cat` over the same files, in turns.

    python3 benches/qc.py target/release/stemline FOLDER [--minutes 10] [--files DX,MX,FX,ME,MIX] [--turns 5]

makes a 5.1 package of film-like sound (24 bit, 48 kHz, 52 MB a minute and file) in FOLDER, judges it with and without
what compares files with one another, and takes it away again. Needs numpy.
"""

import argparse
import multiprocessing
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np

RATE = 48_000
MINUTE = 60 * RATE
FULL = 8_388_608


def coloured(chance, tilt, low, high):
    """A minute of noise with a spectrum that falls by `tilt`, between two frequencies, of unit power."""
    spectrum = np.fft.rfft(chance.standard_normal(MINUTE))
    hertz = np.fft.rfftfreq(MINUTE, 1 / RATE)
    hertz[0] = 1
    spectrum *= hertz ** -tilt
    spectrum[(hertz < low) | (hertz > high)] = 0
    sound = np.fft.irfft(spectrum, MINUTE)
    return sound / np.sqrt((sound ** 2).mean())


def swell(chance, rate, share):
    """Levels that change `rate` times a second, silent but for a share of the time."""
    points = int(60 * rate) + 2
    levels = (chance.random(points) < share) * (0.3 + 0.7 * chance.random(points))
    return np.interp(np.arange(MINUTE), np.arange(points) * RATE / rate, levels)


def stem(code, chance):
    """A minute of a stem: L R C LFE Ls Rs."""
    out = np.zeros((MINUTE, 6))
    if code == "DX":
        speech = coloured(chance, 0.6, 90, 9_000) * swell(chance, 5, 0.65) * swell(chance, 0.2, 0.7)
        out[:, 2] = 0.12 * speech
        out[:, 4], out[:, 5] = 0.004 * np.roll(speech, 2_400), 0.004 * np.roll(speech, 3_100)
    elif code == "MX":
        for channel, level in ((0, 0.06), (1, 0.06), (4, 0.03), (5, 0.03)):
            out[:, channel] = level * coloured(chance, 0.9, 35, 16_000) * (0.3 + swell(chance, 1, 0.8))
        out[:, 3] = 0.02 * coloured(chance, 0.3, 20, 80)
    else:
        for channel, level in ((0, 0.03), (1, 0.03), (2, 0.02), (4, 0.02), (5, 0.02)):
            out[:, channel] = 0.3 * level * coloured(chance, 0.7, 25, 20_000)
            for at in chance.integers(0, MINUTE - RATE, 80):
                fade = np.exp(-np.arange(RATE // 2) / 4_000)
                out[at:at + RATE // 2, channel] += 6 * level * fade * chance.standard_normal(RATE // 2)
        out[:, 3] = 0.05 * coloured(chance, 0.3, 20, 80) * swell(chance, 0.5, 0.3)
    return np.round(out * FULL).clip(-FULL, FULL - 1).astype(np.int32)


def write(path, minute, minutes):
    """The minute again and again, as WAVE or RF64."""
    frames = minutes * MINUTE
    size = frames * 18
    fmt = struct.pack("<HHIIHHHHI", 0xFFFE, 6, RATE, RATE * 18, 18, 24, 22, 24, 0x3F)
    fmt += bytes.fromhex("0100000000001000800000aa00389b71")
    head = b"fmt " + struct.pack("<I", len(fmt)) + fmt
    sound = np.ascontiguousarray(minute).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    with open(path, "wb") as file:
        if size + 100 > 0xFFFFFFFF:
            sizes = struct.pack("<QQQI", 4 + 36 + len(head) + 8 + size, size, frames, 0)
            file.write(b"RF64\xff\xff\xff\xffWAVEds64" + struct.pack("<I", 28) + sizes + head + b"data\xff\xff\xff\xff")
        else:
            file.write(b"RIFF" + struct.pack("<I", 4 + len(head) + 8 + size) + b"WAVE" + head + b"data" + struct.pack("<I", size))
        for _ in range(minutes):
            file.write(sound)


def cost(args):
    """Seconds of CPU, user and system, and largest memory in KiB of a program."""
    program = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(program.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def make(package, codes, minutes):
    """The files of the package."""
    package.mkdir(parents=True)
    chance = np.random.default_rng(1)
    stems = {code: stem(code, chance) for code in ("DX", "MX", "FX")}
    stems["ME"] = (stems["MX"] + stems["FX"]).clip(-FULL, FULL - 1)
    stems["MIX"] = (stems["ME"] + stems["DX"]).clip(-FULL, FULL - 1)
    for code in codes:
        write(package / f"Film_{code}.wav", stems[code], minutes)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemline")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--files", default="DX,MX,FX,ME,MIX")
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    package = args.folder / "package"
    # In a process of its own: what starts a program lends it the peak of its own memory.
    maker = multiprocessing.Process(target=make, args=(package, args.files.split(","), args.minutes))
    maker.start()
    maker.join()
    files = sorted(map(str, package.iterdir()))
    judge = [args.stemline, "qc", str(package), "--spec", "dme", "--layout", "5.1"]
    programs = {"cat": ["cat", *files], "one pass": [*judge, "--no-compare"], "measure": [args.stemline, "measure", *files], "all": judge}
    seconds, largest = {name: [] for name in programs}, 0
    for _ in range(args.turns + 1):
        for name, program in programs.items():
            used, kibibytes = cost(program)
            seconds[name].append(used)
            largest = max(largest, kibibytes // 1024 if name != "cat" else 0)
    # The first turn brings the files into memory.
    best = {name: sorted(all[1:])[len(all[1:]) // 2] for name, all in seconds.items()}
    gigabytes = sum(os.path.getsize(file) for file in files) / 1e9
    print(f"{gigabytes:.2f} GB in {len(files)} files of {args.minutes} minutes, at most {largest} MiB in memory; CPU time, medians:")
    for name, value in best.items():
        print(f"  {name}: {value:.2f} s, {value / best['cat']:.1f} times cat")
    shutil.rmtree(package)


if __name__ == "__main__":
    main()
