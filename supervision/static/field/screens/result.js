/* The end of an item: result, further result, problem with standard wordings, what follows. */
import { button, fold, make } from "../elements.js";
import { failedPoints, furtherAllowed, isProblem } from "../rules.js";
import { choice } from "./points.js";

export function resultPart(app, screen) {
  const { item, entry } = screen;
  const terms = app.store.package;
  const codes = item.results.map((code) => terms.result_codes.find((one) => one.code === code)).filter(Boolean);
  const options = codes.map((one) => [one.code, `${one.code} ${app.name(one)}`]);
  const result = choice({ name: "result", legend: app.say("result"), options, value: entry.result, chosen: (code) => screen.edit({ result: code }) });
  result.id = "place-result";
  const problem = make("div", {}, problemPart(app, screen), disposalPart(app, screen, terms));
  const further = furtherPart(app, screen, terms);
  const update = (now) => {
    problem.hidden = !(now.problem || now.disposal || isProblem(now.result, terms) || failedPoints(item, now).length);
    if (further) { further.hidden = !(now.further || terms.combinable.includes(now.result)); }
  };
  screen.parts.push(update);
  update(entry);
  return make("div", { class: "panel" }, result, further, problem);
}

function furtherPart(app, screen, terms) {
  const { item } = screen;
  const codes = item.results.filter((code) => terms.further_codes.includes(code));
  if (!codes.length || !item.results.some((code) => terms.combinable.includes(code))) { return null; }
  const named = codes.map((code) => [code, `${code} ${app.name(terms.result_codes.find((one) => one.code === code))}`]);
  const select = chooser("further", [["", app.say("none")], ...named], screen.entry.further, (code) => {
    const entry = { ...screen.entry, further: code || null };
    screen.edit({ further: code && furtherAllowed(item, entry, terms) ? code : null });
  });
  return make("div", { class: "field" }, make("label", { for: "further" }, app.say("further")), select);
}

function chooser(id, options, value, chosen) {
  const select = make("select", { class: "form-select", id, on: { change: ({ target }) => chosen(target.value) } },
    options.map(([code, text]) => make("option", { value: code }, text)));
  select.value = value || "";
  return select;
}

function problemPart(app, screen) {
  const area = make("textarea", { class: "form-control", rows: "4", maxlength: "2000", id: "place-problem", on: { input: ({ target }) => screen.edit({ problem: target.value }) } });
  area.value = screen.entry.problem;
  const add = (phrase) => {
    area.value = area.value.trim() ? `${area.value.trim()}\n${phrase.zh}` : phrase.zh;
    screen.edit({ problem: area.value });
    app.announce("phrase-added");
  };
  const phrases = screen.item.phrases || [];
  return make("div", { class: "field" }, make("label", { for: "place-problem" }, app.say("problem")), area,
    phrases.length ? fold(app.say("phrases"), make("div", { class: "field-phrases" },
      phrases.map((phrase) => button(app.name(phrase), () => add(phrase), { look: "outline-secondary", symbol: "plus-lg" })))) : null);
}

function disposalPart(app, screen, terms) {
  const options = [["", app.say("choose")], ...terms.disposals.map((one) => [one.value, app.name(one)])];
  return make("div", { class: "field" }, make("label", { for: "place-disposal" }, app.say("disposal")),
    chooser("place-disposal", options, screen.entry.disposal, (value) => screen.edit({ disposal: value || null })));
}
