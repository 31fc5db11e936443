// One front end for all explorers: it draws the controls that Python describes, reports every change
// in its order, and shows what comes back: words and table at once, the picture when it is ready.
// Plain HTML controls, so that labels, groups and tooltips are real ones; each carries the attribute
// that keeps JupyterLab from taking its keys as shortcuts.

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function keepKeys(root) {
  for (const node of root.querySelectorAll(FOCUSABLE)) {
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

function fileControl(spec, id, common, tell) {
  const input = make("input", { ...common, type: "file", accept: spec.options.map(([end]) => end).join(",") });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const told = { do: "file", name: spec.name, file: file.name, size: file.size };
    const buffers = file.size > spec.limit ? [] : [await file.arrayBuffer()];
    input.value = ""; // so that the same file can be chosen again
    tell(told, buffers);
  });
  return input;
}

function control(spec, id, change, tell, left) {
  const described = `${id}-tip`;
  const tip = make("span", { id: described, class: "hx-tip", text: spec.tip });
  if (spec.kind === "checks") {
    const group = make("fieldset", { class: "hx-checks", title: spec.tip, "aria-describedby": described });
    group.append(make("legend", { text: spec.label }), tip);
    const box = make("div", { class: "hx-boxes" });
    group.append(box);
    const inputs = new Map();
    let drawn = "";
    return {
      node: group,
      options(options) {
        if (drawn === JSON.stringify(options)) return;
        drawn = JSON.stringify(options);
        inputs.clear();
        box.replaceChildren(
          ...options.map(([value, label]) => {
            const input = make("input", { type: "checkbox", value });
            input.addEventListener("change", () =>
              change(spec.name, [...inputs].filter(([, one]) => one.checked).map(([key]) => key)),
            );
            inputs.set(value, input);
            return make("label", {}, input, ` ${label}`);
          }),
        );
      },
      value(value) {
        for (const [key, input] of inputs) input.checked = value.includes(key);
      },
    };
  }
  const label = make("label", { for: id, text: spec.label });
  const common = { id, title: spec.tip, "aria-describedby": described };
  if (spec.kind === "choice") {
    const select = make("select", common);
    select.addEventListener("change", () => change(spec.name, select.value));
    let drawn = "";
    return {
      node: make("div", { class: "hx-control" }, label, tip, select),
      options(options) {
        if (drawn === JSON.stringify(options)) return;
        drawn = JSON.stringify(options);
        select.replaceChildren(...options.map(([value, text]) => make("option", { value, text })));
      },
      value(value) {
        select.value = value;
      },
    };
  }
  if (spec.kind === "file") {
    const input = fileControl(spec, id, common, tell);
    return { node: make("div", { class: "hx-control" }, label, tip, input), options() {}, value() {} };
  }
  const type = { search: "search", number: "number", text: "text" }[spec.kind];
  const box = spec.kind === "number" ? { step: "any", ...Object.fromEntries(spec.options) } : {};
  const size = spec.kind === "text" ? 60 : null; // room for a sentence
  const input = make("input", { ...common, type, size, ...box, autocomplete: "off" });
  // What is being typed is nobody's to overwrite until it is left or committed.
  let typing = false;
  input.addEventListener("input", () => {
    typing = spec.kind !== "search";
    if (!typing) change(spec.name, input.value);
  });
  const commit = () => {
    if (typing) change(spec.name, input.value);
    typing = false;
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  input.addEventListener("blur", () => {
    if (typing) left();
    typing = false;
  });
  return {
    node: make("div", { class: "hx-control" }, label, tip, input),
    options() {},
    value(value) {
      if (!typing && input.value !== String(value)) input.value = value;
    },
  };
}

function copyButton(label, source) {
  const button = make("button", { type: "button", text: label, title: `${label} to the clipboard` });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected: press Ctrl+C";
    }
  });
  return button;
}

