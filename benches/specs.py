#!/usr/bin/env python3
"""CPU time of a whole package of each delivery spec for a byte of sound, beside that of the default spec.

    python3 benches/specs.py target/release/stemline TIMELINE MEDIA [--runs 3] [--specs NAME,NAME] [--rules FILE]

The default spec is given the layout of the spec beside it. Where that is of fewer bytes, it delivers only its mix, or
its mix, its M&E and as many stems as make about the same number; where it is of more, it is delivered as many times
side by side. The runs alternate; printed are the medians of user and system time, the bytes of all sound files, and the
ratio of CPU time per byte.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import tempfile


def names(binary):
    listed = subprocess.run([binary, "specs"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line[:1].isalpha()]


def layout(binary, spec):
    shown = subprocess.run([binary, "specs", spec], capture_output=True, text=True, check=True).stdout
    lines = (line.split("=") for line in shown.splitlines() if line.startswith("layout"))
    return next(lines)[1].split('"')[1]


def fewer(binary, path, files):
    """Writes the default spec of so many files: the mix, the M&E, and then the stems."""
    shown = subprocess.run([binary, "specs", "dme"], capture_output=True, text=True, check=True).stdout
    values = shown.split("# Where the values come from")[0].split("\n[[")
    if files < 2:
        values = [part for part in values if 'code = "ME"' not in part]
    stems = [part for part in values if part.startswith("stem]]") and "optional = true" not in part]
    silent = stems[: max(0, len(stems) + 2 - max(files, 2))]
    values = [part.replace("]]\n", "]]\ndeliver = false\n") if part in silent else part for part in values]
    with open(path, "w") as file:
        file.write("\n[[".join(values))


def run(command, out, clear=True):
    """CPU seconds and bytes of sound of one conform into a folder."""
    if clear:
        shutil.rmtree(os.path.dirname(out), ignore_errors=True)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    child = subprocess.Popen([*command, "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    # 1 is a file that is off the client's loudness.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}\n{said}")
    sound = [os.path.join(out, name) for name in os.listdir(out) if name.endswith(".wav")]
    return used.ru_utime + used.ru_stime, sum(map(os.path.getsize, sound))


def runs(command, out, times):
    """The same of so many conforms, all of which stay until the next call."""
    all_ = [run(command, f"{out}{number}", clear=number == 0) for number in range(times)]
    return tuple(sum(values) for values in zip(*all_))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("timeline")
    parser.add_argument("media")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--specs")
    parser.add_argument("--rules")
    said = parser.parse_args()
    specs = said.specs.split(",") if said.specs else [n for n in names(said.binary) if n != "dme"]
    print(f"{'spec':22} {'CPU s':>7} {'MB':>6} {'dme s':>7} {'MB':>6} {'per byte':>9}")
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "all", "out")
        conform = [said.binary, "conform", said.timeline, "--media", said.media, "--title", "FILM"]
        conform += ["--rules", said.rules] if said.rules else []
        for spec in specs:
            plain = conform + ["--spec", "dme", "--set", f"layout={layout(said.binary, spec)}"]
            own = conform + ["--spec", spec]
            _, size = run(own, out)
            whole = run(plain, out)[1]
            files = len([name for name in os.listdir(out) if name.endswith(".wav")])
            times = max(1, round(size / whole))
            if size < whole:
                mine = os.path.join(folder, "fewer.toml")
                fewer(said.binary, mine, max(1, round(size / whole * files)))
                plain[plain.index("dme")] = mine
            both = [(run(own, out), runs(plain, out, times)) for _ in range(said.runs)]
            (cpu, size), (base, bytes_) = [
                [statistics.median(value) for value in zip(*one)] for one in zip(*both)
            ]
            ratio = cpu / size / (base / bytes_)
            print(f"{spec:22} {cpu:7.2f} {size / 1e6:6.0f} {base:7.2f} {bytes_ / 1e6:6.0f} {ratio:9.2f}", flush=True)


main()
