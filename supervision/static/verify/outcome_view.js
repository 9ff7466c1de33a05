/* Showing what a verification found: one plain sentence first, then everything to unfold. */
import { digest, facts, folded, make, notice, share, table } from "./elements.js";
import { SEVERITIES } from "./findings.js";
import { say } from "./words.js";

const KINDS = { 0: "success", 1: "danger", 2: "danger", 3: "success" };
const MOST_ROWS = 200;
const OPEN = ["invalid", "difference"];
// never public: a reader must learn what the missing file would say
const ABOUT = ["mapping.tsv", "ties.tsv"];

/* The outcome in one sentence. */
export function outcomeSentence(language, { report, facts: known }) {
  const texts = (severity) => report.findings.filter((one) => one.severity === severity).map((one) => words(language, one));
  const code = report.exit_code;
  if (code === 0) {
    const { poolSize: pool, selected, teams } = known;
    return say(language, "outcome-0", { pool, units: selected.length, teams: teams.length });
  }
  if (code === 3) { return say(language, "outcome-3", { list: texts("withheld").join(say(language, "semicolon")) }); }
  const found = texts(code === 2 ? "invalid" : "difference");
  return say(language, `outcome-${code}`, { count: found.length, first: found[0] });
}

/* Numbers of rehearsals can be told at sight; no authority gives such a number to a draw. */
export function isRehearsal(number) {
  return number.startsWith("REHEARSAL-");
}

function words(language, finding) {
  return language === "en" ? finding.en : finding.zh;
}

/* The whole outcome; `names` says what strata mean, `asides` are notices about the commitment. */
export function outcomeView(language, found, { seconds, names = {}, asides = [] }) {
  const { report, facts: known } = found;
  return [
    notice(KINDS[report.exit_code], say(language, `title-${report.exit_code}`),
      make("p", { "data-outcome": String(report.exit_code) }, outcomeSentence(language, found)),
      make("p", { class: "soft" }, say(language, "took", { seconds }))),
    isRehearsal(report.draw) ? notice("warning", say(language, "rehearsal")) : null,
    ...asides,
    ...SEVERITIES.map((severity) => findingsView(language, report, severity)).filter((one) => one !== null),
    ...(known ? [factsView(language, known), strataView(language, known, names), drawnView(language, known, names)] : []),
  ].filter((one) => one !== null);
}

function findingsView(language, report, severity) {
  const found = report.findings.filter((one) => one.severity === severity);
  if (!found.length) { return null; }
  return folded(say(language, `group-${severity}`, { count: found.length }), OPEN.includes(severity),
    make("ul", { class: "verify-findings", "data-severity": severity },
      found.map((one) => make("li", { "data-finding": one.code }, words(language, one)))),
    ABOUT.filter((file) => found.some((one) => one.code === "file-withheld" && one.parameters.file === file))
      .map((file) => make("p", { class: "soft" }, say(language, `about-${file}`))));
}

function factsView(language, known) {
  return folded(say(language, "facts"), false, facts([
    [say(language, "fact-draw"), known.draw],
    [say(language, "fact-commitment"), digest(known.commitmentDigest)],
    [say(language, "fact-committed-at"), known.committedAt],
    [say(language, "fact-pool"), String(known.poolSize)],
    [say(language, "fact-excluded"), String(known.excludedSize)],
    [say(language, "fact-parties"), known.parties.join(", ")],
    [say(language, "fact-seed"), known.seed && digest(known.seed)],
    [say(language, "fact-key"), known.entityKey && digest(known.entityKey)],
  ]));
}

function strataView(language, known, names) {
  if (!known.strata.length) { return null; }
  const headings = ["stratum", "size", "selected", "chance"].map((code) => say(language, code));
  const rows = known.strata.map(({ stratum, size, selected }) => [
    names[stratum] || stratum, String(size), String(selected), share(selected, size),
  ]);
  return folded(say(language, "strata"), false, table(headings, rows, { numeric: [1, 2, 3] }));
}

function drawnView(language, known, names) {
  const count = known.selected.length;
  if (!count) { return null; }
  const headings = ["unit", "stratum", "ticket"].map((code) => say(language, code));
  const rows = known.selected.slice(0, MOST_ROWS).map(({ unit, stratum, ticket }) => [
    unit, names[stratum] || stratum, digest(ticket),
  ]);
  const rest = count - rows.length;
  return folded(say(language, "drawn-list", { count }), false, table(headings, rows),
    rest > 0 ? make("p", { class: "soft" }, say(language, "and-more-rows", { count: rest })) : null);
}
