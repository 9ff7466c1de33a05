/* The head of every screen: back, what is saved where, the other language. */
import { icon, make } from "./elements.js";
import { countStates } from "./visits.js";

/* What is saved where, in a few words: {tone, symbol, text}. */
export function saveState(app, visitId = null) {
  const { store, sync } = app;
  const counts = countStates(store, visitId);
  const here = counts.kept + counts.sending + counts.waiting;
  const files = visitId === null ? [...store.files.values()].filter((file) => file.state === "here").length : 0;
  if (store.failed) { return { tone: "danger", symbol: "exclamation-octagon-fill", text: app.say("save-failed") }; }
  if (counts.conflict) { return { tone: "danger", symbol: "exclamation-triangle-fill", text: app.say("save-conflict", { count: counts.conflict }) }; }
  const stuck = visitId === null ? [...store.files.values()].filter((file) => ["refused", "lost"].includes(file.state)).length : 0;
  if (stuck) { return { tone: "danger", symbol: "x-circle", text: app.say("save-refused", { count: stuck }) }; }
  if (counts.refused) { return { tone: "danger", symbol: "x-circle", text: app.say("save-refused", { count: counts.refused }) }; }
  if (sync.state === "working" && here) { return { tone: "info", symbol: "cloud-upload", text: app.say("save-sending", { count: here }) }; }
  if (sync.state === "sign-in" && visitId === null) { return { tone: "warning", symbol: "box-arrow-in-right", text: app.say(here ? "save-sign-in" : "save-sign-in-only", { count: here }) }; }
  if (here || files) { return { tone: "warning", symbol: "phone", text: app.say("save-here", { count: here || files }) }; }
  if (visitId !== null && !store.operations.some((one) => one.operation.visit === visitId)) {
    return { tone: "neutral", symbol: "phone", text: app.say("save-nothing") };
  }
  return { tone: "success", symbol: "check-circle", text: app.say(sync.state === "offline" ? "save-all-offline" : "save-all") };
}

/* The head's element, and a function that brings it up to date. */
export function header(app, screen) {
  const other = app.language === "en" ? "zh" : "en";
  const language = make("button", { type: "button", class: "field-tool", lang: other === "zh" ? "zh-CN" : "en", id: "language",
    on: { click: () => app.setLanguage(other) } }, other === "zh" ? "中文" : "English");
  const chip = app.store ? make("a", { class: "field-chip", href: "#/sync" }) : null;
  let last = "";
  const refresh = () => {
    if (!app.store || !chip) { return; }
    const state = saveState(app);
    const signal = app.sync.state === "offline" ? "wifi-off" : null;
    if (`${state.text}${signal}` === last) { return; }
    if (last) { document.getElementById("announcements").textContent = state.text; }
    last = `${state.text}${signal}`;
    chip.className = `field-chip tone-${state.tone}`;
    chip.replaceChildren(...[signal ? icon(signal) : null, icon(state.symbol), make("span", {}, state.text)].filter(Boolean));
    if (signal) { chip.append(make("span", { class: "visually-hidden" }, app.say("no-signal"))); }
  };
  refresh();
  const back = screen.back
    ? make("a", { class: "field-tool field-back", href: screen.back }, icon("arrow-left"), make("span", {}, app.say("back")))
    : make("span", { class: "field-brand" }, icon("shield-check"), make("span", {}, app.say("app-name")));
  return { element: make("header", { class: "field-head" }, back, chip, language), refresh };
}
