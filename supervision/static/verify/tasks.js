/* What the page asks the engine for. The engine runs in a worker (worker.js), so that the page stays awake; it keeps the
   bundle it has opened, for the questions that follow. */
import { Bundle } from "./bundle.js";
import { readBundle, zipFolder } from "./bundle_reading.js";
import { compute, draw } from "./drawing.js";
import { SamplingError } from "./errors.js";
import { fromError, reportOf, UNKNOWN } from "./findings.js";
import { commitmentBytes } from "./freezing.js";
import { hexDigest } from "./hashing.js";
import { RECORD, recordBytes, secretsOf } from "./records.js";
import { RULES } from "./rules.js";
import { contributionDigest, diceSecret } from "./seeds.js";
import { parseVerifierKey } from "./signed_notes.js";
import { FRAME, ROSTER } from "./tables.js";
import { findUnit } from "./unit_facts.js";
import { readOrReport, verifyFiles } from "./verification.js";

let opened = null;

const TASKS = { check, lookUp, digestOf, secretOf, digests, commit, carryOut, pack };

/* Run the named task; an input the protocol does not allow comes back as {refused: [zh, en]}. */
export async function runTask(name, values) {
  try {
    return await TASKS[name](values);
  } catch (error) {
    if (error instanceof SamplingError) { return { refused: error.texts, code: error.code }; }
    throw error;
  }
}

/* Verify [path, bytes] pairs with the trusted keys typed one a line; keep the bundle. */
async function check({ chosen, keys }) {
  const trusted = keys.split("\n").map((line) => line.trim()).filter(Boolean).map(parseVerifierKey);
  let files;
  try {
    files = readBundle(chosen);
  } catch (error) {
    if (!(error instanceof SamplingError)) { throw error; }
    opened = null;
    return { report: reportOf(UNKNOWN, [fromError("invalid", error)]), facts: null };
  }
  const report = await verifyFiles(files, trusted);
  opened = readOrReport(files).bundle || null;
  return { report, facts: opened && factsOf(opened) };
}

/* What the page shows of a bundle beside the findings. */
function factsOf(bundle) {
  const { commitment } = bundle;
  const record = bundle.has(RECORD) ? bundle.record : null;
  return {
    draw: commitment.draw,
    hashName: commitment.hashName,
    commitmentDigest: commitment.digest,
    committedAt: commitment.committedAt,
    poolSize: commitment.facts.get("frame_size"),
    excludedSize: commitment.facts.get("excluded_size"),
    confidential: bundle.has(RULES) && bundle.rules.confidential,
    parties: commitment.contributions.map((entry) => entry.by),
    files: [...bundle.files.keys()],
    seed: record && record.seed,
    entityKey: record && record.entityKey,
    strata: record ? record.strata : [],
    selected: record ? record.selected : [],
    teams: record ? record.teams : [],
    manned: bundle.has(ROSTER, FRAME),
  };
}

/* What the opened bundle says of one enterprise. */
function lookUp({ code }) {
  return findUnit(opened, code);
}

/* Section 2: the digest a party hands over. */
function digestOf({ draw: number, by, secret }) {
  return contributionDigest({ hashName: "sha256", draw: number, by, secret });
}

/* Section 2: a secret from throws of a die. */
function secretOf({ draw: number, by, digits }) {
  return diceSecret({ hashName: "sha256", draw: number, by, digits });
}

/* The digest of each file. */
function digests({ files }) {
  return files.map(([name, data]) => [name, hexDigest("sha256", data)]);
}

/* Rehearsals: commit to the files. */
function commit({ files, ...rest }) {
  const data = commitmentBytes({ ...rest, files: new Map(files), contributions: new Map(rest.contributions) });
  return { data, digest: hexDigest("sha256", data) };
}

/* Rehearsals: draw from a committed bundle; gives the record's bytes. */
function carryOut({ files, secrets }) {
  const bundle = new Bundle(new Map(files));
  const record = draw(bundle, new Map(secrets));
  return { data: recordBytes(record), record };
}

/* Rehearsals: the bundle as a zip file. */
function pack({ folder, files }) {
  return zipFolder(folder, new Map(files));
}

/* For tests: the record's bytes computed from the secrets a bundle shows. */
export function recomputedRecord(files) {
  const bundle = new Bundle(files);
  return recordBytes(compute(bundle, secretsOf(bundle.record), bundle.record.beaconValue));
}
