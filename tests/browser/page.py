#!/usr/bin/env python3
"""The HTML reports of `conform` and `qc` in headless Chromium: they open at once, zoom, go to findings, play them,
change colours, say nothing on the console and ask nobody for anything.

    python3 tests/browser/page.py target/release/stemline FOLDER

needs playwright and Chromium (CHROMIUM names the program where it is not `chromium`).
"""

import os
import random
import shutil
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path

from playwright.sync_api import sync_playwright

RATE = 48_000
MOST_BYTES = 5_000_000
MOST_SECONDS = 2.0


def run(*args, status=0):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    assert done.returncode == status, f"{args}: {done.returncode}\n{done.stderr}"


def film_with_findings(stemline, folder):
    """The demonstration film, its music so loud that samples are lost."""
    run(stemline, "demo", folder / "demo")
    demo = folder / "demo"
    (demo / "loud.toml").write_text('[[rule]]\nclip = "1M1"\nstem = "MX"\ngain_db = 24\n')
    run(stemline, "conform", demo / "film_r1_dx.edl", demo / "film_r1_mx_fx.otio", "--media",
        demo / "sound", "--out", folder / "loud", "--title", "LOUD", "--rate", "24",
        "--rules", demo / "loud.toml", "--report", "all")
    return folder / "loud/LOUD_report.html"


def package_with_faults(stemline, folder):
    """The demonstration film as somebody else's package: a gap in the dialogue, the music late and out of the M&E."""
    package = folder / "package"
    package.mkdir(parents=True)
    for path in sorted((folder / "demo/out").glob("*.wav")):
        shutil.copy(path, package)
    for path, change in ((next(package.glob("*_DX.wav")), silence), (next(package.glob("*_MX.wav")), shift)):
        sound = bytearray(path.read_bytes())
        at = sound.index(b"data", 12) + 8
        change(memoryview(sound)[at:])
        path.write_bytes(sound)
    run(stemline, "qc", package, "--spec", "dme", "--rate", "24", "--date", "2026-01-01", "--out",
        folder / "judged", "--report", "all", status=1)
    return next((folder / "judged").glob("*_report.html"))


