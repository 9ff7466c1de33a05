/* Making pieces of a page. Everything goes in as text, never as HTML: a bundle may hold anything. */
import { say } from "./words.js";

/* An element with attributes and children; `null` children are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) { element.setAttribute(name, ""); } else if (value !== false) { element.setAttribute(name, value); }
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/* A digest or code in the digit font. */
export function digest(text) {
  return make("code", { class: "digest", translate: "no" }, text);
}

/* A message box: kind is info, success, warning or danger. */
export function notice(kind, title, ...children) {
  const role = kind === "danger" ? "alert" : "status";
  return make("div", { class: `alert alert-${kind}`, role }, make("div", {},
    title ? make("strong", { class: "d-block" }, title) : null, ...children));
}

/* A list of [label, value]; those without a value are left out. */
export function facts(pairs) {
  return make("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== "")
    .map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))));
}

/* A table: headings, then rows of cells, the first of which names the row; on phones each row becomes a card. */
export function table(headings, rows, { numeric = [] } = {}) {
  const mark = (i) => (numeric.includes(i) ? { class: "num" } : {});
  const cell = (value, i) => (i === 0
    ? make("th", { scope: "row", "data-label": headings[0] }, value)
    : make("td", { ...mark(i), "data-label": headings[i] }, value));
  return make("div", { class: "table-scroll" }, make("table", { class: "table table-cards" },
    make("thead", {}, make("tr", {}, headings.map((text, i) => make("th", { scope: "col", ...mark(i) }, text)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, row.map(cell))))));
}

/* Something that unfolds. */
export function folded(title, open, ...children) {
  return make("details", { class: "verify-fold", open }, make("summary", {}, title), ...children);
}

/* A button that copies a text; nothing where the browser offers no clipboard. */
export function copyButton(language, text) {
  if (!navigator.clipboard) { return null; }
  const button = make("button", { type: "button", class: "btn btn-outline-secondary btn-sm" }, say(language, "copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = say(language, "copied");
  });
  return button;
}

/* n/N as a share in percent. */
export function share(selected, size) {
  return size ? `${selected}/${size} (${((100 * selected) / size).toFixed(2)} %)` : "–";
}
