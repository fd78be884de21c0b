// weft graph explain: the model as a tree, pass by pass; what took time; fusions; the memory plan.
const kKinds = ["forward", "backward", "optimizer", "workspace"];
const dot = (phase) => {
  const mark = el("span", { class: "dot", title: phase });
  mark.style.background = `var(--${kKinds.includes(phase) ? phase : "workspace"})`;
  return [mark, el("span", { class: "hidden" }, phase)];
};

// The modules of a program with what lies directly in each; `items` have .module.
function moduleTree(program, items, makeModule, makeItem) {
  const modules = objects(program.modules).map((m) => ({ module: m, inside: [], items: [] }));
  const byPath = new Map(modules.map((m, i) => [m.module.module, i]));
  modules.forEach((m, i) => { if (i > 0) (modules[m.module.parent] || modules[0]).inside.push(m); });
  for (const item of items) {
    const at = byPath.get(item.module);
    modules[at === undefined ? 0 : at].items.push(item);
  }
  const build = (m) => {
    const children = [...m.inside.map(build).filter(Boolean), ...m.items.map(makeItem).filter(Boolean)];
    return children.length ? makeModule(m.module, children) : null;
  };
  const root = build(modules[0]);
  return root ? [root] : [];
}
// Opens modules while there are few rows, the heaviest first; the root always.
function openSome(roots, most) {
  let rows = roots.length;
  const closed = [...roots];
  while (closed.length > 0) {
    const heaviest = closed.reduce((best, n, i) => (n.weight > closed[best].weight ? i : best), 0);
    const [node] = closed.splice(heaviest, 1);
    if (node !== roots[0] && rows + node.children.length > most) continue;
    node.open = true;
    rows += node.children.length;
    closed.push(...node.children.filter((child) => child.children));
  }
}
const moduleLabel = (module, name) =>
  el("span", { class: "what module cut", title: module.module || name }, module.parent < 0 ? name : module.name || "·");

// ---- the finished program: what each module and operator costs

function programTree(program) {
  const time = program.time, total = time.seconds || 1, measured = time.source === "measured";
  const cells = (x, calls) => [
    shareCell(x.view ? "–" : duration(x.seconds), x.seconds / total),
    el("td", { class: "wide" }, x.view ? "" : percent(x.seconds / total)),
    el("td", {}, x.view ? "" : roofOf(x, measured)),
    el("td", { class: "wide" }, x.view ? "" : count(x.flops)),
    el("td", {}, x.view ? "" : bytes(x.bytes)),
    el("td", { class: "wide" }, calls),
  ];
  const homes = new Map();
  for (const s of objects(program.storages)) homes.set(s.value, s);
  const operator = (call) => ({
    label: [dot(call.phase), el("span", { class: "what mono" }, call.operator),
      call.recomputed ? el("span", { class: "soft" }, "again") : null,
      el("span", { class: "soft cut grow wide", title: call.output }, call.output)],
    cells: () => cells({ ...call, view: call.kernel === "view" }, ""),
    detail: () => operatorFacts(call, homes.get(call.output)),
  });
  const roots = moduleTree(program, objects(program.calls),
    (module, children) => ({
      children, weight: module.seconds, label: moduleLabel(module, program.program),
      cells: () => cells(module, grouped(module.calls)),
    }), operator);
  openSome(roots, 18);
  return treeTable("Modules and operators with their cost", [
    { name: "module, operator" },
    { name: "time", width: "var(--cell)", title: measured ? "mean of the profile" : "the least that the roofs allow" },
    { name: "share", width: "76px", class: "wide" },
    { name: measured ? "of roof" : "bound by", width: "var(--cell)",
      title: measured ? "the least time that the roofs allow, as a share of the time taken"
                      : "which roof decides: FLOP/s or memory; of a module the larger share" },
    { name: "FLOP", width: "86px", class: "wide" },
    { name: "bytes", width: "var(--cell)", title: "read and written" },
    { name: "calls", width: "70px", class: "wide" },
  ], roots);
}
function roofOf(x, measured) {
  if (measured) return x.seconds > 0 ? percent(x.roof_seconds / x.seconds) : "–";
  const compute = x.flops / data.roof.flops_per_second, memory = x.bytes / data.roof.bytes_per_second;
  if (!(x.seconds > 0)) return "–";
  return compute >= memory ? "compute" : "memory";
}
function operatorFacts(call, home) {
  const view = call.kernel === "view";
  return facts([
    ["result", [el("span", { class: "mono" }, call.output), " ", el("span", { class: "soft mono" }, call.type)]],
    ["from", el("span", { class: "mono" }, call.operands || "nothing")],
    ["call", `${grouped(call.call)}, ${call.phase}, ` + (call.recomputed ? "computed again, " : "") + (view ? "a view: nothing runs" : `kernel ${call.kernel}`)],
    view ? null : ["work", `${count(call.flops)} FLOP, ${bytes(call.bytes)} read and written, ` +
      (call.bytes > 0 ? `${digits3(call.flops / call.bytes)} FLOP a byte` : "no bytes")],
    view || !(call.seconds > 0) ? null : ["speed", `${rate(call.flops / call.seconds, "FLOP")} ` +
      `(${percent(call.flops / call.seconds / data.roof.flops_per_second)} of the roof), ` +
      `${rate(call.bytes / call.seconds, "B")} (${percent(call.bytes / call.seconds / data.roof.bytes_per_second)})`],
    home ? ["lies", `in the arena at ${bytes(home.offset)}, ${bytes(home.bytes)}, from call ${grouped(home.first)} to ` +
      grouped(home.last)] : null,
  ]);
}