def silence(sound):
    """20 ms of nothing in the middle of a loud place, on no frame edge."""
    frame = 6
    level = lambda at: sum(abs(int.from_bytes(sound[k * frame:k * frame + 3], "little", signed=True))
                           for k in range(at, at + 400, 8))
    loudest = max(range(RATE, len(sound) // frame - RATE, 4_777), key=level)
    sound[(loudest - 480) * frame:(loudest + 480) * frame] = bytes(960 * frame)


def shift(sound):
    """All of it 480 samples late."""
    moved = bytes(480 * 6) + bytes(sound[:-480 * 6])
    sound[:] = moved


def reel(stemline, folder):
    """A reel of 20 minutes with 800 clips on four tracks."""
    chance = random.Random(7)
    rolls = folder / "rolls"
    rolls.mkdir(parents=True)
    for roll in range(8):
        noise = chance.randbytes(RATE * 2 * 8)
        with wave.open(str(rolls / f"ROLL{roll}.wav"), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            values = struct.unpack(f"<{len(noise) // 2}h", noise)
            out.writeframes(struct.pack(f"<{len(values)}h", *(v // 16 for v in values)))
    names = {"DX": "DIA", "MX": "MX", "FX": "SFX", "BG": "AMB"}
    lists = []
    for track, token in names.items():
        lines = [f"TITLE: {track}", "FCM: NON-DROP FRAME", ""]
        for event in range(200):
            length = chance.randrange(48, 140)
            start = 86_400 + event * 144
            code = lambda frame: f"{frame // 86400:02}:{frame // 1440 % 60:02}:{frame // 24 % 60:02}:{frame % 24:02}"
            # Rolls of its own: what sounds in the dialogue is not to be found in the M&E.
            roll = 2 * list(names).index(track) + chance.randrange(2)
            lines.append(f"{event + 1:03}  ROLL{roll}  A  C  {code(0)} {code(length)} {code(start)} {code(start + length)}")
            lines.append(f"* FROM CLIP NAME: {token} {event + 1:03} ROLL{roll}.wav")
        path = folder / f"{track}_track.edl"
        path.write_text("\n".join(lines) + "\n")
        lists.append(path)
    rules = folder / "rules.toml"
    stems = {"DX": "DX", "MX": "MX", "FX": "FX", "BG": "FX"}
    rules.write_text("".join(f'[[rule]]\ntimeline = "^{t}_"\nstem = "{s}"\n' for t, s in stems.items()))
    run(stemline, "conform", *lists, "--media", rolls, "--out", folder / "reel", "--title", "REEL",
        "--rate", "24", "--rules", rules)
    return folder / "reel/REEL_report.html"


class Reader:
    """A browser window that remembers what went wrong."""

    def __init__(self, browser, **context):
        self.page = browser.new_context(**context).new_page()
        self.wrong, self.asked = [], []
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("request", lambda r: self.asked.append(r.url))

    def open(self, path):
        begun = time.monotonic()
        self.page.goto(path.resolve().as_uri())
        self.page.wait_for_selector("#over:visible")
        return time.monotonic() - begun

    def text(self, selector):
        return self.page.inner_text(selector)

    def path_of(self, selector):
        return self.page.get_attribute(selector, "d")

    def until(self, what, seconds=5.0):
        """Waits until `what()` holds. (Playwright's own waiting evaluates text, which the page forbids.)"""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "waited in vain"
            self.page.wait_for_timeout(30)

    def close(self, path):
        own = path.resolve().as_uri()
        left = [url for url in self.asked if url != own and not url.startswith("data:")]
        assert not left, f"requests left the page: {left}"
        assert not self.wrong, f"on the console: {self.wrong}"
        self.page.context.close()


def check_findings(browser, path):
    reader = Reader(browser, viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = reader.page
    reader.open(path)
    form = ".wave .form"
    whole = reader.path_of(form)
    page.click("#in")
    reader.until(lambda: reader.path_of(form) != whole)
    page.click("#fit")
    reader.until(lambda: reader.path_of(form) == whole)
    start = reader.text("#at")
    page.focus("#over")
    page.keyboard.press("ArrowRight")
    assert reader.text("#at") != start, "an arrow key moves the cursor"
    page.keyboard.press("Home")
    assert reader.text("#at") == start
    # A finding: there, and heard.
    go = page.locator("[data-go]").first
    assert "listen" in go.inner_text().lower(), go.inner_text()
    go.click()
    page.wait_for_selector("#inspector:visible")
    assert reader.text("#at") != start, "a click on a finding goes there"
    assert go.get_attribute("aria-pressed") == "true", "and plays"
    page.wait_for_selector("#head:visible")
    reader.until(lambda: go.get_attribute("aria-pressed") is None)
    page.focus("#over")
    page.keyboard.press("0")
    page.keyboard.press("]")
    page.keyboard.press(" ")
    page.wait_for_selector("#head:visible")
    page.keyboard.press("Escape")
    assert page.locator("#inspector").is_hidden()
    # A clip tells its rule.
    page.click("#fit")
    body = page.locator(".lane.dx .clips").bounding_box()
    page.mouse.click(body["x"] + body["width"] * 0.2, body["y"] + body["height"] / 2)
    assert "Placed by" in reader.text("#inspector"), reader.text("#inspector")
    page.click("#clips summary")
    page.fill("#search", "door")
    assert page.locator("#rows tr").count() == 2
    # Drag to zoom.
    page.evaluate("document.getElementById('timeline').scrollIntoView({ behavior: 'instant' })")
    before = reader.path_of(form)
    over = page.locator("#over").bounding_box()
    page.mouse.move(over["x"] + 300, over["y"] + 60)
    page.mouse.down()
    page.mouse.move(over["x"] + 500, over["y"] + 60, steps=4)
    page.mouse.up()
    reader.until(lambda: reader.path_of(form) != before)
    nameless = page.evaluate("[...document.querySelectorAll('button:not([hidden]), select, input, [role=img], [role=slider]')]"
                             ".filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)")
    assert not nameless, nameless
    reader.close(path)


def check_package(browser, path):
    """The page of `qc`: verdict first, every file with its lane, findings to go to and hear."""
    reader = Reader(browser, viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = reader.page
    reader.open(path)
    verdict = page.locator(".verdict").bounding_box()
    assert "Failed" in reader.text(".verdict h2"), "the verdict is said"
    assert verdict["y"] < page.locator("#files-head").bounding_box()["y"], "and comes first"
    files = page.locator("table.files tbody tr").count()
    assert files == 5, f"{files} files"
    assert page.locator(".wave .form").count() == files, "a lane for each file"
    assert page.locator(".lane.dx .speech").count() == 1, "the dialogue gate is marked"
    codes = reader.text("#findings")
    for code in ("QCS301", "QCY301"):
        assert code in codes, f"{code} is not on the page"
    start = reader.text("#at")
    go = page.locator("[data-go]").first
    go.click()
    page.wait_for_selector("#inspector:visible")
    assert reader.text("#at") != start, "a click on a finding goes there"
    assert go.get_attribute("aria-pressed") == "true", "and plays"
    reader.until(lambda: go.get_attribute("aria-pressed") is None)
    reader.close(path)


def check_looks(browser, path):
    paper = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)[0]"
    for width in (1280, 390):
        reader = Reader(browser, viewport={"width": width, "height": 900}, color_scheme="dark")
        reader.open(path)
        page = reader.page
        assert page.evaluate(paper) < 60, "dark as the system says"
        page.click("#theme span:text('Light')")
        assert page.evaluate(paper) > 200, "light as the reader says"
        page.reload()
        page.wait_for_selector("#over:visible")
        assert page.evaluate(paper) > 200, "and so it stays"
        page.click("#theme span:text('Dark')")
        assert page.evaluate(paper) < 60
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} pixels at {width}"
        page.emulate_media(media="print")
        assert page.evaluate(paper) == 255, "paper is white"
        assert page.locator("#tools").is_hidden()
        reader.close(path)


def check_without_script(browser, path):
    reader = Reader(browser, java_script_enabled=False)
    reader.page.goto(path.resolve().as_uri())
    assert len(reader.path_of(".wave .form")) > 1000, "the plots stand in the page"
    assert reader.page.locator("#tools").is_hidden()
    reader.close(path)


def check_reel(browser, path):
    size = path.stat().st_size
    assert size < MOST_BYTES, f"{size} bytes"
    reader = Reader(browser, viewport={"width": 1280, "height": 900})
    seconds = reader.open(path)
    assert seconds < MOST_SECONDS, f"{seconds:.2f} s to open"
    begun = time.monotonic()
    for _ in range(8):
        reader.page.click("#in")
    reader.page.evaluate("new Promise(requestAnimationFrame)")
    zoomed = time.monotonic() - begun
    reader.close(path)
    print(f"reel of 20 minutes, 800 clips: {size / 1e6:.2f} MB, open in {seconds:.2f} s, 8 zooms in {zoomed:.2f} s")


def main():
    stemline, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    loud, long = film_with_findings(stemline, folder), reel(stemline, folder)
    judged = package_with_faults(stemline, folder)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        check_findings(browser, loud)
        check_package(browser, judged)
        for page in (loud, judged):
            check_looks(browser, page)
        check_without_script(browser, loud)
        check_reel(browser, long)
        browser.close()
    print("the page does what it should")


if __name__ == "__main__":
    main()
