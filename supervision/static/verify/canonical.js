/* Section 0, hashed JSON: RFC 8785 (JCS), restricted to strings, integers, true, false and null.

   The browser's own JSON.parse forgets duplicate keys and rounds large numbers, so the reader is written out here.
   Objects become Maps, in the order of the file. */
import { SamplingError } from "./errors.js";
import { utf8 } from "./hashing.js";
import { escaped } from "./shown.js";

const LARGEST_INTEGER = BigInt(Number.MAX_SAFE_INTEGER);
const LONGEST_INTEGER = 17;
const DEEPEST = 900;
const LITERALS = new Map([["true", true], ["false", false], ["null", null]]);
const NUMBER = /(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/y;
const NO_NUMBERS = ["NaN", "Infinity", "-Infinity"];
// JSON forbids control characters inside strings.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = new Map(Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }));

/* A value as JCS bytes, without a final LF. */
export function canonicalBytes(value) {
  return utf8(written(value));
}

/* Any JSON of the restricted kind; `name` is the file's name in error messages. */
export function parseJson(data, name) {
  return new Reader(decoded(data, name), name).read();
}

/* A JSON file of the bundle, whose bytes must be exactly the JCS form. */
export function parseCanonical(data, name) {
  const text = decoded(data, name);
  const parsed = new Reader(text, name).read();
  if (written(parsed) !== text) { throw new SamplingError("json-not-canonical", { file: name }); }
  return parsed;
}

function decoded(data, name) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new SamplingError("text-not-utf8", { file: name });
  }
}

class Reader {
  constructor(text, name) {
    this.text = text;
    this.name = name;
    this.at = 0;
    this.depth = 0;
  }

  read() {
    this.taken(SPACE);
    const value = this.value();
    this.taken(SPACE);
    if (this.at < this.text.length) { this.refuse(); }
    return value;
  }

  refuse() {
    throw new SamplingError("json-unreadable", { file: this.name });
  }

  /* What a sticky pattern matches here, or null. */
  taken(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) { this.at = pattern.lastIndex; }
    return found;
  }

  /* Whether this text stands here; if so, go past it. */
  passed(text) {
    const here = this.text.startsWith(text, this.at);
    if (here) { this.at += text.length; }
    return here;
  }

  value() {
    const first = this.text[this.at];
    if (first === '"') { this.at += 1; return this.string(); }
    if (first === "{") { return this.nested(() => this.object()); }
    if (first === "[") { return this.nested(() => this.list()); }
    for (const [word, value] of LITERALS) {
      if (this.passed(word)) { return value; }
    }
    return this.number();
  }

  nested(read) {
    this.depth += 1;
    if (this.depth > DEEPEST) { throw new SamplingError("json-too-deep", { file: this.name }); }
    this.at += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  object() {
    const pairs = [];
    this.taken(SPACE);
    if (!this.passed("}")) {
      do {
        this.taken(SPACE);
        pairs.push(this.pair());
        this.taken(SPACE);
      } while (this.passed(","));
      if (!this.passed("}")) { this.refuse(); }
    }
    return objectOnce(pairs);
  }

  pair() {
    if (!this.passed('"')) { this.refuse(); }
    const key = this.string();
    this.taken(SPACE);
    if (!this.passed(":")) { this.refuse(); }
    this.taken(SPACE);
    return [key, this.value()];
  }

  list() {
    const values = [];
    this.taken(SPACE);
    if (this.passed("]")) { return values; }
    do {
      this.taken(SPACE);
      values.push(this.value());
      this.taken(SPACE);
    } while (this.passed(","));
    if (!this.passed("]")) { this.refuse(); }
    return values;
  }

  string() {
    let text = "";
    for (;;) {
      text += this.taken(PLAIN)[0];
      if (this.passed('"')) { return text; }
      if (!this.passed("\\")) { this.refuse(); }
      text += this.escape();
    }
  }

  escape() {
    const sign = this.text[this.at];
    this.at += 1;
    if (ESCAPES.has(sign)) { return ESCAPES.get(sign); }
    const digits = this.text.slice(this.at, this.at + 4);
    if (sign !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) { this.refuse(); }
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  number() {
    for (const word of NO_NUMBERS) {
      if (this.passed(word)) { throw new SamplingError("json-number-not-integer", { number: word }); }
    }
    const found = this.taken(NUMBER);
    if (!found) { this.refuse(); }
    if (found[2]) { throw new SamplingError("json-number-not-integer", { number: found[0].slice(0, 20) }); }
    return integer(found[1]);
  }
}

function objectOnce(pairs) {
  const found = new Map();
  for (const [key, value] of pairs) {
    if (found.has(key)) { throw new SamplingError("json-duplicate-key", { key: escaped(key) }); }
    found.set(key, value);
  }
  return found;
}

function integer(digits) {
  // The length is looked at first: a number of a million digits is no work for anybody.
  const size = digits.length > LONGEST_INTEGER ? null : BigInt(digits);
  if (size === null || size > LARGEST_INTEGER || size < -LARGEST_INTEGER) {
    throw new SamplingError("json-integer-too-large");
  }
  return Number(size);
}

function written(value) {
  if (typeof value === "string") { return writtenString(value); }
  if (value === null || typeof value === "boolean") { return String(value); }
  if (Number.isSafeInteger(value)) { return String(value); }
  if (Array.isArray(value)) { return `[${value.map(written).join(",")}]`; }
  if (typeof value === "object") { return writtenObject(value instanceof Map ? value : new Map(Object.entries(value))); }
  throw new SamplingError("json-value-not-allowed", { kind: typeof value });
}

function writtenString(text) {
  try {
    encodeURIComponent(text);
  } catch {
    throw new SamplingError("json-lone-surrogate");
  }
  // The browser's own escapes are those of RFC 8785 section 3.2.2.2.
  return JSON.stringify(text);
}

function writtenObject(object) {
  // RFC 8785 section 3.2.3 sorts by UTF-16 code units, which is how JavaScript sorts texts.
  const names = [...object.keys()].sort();
  return `{${names.map((name) => `${writtenString(name)}:${written(object.get(name))}`).join(",")}}`;
}
