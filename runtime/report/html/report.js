// report.html of a run: its curves, how good it is, the memory plan, time by operator.
const { metrics, settings, plan } = data;
const points = objects(metrics.points), evaluations = objects(metrics.evaluations);
const evaluationOf = (row) => (row ? Object.fromEntries(metrics.evaluations.columns.map((c, i) => [c, row[i]])) : null);
const lastEvaluation = evaluationOf(metrics.last_evaluation), best = evaluationOf(metrics.best);
const loss = (x) => (known(x) ? x.toFixed(x < 10 ? 4 : 2) : "–");
const above = (e) => (e && known(e.bits_per_byte) && known(e.floor_bits_per_byte) && e.floor_bits_per_byte > 0
  ? e.bits_per_byte / e.floor_bits_per_byte - 1 : null);
const signed = (x) => (known(x) ? `${x >= 0 ? "+" : "−"}${Math.abs(100 * x).toFixed(1)} %` : "–");

function header() {
  const done = metrics.step, all = settings.steps;
  return el("header", {}, el("div", { class: "kind" }, "weft train"), el("h1", {}, data.title),
    el("p", {}, [
      done >= all ? `all ${plural(all, "step")} done` : `step ${grouped(done)} of ${grouped(all)}`,
      plural(plan.parameters, "parameter"),
      `${settings.num_layers} layers, d_model ${settings.d_model}`,
      `${grouped(settings.batch_size * settings.grad_accumulation * settings.context_length)} tokens a step`,
    ].join(" · ")));
}

function figures() {
  const over = above(lastEvaluation), speed = metrics.seconds > 0 ? metrics.tokens / metrics.seconds : null;
  const used = points.map((p) => p.memory).filter(known);
  return tiles([
    ["loss", loss(metrics.last.loss), "nats a token, last step"],
    lastEvaluation ? ["held-out loss", loss(lastEvaluation.loss), best && best.step < lastEvaluation.step
      ? `best ${loss(best.loss)} at step ${grouped(best.step)}` : "the best so far"] : null,
    lastEvaluation && known(lastEvaluation.bits_per_byte)
      ? ["bits per byte", loss(lastEvaluation.bits_per_byte), "of held-out text"] : null,
    known(over) ? ["above the floor", signed(over), `floor ${loss(lastEvaluation.floor_bits_per_byte)} bits per byte`] : null,
    ["tokens", count(metrics.tokens), `in ${duration(metrics.seconds)}`],
    ["tokens a second", count(speed), "in the mean"],
    ["memory", used.length ? bytes(Math.max(...used)) : "–", `planned peak ${bytes(plan.peak_bytes)}`],
  ]);
}

function curves() {
  if (points.length === 0) {
    return section("Curves", null, el("p", { class: "soft" }, "No step is recorded yet."));
  }
  const xs = points.map((p) => p.tokens), of = (field) => points.map((p) => [p.tokens, p[field]]);
  const readout = el("p", { class: "readout", "aria-live": "polite" });
  const item = (name, value) => el("span", {}, name + " ", el("b", {}, value));
  const group = chartGroup(xs, (i) => {
    const p = points[i];
    readout.replaceChildren(item("step", grouped(p.step)), item("tokens", count(p.tokens)), item("loss", loss(p.loss)),
      item("learning rate", small(p.lr)), item("gradient norm", small(p.grad_norm)), item("tokens/s", count(p.tok_s)));
  });
  const banded = metrics.steps_in_a_point > 1;
  const key = (color, text) => {
    const mark = el("i");
    mark.style.borderTopColor = `var(--${color})`;
    return el("span", { class: "key" }, mark, text);
  };
  const high = Math.max(...points.map((p) => p.loss).filter(known)), low = Math.min(...points.map((p) => p.loss).filter(known));
  const charts = [
    chart(group, { title: "Learning rate", series: [{ kind: "line", points: of("lr") }], format: small, zero: true }),
    chart(group, { title: "Gradient norm, before clipping", series: [{ kind: "line", points: of("grad_norm") }],
      format: small, log: true }),
    chart(group, { title: "Tokens a second", series: [{ kind: "line", points: of("tok_s") }], format: count, zero: true }),
    chart(group, { title: "Memory", series: [{ kind: "line", points: of("memory") }], format: bytes, zero: true, base: 2 }),
  ];
  const main = chart(group, {
    title: "Loss, nats a token", height: 340, format: small, log: low > 0 && high / low > 3, floor: metrics.floor_loss,
    band: banded ? points.map((p) => [p.tokens, p.loss_least, p.loss_most]) : null,
    key: [key("forward", "training"), evaluations.length ? key("held-out", "held out") : null],
    series: [{ kind: "line", points: of("loss") }, { kind: "held", points: evaluations.map((e) => [e.tokens, e.loss]) }],
  });
  const result = section("Curves", `Over tokens seen. ` + (banded
    ? `A point is the mean of ${plural(metrics.steps_in_a_point, "step")}; the band has their least and most.`
    : "A point is a step.") + (metrics.unreadable_lines > 0
    ? ` ${plural(metrics.unreadable_lines, "line")} of metrics.jsonl could not be read.` : ""),
  readout, el("div", { style: "margin-top:10px" }, main), el("div", { class: "charts" }, charts),
  evaluations.length ? evaluationTable() : null);
  group.start();
  return result;
}

