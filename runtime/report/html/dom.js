// Elements, numbers as people read them, and the tooltip. All text goes in as text nodes: whatever a name holds, it
// is never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Rows of a table {"columns", "rows"} as objects.
function objects(table) {
  return table.rows.map((row) => {
    const object = {};
    table.columns.forEach((column, i) => { object[column] = row[i]; });
    return object;
  });
}

const known = (x) => typeof x === "number" && Number.isFinite(x);
const digits3 = (x) => (x < 9.995 ? x.toFixed(2) : x < 99.95 ? x.toFixed(1) : x.toFixed(0));
const grouped = (x) => (known(x) ? Math.round(x).toLocaleString("en-US") : "–");
function scaled(x, units, step) {
  let unit = 0;
  while (unit + 1 < units.length && Math.abs(x) >= step * 0.9995) { x /= step; ++unit; }
  return [x, units[unit], unit];
}
function count(x) {
  if (!known(x)) return "–";
  const [value, unit, power] = scaled(x, ["", "k", "M", "G", "T", "P"], 1000);
  return (power === 0 && Number.isInteger(value) ? String(value) : digits3(value)) + unit;
}
function bytes(x) {
  if (!known(x)) return "–";
  const [value, unit, power] = scaled(x, ["B", "KiB", "MiB", "GiB", "TiB"], 1024);
  return (power === 0 ? String(Math.round(value)) : digits3(value)) + " " + unit;
}
function duration(x) {
  if (!known(x)) return "–";
  if (x === 0) return "0";
  if (x < 1e-3) return digits3(x * 1e6) + " µs";
  if (x < 1) return digits3(x * 1e3) + " ms";
  if (x < 100) return digits3(x) + " s";
  const s = Math.round(x), pad = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${pad(s % 60)} min`
                  : `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)} h`;
}
function percent(x) {
  if (!known(x)) return "–";
  const p = 100 * x;
  return (p === 0 ? "0" : p < 0.095 ? "< 0.1" : p < 9.95 ? p.toFixed(1) : p.toFixed(0)) + " %";
}
function amount(x, unit) {
  if (!known(x)) return "–";
  const [value, prefix] = scaled(x, ["", "k", "M", "G", "T", "P"], 1000);
  return `${Number.isInteger(value) && prefix === "" ? value : digits3(value)} ${prefix}${unit}`;
}
const rate = (x, unit) => (known(x) ? amount(x, unit) + "/s" : "–");
// Of a tick: "2M", not "2.00M".
const tidy = (text) => text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");
const small = (x) => (!known(x) ? "–" : x === 0 ? "0" : Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5
  ? x.toExponential(2) : String(Number(x.toPrecision(4))));
const plural = (n, one, many) => `${grouped(n)} ${n === 1 ? one : many || one + "s"}`;

// "blocks.12.attn" -> "blocks.*.attn", as `weft graph memory` groups what lives at the peak.
const pattern = (scope) => scope.split(".").map((part) => (/^[0-9]+$/.test(part) ? "*" : part)).join(".");

const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

function section(title, lead, ...children) {
  return el("section", {}, el("h2", {}, title), lead ? el("p", { class: "lead" }, lead) : null, children);
}
// [[name, value, note], ...]
function tiles(list) {
  return el("dl", { class: "tiles sheet" }, list.filter(Boolean).map(([name, value, note]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null))));
}
function facts(list) {
  return el("dl", { class: "facts" },
    list.filter(Boolean).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
// A number over a bar of its share.
function shareCell(text, share, attributes) {
  const width = Math.max(0, Math.min(1, share || 0)) * 100;
  const bar = el("i");
  bar.style.width = `calc((100% - 8px) * ${(width / 100).toFixed(4)})`;
  return el("td", { class: "share", ...attributes }, width > 0 ? bar : null, el("span", {}, text));
}
// Buttons of which one is chosen; arrow keys move the choice.
function chooser(label, className, names, render, choose, chosen) {
  const buttons = names.map((name, i) =>
    el("button", { role: "tab", type: "button", onclick: () => select(i) }, render(name, i)));
  function select(i, focus) {
    buttons.forEach((b, k) => {
      b.setAttribute("aria-selected", String(k === i));
      b.tabIndex = k === i ? 0 : -1;
    });
    if (focus) buttons[i].focus();
    buttons[i].scrollIntoView({ block: "nearest", inline: "nearest" });
    choose(i);
  }
  const bar = el("div", { role: "tablist", "aria-label": label, class: className, onkeydown: (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    select(Math.max(0, Math.min(buttons.length - 1, to)), true);
  } }, buttons);
  return { bar, start: () => { const y = window.scrollY; select(chosen); window.scrollTo(0, y); } };
}

const tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true });
document.body.append(tip);
function showTip(x, y, ...children) {
  tip.replaceChildren(...children.flat(Infinity).filter(Boolean));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 12)) + "px";
  tip.style.top = (y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 18) + "px";
}
const hideTip = () => { tip.hidden = true; };
addEventListener("scroll", hideTip, { passive: true });

// Calls `draw` now, when the element gets another width, and when light turns to dark.
function redrawn(element, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (element.clientWidth !== width && element.clientWidth > 0) { width = element.clientWidth; draw(); }
  }).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
// Whole and pleasant: 0, 2 MiB, 4 MiB ...
function ticks(low, high, most, base = 10) {
  const raw = (high - low) / Math.max(1, most);
  if (!(raw > 0)) return [low];
  let step;
  if (base === 2) {
    step = 2 ** Math.ceil(Math.log2(raw));
  } else {
    const power = 10 ** Math.floor(Math.log10(raw));
    step = power * ([1, 2, 5, 10].find((m) => m * power >= raw) || 10);
  }
  const list = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) list.push(i * step);
  return list;
}
