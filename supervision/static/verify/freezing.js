/* Writing the files of a draw, for rehearsals: sorted, checked, in the one form that has the right digest (sections 1
   and 2). What is written is read back by the same checks as any bundle. */
import { Bundle, FROZEN_FILES } from "./bundle.js";
import { canonicalBytes } from "./canonical.js";
import { stem } from "./drawing.js";
import { hex, hexDigest, PROTOCOL, utf8 } from "./hashing.js";
import { treeHead } from "./merkle.js";
import { countLines, EXCLUDED, FRAME, linesOf, ROSTER, TIES } from "./tables.js";

/* A table from rows of texts, none of them twice. */
export function tableBytes(rows) {
  const lines = [...new Set(rows.map((row) => row.join("\t")))].sort();
  return utf8(lines.map((line) => `${line}\n`).join(""));
}

/* The roster's row of an inspector. */
export function rosterRow({ inspector, department, cap, prior = 0, qualifications = [] }) {
  return [inspector, department, String(cap), String(prior), [...qualifications].sort().join(",") || "-"];
}

/* rules.json from plain values. */
export function rulesBytes(rules) {
  return canonicalBytes({ protocol: PROTOCOL, ...rules });
}

/* commitment.json over the frozen files; `contributions` is a Map of each party's digest. Throws when the bundle that
   results could not be drawn from. */
export function commitmentBytes({ draw, hashName, files, planDigest, contributions, committedAt }) {
  const data = canonicalBytes({
    protocol: PROTOCOL,
    hash: hashName,
    draw,
    plan_digest: planDigest,
    ...factsOf(files, hashName),
    contributions: [...contributions.keys()].sort().map((by) => ({ by, digest: contributions.get(by) })),
    beacon: null,
    committed_at: committedAt,
  });
  return new Bundle(new Map(files).set("commitment.json", data)).files.get("commitment.json");
}

function factsOf(files, hashName) {
  const facts = {};
  for (const file of FROZEN_FILES) { facts[`${stem(file)}_digest`] = hexDigest(hashName, files.get(file)); }
  for (const file of [FRAME, EXCLUDED, ROSTER, TIES]) { facts[`${stem(file)}_size`] = countLines(files.get(file)); }
  for (const file of [FRAME, EXCLUDED]) {
    facts[`${stem(file)}_root`] = hex(treeHead(hashName, linesOf(files.get(file))));
  }
  return facts;
}
