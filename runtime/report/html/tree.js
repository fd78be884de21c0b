// A tree as a table (role treegrid). Only rows that are open exist, so that a model of thousands of operators opens at
// once. Keys: up, down, home, end; right opens or goes in, left closes or goes out; enter and space turn over.
//
// A node: {children: [node] or null, label: [what stands in the first cell], cells: () => [td], detail: () => element
// or null, class}. `open` nodes start open.
const kTwist = "M4 2 L8 6 L4 10";

function treeTable(label, columns, roots) {
  const body = el("tbody");
  const table = el("table", { class: "tree", role: "treegrid", "aria-label": label },
    el("thead", {}, el("tr", {}, columns.map((c) => {
      const th = el("th", { scope: "col", class: c.class, title: c.title }, c.name);
      if (c.width) th.style.width = c.width;
      return th;
    }))), body);

  const opens = (node) => Boolean((node.children && node.children.length) || node.detail);

  function rowOf(node, level, position, size) {
    const twist = el("span", { class: "twist", "aria-hidden": "true" },
      opens(node) ? svg("svg", { viewBox: "0 0 12 12", width: 12, height: 12 },
        svg("path", { d: kTwist, fill: "none", stroke: "currentColor", "stroke-width": 1.6 })) : null);
    const name = el("div", { class: "name" }, twist, node.label);
    const first = el("td", { role: "gridcell" }, name);
    first.style.paddingLeft = `calc(12px + var(--step) * ${level - 1})`;
    const row = el("tr", {
      role: "row", class: node.class, tabindex: "-1", "aria-level": level, "aria-posinset": position, "aria-setsize": size,
      "aria-expanded": opens(node) ? "false" : null,
    }, first, node.cells().map((cell) => { cell.setAttribute("role", "gridcell"); return cell; }));
    row.node = node;
    row.level = level;
    return row;
  }

  // The rows below an open one, those of open children among them.
  function rowsBelow(node, level) {
    const rows = [];
    if (node.detail) {
      const cell = el("td", { class: "detail", colspan: columns.length }, node.detail());
      cell.style.paddingLeft = `calc(31px + var(--step) * ${level - 1})`;
      const row = el("tr", { role: "row", class: "of" }, cell);
      row.level = level + 1;
      rows.push(row);
    }
    (node.children || []).forEach((child, i) => rows.push(...opened(child, level + 1, i + 1, node.children.length)));
    return rows;
  }
  function opened(node, level, position, size) {
    const row = rowOf(node, level, position, size);
    if (!node.open || !opens(node)) return [row];
    row.setAttribute("aria-expanded", "true");
    return [row, ...rowsBelow(node, level)];
  }

  function open(row) {
    if (row.getAttribute("aria-expanded") !== "false") return;
    row.node.open = true;
    row.setAttribute("aria-expanded", "true");
    // A module that holds nothing but one more is opened with it.
    for (let n = row.node; n.children && n.children.length === 1 && n.children[0].children; ) {
      n = n.children[0];
      n.open = true;
    }
    row.after(...rowsBelow(row.node, row.level));
  }
  function close(row) {
    if (row.getAttribute("aria-expanded") !== "true") return;
    row.node.open = false;
    row.setAttribute("aria-expanded", "false");
    while (row.nextElementSibling && row.nextElementSibling.level > row.level) row.nextElementSibling.remove();
  }
  const turn = (row) => (row.getAttribute("aria-expanded") === "true" ? close(row) : open(row));

  function focus(row) {
    if (!row) return;
    const before = body.querySelector('tr[tabindex="0"]');
    if (before) before.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
  }
  const stops = () => [...body.children].filter((row) => row.node);
  function outOf(row) {
    let at = row.previousElementSibling;
    while (at && !(at.node && at.level < row.level)) at = at.previousElementSibling;
    return at;
  }
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row || !row.node || String(getSelection())) return;
    turn(row);
    focus(row);
  });
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    if (!row || !row.node || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = stops(), at = all.indexOf(row), state = row.getAttribute("aria-expanded");
    if (event.key === "ArrowDown") focus(all[at + 1]);
    else if (event.key === "ArrowUp") focus(all[at - 1]);
    else if (event.key === "Home") focus(all[0]);
    else if (event.key === "End") focus(all[all.length - 1]);
    else if (event.key === "ArrowRight") state === "false" ? open(row) : state === "true" && focus(all[at + 1]);
    else if (event.key === "ArrowLeft") state === "true" ? close(row) : focus(outOf(row));
    else if (event.key === "Enter" || event.key === " ") turn(row);
    else return;
    event.preventDefault();
  });

  roots.forEach((root, i) => body.append(...opened(root, 1, i + 1, roots.length)));
  if (body.firstElementChild) body.firstElementChild.tabIndex = 0;

  // At most so many levels open at once: all that fit, not all that there are.
  function setAll(isOpen, modulesOnly) {
    const visit = (node) => {
      if (!node.children) { if (!isOpen) node.open = false; return; }
      node.open = isOpen && (!modulesOnly || node.children.some((c) => c.children));
      node.children.forEach(visit);
    };
    roots.forEach(visit);
    if (!isOpen) roots.forEach((root) => { root.open = true; });
    body.replaceChildren(...roots.flatMap((root, i) => opened(root, 1, i + 1, roots.length)));
    if (body.firstElementChild) body.firstElementChild.tabIndex = 0;
  }
  return { table, openAll: () => setAll(true), closeAll: () => setAll(false) };
}
