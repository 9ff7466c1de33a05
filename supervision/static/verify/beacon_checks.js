/* Sections 2 and 8, the public value: is it the one that the log names, of the round that was committed to, and did that
   round come after the commitment? Whether its source really published it, no bundle can prove: so it is always named,
   to be compared with what the source says. */
import { checkRounds, timeOfRound } from "./beacon_rounds.js";
import { LOG, PUBLIC_RECORD } from "./bundle.js";
import { readBeacon } from "./commitment.js";
import { difference, warning } from "./findings.js";
import { hexDigest } from "./hashing.js";
import { moment } from "./identifiers.js";
import { alike } from "./ordering.js";
import { parsePublicRecord } from "./publication.js";
import { RECORD } from "./records.js";
import { leavesOf, parseLog } from "./transparency_log.js";

const VALUE_EVENT = "beacon";
const NAMES = ["source", "round", "rule"];

/* Check the public value of a draw that committed to one, and its round; name what must be compared. */
export function checkPublicValue(bundle) {
  const { beacon, committedAt } = bundle.commitment;
  const value = shownValue(bundle);
  if (beacon === null) { return []; }
  const order = [beacon];
  const findings = value === null ? [] : checkValue(bundle, value, order);
  return [...findings, ...checkRounds(order, committedAt)];
}

/* Check a value against the log, and add the rounds to `order` that followed the one committed to. */
function checkValue(bundle, value, order) {
  const findings = [];
  for (const leaf of valueLeaves(bundle)) {
    const expected = order.at(-1);
    if (!alike(named(leaf.fields), expected)) { findings.push(difference("beacon-other-round", { index: leaf.index })); }
    const settled = isSettled(leaf);
    const digest = settled ? hexDigest(bundle.hashName, new TextEncoder().encode(value)) : bundle.commitment.digest;
    if (leaf.digest !== digest) {
      findings.push(difference("event-digest", { event: leaf.event, index: leaf.index }));
    }
    if (!settled) {
      findings.push(warning("beacon-passed", { source: expected.source, round: expected.round }));
      order.push(named(leaf.fields.get("fallback")));
    }
  }
  const { source, round } = order.at(-1);
  return [...findings, warning("beacon-unchecked", { value, source, round })];
}

/* The earliest moment, in Unix seconds, when by the log the public value was known or the draw made; null when it says
   neither. */
export function valueKnownAt(leaves) {
  const moments = leaves.flatMap((leaf) => {
    const settled = isSettled(leaf);
    const known = settled && leaf.fields.has("known_from");
    // whatever the log says of it
    const at = settled ? timeOfRound(leaf.fields.get("source"), leaf.fields.get("round")) : null;
    return [
      ...(settled || leaf.event === "drawn" ? [seconds(leaf.at)] : []),
      ...(known ? [seconds(moment(leaf.fields.get("known_from"), "known_from"))] : []),
      ...(at === null ? [] : [at]),
    ];
  });
  return moments.length ? Math.min(...moments) : null;
}

function seconds(text) {
  return Date.parse(text) / 1000;
}

/* Whether a leaf brings a value; the others say that a round passed without one. */
function isSettled(leaf) {
  return leaf.event === VALUE_EVENT && leaf.fields.has("evidence");
}

function valueLeaves(bundle) {
  if (!bundle.has(LOG)) { return []; }
  const leaves = leavesOf(parseLog(bundle.files.get(LOG)), bundle.commitment.draw);
  return leaves.filter((leaf) => leaf.event === VALUE_EVENT);
}

function shownValue(bundle) {
  if (bundle.has(RECORD)) { return bundle.record.beaconValue; }
  return bundle.has(PUBLIC_RECORD) ? parsePublicRecord(bundle.files.get(PUBLIC_RECORD)).beaconValue : null;
}

/* The source, round and rule that a leaf speaks of. */
function named(fields) {
  const found = fields instanceof Map ? NAMES.filter((name) => fields.has(name)) : [];
  return readBeacon(new Map(found.map((name) => [name, fields.get(name)])));
}
