// Curves over tokens, in SVG. A chart: {title, series: [{points: [[x, y]], kind: "line"|"held"}], band: [[x, low,
// high]], floor: y or null, format, log}. Charts in a group share the cursor.
function chartGroup(xs, onMove) {
  const charts = [];
  let at = xs.length - 1;
  const move = (i) => {
    at = Math.max(0, Math.min(xs.length - 1, i));
    charts.forEach((c) => c.cross(at));
    onMove(at);
  };
  return { charts, xs, move, get at() { return at; }, start: () => move(xs.length - 1) };
}

function chart(group, spec) {
  const frame = el("div", { class: "chart sheet" });
  const values = spec.series.flatMap((s) => s.points.map((p) => p[1]));
  const all = [...values, ...(spec.band || []).flatMap((b) => [b[1], b[2]])].filter(known);
  if (all.length === 0) {
    frame.append(el("h3", {}, spec.title), el("div", { class: "empty" }, "nothing was recorded"));
    return frame;
  }
  const positive = all.every((v) => v > 0) && !(known(spec.floor) && spec.floor <= 0);
  let log = Boolean(spec.log && positive);
  const height = spec.height || 170, margin = { left: 62, right: 12, top: 10, bottom: 26 };
  const drawing = svg("svg", {
    height, role: "img", tabindex: "0",
    "aria-label": `${spec.title}: from ${spec.format(all[0])} to ${spec.format(values.filter(known).at(-1))}` +
      (known(spec.floor) ? `; floor ${spec.format(spec.floor)}` : ""),
  });
  const head = el("div", { class: "head" }, el("h3", {}, spec.title), el("span", {}, spec.key || null,
    spec.log && positive ? el("label", { class: "choice" }, el("input", { type: "checkbox", checked: log,
      onchange: (event) => { log = event.target.checked; draw(); } }), "log scale") : null));
  frame.append(head, drawing);

  let x, y, width = 0;
  const cross = svg("line", { class: "cross" }), spot = svg("circle", { class: "spot", r: 3.5 });
  function draw() {
    width = drawing.clientWidth || frame.clientWidth - 34;
    if (width <= 0) return;
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const lowX = Math.min(group.xs[0], group.xs.at(-1)), highX = Math.max(group.xs.at(-1), lowX + 1);
    let low = Math.min(...all), high = Math.max(...all);
    if (known(spec.floor)) low = Math.min(low, spec.floor), high = Math.max(high, spec.floor);
    if (spec.zero && !log) low = Math.min(0, low);
    const value = (v) => (log ? Math.log(v) : v);
    let bottom = value(low), top = value(high);
    const room = (top - bottom) * 0.06 || Math.abs(top) * 0.1 || 1;
    if (!(spec.zero && low === 0 && !log)) bottom -= room;
    top += room;
    x = (v) => margin.left + ((v - lowX) / (highX - lowX)) * (width - margin.left - margin.right);
    y = (v) => height - margin.bottom - ((value(v) - bottom) / (top - bottom)) * (height - margin.top - margin.bottom);
    const parts = [];
    const marks = log ? logTicks(Math.exp(bottom), Math.exp(top))
      : ticks(bottom, top, Math.max(2, Math.floor(height / 46)), spec.base);
    for (const t of marks) {
      parts.push(svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(t), y2: y(t) }),
        svg("text", { x: margin.left - 8, y: y(t) + 4, "text-anchor": "end" }, tidy(spec.format(t))));
    }
    for (const t of ticks(lowX, highX, width < 480 ? 3 : 6)) {
      parts.push(svg("text", { x: x(t), y: height - 8,
        "text-anchor": x(t) > width - 40 ? "end" : x(t) < margin.left + 12 ? "start" : "middle" }, tidy(count(t))));
    }
    if (spec.band && spec.band.length > 1) {
      const b = spec.band.filter((p) => known(p[1]) && known(p[2]));
      const path = [...b.map((p) => [x(p[0]), y(p[2])]), ...b.reverse().map((p) => [x(p[0]), y(p[1])])];
      if (path.length) parts.push(svg("path", { class: "band", d: "M" + path.map(pair).join("L") + "Z" }));
    }
    for (const s of spec.series) {
      parts.push(svg("path", { class: s.kind, d: pieces(s.points) }));
      if (s.kind === "held" && s.points.length <= 80) {
        parts.push(...s.points.filter((p) => known(p[1])).map((p) =>
          svg("circle", { class: "held-dot", cx: x(p[0]), cy: y(p[1]), r: 3 })));
      }
    }
    if (known(spec.floor)) {
      parts.push(svg("line", { class: "floor", x1: margin.left, x2: width - margin.right, y1: y(spec.floor), y2: y(spec.floor) }),
        svg("text", { class: "floor-text", x: margin.left + 6, y: y(spec.floor) - 6 },
          `floor ${spec.format(spec.floor)}`));
    }
    drawing.replaceChildren(...parts, cross, spot);
    place(group.at);
  }
  const pair = (p) => `${p[0].toFixed(1)},${p[1].toFixed(1)}`;
  // A gap where a number is missing.
  function pieces(points) {
    let path = "", pen = "M";
    for (const p of points) {
      if (!known(p[1])) { pen = "M"; continue; }
      path += pen + pair([x(p[0]), y(p[1])]);
      pen = "L";
    }
    return path;
  }
  function place(i) {
    if (!x) return;
    const at = group.xs[i], point = spec.series[0].points[i];
    fill(cross, { x1: x(at), x2: x(at), y1: margin.top, y2: height - margin.bottom }, []);
    const seen = point && known(point[1]);
    spot.setAttribute("visibility", seen ? "visible" : "hidden");
    if (seen) fill(spot, { cx: x(point[0]), cy: y(point[1]) }, []);
  }
  drawing.addEventListener("pointermove", (event) => {
    if (!x) return;
    const px = event.clientX - drawing.getBoundingClientRect().left;
    let best = 0;
    group.xs.forEach((v, i) => { if (Math.abs(x(v) - px) < Math.abs(x(group.xs[best]) - px)) best = i; });
    group.move(best);
  });
  drawing.addEventListener("pointerleave", () => group.start());
  drawing.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.round(group.xs.length / 20));
    const to = { ArrowRight: group.at + 1, ArrowLeft: group.at - 1, PageDown: group.at + page, PageUp: group.at - page,
      Home: 0, End: group.xs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    group.move(to);
  });
  group.charts.push({ cross: place });
  redrawn(frame, draw);
  return frame;
}
function logTicks(low, high) {
  const list = [], span = Math.log10(high / low);
  const wanted = span > 3 ? [1] : span > 1.3 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power) {
    for (const m of wanted) if (m * 10 ** power >= low && m * 10 ** power <= high) list.push(m * 10 ** power);
  }
  return list;
}
