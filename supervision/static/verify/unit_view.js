/* Showing one enterprise: a sentence, its line and ticket, and the proof step by step. */
import { copyButton, digest, facts, folded, make, notice, share } from "./elements.js";
import { say } from "./words.js";

/* `names` says in the page's language what codes of reasons and strata mean; `link` is the address to share. */
export function unitView(language, found, { names, link }) {
  const place = found.place || null;
  return [
    notice("info", found.unit, sentences(language, found, names).map((text) => make("p", { "data-sentence": true }, text))),
    found.line === undefined ? null : facts([
      [say(language, "look-line", { file: found.file, number: found.lineNumber, size: found.size }),
        make("code", { class: "digest" }, found.line)],
      ...(place ? placeFacts(language, place) : []),
    ]),
    place ? commandView(language, found, place) : null,
    found.line === undefined ? null : proofView(language, found),
    link ? shareView(language, link) : null,
  ].filter((one) => one !== null);
}

/* What became of the enterprise, in one or two sentences. */
function sentences(language, found, names) {
  const name = (code) => names[code] || code;
  if (found.line === undefined) { return [publicSentence(language, found)]; }
  if (found.reason !== null) { return [say(language, "look-excluded", { reason: name(found.reason) })]; }
  if (!found.place) { return [say(language, "look-not-drawn-yet")]; }
  const { rank, selected, later } = found.place;
  const known = { ...found.place, stratum: name(found.place.stratum), reserve: rank - selected };
  const outcome = say(language, rank <= selected ? "look-drawn" : "look-reserve", known);
  if (!later) { return [outcome]; }
  return [outcome, say(language, `look-${later.kind}`, { ground: name(later.ground), out: later.out })];
}

/* The sentence where only a list without strata is shown, or none at all. */
function publicSentence(language, { file, listed, drawn, withheld }) {
  if (file !== null) {
    const outcome = { true: "look-listed-drawn", false: "look-listed-not", null: "look-listed" }[String(drawn)];
    return say(language, outcome);
  }
  if (drawn) { return say(language, "look-public-drawn"); }
  const hidden = listed === false ? withheld.filter((one) => one !== "frame.tsv") : withheld;
  return hidden.length ? say(language, "look-withheld", { files: hidden.join(", ") }) : say(language, "look-nowhere");
}

function placeFacts(language, { ticket, rank, size, cutOff, selected }) {
  return [
    [say(language, "look-ticket"), digest(ticket)],
    [say(language, "look-rank"), `${rank} / ${size}`],
    [say(language, "look-cut-off"), cutOff ? digest(cutOff) : say(language, "look-none")],
    [say(language, "look-chance"), share(selected, size)],
  ];
}

/* The command that computes the ticket on any computer. */
export function ticketCommand({ hashName, unit, place }) {
  const program = hashName === "sm3" ? "openssl dgst -sm3" : "sha256sum";
  return `printf '%s:%s' ${place.key} '${unit.replace(/'/g, "'\\''")}' | ${program}`;
}

function commandView(language, found) {
  const command = ticketCommand(found);
  return make("div", {}, make("h3", {}, say(language, "look-command")),
    make("pre", { class: "command", tabindex: "0" }, make("code", {}, command)), copyButton(language, command));
}

function proofView(language, { steps, leaf, agrees, head, root }) {
  const step = ({ neighbor, onLeft, found }) => make("li", {},
    say(language, onLeft ? "proof-left" : "proof-right"), " ", digest(neighbor), " → ", digest(found));
  return folded(say(language, "proof", { count: steps.length }), !agrees,
    make("p", {}, say(language, "proof-how")),
    make("ol", { class: "verify-proof" }, make("li", {}, say(language, "proof-line"), " ", digest(leaf)), steps.map(step)),
    make("p", { class: agrees ? "secret-right" : "secret-wrong", "data-proof": agrees ? "agrees" : "differs" },
      agrees ? say(language, "proof-agrees") : say(language, "proof-differs") + root, " ", digest(head)));
}

function shareView(language, link) {
  return make("p", { class: "soft" }, say(language, "look-share"), make("br"),
    make("a", { href: link, "data-share": true }, link), " ", copyButton(language, link));
}
