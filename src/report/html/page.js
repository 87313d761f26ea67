"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const show = (id) => $(id) && ($(id).hidden = false);
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const data = JSON.parse($("data").textContent);

  // Colours: as the system says, unless the reader chose.
  const root = document.documentElement;
  let kept = "auto";
  try { kept = localStorage.getItem("stemline-theme") || "auto"; } catch { /* a page from a file may have no store */ }
  const dress = (theme) => {
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    try { localStorage.setItem("stemline-theme", theme); } catch { /* as above */ }
  };
  for (const input of $("theme").querySelectorAll("input")) {
    input.checked = input.value === kept;
    input.addEventListener("change", () => dress(input.value));
  }
  if (kept !== "auto") dress(kept);
  show("theme");

  // Findings: filters by weight.
  const list = $("list");
  if (list) {
    const weights = ["error", "warning", "waived", "note"];
    const names = { error: "Faults", warning: "Warnings", waived: "Waived", note: "Notes" };
    const count = (weight) => list.querySelectorAll(":scope > li." + weight).length;
    const there = weights.filter(count);
    for (const weight of there.length > 1 ? ["all", ...there] : []) {
      const label = weight === "all" ? "All" : `${names[weight]} ${count(weight)}`;
      const button = make("button", { type: "button", "aria-pressed": weight === "all" }, label);
      button.addEventListener("click", () => {
        for (const other of $("filters").children) other.setAttribute("aria-pressed", other === button);
        for (const item of list.children) item.hidden = weight !== "all" && !item.classList.contains(weight);
      });
      $("filters").append(button);
    }
    show("filters");
  }
  const stage = $("stage");
  if (!stage) return;

  // Time: sample frames of the axis; timecode by SMPTE ST 12-1, frames counted from midnight.
  const two = (n) => String(n).padStart(2, "0");
  const timecode = (at) => {
    at = Math.max(0, Math.round(at));
    if (!data.fps || data.origin === null) {
      const s = at / data.rate;
      return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${(s % 60).toFixed(3).padStart(6, "0")}`;
    }
    const [num, den, nominal, drop] = data.fps;
    // A frame begins at the nearest sample, halves upwards.
    let frame = Number(((2n * BigInt(data.origin + at) + 1n) * BigInt(num) - 1n) / (2n * BigInt(data.rate) * BigInt(den)));
    if (drop) {
      const minute = nominal * 60 - drop, ten = nominal * 600 - drop * 9;
      const tens = Math.floor(frame / ten), rest = frame % ten;
      frame += drop * 9 * tens + (rest >= drop ? drop * Math.floor((rest - drop) / minute) : 0);
    }
    const s = Math.floor(frame / nominal), mark = drop ? ";" : ":";
    const wide = nominal > 100 ? 3 : 2;
    return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}${mark}${String(frame % nominal).padStart(wide, "0")}`;
  };
  const frame = data.fps ? (data.rate * data.fps[1]) / data.fps[0] : data.rate / 100;
  const figure = (value, digits = 1) => (value === null ? "–" : value.toFixed(digits).replace("-", "−"));
  const number = (n) => n.toLocaleString("en-GB");

  // What the numbers of the page stand for.
  const words = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Int16Array(bytes.buffer);
  };
  const lanes = data.lanes.map((lane, i) => ({
    ...lane,
    wave: words(lane.wave),
    m: words(lane.momentary.values),
    s: words(lane.short.values),
    element: stage.querySelector(`[data-lane="${i}"]`),
    clips: [],
  }));
  const clips = data.clips.map((row, id) => {
    const text = (i) => data.words[row[i]];
    const clip = {
      id, lane: row[0], at: row[1], length: row[2], fades: [row[3], row[4]], from: row[5], name: text(6), event: text(7), timeline: text(8),
      track: text(9), source: text(10), found: text(11), gain: text(12), rule: text(13), evidence: row.slice(14).map((word) => data.words[word]),
    };
    lanes[clip.lane].clips.push(clip);
    return clip;
  });
  const marks = data.marks.map((mark) => ({ ...mark }));
  const inTime = [...marks].sort((a, b) => a.at - b.at);

  // The view: from `a` to `b` on the axis.
  const view = { a: 0, b: data.length };
  let cursor = 0, chosen = null, width = 1200;
  const least = Math.min(data.length, Math.max(64, data.rate / 50));
  const x = (at) => ((at - view.a) / (view.b - view.a)) * width;
  const at = (px) => view.a + (px / width) * (view.b - view.a);
  const percent = (place) => `${(100 * (place - view.a)) / (view.b - view.a)}%`;

  const waveform = (lane, from, to, columns, high) => {
    const half = high / 2, step = (to - from) / columns, bins = lane.wave.length / 2;
    const bin = (place) => (place - lane.offset) / lane.scale / lane.bin;
    const y = (sample) => half - Math.sign(sample) * Math.sqrt(Math.min(1, Math.abs(sample) / 32768)) * (half - 1);
    const tops = [], bottoms = [];
    for (let column = 0; column <= columns; column++) {
      const first = Math.max(0, Math.floor(bin(from + column * step)));
      const last = Math.min(bins, Math.max(first + 1, Math.floor(bin(from + (column + 1) * step))));
      if (first >= bins || bin(from + column * step) < 0) continue;
      let low = 32767, top = -32768;
      for (let i = first; i < last; i++) {
        if (lane.wave[2 * i] < low) low = lane.wave[2 * i];
        if (lane.wave[2 * i + 1] > top) top = lane.wave[2 * i + 1];
      }
      tops.push(`${column} ${y(top).toFixed(1)}`);
      bottoms.push(`${column} ${y(low).toFixed(1)}`);
    }
    return tops.length ? `M${tops.join("L")}L${bottoms.reverse().join("L")}Z` : "";
  };
  const level = (value, high) => Math.min(high + 2, Math.max(-2, ((data.top - value) * high) / data.span));
  const curve = (lane, values, shape, high) => {
    const place = (i) => lane.offset + ((shape.first + i * shape.step) * data.rate) / 10;
    const stride = shape.step * data.rate / 10;
    const first = Math.max(0, Math.floor((view.a - place(0)) / stride) - 1);
    const last = Math.min(values.length, Math.ceil((view.b - place(0)) / stride) + 2);
    const many = Math.max(1, Math.floor((last - first) / width));
    let path = "", rests = true;
    for (let i = first; i < last; i += many) {
      let value = -32768;
      for (let k = i; k < Math.min(last, i + many); k++) value = Math.max(value, values[k]);
      if (value === -32768) { rests = true; continue; }
      path += `${rests ? "M" : "L"}${x(place(i + many - 1)).toFixed(1)} ${level(value / 10, high).toFixed(1)}`;
      rests = false;
    }
    return path;
  };
  const box = (from, to, y, high) => {
    const left = Math.max(-2, x(from)), right = Math.min(width + 2, x(to));
    return right < left ? "" : `M${left.toFixed(1)} ${y}H${Math.max(right, left + 0.7).toFixed(1)}V${high}H${left.toFixed(1)}Z`;
  };

  const drawLane = (lane) => {
    const svg = lane.element.querySelector(".wave"), high = 100;
    svg.setAttribute("viewBox", `0 0 ${width} ${high}`);
    svg.querySelector(".form").setAttribute("d", waveform(lane, view.a, view.b, width, high));
    svg.querySelector(".guide").setAttribute("d", `M0 50H${width}M0 25H${width}M0 75H${width}`);
    const speech = svg.querySelector(".speech");
    if (speech) speech.setAttribute("d", lane.speech.map(([from, to]) => box(from, to, 0, high)).join(""));
    const peak = lane.element.querySelector(".peak");
    if (peak) peak.style.left = percent(lane.peaks.reduce((best, next) => (next[2] > best[2] ? next : best))[1]);
    drawClips(lane);
    for (const flag of lane.element.querySelectorAll(".flag")) place(flag, marks[flag.dataset.mark]);
  };
  const drawClips = (lane) => {
    const svg = lane.element.querySelector(".clips");
    if (!svg) return;
    svg.setAttribute("viewBox", `0 0 ${width} 15`);
    const seen = lane.clips.filter((clip) => clip.at < view.b && clip.at + clip.length > view.a);
    const shapes = (some) => some.map((clip) => box(clip.at, clip.at + clip.length, 1, 14)).join("");
    const on = seen.filter((clip) => chosen && chosen.clip === clip);
    const path = (d, kind) => {
      const element = document.createElementNS(svg.namespaceURI, "path");
      element.setAttribute("d", d);
      if (kind) element.setAttribute("class", kind);
      return element;
    };
    const texts = [];
    let free = -1;
    for (const clip of seen.length < 400 ? seen : []) {
      const left = Math.max(0, x(clip.at)) + 4, room = Math.min(width, x(clip.at + clip.length)) - left - 3;
      if (room < 26 || left < free) continue;
      const fits = Math.floor(room / 6.2);
      const text = document.createElementNS(svg.namespaceURI, "text");
      text.setAttribute("x", left.toFixed(1));
      text.setAttribute("y", 11);
      text.textContent = clip.name.length > fits ? clip.name.slice(0, Math.max(1, fits - 1)) + "…" : clip.name;
      free = left + text.textContent.length * 6.2 + 2;
      texts.push(text);
    }
    svg.replaceChildren(path(shapes(seen)), path(shapes(on), "on"), ...texts);
  };
  const place = (flag, mark) => {
    flag.style.left = percent(mark.at);
    flag.style.width = `${(100 * mark.length) / (view.b - view.a)}%`;
    flag.classList.toggle("on", chosen !== null && chosen.mark === mark);
  };
  const whose = $("whose");
  const drawLoudness = () => {
    const svg = $("loudness");
    if (!svg) return;
    const lane = lanes[whose.value], high = 168;
    svg.setAttribute("viewBox", `0 0 ${width} ${high}`);
    const set = (kind, d) => svg.querySelector(kind).setAttribute("d", d);
    set(".m", curve(lane, lane.m, lane.momentary, high));
    set(".s", curve(lane, lane.s, lane.short, high));
    const across = (value) => `M0 ${level(value, high).toFixed(1)}H${width}`;
    [...svg.querySelectorAll(".grid path")].forEach((line, i) => line.setAttribute("d", across(data.top - 6 * i)));
    set(".aim", lane.target === null ? "" : across(lane.target));
    const limits = [lane.max_momentary, lane.max_short].filter((limit) => limit !== null);
    set(".limit", limits.map(across).join(""));
    const band = svg.querySelector(".band");
    const tolerance = lane.target === null ? 0 : lane.tolerance;
    const top = lane.target === null ? 0 : level(lane.target + tolerance, high);
    band.setAttribute("y", top);
    band.setAttribute("width", lane.target === null ? 0 : width);
    band.setAttribute("height", lane.target === null ? 0 : level(lane.target - tolerance, high) - top);
  };
  const drawRuler = () => {
    const seconds = (view.b - view.a) / data.rate, room = Math.max(2, Math.floor(width / 108));
    const steps = [frame / data.rate, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
    const step = (steps.find((step) => step >= frame / data.rate && seconds / step <= room) || 7200) * data.rate;
    const origin = data.origin || 0, spans = [];
    for (let k = Math.ceil((view.a + origin) / step); k * step - origin < view.b; k++) {
      const tick = k * step - origin;
      if (tick < -0.5) continue;
      const span = make("span", {}, timecode(tick + 0.5));
      span.style.left = percent(tick);
      spans.push(span);
    }
    $("ruler").replaceChildren(...spans);
  };
  let asked = false;
  const draw = () => {
    asked = false;
    width = Math.max(100, Math.round($("over").clientWidth));
    lanes.forEach(drawLane);
    drawLoudness();
    drawRuler();
    drawCursor();
    $("view").style.left = `${(100 * view.a) / data.length}%`;
    $("view").style.width = `${(100 * (view.b - view.a)) / data.length}%`;
  };
  const redraw = () => { if (!asked) { asked = true; requestAnimationFrame(draw); } };
  const look = (a, b) => {
    const length = Math.min(data.length, Math.max(least, b - a));
    view.a = Math.min(Math.max(0, (a + b - length) / 2), data.length - length);
    view.b = view.a + length;
    redraw();
  };
  const zoom = (factor, about = cursor) => {
    const fixed = Math.min(view.b, Math.max(view.a, about)), part = (fixed - view.a) / (view.b - view.a);
    const length = Math.min(data.length, Math.max(least, (view.b - view.a) * factor));
    look(fixed - part * length, fixed - part * length + length);
  };

  // The cursor and what it reads.
  const reading = (lane, values, shape) => {
    const tenths = ((cursor - lane.offset) / data.rate) * 10;
    const i = Math.ceil((tenths - shape.first) / shape.step - 1e-9);
    return i < 0 || i >= values.length || values[i] === -32768 ? null : values[i] / 10;
  };
  const drawCursor = () => {
    const over = $("over");
    $("cursor").style.left = percent(cursor);
    $("cursor").hidden = cursor < view.a || cursor > view.b;
    $("at").textContent = timecode(cursor);
    over.setAttribute("aria-valuemax", Math.round(data.length / data.rate));
    over.setAttribute("aria-valuenow", Math.round(cursor / data.rate));
    const lane = lanes[whose ? whose.value : 0];
    const levels = `${lane.code} momentary ${figure(reading(lane, lane.m, lane.momentary))}, short-term ${figure(reading(lane, lane.s, lane.short))} LUFS`;
    over.setAttribute("aria-valuetext", `${timecode(cursor)}, ${levels}`);
    $("at").title = `Sample ${number(Math.round(cursor))} of the programme; ${levels}`;
  };
  const move = (to, follow = true) => {
    cursor = Math.min(data.length - 1, Math.max(0, to));
    const length = view.b - view.a;
    if (follow && (cursor < view.a || cursor > view.b)) look(cursor - length / 2, cursor + length / 2);
    drawCursor();
  };

  // Sound: one excerpt at a time.
  const audio = new Audio();
  let playing = null;
  const buttons = () => document.querySelectorAll("[data-go], [data-play]");
  const silence = () => {
    audio.pause();
    playing = null;
    $("head").hidden = true;
    for (const button of buttons()) button.removeAttribute("aria-pressed");
  };
  const follow = () => {
    if (!playing) return;
    const place = playing.at + (audio.currentTime / (audio.duration || 1)) * playing.length;
    $("head").style.left = percent(place);
    $("head").hidden = place < view.a || place > view.b;
    requestAnimationFrame(follow);
  };
  const play = (mark) => {
    if (mark.excerpt === null) return silence();
    silence();
    playing = data.excerpts[mark.excerpt];
    audio.src = "data:audio/wav;base64," + playing.wav;
    audio.play().then(follow, silence);
    for (const button of buttons()) {
      if (Number(button.dataset.go ?? button.dataset.play) === mark.id) button.setAttribute("aria-pressed", "true");
    }
  };
  audio.addEventListener("ended", silence);

  // The inspector: the finding or the clip that was chosen.
  const describe = (pairs) => {
    const dl = make("dl", {});
    for (const [name, value] of pairs) if (value) dl.append(make("dt", {}, name), make("dd", {}, value));
    return dl;
  };
  const choose = (what) => {
    chosen = what;
    const panel = $("inspector");
    panel.hidden = what === null;
    for (const item of list ? list.children : []) item.classList.toggle("on", what !== null && what.mark !== undefined && Number(item.dataset.id) === what.mark.id);
    redraw();
    return panel;
  };
  const lengthOf = (length) => `${(length / data.rate).toFixed(3)} s`;
  const showMark = (mark, listen) => {
    const item = $("f" + mark.id), lane = mark.lane === null ? null : lanes[mark.lane];
    const title = make("h3", {}, make("span", { class: "tag " + mark.weight }, mark.weight === "error" ? "fault" : mark.weight), mark.title, " ", make("code", {}, mark.code));
    const message = item ? item.querySelector("p").textContent : "";
    const panel = choose({ mark });
    panel.replaceChildren(title, describe([
      ["What", message],
      ["Where", `${timecode(mark.at)}, ${lengthOf(mark.length)}${lane ? `, ${lane.file}` : ""}`],
      ["Clips here", clipsAt(mark).map((clip) => `${clip.name} (${clip.track}, ${clip.rule})`).join("; ")],
    ]));
    if (mark.excerpt !== null) {
      const excerpt = data.excerpts[mark.excerpt];
      const raised = excerpt.raised > 0 ? `, ${excerpt.raised} dB louder than in the file` : excerpt.raised < 0 ? `, ${-excerpt.raised} dB quieter than in the file` : "";
      const button = make("button", { type: "button", "data-play": mark.id }, `Listen: ${lengthOf(excerpt.length)}${raised}`);
      button.addEventListener("click", () => (playing ? silence() : play(mark)));
      panel.append(button);
    }
    const margin = Math.max(mark.length * 2, data.rate * 2);
    look(mark.at - margin, mark.at + mark.length + margin);
    move(mark.at);
    if (listen) play(mark);
  };
  const clipsAt = (mark) => clips.filter((clip) => {
    const lane = mark.lane === null || clip.lane === mark.lane || !lanes[mark.lane].clips.length;
    return lane && clip.at < mark.at + Math.max(1, mark.length) && clip.at + clip.length > mark.at;
  }).slice(0, 6);
  const showClip = (clip, go) => {
    const lane = lanes[clip.lane];
    const hue = lane.element.className.replace("lane ", "");
    const title = make("h3", {}, make("span", { class: "chip " + hue }, lane.code), clip.name);
    choose({ clip }).replaceChildren(title, describe([
      ["Placed by", clip.rule],
      ["Evidence", clip.evidence.join("; ")],
      ["Where", `${timecode(clip.at)} to ${timecode(clip.at + clip.length)}, samples ${number(clip.at)} to ${number(clip.at + clip.length - 1)}`],
      ["Source", `${clip.source} from sample ${number(clip.from)}${clip.found ? `, found by ${clip.found}` : ""}`],
      ["Cut", `${clip.timeline}, ${clip.track}${clip.event ? `, event ${clip.event}` : ""}`],
      ["Gain", clip.gain],
      ["Fades", clip.fades[0] || clip.fades[1] ? `in ${number(clip.fades[0])}, out ${number(clip.fades[1])} samples` : ""],
    ]));
    if (go) { look(clip.at - clip.length / 2, clip.at + clip.length * 1.5); move(clip.at); }
  };

  // Everything that can be pressed.
  for (const mark of marks) {
    const flag = make("i", { class: "flag " + mark.weight, "data-mark": marks.indexOf(mark) });
    if (mark.lane !== null) lanes[mark.lane].element.querySelector(".body").append(flag);
  }
  for (const button of document.querySelectorAll("[data-go]")) {
    const mark = marks.find((mark) => mark.id === Number(button.dataset.go));
    if (!mark) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") return silence();
      showMark(mark, true);
      $("timeline").scrollIntoView({ block: "start" });
    });
  }
  const step = (way) => {
    const here = chosen && chosen.mark ? inTime.indexOf(chosen.mark) + way : way > 0 ? inTime.findIndex((mark) => mark.at > cursor) : inTime.findLastIndex((mark) => mark.at < cursor);
    if (inTime[here]) showMark(inTime[here], false);
  };
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("previous").parentElement.hidden = inTime.length === 0;
  $("in").addEventListener("click", () => zoom(0.5));
  $("out").addEventListener("click", () => zoom(2));
  $("fit").addEventListener("click", () => look(0, data.length));
  if (whose) whose.addEventListener("change", redraw);

  const over = $("over");
  const left = (event) => event.clientX - over.getBoundingClientRect().left;
  let pressed = null, pick = null;
  const press = (event) => {
    if (event.button !== 0) return;
    pressed = { x: left(event), y: event.clientY };
    over.setPointerCapture(event.pointerId);
  };
  const drag = (event) => {
    $("hover").style.left = `${left(event)}px`;
    $("hover").hidden = false;
    if (!pressed || event.pointerType === "touch" || Math.abs(left(event) - pressed.x) < 5) return;
    pick ??= over.appendChild(make("i", { class: "pick" }));
    pick.style.left = `${Math.min(left(event), pressed.x)}px`;
    pick.style.width = `${Math.abs(left(event) - pressed.x)}px`;
  };
  const release = (event) => {
    if (!pressed) return;
    if (pick) look(at(Math.min(left(event), pressed.x)), at(Math.max(left(event), pressed.x)));
    else point(event);
    pick?.remove();
    pressed = pick = null;
  };
  const point = (event) => {
    move(at(left(event)), false);
    const lane = lanes.find((lane) => {
      const area = lane.element.getBoundingClientRect();
      return event.clientY >= area.top && event.clientY < area.bottom;
    });
    if (!lane) return;
    const near = (view.b - view.a) / width * 4;
    const mark = marks.find((mark) => mark.lane === lanes.indexOf(lane) && cursor >= mark.at - near && cursor <= mark.at + mark.length + near);
    const clip = lane.clips.findLast((clip) => cursor >= clip.at && cursor < clip.at + clip.length);
    if (mark) { const seen = { ...view }; showMark(mark, true); look(seen.a, seen.b); } else if (clip) showClip(clip, false);
  };
  over.addEventListener("pointerdown", press);
  over.addEventListener("pointermove", drag);
  over.addEventListener("pointerup", release);
  over.addEventListener("pointercancel", () => { pick?.remove(); pressed = pick = null; });
  over.addEventListener("pointerleave", () => ($("hover").hidden = true));
  over.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); zoom(Math.exp(event.deltaY / 300), at(left(event))); }
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const by = ((event.deltaX || event.deltaY) / width) * (view.b - view.a);
      look(view.a + by, view.b + by);
    }
  }, { passive: false });
  const keys = {
    ArrowLeft: (e) => move(cursor - (e.shiftKey ? data.rate : frame)), ArrowRight: (e) => move(cursor + (e.shiftKey ? data.rate : frame)),
    PageUp: () => move(cursor - (view.b - view.a) / 2), PageDown: () => move(cursor + (view.b - view.a) / 2),
    Home: () => move(0), End: () => move(data.length), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => look(0, data.length),
    "[": () => step(-1), "]": () => step(1),
    " ": () => (playing ? silence() : chosen && chosen.mark && play(chosen.mark)), Escape: () => { silence(); choose(null); },
  };
  over.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key](event);
  });
  const map = $("map");
  const pan = (event) => {
    if (!event.buttons) return;
    const area = map.getBoundingClientRect(), middle = ((event.clientX - area.left) / area.width) * data.length, half = (view.b - view.a) / 2;
    look(middle - half, middle + half);
  };
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); pan(event); });
  map.addEventListener("pointermove", pan);
  map.querySelector("path").setAttribute("d", waveform(lanes[whose ? whose.value : 0], 0, data.length, 1200, 100));

  // The table of clips: drawn when it is opened, at most 200 rows.
  const table = $("clips");
  const fill = () => {
    const wanted = $("search").value.toLowerCase().split(/\s+/);
    const text = (clip) => `${clip.name} ${clip.track} ${clip.source} ${clip.rule} ${lanes[clip.lane].code}`.toLowerCase();
    const found = clips.filter((clip) => wanted.every((word) => text(clip).includes(word))).sort((a, b) => a.at - b.at);
    $("rows").replaceChildren(...found.slice(0, 200).map((clip) => {
      const go = make("button", { type: "button", class: "tc" }, timecode(clip.at));
      go.addEventListener("click", () => { showClip(clip, true); $("timeline").scrollIntoView({ block: "start" }); });
      const cells = [go, lanes[clip.lane].code, clip.name, clip.track, clip.source, clip.rule];
      return make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
    }));
    $("rest").textContent = found.length > 200 ? `The first 200 of ${number(found.length)}.` : `${number(found.length)} found.`;
  };
  if (table && clips.length) {
    table.hidden = false;
    table.addEventListener("toggle", () => table.open && fill());
    $("search").addEventListener("input", fill);
  }

  for (const id of ["tools", "over", "map", "keys", "whose"]) show(id);
  for (const element of document.querySelectorAll(".loudness .static")) element.hidden = true;
  $("hover").hidden = $("head").hidden = true;
  new ResizeObserver(redraw).observe(stage);
  draw();
})();
