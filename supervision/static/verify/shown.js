/* Values as error messages name them. What somebody typed or sent must not reach a page as control characters, so
   everything beyond plain ASCII is escaped, exactly as sampling/ does it: both programs say the same words. */

const LONGEST = 80;
const ESCAPES = new Map([["\\", "\\\\"], ["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/* A value in at most 80 ASCII characters. */
export function shown(value) {
  return escaped(value).slice(0, LONGEST);
}

/* A value of JSON in ASCII. */
export function escaped(value) {
  if (typeof value === "string") { return quoted(value); }
  if (value === undefined || value === null) { return "None"; }
  if (typeof value === "boolean") { return value ? "True" : "False"; }
  if (Array.isArray(value)) { return `[${value.map(escaped).join(", ")}]`; }
  if (value instanceof Map) {
    return `{${[...value].map(([name, one]) => `${escaped(name)}: ${escaped(one)}`).join(", ")}}`;
  }
  return String(value);
}

function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = Array.from(text, (char) => (char === quote ? `\\${char}` : plain(char)));
  return quote + inner.join("") + quote;
}

function plain(char) {
  const code = char.codePointAt(0);
  if (ESCAPES.has(char)) { return ESCAPES.get(char); }
  if (code >= 0x20 && code < 0x7f) { return char; }
  const hex = code.toString(16);
  if (code <= 0xff) { return `\\x${hex.padStart(2, "0")}`; }
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
