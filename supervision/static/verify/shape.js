/* The shape of the JSON files: which keys an object has and which kind of value stands behind each. Unknown keys are
   refused: a program that skipped what it does not know could not say that it did what the file asks. */
import { SamplingError } from "./errors.js";
import { HASH_NAMES, PROTOCOL } from "./hashing.js";
import { identifier } from "./identifiers.js";
import { sortedDifference } from "./ordering.js";
import { shown } from "./shown.js";

/* An object that has all required keys and no others but the optional ones; both lists are texts with spaces. */
export function jsonObject(value, where, required = "", optional = "") {
  if (!(value instanceof Map)) { throw new SamplingError("json-not-object", { where }); }
  const needed = new Set(required.split(" ").filter(Boolean));
  const allowed = new Set([...needed, ...optional.split(" ").filter(Boolean)]);
  const keys = new Set(value.keys());
  const missing = sortedDifference(needed, keys);
  const surplus = sortedDifference(keys, allowed);
  if (missing.length) { throw new SamplingError("json-key-missing", { where, key: missing[0] }); }
  if (surplus.length) { throw new SamplingError("json-key-unknown", { where, key: shown(surplus[0]) }); }
  return value;
}

/* An object whose keys name things, such as strata. */
export function jsonNames(value, where) {
  if (!(value instanceof Map)) { throw new SamplingError("json-not-object", { where }); }
  for (const name of value.keys()) { identifier(name, where); }
  return value;
}

export function jsonList(value, where) {
  if (Array.isArray(value)) { return value; }
  throw new SamplingError("json-not-list", { where });
}

export function jsonInteger(value, where, least = 0) {
  if (Number.isInteger(value) && value >= least) { return value; }
  throw new SamplingError("json-not-integer", { where, least, value: shown(value) });
}

export function jsonText(value, where) {
  if (typeof value === "string") { return value; }
  throw new SamplingError("json-not-text", { where });
}

export function jsonFlag(value, where) {
  if (typeof value === "boolean") { return value; }
  throw new SamplingError("json-not-flag", { where });
}

export function jsonChoice(value, where, choices) {
  if (typeof value === "string" && choices.includes(value)) { return value; }
  throw new SamplingError("json-not-choice", { where, choices: choices.join(", "), value: shown(value) });
}

/* Check the protocol and give [hash, draw]: what every file of a draw begins with. */
export function heading(value, where) {
  jsonChoice(value.get("protocol"), `${where} protocol`, [PROTOCOL]);
  const hashName = jsonChoice(value.get("hash"), `${where} hash`, HASH_NAMES);
  return [hashName, identifier(value.get("draw"), "draw")];
}