// ---- a pass: what was there before and after

function stageTree(program, stage, onlyChanged) {
  const state = (o) => (stage > 0 && o.first === stage ? "new" : o.last === stage - 1 && stage > 0 ? "was" : "kept");
  const there = objects(program.operators_by_stage)
    .filter((o) => o.first <= stage && o.last >= Math.max(0, stage - 1))
    .map((o) => ({ ...o, state: state(o) }))
    .filter((o) => !onlyChanged || o.state !== "kept");
  there.sort((a, b) => a.position - b.position);
  const sum = (children, field) => children.reduce((n, c) => n + c[field], 0);
  const number = (n, sign, kind) => el("td", { class: n ? kind : "soft" }, n ? sign + grouped(n) : "·");
  const roots = moduleTree(program, there, (module, children) => {
    const node = {
      children, after: sum(children, "after"), added: sum(children, "added"), removed: sum(children, "removed"),
      label: moduleLabel(module, "the whole graph"),
    };
    node.weight = node.added + node.removed;
    node.cells = () => [el("td", {}, grouped(node.after)), number(node.added, "+", "added"),
      number(node.removed, "−", "removed")];
    return node;
  }, (o) => ({
    after: o.state === "was" ? 0 : 1, added: o.state === "new" ? 1 : 0, removed: o.state === "was" ? 1 : 0,
    class: o.state,
    label: [el("span", { class: "mark " + (o.state === "new" ? "added" : o.state === "was" ? "removed" : "") },
      o.state === "new" ? "+" : o.state === "was" ? "−" : ""), dot(o.phase),
      el("span", { class: "what mono" }, o.operator), el("span", { class: "soft cut grow wide", title: o.output }, o.output)],
    cells: () => [el("td", { class: "soft mono cut", colspan: 3, title: o.type }, o.type)],
  }));
  openSome(roots, 40);
  return roots.length === 0 ? null : treeTable("Operators after this pass", [
    { name: "module, operator" },
    { name: "operators", width: "var(--cell)" },
    { name: "new", width: "var(--cell)" }, { name: "gone", width: "var(--cell)" },
  ], roots);
}

