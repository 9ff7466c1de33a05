/* Section 7: the record of a draw, the same bytes for the same bundle, for ever. */
import { canonicalBytes, parseCanonical } from "./canonical.js";
import { SamplingError } from "./errors.js";
import { hexDigest, PROTOCOL } from "./hashing.js";
import * as identifiers from "./identifiers.js";
import * as shape from "./shape.js";

export const RECORD = "record.json";
const KEYS = "protocol hash draw commitment_digest contributions beacon_value seed entity_key strata selected reserve "
  + "teams unfilled";

/* Read record.json, whose bytes must be in canonical form. Whether it is true is for verification.js. */
export function parseRecord(data) {
  const found = shape.jsonObject(parseCanonical(data, RECORD), RECORD, KEYS);
  const [hashName, draw] = shape.heading(found, RECORD);
  const list = (key, read) => shape.jsonList(found.get(key), key).map(read);
  const value = found.get("beacon_value");
  return {
    hashName,
    draw,
    commitmentDigest: identifiers.digest(found.get("commitment_digest"), "commitment_digest"),
    contributions: readSecrets(found.get("contributions")),
    beaconValue: value === null ? null : identifiers.beaconValue(value),
    seed: identifiers.digest(found.get("seed"), "seed"),
    entityKey: readEntityKey(found.get("entity_key")),
    strata: list("strata", readStratum),
    selected: list("selected", readDrawnUnit),
    reserve: list("reserve", readDrawnUnit),
    teams: list("teams", readTeam),
    unfilled: list("unfilled", readUnfilled),
  };
}

/* The exact bytes of record.json. */
export function recordBytes(record) {
  return canonicalBytes({
    protocol: PROTOCOL,
    hash: record.hashName,
    draw: record.draw,
    commitment_digest: record.commitmentDigest,
    contributions: record.contributions,
    beacon_value: record.beaconValue,
    seed: record.seed,
    entity_key: record.entityKey,
    strata: record.strata,
    selected: record.selected,
    reserve: record.reserve,
    teams: record.teams,
    unfilled: record.unfilled,
  });
}

export function recordDigest(record) {
  return hexDigest(record.hashName, recordBytes(record));
}

/* The revealed secrets by party. */
export function secretsOf(record) {
  return new Map(record.contributions.map((entry) => [entry.by, entry.secret]));
}

/* A list of revealed secrets, each party once. */
export function readSecrets(value) {
  const entries = shape.jsonList(value, "contributions").map((item) => {
    const found = shape.jsonObject(item, "contributions", "by secret");
    return {
      by: identifiers.contributor(found.get("by")),
      secret: identifiers.digest(found.get("secret"), "secret"),
    };
  });
  const names = entries.map((entry) => entry.by);
  const twice = names.find((by) => names.filter((name) => name === by).length > 1);
  if (twice !== undefined) { throw new SamplingError("contribution-twice", { by: twice }); }
  return entries;
}

function readEntityKey(value) {
  const text = shape.jsonText(value, "entity_key");
  if (!/^[0-9a-f]{32}$/.test(text)) { throw new SamplingError("entity-key-malformed"); }
  return text;
}

/* n and N of one stratum. */
export function readStratum(value) {
  const found = shape.jsonObject(value, "strata", "stratum size selected");
  return {
    stratum: identifiers.identifier(found.get("stratum"), "stratum"),
    size: shape.jsonInteger(found.get("size"), "size"),
    selected: shape.jsonInteger(found.get("selected"), "selected"),
  };
}

function readDrawnUnit(value) {
  const found = shape.jsonObject(value, "selected", "unit stratum ticket");
  return {
    unit: identifiers.identifier(found.get("unit"), "unit"),
    stratum: identifiers.identifier(found.get("stratum"), "stratum"),
    ticket: identifiers.digest(found.get("ticket"), "ticket"),
  };
}

/* A joint inspection team, the units it visits and its members. */
export function readTeam(value) {
  const found = shape.jsonObject(value, "teams", "team units members");
  const units = shape.jsonList(found.get("units"), "units");
  return {
    team: identifiers.identifier(found.get("team"), "team"),
    units: units.map((unit) => identifiers.identifier(unit, "unit")),
    members: shape.jsonList(found.get("members"), "members").map(readMember),
  };
}

function readMember(value) {
  const found = shape.jsonObject(value, "members", "inspector department lead");
  return {
    inspector: identifiers.identifier(found.get("inspector"), "inspector"),
    department: identifiers.departmentCode(found.get("department")),
    lead: shape.jsonFlag(found.get("lead"), "lead"),
  };
}

/* Places nobody could be given (department and team), or a unit no team can take (only the unit). */
export function readUnfilled(value) {
  const found = shape.jsonObject(value, "unfilled", "department team unit missing");
  return {
    department: shape.jsonText(found.get("department"), "department"),
    team: shape.jsonText(found.get("team"), "team"),
    unit: shape.jsonText(found.get("unit"), "unit"),
    missing: shape.jsonInteger(found.get("missing"), "missing", 1),
  };
}
