// The memory plan: bytes by what they are for; the arena as a picture of address against time, with what lives at
// the call under the cursor.
const kCategories = [
  ["parameters", "forward", 1], ["optimizer", "optimizer", 1], ["gradients", "backward", 1],
  ["activations", "forward", 0.62], ["cache", "optimizer", 0.6], ["buffers", "workspace", 0.5],
  ["workspace", "workspace", 1], ["inputs_outputs", "backward", 0.55], ["constants", "optimizer", 0.4],
  ["unused", "workspace", 0.3], ["library", "workspace", 0.7],
];

function categoryBar(memory, total) {
  const shown = kCategories.map(([name, color, opacity]) => ({ name, color, opacity, bytes: memory[name] || 0 }))
    .filter((c) => c.bytes > 0);
  const paint = (node, c) => {
    node.style.background = `var(--${c.color})`;
    node.style.opacity = c.opacity;
    return node;
  };
  const piece = (c) => {
    const i = paint(el("i", { title: `${c.name.replace("_", ", ")}: ${bytes(c.bytes)}` }), c);
    i.style.flex = `${c.bytes / total} 1 0`;
    return i;
  };
  return [
    el("div", { class: "stack", "aria-hidden": "true" }, shown.map(piece)),
    el("ul", { class: "legend" }, shown.map((c) => el("li", {}, paint(el("span", { class: "swatch" }), c),
      el("span", { class: "soft" }, c.name.replace("_", ", ")), bytes(c.bytes)))),
  ];
}

function memorySection(program, calls) {
  const memory = program.memory, storages = objects(program.storages);
  const callOf = new Map(calls.map((c) => [c.call, c]));
  const total = memory.total_bytes || 1;
  const bar = el("div", { class: "sheet padded" },
    el("h3", {}, `Planned peak ${bytes(memory.total_bytes)}`), categoryBar(memory.memory, total));
  const copies = memory.copies.length ? el("details", { style: "margin-top:14px" },
    el("summary", {}, plural(memory.copies.length, "value") + " had to be copied into place"),
    memory.copies.map((c) => el("div", { class: "soft" }, `${bytes(c.bytes)} into ${c.into}: ${c.reason}`))) : null;
  const over = memory.arena_lower_bound > 0 ? memory.arena_bytes / memory.arena_lower_bound : 1;
  const lead = memory.arena_bytes === 0
    ? "This program keeps nothing in the arena."
    : `The arena holds ${bytes(memory.arena_bytes)}; what lives at one moment is at most ` +
      `${bytes(memory.arena_lower_bound)}, so that no plan is smaller ` +
      `(${over < 1.0005 ? "reached" : `${((over - 1) * 100).toFixed(1)} % above`}). Each rectangle is a value: where it ` +
      "lies, and from which call to which.";
  return section("Memory", lead, bar, copies, memory.arena_bytes > 0 && storages.length
    ? arenaPicture(program.program, memory, storages, callOf) : null);
}

