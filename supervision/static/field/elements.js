/* Making pieces of a page. Everything goes in as text, never as HTML: names and findings may hold anything. */

const SVG = "http://www.w3.org/2000/svg";
const icons = () => document.body.dataset.icons;

/* An element with attributes, listeners (`on`) and children; children that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) { element.addEventListener(event, listener); }
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/* An icon of the house by its name; decoration, so words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bi");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons()}#${name}`);
  svg.append(use);
  return svg;
}

/* A button; `look` is primary, outline-primary, outline-secondary, danger … */
export function button(text, listener, { look = "primary", symbol = null, ...attributes } = {}) {
  return make("button", { type: "button", class: `btn btn-${look}`, ...attributes, on: { click: listener } },
    symbol ? icon(symbol) : null, make("span", {}, text));
}

/* A link that looks like a button. */
export function linkButton(text, href, { look = "primary", symbol = null, ...attributes } = {}) {
  return make("a", { class: `btn btn-${look}`, href, ...attributes }, symbol ? icon(symbol) : null, make("span", {}, text));
}

const NOTICE_ICONS = { info: "info-circle-fill", success: "check-circle-fill", warning: "exclamation-triangle-fill",
  danger: "exclamation-octagon-fill" };

/* A message box: kind is info, success, warning or danger. */
export function notice(kind, title, ...children) {
  return make("div", { class: `alert alert-${kind}`, role: kind === "danger" ? "alert" : "status" }, icon(NOTICE_ICONS[kind]),
    make("div", {}, title ? make("strong", { class: "d-block" }, title) : null, ...children));
}

const TONE_ICONS = { neutral: "circle", info: "arrow-repeat", success: "check-circle", warning: "clock", danger: "exclamation-octagon-fill" };

/* A state as text with a symbol and a color. */
export function badge(text, tone = "neutral", symbol = TONE_ICONS[tone]) {
  return make("span", { class: `state tone-${tone}` }, icon(symbol), text);
}

/* A list of [label, value]; those without a value are left out. */
export function facts(pairs) {
  return make("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))));
}

/* Something that unfolds. */
export function fold(title, children, { open = false, cls = "field-fold" } = {}) {
  return make("details", { class: cls, open }, make("summary", {}, title), children);
}

/* A control with its label and, where given, a word of help and an error. */
export function labeled(id, label, control, { help = null, error = null } = {}) {
  control.id = id;
  const about = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  if (about) { control.setAttribute("aria-describedby", about); }
  if (error) { control.setAttribute("aria-invalid", "true"); }
  return make("div", { class: error ? "field has-error" : "field" }, make("label", { for: id }, label),
    help ? make("div", { class: "form-text", id: `${id}-help` }, help) : null, control,
    error ? make("p", { class: "field-error", id: `${id}-error` }, icon("exclamation-circle-fill"), error) : null);
}

/* Say something to those who listen instead of looking. */
export function announce(text) {
  document.getElementById("announcements").textContent = text;
}

/* Put new children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== false && child !== undefined));
}