function save(content, buffer) {
  const address = URL.createObjectURL(new Blob([buffer], { type: content.type }));
  const link = make("a", { href: address, download: content.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function render({ model, el }) {
  // Every widget gets a module of its own, so a counter would give two explorers the same ids.
  const id = `hx-${Math.random().toString(36).slice(2)}`;
  const heading = make("div", { class: "hx-title", role: "heading", "aria-level": "3", text: model.get("title") });
  const caveat = make("p", { class: "hx-caveat", role: "note", text: model.get("caveat") });
  const controls = make("div", { class: "hx-controls" });
  const status = make("p", { class: "hx-status", role: "status", "aria-live": "polite" });
  const error = make("p", { class: "hx-error", role: "alert" });
  const words = make("p", { class: "hx-words" });
  const table = make("div", { class: "hx-table jp-RenderedHTMLCommon" });
  const picture = make("div", { class: "hx-picture" });
  const tools = make("div", { class: "hx-tools", role: "group", "aria-label": "Take away" });
  const code = make("code");
  const cite = make("p");
  const bar = make("div", { class: "hx-bar" });
  const root = make("section", { class: "hx", "aria-label": model.get("title") });
  root.append(heading, caveat, controls, bar, error, status, words, table, picture, tools);
  el.replaceChildren(root);

  // What a person does goes to Python in its order, one thing at a time: each change is applied to
  // the state that Python has then, so an answer on its way can neither undo nor redirect it.
  const waiting = [];
  let sent = null;
  let n = 0;
  function send() {
    if (sent || !waiting.length) return;
    sent = waiting.shift();
    model.send({ ...sent.content, id: sent.id }, undefined, sent.buffers);
  }
  function tell(content, buffers = []) {
    const last = waiting.at(-1);
    if (content.do === "change" && last?.content.do === "change") {
      const names = (one) => Object.keys(one.changes).join();
      if (names(last.content) === names(content)) waiting.pop(); // typed on before it was sent
    }
    n += 1;
    waiting.push({ id: `${id} ${n}`, content, buffers });
    send();
  }
  function change(name, value) {
    tell({ do: "change", changes: { [name]: value } });
  }
  function unanswered(name) {
    return [sent, ...waiting].some((one) => one?.content.changes && name in one.content.changes);
  }

  // A group of controls and buttons has a heading; what has none stands before all groups.
  const groups = new Map();
  function place(name, otherwise) {
    if (!name) return otherwise;
    if (!groups.has(name)) {
      const inside = make("div", { class: "hx-controls" });
      const group = make("fieldset", { class: "hx-group" }, make("legend", { text: name }), inside);
      groups.set(name, inside);
      bar.before(group);
    }
    return groups.get(name);
  }

  const drawn = new Map();
  for (const spec of model.get("controls")) {
    if (spec.kind === "hidden") continue;
    const one = control(spec, `${id}-${spec.name}`, change, tell, () => queueMicrotask(showState));
    drawn.set(spec.name, one);
    place(spec.group, controls).append(one.node);
  }
  const reset = make("button", { type: "button", text: "Reset", title: "Put all controls back to their start" });
  reset.addEventListener("click", () => tell({ do: "reset" }));
  bar.append(reset);
  // A closed action keeps its place in the order of keys, so that the focus is never lost.
  const buttons = new Map();
  for (const action of model.get("actions")) {
    const button = make("button", { type: "button", text: action.label, title: action.tip });
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") tell({ do: action.name });
    });
    buttons.set(action.name, button);
    place(action.group, bar).append(button);
  }
  for (const [kind, label] of model.get("downloads")) {
    const button = make("button", { type: "button", text: label, title: `${label}: what is shown now` });
    button.addEventListener("click", () => tell({ do: "download", kind }));
    tools.append(button);
  }
  tools.append(
    make("details", {}, make("summary", { text: "Show as code" }), make("pre", {}, code), copyButton("Copy code", code)),
    make("details", {}, make("summary", { text: "Cite this" }), cite, copyButton("Copy citation", cite)),
  );

  // Buttons inside the table carry the change that they make: {"name": value}.
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (!button) return;
    tell({ do: "change", changes: JSON.parse(button.dataset.set) });
  });

  function showControls() {
    for (const spec of model.get("controls")) drawn.get(spec.name)?.options(spec.options);
    showState();
    keepKeys(root);
  }
  function showActions() {
    for (const action of model.get("actions")) {
      buttons.get(action.name)?.setAttribute("aria-disabled", action.closed ? "true" : "false");
    }
  }
  function showState() {
    const state = model.get("state");
    for (const [name, one] of drawn) if (name in state && !unanswered(name)) one.value(state[name]);
  }
  // A table is drawn again part by part, and where only a pressed button differs, not at all.
  const PRESSED = /aria-pressed="(true|false)"/g;
  function putParts(node, html) {
    const parts = html.split("<!-- part -->");
    while (node.childElementCount > parts.length) node.lastElementChild.remove();
    parts.forEach((part, i) => {
      const one = node.children[i] || node.appendChild(make("div", { class: "hx-part" }));
      const pressed = [...part.matchAll(PRESSED)].map(([, value]) => value);
      put(one, part.replace(PRESSED, 'aria-pressed="false"'));
      [...one.querySelectorAll("[aria-pressed]")].forEach((button, n) => {
        if (button.getAttribute("aria-pressed") !== pressed[n]) button.setAttribute("aria-pressed", pressed[n]);
      });
    });
  }
  const shown = new WeakMap();
  function put(node, html) {
    if (shown.get(node) === html) return;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.set : null;
    node.innerHTML = html;
    shown.set(node, html);
    for (const link of node.querySelectorAll("a[href]")) {
      link.target = "_blank"; // the notebook stays where it is
      link.rel = "noopener noreferrer";
    }
    keepKeys(node);
    if (focused) [...node.querySelectorAll("[data-set]")].find((one) => one.dataset.set === focused)?.focus();
  }
  function showView() {
    const view = model.get("view");
    error.textContent = view.error || "";
    error.hidden = !view.error;
    root.classList.toggle("hx-stale", Boolean(view.stale));
    if (!view.error) {
      if (status.textContent !== view.status) status.textContent = view.status;
      words.textContent = view.words;
      putParts(table, view.table);
      code.textContent = view.code;
      cite.textContent = view.cite;
    }
    root.dataset.serial = view.serial;
  }
  function showPicture() {
    put(picture, model.get("picture"));
    root.dataset.picture = model.get("picture_serial");
  }
  function message(content, buffers) {
    if (content.do === "save") save(content, buffers[0]);
    if (content.do === "done" && content.id === sent?.id) {
      sent = null;
      showState();
      send();
    }
  }

  const measured = new ResizeObserver(([{ contentRect }]) => {
    root.classList.toggle("hx-slim", contentRect.width <= 1100);
    root.classList.toggle("hx-thin", contentRect.width <= 800);
  });
  measured.observe(root);
  model.on("change:controls", showControls);
  model.on("change:actions", showActions);
  model.on("change:state", showState);
  model.on("change:view", showView);
  model.on("change:picture_serial", showPicture);
  model.on("msg:custom", message);
  showControls();
  showActions();
  showView();
  showPicture();
  return () => {
    measured.disconnect();
    model.off("change:controls", showControls);
    model.off("change:actions", showActions);
    model.off("change:state", showState);
    model.off("change:view", showView);
    model.off("change:picture_serial", showPicture);
    model.off("msg:custom", message);
  };
}

export default { render };