function arenaPicture(name, memory, storages, callOf) {
  const live = memory.live_bytes, steps = live.length, peak = memory.peak_call;
  const canvas = el("canvas", {
    tabindex: "0", role: "slider", "aria-label": `Arena of ${name}: address against call`, "aria-valuemin": 0,
    "aria-valuemax": steps - 1,
  });
  const list = el("div", { class: "split" });
  const where = el("div", { class: "under" });
  let at = Math.max(0, peak), over = null;
  const describe = (call) => {
    const c = callOf.get(call);
    return c ? `${c.operator}${c.module ? " in " + c.module : ""}, ${c.phase}` : "";
  };
  const plot = { left: 64, right: 8, strip: 46, gap: 16, bottom: 30, top: 6 };
  const box = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  const x = (call, width) => plot.left + (call / steps) * (width - plot.left - plot.right);
  const yTop = plot.top + plot.strip + plot.gap;
  const y = (address, height) => height - plot.bottom - (address / memory.arena_bytes) * (height - plot.bottom - yTop);

  function draw() {
    const { width, height } = box(), scale = devicePixelRatio || 1;
    if (width === 0) return;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const g = canvas.getContext("2d");
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, height);
    const ink = colorOf("ink"), soft = colorOf("soft"), line = colorOf("line"), sheet = colorOf("sheet");
    const colors = Object.fromEntries(["forward", "backward", "optimizer", "workspace"].map((k) => [k, colorOf(k)]));
    g.font = "12px system-ui, sans-serif";
    g.textBaseline = "middle";
    // Addresses.
    g.textAlign = "right";
    for (const t of ticks(0, memory.arena_bytes, 5, 2)) {
      g.fillStyle = line;
      g.fillRect(plot.left, Math.round(y(t, height)), width - plot.left - plot.right, 1);
      g.fillStyle = soft;
      g.fillText(tidy(bytes(t)), plot.left - 8, y(t, height));
    }
    // Values.
    for (const s of storages) {
      const l = x(s.first, width), r = x(s.last + 1, width), low = y(s.offset, height), high = y(s.offset + s.bytes, height);
      g.globalAlpha = over && over !== s ? 0.5 : 0.88;
      g.fillStyle = colors[s.kind] || colors.workspace;
      g.fillRect(l, high, Math.max(0.6, r - l), Math.max(0.5, low - high));
      if (low - high > 3 && r - l > 3) {
        g.globalAlpha = 1;
        g.strokeStyle = sheet;
        g.lineWidth = 0.75;
        g.strokeRect(l, high, r - l, low - high);
      }
    }
    g.globalAlpha = 1;
    // Bytes alive, over the picture.
    const base = plot.top + plot.strip;
    const liveY = (b) => base - (b / memory.arena_bytes) * plot.strip;
    g.beginPath();
    g.moveTo(x(0, width), base);
    live.forEach((b, i) => { g.lineTo(x(i, width), liveY(b)); g.lineTo(x(i + 1, width), liveY(b)); });
    g.lineTo(x(steps, width), base);
    g.closePath();
    g.fillStyle = colorOf("band");
    g.fill();
    g.fillStyle = soft;
    g.textAlign = "right";
    g.fillText("alive", plot.left - 8, plot.top + plot.strip / 2);
    // Phases along the calls.
    for (let i = 0; i < steps; ++i) {
      const c = callOf.get(i);
      if (!c) continue;
      g.fillStyle = colors[c.phase] || soft;
      g.fillRect(x(i, width), height - plot.bottom + 4, Math.max(0.6, x(i + 1, width) - x(i, width)), 4);
    }
    g.fillStyle = soft;
    const room = width < 560 ? 4 : 9;
    for (const t of ticks(0, steps, room)) {
      if (!Number.isInteger(t)) continue;
      g.textAlign = t === 0 ? "left" : x(t, width) > width - 40 ? "right" : "center";
      g.fillText(t === 0 ? "call 0" : grouped(t), x(t, width), height - 10);
    }
    // The peak, and the call looked at.
    const mark = (call, color, dash) => {
      const c = x(call + 0.5, width);
      g.strokeStyle = color;
      g.lineWidth = 1.25;
      g.setLineDash(dash);
      g.beginPath();
      g.moveTo(c, plot.top);
      g.lineTo(c, height - plot.bottom + 8);
      g.stroke();
      g.setLineDash([]);
    };
    mark(peak, ink, [4, 3]);
    const text = `peak ${bytes(live[peak])}`, c = x(peak + 0.5, width), onLeft = c > width - 130;
    g.textAlign = onLeft ? "right" : "left";
    g.font = "600 12px system-ui, sans-serif";
    const w = g.measureText(text).width, tx = onLeft ? c - 7 : c + 7;
    g.fillStyle = sheet;
    g.globalAlpha = 0.85;
    g.fillRect(onLeft ? tx - w - 3 : tx - 3, plot.top - 1, w + 6, 17);
    g.globalAlpha = 1;
    g.fillStyle = ink;
    g.fillText(text, tx, plot.top + 8);
    if (at !== peak) mark(at, colorOf("accent"), []);
    if (over) {
      g.strokeStyle = ink;
      g.lineWidth = 1.5;
      g.strokeRect(x(over.first, width), y(over.offset + over.bytes, height),
        Math.max(1, x(over.last + 1, width) - x(over.first, width)),
        Math.max(1, y(over.offset, height) - y(over.offset + over.bytes, height)));
    }
  }

  function hit(event) {
    const rect = canvas.getBoundingClientRect(), { width, height } = box();
    const px = event.clientX - rect.left, py = event.clientY - rect.top;
    const call = Math.floor(((px - plot.left) / (width - plot.left - plot.right)) * steps);
    const address = ((height - plot.bottom - py) / (height - plot.bottom - yTop)) * memory.arena_bytes;
    // What is thinner than two pixels can still be met.
    const near = (2 / (height - plot.bottom - yTop)) * memory.arena_bytes;
    let best = null;
    if (call >= 0 && call < steps && address >= -near) {
      for (const s of storages) {
        if (s.first > call || s.last < call) continue;
        const inside = address >= s.offset && address < s.offset + s.bytes;
        const close = Math.abs(address - s.offset - s.bytes / 2) <= near + s.bytes / 2;
        if (inside) { best = s; break; }
        if (close && !best) best = s;
      }
    }
    return { call, storage: best };
  }
  canvas.addEventListener("pointermove", (event) => {
    const { call, storage } = hit(event);
    if (storage !== over) { over = storage; draw(); }
    if (storage) {
      showTip(event.clientX, event.clientY, el("b", { class: "mono" }, storage.value),
        storage.type ? el("div", { class: "mono soft" }, storage.type) : null,
        el("div", {}, `${bytes(storage.bytes)} at ${bytes(storage.offset)}, ${storage.kind}`),
        el("div", { class: "soft" }, `calls ${grouped(storage.first)} to ${grouped(storage.last)}` +
          (storage.module ? `, ${storage.module}` : "")));
    } else if (call >= 0 && call < steps) {
      showTip(event.clientX, event.clientY, el("div", {}, `call ${grouped(call)}: ${describe(call)}`),
        el("div", { class: "soft" }, `${bytes(live[call])} alive`));
    } else {
      hideTip();
    }
  });
  canvas.addEventListener("pointerleave", () => { hideTip(); if (over) { over = null; draw(); } });
  canvas.addEventListener("click", (event) => {
    const { call } = hit(event);
    if (call >= 0 && call < steps) look(call);
  });
  canvas.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.round(steps / 20));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: steps - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    look(Math.max(0, Math.min(steps - 1, to)));
  });

  // What lives at a call: by module, and the largest.
  function look(call) {
    at = call;
    canvas.setAttribute("aria-valuenow", call);
    canvas.setAttribute("aria-valuetext", `call ${call}, ${describe(call)}, ${bytes(live[call])} alive`);
    where.replaceChildren(
      el("span", {}, call === peak ? el("b", {}, `At the peak, call ${grouped(call)}`) : `At call ${grouped(call)}`,
        `: ${describe(call)} · ${bytes(live[call])} alive`),
      call === peak ? el("span", {}, "Click or use the arrow keys to look at another call.")
                    : el("button", { class: "quiet", type: "button", onclick: () => look(peak) }, "back to the peak"));
    const there = storages.filter((s) => s.first <= call && s.last >= call).sort((a, b) => b.bytes - a.bytes);
    const groups = new Map();
    for (const s of there) {
      const key = s.module ? pattern(s.module) : "(no scope)";
      const g = groups.get(key) || { scope: key, bytes: 0, values: 0 };
      g.bytes += s.bytes;
      g.values += 1;
      groups.set(key, g);
    }
    const byScope = call === peak ? memory.peak_by_scope : [...groups.values()].sort((a, b) => b.bytes - a.bytes);
    const full = live[call] || 1, most = 12;
    const rest = (n) => (n > most ? el("tr", {}, el("td", { class: "soft", colspan: 3 }, `and ${grouped(n - most)} more`)) : null);
    const head = (a, b, c) => el("thead", {}, el("tr", {}, el("th", { scope: "col" }, a),
      sized(el("th", { scope: "col" }, b), "96px"), sized(el("th", { scope: "col" }, c), "92px")));
    const sized = (node, width) => { node.style.width = width; return node; };
    list.replaceChildren(
      el("div", {}, el("h3", {}, "By module"), el("table", {}, head("module", "bytes", "values"), el("tbody", {},
        byScope.slice(0, most).map((g) => el("tr", {}, el("td", { class: "cut", title: g.scope }, g.scope),
          shareCell(bytes(g.bytes), g.bytes / full), el("td", {}, grouped(g.values)))), rest(byScope.length)))),
      el("div", {}, el("h3", {}, "The largest values"), el("table", {}, head("value", "bytes", "calls"), el("tbody", {},
        there.slice(0, most).map((s) => el("tr", {},
          el("td", { class: "cut", title: `${s.value} ${s.type}` }, swatch(s.kind), " ", el("span", { class: "mono" }, s.value)),
          shareCell(bytes(s.bytes), s.bytes / full), el("td", { class: "soft" }, `${s.first}–${s.last}`))), rest(there.length)))));
    draw();
  }
  const swatch = (kind) => {
    const mark = el("span", { class: "dot", title: kind, style: "display:inline-block" });
    mark.style.background = `var(--${kind})`;
    return mark;
  };
  look(at);
  redrawn(canvas, draw);
  const kinds = ["forward", "backward", "optimizer", "workspace"].filter((k) => storages.some((s) => s.kind === k));
  return el("div", { class: "sheet padded picture", style: "margin-top:16px" },
    el("ul", { class: "legend", style: "margin-bottom:10px" }, kinds.map((k) => {
      const mark = el("span", { class: "swatch" });
      mark.style.background = `var(--${k})`;
      return el("li", { class: "soft" }, mark, k === "workspace" ? "workspace" : "written in " + k);
    })), canvas, where, list);
}
