/* Section 1, what is shown of a draw with confidential strata: a list of units without strata, a shortened record that
   names the full record's digest, and the signed word of witnesses who verified the full bundle. */
import { PUBLIC_FRAME, PUBLIC_RECORD, STATEMENTS } from "./bundle.js";
import { parseCanonical } from "./canonical.js";
import { SamplingError } from "./errors.js";
import * as identifiers from "./identifiers.js";
import { readStratum, readTeam, readUnfilled, RECORD, recordDigest } from "./records.js";
import * as shape from "./shape.js";
import { parseNote, parseVerifierKey } from "./signed_notes.js";
import { linesOf } from "./tables.js";

const KEYS = "protocol hash draw commitment_digest record_digest beacon_value strata units teams unfilled";
const LF = 10;

/* Read record_public.json. */
export function parsePublicRecord(data) {
  const found = shape.jsonObject(parseCanonical(data, PUBLIC_RECORD), PUBLIC_RECORD, KEYS);
  const [hashName, draw] = shape.heading(found, PUBLIC_RECORD);
  const value = found.get("beacon_value");
  const list = (key) => shape.jsonList(found.get(key), key);
  const rows = list("strata").map(readStratum);
  const units = list("units");
  return {
    hashName,
    draw,
    commitmentDigest: identifiers.digest(found.get("commitment_digest"), "commitment_digest"),
    recordDigest: identifiers.digest(found.get("record_digest"), "record_digest"),
    beaconValue: value === null ? null : identifiers.beaconValue(value),
    sizes: new Map(rows.map((row) => [row.stratum, row.size])),
    counts: new Map(rows.map((row) => [row.stratum, row.selected])),
    units: units.map((unit) => identifiers.identifier(unit, "unit")),
    teams: list("teams").map(readTeam),
    unfilled: list("unfilled").map(readUnfilled),
  };
}

/* Read frame_units.tsv: the units of the pool, sorted, one a line. */
export function parsePublicFrame(data) {
  const lines = linesOf(data);
  if (data.length && data[data.length - 1] !== LF) {
    throw new SamplingError("line-without-end", { file: PUBLIC_FRAME, line: lines.length });
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const units = lines.map((line) => identifiers.identifier(decoder.decode(line), "unit"));
  if (units.some((unit, i) => i > 0 && units[i - 1] >= unit)) {
    throw new SamplingError("line-unsorted", { file: PUBLIC_FRAME, line: 0, value: "-" });
  }
  return units;
}

/* Read statements.json: signed notes of witnesses, and the keys to check them with. */
export function parseStatements(data) {
  const found = shape.jsonObject(parseCanonical(data, STATEMENTS), STATEMENTS, "keys statements");
  const texts = (key) => shape.jsonList(found.get(key), key).map((item) => shape.jsonText(item, key));
  return { notes: texts("statements").map(parseNote), keys: texts("keys").map(parseVerifierKey) };
}

/* The digest of the record as it stands there or, for confidential strata, as it is stated; else null. */
export function shownRecordDigest(bundle) {
  if (bundle.has(RECORD)) { return recordDigest(bundle.record); }
  if (bundle.has(PUBLIC_RECORD)) { return parsePublicRecord(bundle.files.get(PUBLIC_RECORD)).recordDigest; }
  return null;
}