function modelSection(program) {
  const stages = program.stages, final = stages.length;
  const line = el("div", { class: "under" });
  const place = el("div", { class: "sheet", role: "tabpanel", "aria-label": "The graph at this step" });
  const only = el("input", { type: "checkbox", checked: true, onchange: () => show(shown) });
  let shown = final;
  const buttons = (tree) => el("span", {},
    el("button", { class: "quiet", type: "button", onclick: tree.openAll }, "open all"), " ",
    el("button", { class: "quiet", type: "button", onclick: tree.closeAll }, "close all"));
  function show(stage) {
    shown = stage;
    if (stage === final) {
      const tree = programTree(program);
      const t = program.time;
      line.replaceChildren(el("span", {}, t.source === "measured"
        ? `Times are means of ${plural(t.runs, "run")} in the profile.`
        : "Times are estimates: the least that the machine's roofs allow for these FLOPs and bytes."), buttons(tree));
      place.replaceChildren(tree.table);
      return;
    }
    const s = stages[stage], onlyChanged = stage > 0 && only.checked;
    const tree = stageTree(program, stage, onlyChanged);
    line.replaceChildren(
      el("span", {}, s.description, stage > 0 ? ` · ${duration(s.seconds)}` : ""),
      el("span", {}, stage > 0 ? el("label", { class: "choice" }, only, "only what changed") : null, " ",
        tree ? buttons(tree) : null));
    place.replaceChildren(tree ? tree.table
      : el("p", { class: "padded soft", style: "margin:0" }, "This pass added and removed no operator."));
  }
  const delta = (i) => {
    if (i === 0 || i === final) return null;
    const rows = objects(program.operators_by_stage);
    const added = rows.filter((o) => o.first === i).length, gone = rows.filter((o) => o.last === i - 1).length;
    return [added ? el("span", { class: "added" }, `+${grouped(added)}`) : null,
      gone ? el("span", { class: "removed" }, `−${grouped(gone)}`) : null];
  };
  const steps = chooser("Passes", "steps", [...stages.map((s) => s.pass), "program"], (name, i) => [
    el("b", {}, name),
    el("span", {}, i === final ? plural(program.stats.calls, "call") : grouped(stages[i].operators)), delta(i),
  ], show, final);
  const left = program.calls.left_out + program.operators_by_stage.left_out + program.modules.left_out;
  const result = section("The model, pass by pass",
    "Each step is the graph after a pass, the last one the finished program. Choose a step, open modules; the dots say " +
    "forward, backward, optimizer.",
    steps.bar, line, place,
    left > 0 ? el("p", { class: "soft" }, `${grouped(left)} rows are left out of this page; sums count all.`) : null);
  steps.start();
  return result;
}

// ---- by operator

function operatorSection(program) {
  const total = program.time.seconds || 1, measured = program.time.source === "measured";
  return section("Time and bytes by operator", null, el("div", { class: "sheet scroll", style: "margin-top:12px" },
    el("table", { class: "costs" }, el("thead", {}, el("tr", {}, ["operator and kernel", "time", "share",
      measured ? "of roof" : "bound by", "FLOP", "bytes", "calls"].map((name, i) =>
      el("th", { scope: "col", class: [2, 4, 6].includes(i) ? "wide" : null }, name)))),
    el("tbody", {}, objects(program.operators).map((o) => el("tr", {},
      el("td", { class: "mono text" }, o.operator), shareCell(duration(o.seconds), o.seconds / total),
      el("td", { class: "wide" }, percent(o.seconds / total)), el("td", {}, roofOf(o, measured)),
      el("td", { class: "wide" }, count(o.flops)), el("td", {}, bytes(o.bytes)),
      el("td", { class: "wide" }, grouped(o.calls))))))));
}

// ---- fusions

