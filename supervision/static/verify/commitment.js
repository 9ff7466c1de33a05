/* Section 2: the commitment, made and shown before the randomness exists. */
import { parseCanonical } from "./canonical.js";
import { SamplingError } from "./errors.js";
import { hexDigest } from "./hashing.js";
import * as identifiers from "./identifiers.js";
import * as shape from "./shape.js";

export const COMMITMENT = "commitment.json";
const SIZES = "frame_size excluded_size roster_size ties_size";
const DIGESTS = "plan_digest frame_digest frame_root excluded_digest excluded_root roster_digest ties_digest "
  + "mapping_digest rules_digest";

/* Read commitment.json. `facts` holds the sizes and digests of the files by name, `digest` is H of the file. */
export function parseCommitment(data) {
  const keys = `protocol hash draw contributions beacon committed_at ${SIZES} ${DIGESTS}`;
  const found = shape.jsonObject(parseCanonical(data, COMMITMENT), COMMITMENT, keys);
  const [hashName, draw] = shape.heading(found, COMMITMENT);
  const facts = new Map([
    ...DIGESTS.split(" ").map((key) => [key, identifiers.digest(found.get(key), key)]),
    ...SIZES.split(" ").map((key) => [key, shape.jsonInteger(found.get(key), key)]),
  ]);
  const contributions = readContributions(found.get("contributions"));
  const beacon = readBeacon(found.get("beacon"));
  const committedAt = identifiers.moment(found.get("committed_at"), "committed_at");
  return { hashName, draw, facts, contributions, beacon, committedAt, digest: hexDigest(hashName, data) };
}

/* The digest a party committed to, or null. */
export function contributionDigestOf(commitment, by) {
  const entry = commitment.contributions.find((one) => one.by === by);
  return entry ? entry.digest : null;
}

/* Sorted by `by`, each once, at least two: so at least one is not the operator's. */
function readContributions(value) {
  const entries = shape.jsonList(value, "contributions").map(readContribution);
  if (entries.some((entry, i) => i > 0 && entries[i - 1].by >= entry.by)) {
    throw new SamplingError("contributions-unsorted");
  }
  if (entries.length < 2) { throw new SamplingError("contributions-too-few", { found: entries.length }); }
  return entries;
}

function readContribution(value) {
  const found = shape.jsonObject(value, "contributions", "by digest");
  return {
    by: identifiers.contributor(found.get("by")),
    digest: identifiers.digest(found.get("digest"), "digest"),
  };
}

/* The source, round and rule of a public value by name, or null in a closed network. */
export function readBeacon(value) {
  if (value === null) { return null; }
  const found = shape.jsonObject(value, "beacon", "source round rule");
  const read = (key) => identifiers.identifier(found.get(key), `beacon ${key}`);
  return { source: read("source"), round: read("round"), rule: read("rule") };
}