function evaluationTable() {
  const floors = evaluations.some((e) => known(above(e)));
  const names = ["step", "tokens", "held-out loss", "bits per byte", floors ? "above the floor" : null].filter(Boolean);
  return el("details", { style: "margin-top:16px" }, el("summary", {}, plural(evaluations.length, "evaluation")),
    el("div", { class: "sheet scroll", style: "margin-top:10px" }, el("table", {},
      el("thead", {}, el("tr", {}, names.map((n) => el("th", { scope: "col" }, n)))),
      el("tbody", {}, evaluations.map((e) => el("tr", {}, el("td", {}, grouped(e.step)), el("td", {}, count(e.tokens)),
        el("td", {}, loss(e.loss)), el("td", {}, loss(e.bits_per_byte)), floors ? el("td", {}, signed(above(e))) : null))))));
}

function timeSection() {
  if (!data.time_by_operator) {
    return section("Time by operator", null, el("p", { class: "soft", style: "margin-top:8px" },
      "This run was not profiled: ", el("code", {}, "weft train --profile trace.json"),
      " does it, and puts the times here."));
  }
  const rows = objects(data.time_by_operator), total = rows.reduce((sum, r) => sum + r.seconds, 0) || 1;
  return section("Time by operator", "Of all calls in the profile.", el("div", { class: "sheet scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["operator and kernel", "time", "share", "calls", "FLOP/s", "bytes/s"].map((n, i) =>
      el("th", { scope: "col", class: i > 2 ? "wide" : null }, n)))),
    el("tbody", {}, rows.map((r) => el("tr", {}, el("td", { class: "mono text" }, r.operator),
      shareCell(duration(r.seconds), r.seconds / total), el("td", {}, percent(r.seconds / total)),
      el("td", { class: "wide" }, grouped(r.calls)), el("td", { class: "wide" }, rate(r.flops / r.seconds, "FLOP")),
      el("td", { class: "wide" }, rate(r.bytes / r.seconds, "B"))))))));
}

function settingsSection() {
  const show = (v) => (v === "" ? "–" : typeof v === "number" ? String(v) : String(v));
  return section("Settings", null, el("dl", { class: "settings" }, Object.entries(settings).map(([name, value]) =>
    el("div", {}, el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, show(value))))));
}

document.title = "weft: " + data.title;
// The session's plan by category; the arena is that of the training step.
const step = { ...data.step_program, memory: { ...data.step_program.memory, memory: plan.memory, total_bytes: plan.peak_bytes } };
page.append(header(), figures(), curves(), timeSection(), memorySection(step, objects(step.calls)), settingsSection(),
  el("footer", {}, `weft ${data.weft}. `, el("code", {}, "weft train --report " + data.title),
    " makes this page again; ", el("code", {}, "weft graph explain " + data.title + " -o explain.html"),
    " shows what the compiler did."));
