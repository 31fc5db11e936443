// One page script for all explorers: Python describes controls and writes results as HTML, this draws them.
// While `asked` (what a person did) and `answered` (by Python) differ, the screen soon says it is out of date.

const PAGE = Math.random().toString(36).slice(2); // this page's copy of the explorer, however many views
const KEYS = "button, input, select, textarea, summary, a[href], [tabindex]";
const SLOW = 300, LATE = 5000; // milliseconds
const FOLD = 6; // so many boxes stand open; more fold into a menu
const BUSY = "Python has not answered for 5 seconds: it is busy with another cell, or has stopped. " +
  "The filters are back at what is shown. Wait a little and try again, or choose Kernel, then Restart Kernel and Run All Cells.";
const GONE = "Python has stopped or was restarted, so the filters no longer work; what was last shown stays here. " +
  "Run this cell again, or choose Run, then Run All Cells.";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function keepKeys(root) { // JupyterLab must not take these keys as its shortcuts
  for (const node of root.querySelectorAll(KEYS)) node.setAttribute("data-lm-suppress-shortcuts", "true");
}

const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
const counted = (label, n) => (n === null || n === undefined ? label : `${label} (${n})`);

function initialize({ model }) { // once for each model: a file is saved once, however many views there are
  function message(content, buffers) {
    if (content.do !== "save" || content.page !== PAGE) return;
    const address = URL.createObjectURL(new Blob([buffers[0]]));
    make("a", { href: address, download: content.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
  model.on("msg:custom", message);
  return () => model.off("msg:custom", message);
}

// Controls: each gives its node, takes its options and its value, and reports a change.
function drawControl(spec, id, change, command) {
  const help = make("span", { id: `${id}-help`, class: "hx-hidden", text: spec.help });
  const common = { id, title: spec.help, "aria-describedby": spec.help ? `${id}-help` : null };
  const box = (input) => make("div", { class: "hx-control" }, make("label", { for: id, text: spec.label }), help, input);
  if (spec.kind === "several") {
    const boxes = make("div", { class: "hx-boxes" });
    const node = make("fieldset", { class: "hx-control", title: spec.help, "aria-describedby": common["aria-describedby"] },
      make("legend", { text: spec.label }), help, boxes);
    const menu = make("details", { class: "hx-menu" }, make("summary", { text: "All" }));
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.firstChild.focus(); } });
    let inputs = [], labels = [];
    return { node,
      options(options, value) {
        labels = options.map(([, label]) => label);
        if (options.length > FOLD && !menu.isConnected) { boxes.replaceWith(menu); menu.append(boxes); }
        const had = inputs.findIndex(([, input]) => input === document.activeElement);
        inputs = options.map(([key, , n]) => [key, make("input", { type: "checkbox", disabled: n === 0 && !(value || []).includes(key) })]);
        boxes.replaceChildren(...inputs.map(([, input], i) => make("label", {}, input, counted(options[i][1], options[i][2]))));
        for (const [, input] of inputs) {
          input.addEventListener("change", () => {
            const ticked = inputs.filter(([, one]) => one.checked).map(([key]) => key);
            change(spec.name, ticked.length ? ticked : null);
          });
        }
        if (had >= 0) inputs[had]?.[1].focus();
      },
      value(value) {
        for (const [key, input] of inputs) input.checked = (value || []).some((one) => same(one, key));
        const on = labels.filter((_, i) => inputs[i][1].checked);
        menu.firstChild.textContent = on.length > 1 ? `${on.length} of ${labels.length} ticked` : on[0] || `All (${labels.length})`;
      } };
  }
  if (spec.kind === "choice") {
    const select = make("select", common);
    let keys = [];
    select.addEventListener("change", () => change(spec.name, keys[select.selectedIndex]));
    return { node: box(select),
      options(options, value) {
        const all = spec.everything === null ? options : [[null, spec.everything], ...options];
        keys = all.map(([key]) => key);
        select.replaceChildren(...all.map(([key, label, n]) =>
          make("option", { text: counted(label, n), disabled: n === 0 && !same(key, value) })));
      },
      value(value) { select.selectedIndex = keys.findIndex((key) => same(key, value)); } };
  }
  if (spec.kind === "file") {
    const input = make("input", { ...common, type: "file", accept: spec.accept });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const told = { do: "file", name: spec.name, file: file.name, size: file.size };
      const data = file.size > spec.limit ? [] : [await file.arrayBuffer()];
      input.value = ""; // so that the same file can be chosen again
      command(told, data);
    });
    return { node: box(input), options() {}, value() {} };
  }
  const input = make("input", { ...common, type: spec.kind, placeholder: spec.placeholder || null, maxlength: 1000, autocomplete: "off" });
  let typing = false; // what is being typed is nobody's to overwrite until it is left
  const commit = () => { if (typing) change(spec.name, input.value || null); typing = false; };
  input.addEventListener("input", () => { typing = true; if (spec.kind === "search") change(spec.name, input.value || null); });
  input.addEventListener("change", commit);
  input.addEventListener("blur", () => { typing = false; });
  return { node: box(input), options() {}, value(value) { if (!typing) input.value = value ?? ""; } };
}

