/* Section 8: log.json, the leaves of one draw with their inclusion proofs and a checkpoint. */
import { canonicalBytes, parseCanonical } from "./canonical.js";
import { SamplingError } from "./errors.js";
import { fromHex, LOG_HASH } from "./hashing.js";
import * as identifiers from "./identifiers.js";
import { verifyConsistency, verifyInclusion } from "./merkle.js";
import { sortedDifference } from "./ordering.js";
import * as shape from "./shape.js";
import { parseCheckpoint, parseNote, parseVerifierKey } from "./signed_notes.js";

const LOG = "log.json";
const OWN_FIELDS = new Map([
  ["struck", ["out", "in", "ground"]],
  ["replaced", ["team", "department", "out", "in", "ground", "k"]],
  ["contributed", ["by"]],
]);

/* Read log.json, whose bytes must be in canonical form. */
export function parseLog(data) {
  const found = shape.jsonObject(parseCanonical(data, LOG), LOG, "checkpoint keys leaves", "committed");
  const current = readCheckpoint(found.get("checkpoint"));
  const leaves = shape.jsonList(found.get("leaves"), "leaves").map((item) => readLeaf(item, current.origin));
  if (leaves.some((leaf, i) => i > 0 && leaves[i - 1].index >= leaf.index)) {
    throw new SamplingError("log-malformed", { reason: "leaves out of order" });
  }
  const keys = shape.jsonList(found.get("keys"), "keys");
  return {
    current,
    committed: found.has("committed") ? readCommitted(found.get("committed")) : null,
    keys: keys.map((key) => parseVerifierKey(shape.jsonText(key, "keys"))),
    leaves,
  };
}

/* The leaves of one draw, in the order of the log. */
export function leavesOf(log, draw) {
  return log.leaves.filter((leaf) => leaf.draw === draw);
}

/* Whether the leaf stands in the log of the checkpoint. */
export function isProven(leaf, checkpoint) {
  return verifyInclusion(LOG_HASH, {
    entry: leaf.entry, index: leaf.index, size: checkpoint.size, proof: leaf.proof, head: checkpoint.head,
  });
}

/* Whether the later log begins with the earlier checkpoint. */
export function isBeginningOf(early, later) {
  return early.checkpoint.origin === later.origin && verifyConsistency(LOG_HASH, {
    oldSize: early.checkpoint.size,
    size: later.size,
    proof: early.consistency,
    oldHead: early.checkpoint.head,
    head: later.head,
  });
}

/* The event of section 6 that a `struck` or `replaced` leaf tells of, else null. */
export function replacementOf(leaf) {
  const name = (field) => identifiers.identifier(leaf.fields.get(field), field);
  const successor = () => (leaf.fields.get("in") === null ? null : name("in"));
  if (leaf.event === "struck") {
    return { event: "struck", out: name("out"), successor: successor(), ground: name("ground") };
  }
  if (leaf.event !== "replaced") { return null; }
  const [team, department, out, follower] = [name("team"), name("department"), name("out"), successor()];
  const k = shape.jsonInteger(leaf.fields.get("k"), "k", 1);
  return { event: "replaced", team, department, out, successor: follower, ground: name("ground"), k };
}

function readCheckpoint(value) {
  const note = parseNote(shape.jsonText(value, "checkpoint"));
  return { note, ...parseCheckpoint(note.text) };
}

function readCommitted(value) {
  const found = shape.jsonObject(value, "committed", "checkpoint consistency");
  return { checkpoint: readCheckpoint(found.get("checkpoint")), consistency: readHashes(found.get("consistency")) };
}

function readLeaf(value, origin) {
  const found = shape.jsonObject(value, "leaves", "index leaf proof");
  const fields = shape.jsonNames(found.get("leaf"), "leaf");
  const event = identifiers.identifier(fields.get("event"), "event");
  if (fields.get("log") !== origin) { throw new SamplingError("log-malformed", { reason: "leaf of another log" }); }
  const needed = new Set(["draw", "digest", "at", ...(OWN_FIELDS.get(event) || [])]);
  const missing = sortedDifference(needed, new Set(fields.keys()));
  if (missing.length) { throw new SamplingError("json-key-missing", { where: `leaf ${event}`, key: missing[0] }); }
  return {
    index: shape.jsonInteger(found.get("index"), "index"),
    event,
    draw: identifiers.identifier(fields.get("draw"), "draw"),
    digest: identifiers.digest(fields.get("digest"), "digest"),
    at: identifiers.moment(fields.get("at"), "at"),
    fields,
    entry: canonicalBytes(fields),
    proof: readHashes(found.get("proof")),
  };
}

function readHashes(value) {
  return shape.jsonList(value, "proof").map((item) => fromHex(identifiers.digest(item, "proof")));
}
