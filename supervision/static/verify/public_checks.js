/* Section 9, confidential strata: what the public can check without classes, seed and tickets. */
import { checkDisjoint, PUBLIC_FRAME, PUBLIC_RECORD, STATEMENTS } from "./bundle.js";
import { SamplingError } from "./errors.js";
import { agreed, difference, fromError, withheld } from "./findings.js";
import { sortedDifference } from "./ordering.js";
import { parsePublicFrame, parsePublicRecord, parseStatements } from "./publication.js";
import { differingFacts } from "./record_checks.js";
import { RULES } from "./rules.js";
import { checkSignatures, INVALID, statementText, VALID } from "./signed_notes.js";
import { allocate } from "./strata.js";
import { EXCLUDED } from "./tables.js";

const FEWEST_STATEMENTS = 2;

/* Check totals, units and statements of a draw whose strata are confidential. */
export async function checkPublicRecord(bundle, trusted) {
  const record = parsePublicRecord(bundle.files.get(PUBLIC_RECORD));
  const findings = [
    ...checkHeading(bundle, record), ...checkTotals(bundle, record), ...checkUnits(bundle, record),
  ];
  const good = findings.length ? [] : [agreed("public-record-agrees", { units: record.units.length })];
  return [...findings, ...good, withheld("strata-withheld"), ...await checkStatements(bundle, record, trusted)];
}

function checkHeading(bundle, record) {
  const { commitment } = bundle;
  return differingFacts([
    ["draw", commitment.draw, record.draw],
    ["hash", commitment.hashName, record.hashName],
    ["commitment_digest", commitment.digest, record.commitmentDigest],
    ["frame_size", String(commitment.facts.get("frame_size")), String(sum(record.sizes.values()))],
  ]);
}

function sum(numbers) {
  return [...numbers].reduce((total, number) => total + number, 0);
}

function checkTotals(bundle, record) {
  if (!bundle.has(RULES)) { return []; }
  const counts = allocate(record.sizes, bundle.rules.allocation);
  return [...counts]
    .filter(([stratum, count]) => count !== record.counts.get(stratum))
    .map(([stratum, count]) => difference("stratum-count", {
      stratum, expected: String(count), found: String(record.counts.get(stratum)),
    }));
}

function checkUnits(bundle, record) {
  const findings = [];
  if (record.units.some((unit, i) => i > 0 && record.units[i - 1] >= unit)) {
    findings.push(difference("order", { what: "units" }));
  }
  if (record.units.length !== sum(record.counts.values())) {
    findings.push(difference("units-not-counted", { units: record.units.length }));
  }
  if (bundle.has(RULES) && bundle.rules.teams.mode !== "none") { findings.push(...checkServed(record)); }
  return [...findings, ...checkPool(bundle, record)];
}

function checkServed(record) {
  const units = new Set(record.units);
  const served = new Set([
    ...record.teams.flatMap((team) => team.units),
    ...record.unfilled.map((row) => row.unit).filter(Boolean),
  ]);
  const strangers = new Set([...sortedDifference(served, units), ...sortedDifference(units, served)]);
  return sortedDifference(strangers, new Set())
    .map((unit) => difference("unit-dealt", { unit, times: served.has(unit) ? 1 : 0 }));
}

function checkPool(bundle, record) {
  if (!bundle.has(PUBLIC_FRAME)) { return []; }
  const pool = parsePublicFrame(bundle.files.get(PUBLIC_FRAME));
  const findings = sortedDifference(new Set(record.units), new Set(pool))
    .map((unit) => difference("selected-surplus", { unit }));
  if (pool.length !== bundle.commitment.facts.get("frame_size")) {
    findings.push(difference("committed-fact", { file: PUBLIC_FRAME, fact: "frame_size" }));
  }
  try {
    checkDisjoint(pool, bundle.has(EXCLUDED) ? bundle.excluded.units : []);
  } catch (error) {
    if (!(error instanceof SamplingError)) { throw error; }
    findings.push(fromError("difference", error));
  }
  return findings;
}

/* Count the witnesses whose signed word it is that the full bundle verified. */
async function checkStatements(bundle, record, trusted) {
  if (!bundle.has(STATEMENTS)) { return [withheld("statements-too-few", { found: 0 })]; }
  const statements = parseStatements(bundle.files.get(STATEMENTS));
  const expected = statementText(record);
  const [findings, good] = [[], new Set()];
  for (const note of statements.notes) {
    if (note.text !== expected) {
      findings.push(difference("statement-differs"));
      continue;
    }
    for (const check of await checkSignatures(note, trusted.length ? trusted : statements.keys)) {
      if (check.state === VALID) { good.add(check.name); }
      if (check.state === INVALID) { findings.push(difference("signature-wrong", { name: check.name })); }
    }
  }
  if (good.size < FEWEST_STATEMENTS) { findings.push(withheld("statements-too-few", { found: good.size })); }
  const names = sortedDifference(good, new Set()).join(", ");
  return findings.length ? findings : [agreed("statements-hold", { names })];
}