function press(label, act, title = null) {
  const button = make("button", { type: "button", text: label, title });
  button.addEventListener("click", act);
  return button;
}

function copyButton(label, source) {
  const button = make("button", { type: "button", text: label });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "Selected: press Ctrl+C";
    }
  });
  new MutationObserver(() => { button.textContent = label; }).observe(source, { childList: true, characterData: true, subtree: true });
  return button;
}

// Arrows move inside a matrix, which is one stop of the tab key.
function rove(grid, key) {
  const all = [...grid.querySelectorAll("[data-cell]")];
  const current = all.find((one) => one.dataset.cell === key) || all.find((one) => one.getAttribute("aria-expanded") === "true" || one.getAttribute("aria-pressed") === "true") || all[0];
  for (const one of all) one.tabIndex = one === current ? 0 : -1;
}
function arrow(event) {
  const from = event.target.closest?.("[data-cell]");
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  if (!from || !step) return;
  const rows = [...from.closest("table").rows];
  let [row, column] = [rows.indexOf(from.closest("tr")), from.closest("td, th").cellIndex];
  for (;;) {
    [row, column] = [row + step[0], column + step[1]];
    if (!rows[row] || column < 0 || (step[1] && column >= rows[row].cells.length)) break;
    const next = rows[row].cells[column]?.querySelector("[data-cell]");
    if (!next) continue;
    rove(from.closest("table"), next.dataset.cell);
    next.focus();
    break;
  }
  event.preventDefault();
}