function fusionSection(program) {
  const all = objects(program.fusions);
  const table = (rows, names, empty) => {
    if (rows.length === 0) return el("p", { class: "padded soft", style: "margin:0" }, empty);
    const groups = new Map();
    for (const f of rows) {
      const key = JSON.stringify([f.rule, f.reason]);
      if (!groups.has(key)) groups.set(key, { ...f, places: [] });
      groups.get(key).places.push(f.place);
    }
    const sorted = [...groups.values()].sort((a, b) => b.places.length - a.places.length);
    return el("table", {}, el("thead", {}, el("tr", {}, names.map((name, i) =>
      el("th", { scope: "col", class: i > 0 && i < names.length - 1 ? "text" : null }, name)))),
    el("tbody", {}, sorted.map((g) => el("tr", {}, el("td", { class: "mono text" }, g.rule),
      names.length > 3 ? el("td", { class: "text" }, g.reason) : null,
      el("td", { class: "text" }, places(g.places)), el("td", {}, grouped(g.places.length))))));
  };
  const places = (list) => (list.length === 1 ? list[0]
    : el("details", {}, el("summary", {}, `${list[0]} and ${grouped(list.length - 1)} more`),
      list.slice(1).map((place) => el("div", {}, place))));
  const fired = all.filter((f) => f.fired), near = all.filter((f) => !f.fired);
  return section("Fusions",
    "A rule replaces several operators by one that computes the same with less memory traffic. A near miss is a place " +
    "where a rule's pattern is found but may not be replaced.",
    el("h3", {}, `Fired: ${grouped(fired.length)}`),
    el("div", { class: "sheet scroll" }, table(fired, ["rule", "where", "times"], "No rule fired in this program.")),
    el("h3", { style: "margin-top:22px" }, `Near misses: ${grouped(near.length)}`),
    el("div", { class: "sheet scroll" },
      table(near, ["rule", "why not", "where", "times"], "No pattern was found that was not replaced.")));
}

// ---- the page

function programView(program) {
  const { stats, memory, time } = program;
  const fusions = objects(program.fusions), fired = fusions.filter((f) => f.fired).length;
  const passes = stats.passes.reduce((sum, p) => sum + p.seconds, 0);
  return [
    tiles([
      [time.source === "measured" ? "time, measured" : "time, at least", duration(time.seconds),
        time.source === "measured" ? `${percent(time.roof_seconds / time.seconds)} of the roof` : "by the roofs"],
      ["work", amount(stats.flops, "FLOP"),
        rate(stats.flops / time.seconds, "FLOP")],
      ["memory traffic", bytes(stats.bytes), rate(stats.bytes / time.seconds, "B")],
      ["calls", grouped(stats.calls), `and ${plural(stats.views, "view")}`],
      ["planned peak", bytes(memory.total_bytes), `arena ${bytes(memory.arena_bytes)}`],
      ["fusions", grouped(fired), plural(fusions.length - fired, "near miss", "near misses")],
      ["compiled in", duration(passes), plural(program.stages.length - 1, "pass", "passes") + " shown"],
    ]),
    modelSection(program), operatorSection(program), fusionSection(program),
    memorySection(program, objects(program.calls)),
  ];
}

document.title = "weft: " + data.title;
const view = el("div", { role: "tabpanel", "aria-label": "The program" });
const programs = chooser("Programs", "tabs", data.programs.map((p) => p.program), (name) => name,
  (i) => { view.replaceChildren(...programView(data.programs[i]).flat(Infinity)); }, 0);
page.append(
  el("header", {}, el("div", { class: "kind" }, "weft graph explain"), el("h1", {}, data.title),
    el("p", {}, [data.facts, plural(data.parameters, "parameter"), plural(data.threads, "thread"),
      `roofs ${rate(data.roof.flops_per_second, "FLOP")} and ${rate(data.roof.bytes_per_second, "B")}`]
      .filter(Boolean).join(" · "))),
  programs.bar, view,
  el("footer", {}, `weft ${data.weft}. The numbers are those of `, el("code", {}, "weft graph explain --json"),
    ", which lie in this page."));
programs.start();
