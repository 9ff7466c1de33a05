/* What one enterprise can be told about itself: line, ticket, rank, chance and proof (sections 1 and 5). */
import { PUBLIC_FRAME, PUBLIC_RECORD } from "./bundle.js";
import { keysOf } from "./drawing.js";
import { hex } from "./hashing.js";
import { loggedReplacements } from "./log_checks.js";
import { inclusionProof, proofSteps } from "./merkle.js";
import { parsePublicFrame, parsePublicRecord } from "./publication.js";
import { RECORD, secretsOf } from "./records.js";
import { RULES } from "./rules.js";
import { ENTITIES } from "./seeds.js";
import { orderOf } from "./selection.js";
import { allocate } from "./strata.js";
import { EXCLUDED, FRAME, linesOf, sortedPosition } from "./tables.js";

/* Say what the bundle knows of a code: as it was typed, else without blanks and in capitals, as codes are written. */
export function findUnit(bundle, typed) {
  const facts = explainUnit(bundle, typed.trim());
  const written = typed.replace(/\s+/g, "").toUpperCase();
  return facts.file !== null || written === typed ? facts : explainUnit(bundle, written);
}

/* `file` is where the unit stands, null when nowhere that is shown; `withheld` names the lists that are not shown. */
export function explainUnit(bundle, unit) {
  const withheld = [FRAME, EXCLUDED].filter((file) => !bundle.has(file));
  for (const file of [FRAME, EXCLUDED]) {
    const position = bundle.has(file) ? bundle.present(file).position(unit) : -1;
    if (position >= 0) { return { ...proven(bundle, file, position), unit, withheld }; }
  }
  const listed = bundle.has(PUBLIC_FRAME)
    ? sortedPosition(parsePublicFrame(bundle.files.get(PUBLIC_FRAME)), unit) >= 0 : null;
  return { unit, file: listed ? PUBLIC_FRAME : null, listed, drawn: drawnInPublic(bundle, unit), withheld };
}

/* For confidential strata: whether the unit is on the public list of the drawn; null where no such list is shown. */
function drawnInPublic(bundle, unit) {
  if (!bundle.has(PUBLIC_RECORD)) { return null; }
  return parsePublicRecord(bundle.files.get(PUBLIC_RECORD)).units.includes(unit);
}

/* The unit's line with the proof that leads from it to the root that was committed to. */
function proven(bundle, file, position) {
  const lines = linesOf(bundle.files.get(file));
  const proof = inclusionProof(bundle.hashName, lines, position);
  const walked = proofSteps(bundle.hashName, { entry: lines[position], index: position, size: lines.length, proof });
  const root = bundle.commitment.facts.get(file === FRAME ? "frame_root" : "excluded_root");
  const head = hex(walked.head);
  return {
    file,
    line: new TextDecoder().decode(lines[position]),
    lineNumber: position + 1,
    size: lines.length,
    root,
    head,
    agrees: head === root,
    leaf: hex(walked.leaf),
    steps: walked.steps.map(({ neighbor, onLeft, found }) => ({ neighbor: hex(neighbor), onLeft, found: hex(found) })),
    reason: file === EXCLUDED ? bundle.excluded.reasons[position] : null,
    place: file === FRAME ? placeOf(bundle, position) : null,
    hashName: bundle.hashName,
  };
}

/* Where a unit stands in its stratum: rank from 1, the chance n/N, and the last ticket selected. */
function placeOf(bundle, position) {
  if (!bundle.has(RECORD, RULES)) { return null; }
  const [unit, stratum] = [bundle.frame.units[position], bundle.frame.strata[position]];
  const { record, hashName } = bundle;
  // The key is computed from the secrets shown, not taken from the record's word.
  const entityKey = keysOf(bundle, secretsOf(record), record.beaconValue).key(ENTITIES);
  const units = bundle.frame.unitsByStratum().get(stratum);
  const drawn = orderOf(units, { stratum, entityKey, hashName });
  const selected = allocate(bundle.frame.sizes(), bundle.rules.allocation).get(stratum);
  const rank = drawn.findIndex((row) => row.unit === unit) + 1;
  return {
    stratum,
    key: entityKey,
    ticket: drawn[rank - 1].ticket,
    rank,
    selected,
    size: drawn.length,
    cutOff: selected ? drawn[selected - 1].ticket : null,
    later: laterEvent(bundle, unit),
  };
}

/* What the log says of the unit after the draw: struck, or called from the reserve list; else null. */
function laterEvent(bundle, unit) {
  const events = loggedReplacements(bundle).filter((event) => event.event === "struck");
  const struck = events.find((event) => event.out === unit);
  if (struck) { return { kind: "struck", ground: struck.ground, successor: struck.successor }; }
  const called = events.find((event) => event.successor === unit);
  return called ? { kind: "called", ground: called.ground, out: called.out } : null;
}
