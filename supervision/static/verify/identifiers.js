/* Section 0: identifiers, numbers, digests and times, as they may be written. */
import { SamplingError } from "./errors.js";
import { shown } from "./shown.js";

/* 1 to 64 characters of printable ASCII without ":" and ",". */
export const IDENTIFIER = "[!-+\\-.-9;-~]{1,64}";
const IDENTIFIER_ONLY = new RegExp(`^${IDENTIFIER}$`);
const BEACON_VALUE = /^[!-+\-.-9;-~]{1,256}$/;
const NUMBER = /^(0|[1-9][0-9]{0,6})$/;
const DIGEST = /^[0-9a-f]{64}$/;
const SALT = /^[0-9a-f]{32}$/;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;

const LARGEST_NUMBER = 1000000;
const RESERVED_DEPARTMENTS = new Set(["groups", "system", "beacon"]);
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const OPERATOR = "system";
export const BEACON = "beacon";

/* Whether this is a text that may name something. */
export function isIdentifier(text) {
  return typeof text === "string" && IDENTIFIER_ONLY.test(text);
}

/* The text, if it may name something; `what` says what it names in the error. */
export function identifier(text, what) {
  if (isIdentifier(text)) { return text; }
  throw new SamplingError("identifier-malformed", { what, value: shown(text) });
}

/* A department's code; some names are taken. */
export function departmentCode(text) {
  const code = identifier(text, "department");
  if (RESERVED_DEPARTMENTS.has(code)) { throw new SamplingError("department-reserved", { department: code }); }
  return code;
}

/* A contributor's code; `beacon` is taken, `system` is the operator. */
export function contributor(text) {
  const code = identifier(text, "by");
  if (code === BEACON) { throw new SamplingError("contributor-reserved", { by: code }); }
  return code;
}

/* An item code; `*` and `-` alone mean all and none. */
export function qualification(text) {
  const code = identifier(text, "qualification");
  if (code === "*" || code === "-") { throw new SamplingError("qualification-reserved", { value: code }); }
  return code;
}

/* The beacon's value: like an identifier, of up to 256 characters. */
export function beaconValue(text) {
  if (typeof text === "string" && BEACON_VALUE.test(text)) { return text; }
  throw new SamplingError("beacon-value-malformed", { value: shown(text) });
}

/* A number of a table: decimal digits, no sign, no leading zero, at most 1,000,000. */
export function number(text, what) {
  if (NUMBER.test(text) && Number(text) <= LARGEST_NUMBER) { return Number(text); }
  throw new SamplingError("number-malformed", { what, value: shown(text) });
}

/* A digest or secret: 64 lower-case hex digits. */
export function digest(text, what) {
  if (typeof text === "string" && DIGEST.test(text)) { return text; }
  throw new SamplingError("digest-malformed", { what, value: shown(text) });
}

/* A salt: 32 lower-case hex digits. */
export function salt(text, what) {
  if (typeof text === "string" && SALT.test(text)) { return text; }
  throw new SamplingError("salt-malformed", { what, value: shown(text) });
}

/* A time written like 2026-11-22T08:00:00Z, if the calendar has it. */
export function moment(text, what) {
  const found = typeof text === "string" ? TIME.exec(text) : null;
  if (found && inCalendar(...found.slice(1).map(Number))) { return text; }
  throw new SamplingError("time-malformed", { what, value: shown(text) });
}

function inCalendar(year, month, day, hour, minute, second) {
  if (month < 1 || month > DAYS.length) { return false; }
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day >= 1 && day <= DAYS[month - 1] + leap && hour < 24 && minute < 60 && second < 60;
}