function render({ model, el }) {
  const id = `hx-${Math.random().toString(36).slice(2)}`;
  const status = make("span", { class: "hx-status", role: "status", "aria-live": "polite" });
  const tools = make("div", { class: "hx-tools", role: "group", "aria-label": "Save, cite and reset" });
  const head = make("div", { class: "hx-head" },
    make("div", { class: "hx-title", role: "heading", "aria-level": "3", text: model.get("title") }), status, tools);
  const note = make("p", { class: "hx-note", role: "note", text: model.get("note") });
  const primary = make("div", { class: "hx-row" });
  const more = make("div", { class: "hx-row hx-more", id: `${id}-more`, hidden: "" });
  const opener = make("button", { type: "button", "aria-expanded": "false", "aria-controls": `${id}-more` });
  const error = make("p", { class: "hx-error", role: "alert", hidden: "" });
  const working = make("p", { class: "hx-working-word", role: "status", hidden: "", text: "Working…" });
  const sentence = make("p", { class: "hx-sentence" });
  const table = make("div", { class: "hx-table jp-RenderedHTMLCommon", role: "region", tabindex: "0", "aria-label": `${model.get("title")}: table` });
  const picture = make("div", { class: "hx-picture" });
  const result = make("div", { class: "hx-result" }, sentence, table, picture);
  const root = make("section", { class: "hx", lang: "en-GB", "aria-label": model.get("title") });
  const panels = make("div", { class: "hx-panels" });
  root.append(head, panels, note, primary, more, error, working, result);
  el.replaceChildren(root);

  // What a person does, in its order: a command waits until what came before it is answered, and nothing overtakes it.
  let waiting = [], slow = 0, late = 0, lost = "", gone = false;
  const open = () => model.get("asked") > model.get("answered");
  const next = () => Math.max(model.get("asked"), model.get("answered")) + 1;
  function watch() {
    root.dataset.open = open() || waiting.length ? "yes" : "no";
    if (!open()) {
      clearTimeout(slow); clearTimeout(late); slow = late = 0;
      root.classList.remove("hx-working"); working.hidden = true;
      return;
    }
    slow ||= setTimeout(() => { root.classList.add("hx-working"); working.hidden = false; }, SLOW);
    late ||= setTimeout(() => giveUp(gone ? GONE : BUSY), gone ? 2 * SLOW : LATE);
  }
  function giveUp(why) { // the controls go back to what the table shows
    lost = why; waiting = [];
    model.set({ ...model.get("shown").values, asked: model.get("answered") });
    watch(); showValues(); showError();
  }
  function tell(act) {
    if (!gone) lost = "";
    try { act(); } catch { return giveUp(GONE); } // the connection to Python ended
    watch(); showError();
  }
  const inTurn = (act, wait) => { if (wait || waiting.length) waiting.push(act); else tell(act); };
  const change = (name, value) => inTurn(() => { model.set({ [name]: value, asked: next() }); model.save_changes(); });
  const command = (content, data = []) => inTurn(() => {
    model.set("asked", next());
    model.send({ ...content, asked: model.get("asked"), page: PAGE }, undefined, data);
  }, open());

  const drawn = new Map();
  for (const spec of model.get("form").filter((one) => one.kind !== "hidden")) {
    const one = drawControl(spec, `${id}-${spec.name}`, change, command);
    drawn.set(spec.name, { ...one, spec, drawnOptions: "" });
    (spec.more ? more : primary).append(one.node);
  }
  if (more.childElementCount) primary.append(opener);
  opener.addEventListener("click", () => { more.hidden = !more.hidden; opener.setAttribute("aria-expanded", String(!more.hidden)); });

  const code = make("code"), cite = make("span", { class: "hx-cite" }), link = make("span"), saves = make("div", { class: "hx-row" });
  for (const [kind, label] of model.get("saves")) saves.append(press(label, () => command({ do: "save", kind })));
  for (const [label, tip, content] of [
    ["Save", "Save what is shown as a file", saves],
    ["Cite", "A citation of what is shown", make("p", {}, cite, " ", copyButton("Copy citation", cite))],
    ["Code", "The Python that gives the same table", make("div", {}, make("pre", {}, code), copyButton("Copy code", code))],
    ["Link", "The same view on the site", make("p", {}, link, " ", copyButton("Copy link", link))],
  ]) {
    const panel = make("div", { class: "hx-panel", id: `${id}-${label}`, hidden: "" }, content);
    const button = make("button", { type: "button", text: label, title: tip, "aria-expanded": "false", "aria-controls": panel.id });
    button.addEventListener("click", () => { panel.hidden = !panel.hidden; button.setAttribute("aria-expanded", String(!panel.hidden)); });
    tools.append(button); panels.append(panel);
  }
  for (const [name, label, tip] of [...model.get("buttons"), ["reset", "Reset", "Put all controls back to their start"], ["clear", "Clear", "Take all filters away"]]) {
    tools.append(press(label, () => command({ do: name }), tip));
  }

  // Inside the result: data-do is a command, and data-cell alone opens that cell; a box adds its value.
  result.addEventListener("click", (event) => {
    const one = event.target.closest("button[data-do], button[data-cell]");
    if (!one) return;
    if (!one.dataset.do) return command({ do: "open", cell: one.dataset.cell });
    const boxes = one.hasAttribute("data-form") ? [...one.closest(".hx-form").querySelectorAll("[name]")] : [];
    for (const box of boxes) delete box.dataset.typed; // a button of a small form sends its boxes along
    command({ ...JSON.parse(one.dataset.do), ...Object.fromEntries(boxes.map((box) => [box.name, box.value])) });
  });
  table.addEventListener("change", (event) => {
    const box = event.target.closest(":is(input, select, textarea)[data-do]");
    if (box) { delete box.dataset.typed; command({ ...JSON.parse(box.dataset.do), value: box.type === "checkbox" ? box.checked : box.value }); }
  });
  table.addEventListener("input", (event) => { event.target.dataset.typed = "yes"; });
  table.addEventListener("keydown", arrow);

  const shown = new WeakMap();
  const keyOf = (one) => one?.dataset?.cell ?? one?.dataset?.do ?? one?.dataset?.sort;
  function put(node, html) { // keeps the focus, and what is typed and not yet sent
    if (shown.get(node) === html) return;
    shown.set(node, html);
    const active = node.contains(document.activeElement) ? document.activeElement : null;
    const key = keyOf(active), span = active?.type === "text" || active?.tagName === "TEXTAREA" ? [active.selectionStart, active.selectionEnd] : null;
    const typed = [...node.querySelectorAll("[data-typed]")].map((one) => [keyOf(one), one.value]);
    const opened = () => node.querySelector("[data-cell][aria-expanded=true]")?.dataset.cell;
    const before = opened(), scrolled = node.querySelector(".hx-box")?.scrollTop;
    node.innerHTML = html;
    if (scrolled) node.querySelector(".hx-box")?.scrollTo(0, scrolled);
    for (const link of node.querySelectorAll("a[href^=http]")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    const find = (wanted) => [...node.querySelectorAll("[data-cell], [data-do], [data-sort]")].find((one) => keyOf(one) === wanted);
    if (node === table) sortable();
    for (const [wanted, value] of typed) { const one = find(wanted); if (one) { one.value = value; one.dataset.typed = "yes"; } }
    for (const grid of node.querySelectorAll("table.hx-grid")) rove(grid, key);
    keepKeys(node);
    const again = key && find(key);
    again?.focus({ preventScroll: true });
    if (again && span) again.setSelectionRange(...span);
    if (shown.get(node) && opened() !== before) node.querySelector(".hx-evidence")?.scrollIntoView({ block: "nearest" });
  }
  function sortable() {
    const heads = new Set(model.get("shown").headings || []), now = model.get("sort") || "";
    for (const th of table.querySelectorAll("thead th")) {
      const name = th.textContent.trim();
      if (!heads.has(name)) continue;
      const down = now === name, up = now === `-${name}`;
      const button = make("button", { type: "button", class: "hx-sort", "data-sort": name, title: `Sort by ${name}`, text: name + (down ? " ▲" : up ? " ▼" : "") });
      button.addEventListener("click", () => change("sort", down ? `-${name}` : up ? null : name));
      th.replaceChildren(button);
      if (down || up) th.setAttribute("aria-sort", down ? "ascending" : "descending");
    }
  }
  function showValues() {
    const values = open() ? null : model.get("shown").values;
    for (const [name, one] of drawn) {
      const value = values ? values[name] : model.get(name);
      one.value(value);
      one.node.hidden = one.spec.quiet && (value ?? null) === null;
    }
    const on = (model.get("shown").on || []).filter((name) => drawn.get(name)?.spec.more).length;
    opener.textContent = on ? `More filters (${on} on)` : "More filters";
  }
  function showForm() {
    for (const spec of model.get("form").filter((one) => drawn.has(one.name))) {
      const one = drawn.get(spec.name), text = JSON.stringify(spec.options);
      if (one.drawnOptions !== text) one.options(spec.options, model.get(spec.name));
      one.drawnOptions = text;
    }
    showValues(); keepKeys(root);
  }
  function showError() {
    const words = lost || model.get("error") || "";
    if (error.textContent !== words) error.textContent = words;
    error.hidden = !words;
  }
  function showAll() {
    const view = model.get("shown");
    if (status.textContent !== view.status) status.textContent = view.status;
    sentence.textContent = view.sentence; sentence.hidden = !view.sentence;
    put(table, view.table); table.hidden = !view.table;
    if (code.textContent !== view.code) code.textContent = view.code;
    if (link.textContent !== view.link) link.textContent = view.link;
    root.querySelector(`[aria-controls="${id}-Link"]`).hidden = !view.link;
    showError(); showValues();
    root.dataset.shown = Number(root.dataset.shown || 0) + 1;
  }
  function showCite() { cite.textContent = model.get("cite"); }
  function showFigure() { put(picture, model.get("figure")); root.dataset.figure = Number(root.dataset.figure || 0) + 1; }
  function answered() {
    lost = ""; gone = false;
    watch(); showError(); showValues();
    if (waiting.length && !open()) tell(waiting.shift());
  }

  const measured = new ResizeObserver(([{ contentRect }]) => {
    root.classList.toggle("hx-narrow", contentRect.width <= 820);
    root.classList.toggle("hx-thin", contentRect.width <= 620);
  });
  measured.observe(root);
  const heard = { "change:form": showForm, "change:shown": showAll, "change:figure": showFigure, "change:cite": showCite, "change:error": showError, "change:answered": answered, "change:asked": watch, comm_live_update: () => { gone = true; giveUp(GONE); } };
  for (const name of drawn.keys()) heard[`change:${name}`] = showValues;
  for (const [event, act] of Object.entries(heard)) model.on(event, act);
  note.hidden = !model.get("note");
  showAll(); showCite(); showFigure(); showForm(); watch();
  return () => {
    measured.disconnect(); clearTimeout(slow); clearTimeout(late);
    for (const [event, act] of Object.entries(heard)) model.off(event, act);
  };
}

export default { initialize, render };
