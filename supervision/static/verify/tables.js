/* Section 1, the tables: frame, excluded, roster, ties and mapping, line by line.

   Text is UTF-8 without BOM, columns are separated by TAB, every line ends in LF, an empty table has 0 bytes. Lines
   are sorted by bytes and none occurs twice, so that the same facts always give the same digest. */
import { SamplingError } from "./errors.js";
import * as identifiers from "./identifiers.js";
import { shown } from "./shown.js";

export const FRAME = "frame.tsv";
export const EXCLUDED = "excluded.tsv";
export const ROSTER = "roster.tsv";
export const TIES = "ties.tsv";
export const MAPPING = "mapping.tsv";

const ALL_QUALIFICATIONS = "*";
const NO_QUALIFICATION = "-";
const LF = 10;
const LONGEST_TEXT = 256;
const FRAME_LINE = new RegExp(`^(${identifiers.IDENTIFIER})\\t(${identifiers.IDENTIFIER})(?:\\t([0-9a-f]{32}))?\\n$`);
const CERTIFICATE = /^(?:[^\p{C}\p{Zl}\p{Zp}\p{Zs}]| )+$/u;

/* The frozen pool: parallel columns, sorted by unit; public strata have no salts. */
export class Frame {
  constructor(units, strata, salts) {
    Object.assign(this, { units, strata, salts });
  }

  /* The unit's line, counted from 0, or -1. */
  position(unit) {
    return sortedPosition(this.units, unit);
  }

  /* N of every stratum, sorted by stratum. */
  sizes() {
    const counted = new Map();
    for (const stratum of this.strata) { counted.set(stratum, (counted.get(stratum) || 0) + 1); }
    return new Map([...counted].sort(([one], [two]) => (one < two ? -1 : 1)));
  }

  /* The units of each stratum, in the order of the lines. */
  unitsByStratum() {
    const found = new Map([...this.sizes().keys()].map((stratum) => [stratum, []]));
    this.units.forEach((unit, i) => found.get(this.strata[i]).push(unit));
    return found;
  }
}

/* Every other unit of the register, each with the coded reason why it could not be drawn. */
export class Excluded {
  constructor(units, reasons) {
    Object.assign(this, { units, reasons });
  }

  position(unit) {
    return sortedPosition(this.units, unit);
  }
}

/* The place of a name in a sorted list, or -1. */
export function sortedPosition(names, name) {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle] < name) { low = middle + 1; } else { high = middle; }
  }
  return names[low] === name ? low : -1;
}

/* A table's lines as bytes, without LF: the entries of its tree. */
export function linesOf(data) {
  const lines = [];
  for (let start = 0; start < data.length;) {
    const found = data.indexOf(LF, start);
    const end = found < 0 ? data.length : found;
    lines.push(data.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/* The number of LF. */
export function countLines(data) {
  let count = 0;
  for (let i = 0; i < data.length; i += 1) { count += data[i] === LF ? 1 : 0; }
  return count;
}

/* Read frame.tsv; with `salted`, as confidential strata have it, a third column is required. */
export function parseFrame(data, salted) {
  const [units, strata, salts] = [[], [], []];
  eachLine(data, FRAME, (line, number) => {
    const found = FRAME_LINE.exec(line);
    if (!found || (found[3] !== undefined) !== salted) { throw frameLineError(line, number, salted ? 3 : 2); }
    units.push(found[1]);
    strata.push(found[2]);
    if (salted) { salts.push(found[3]); }
  });
  checkOrder(units, FRAME);
  return new Frame(units, strata, salts);
}

function frameLineError(line, number, columns) {
  const row = line.replace(/\n+$/, "").split("\t");
  if (!line.endsWith("\n")) { return new SamplingError("line-without-end", { file: FRAME, line: number }); }
  if (row.length !== columns) {
    return new SamplingError("line-columns", { file: FRAME, line: number, columns, found: row.length });
  }
  for (const [what, value] of [["unit", row[0]], ["stratum", row[1]]]) {
    if (!identifiers.isIdentifier(value)) {
      return new SamplingError("identifier-malformed", { what, value: shown(value) });
    }
  }
  return new SamplingError("salt-malformed", { what: "salt", value: shown(row[row.length - 1]) });
}

/* Read excluded.tsv. */
export function parseExcluded(data) {
  const [units, reasons] = [[], []];
  eachRow(data, EXCLUDED, 2, ([unit, reason]) => {
    units.push(identifiers.identifier(unit, "unit"));
    reasons.push(identifiers.identifier(reason, "reason"));
  });
  checkOrder(units, EXCLUDED);
  return new Excluded(units, reasons);
}

/* Read roster.tsv: one inspector under a pseudonym a line. */
export function parseRoster(data) {
  const lines = [];
  eachRow(data, ROSTER, 5, ([inspector, department, cap, prior, qualifications]) => lines.push({
    inspector: identifiers.identifier(inspector, "inspector"),
    department: identifiers.departmentCode(department),
    cap: identifiers.number(cap, "cap"),
    prior: identifiers.number(prior, "prior"),
    qualifications: parseQualifications(qualifications),
  }));
  checkOrder(lines.map((line) => line.inspector), ROSTER);
  return lines;
}

function parseQualifications(text) {
  if (text === ALL_QUALIFICATIONS) { return [ALL_QUALIFICATIONS]; }
  if (text === NO_QUALIFICATION) { return []; }
  const codes = text.split(",").map(identifiers.qualification);
  if (codes.some((code, i) => i > 0 && codes[i - 1] >= code)) {
    throw new SamplingError("qualifications-unsorted", { value: shown(text) });
  }
  return codes;
}

/* Whether the inspector of a roster line holds all of the codes (section 6). */
export function isQualified(line, codes) {
  const held = line.qualifications;
  return (held.length === 1 && held[0] === ALL_QUALIFICATIONS) || codes.every((code) => held.includes(code));
}

/* Read ties.tsv as [inspector, unit] pairs; a row naming somebody absent is allowed and has no effect. */
export function parseTies(data) {
  const ties = [];
  eachRow(data, TIES, 2, ([inspector, unit]) => {
    ties.push([identifiers.identifier(inspector, "inspector"), identifiers.identifier(unit, "unit")]);
  });
  checkOrder(ties.map((tie) => tie.join("\t")), TIES);
  return ties;
}

/* Read mapping.tsv: who is who. */
export function parseMapping(data) {
  const lines = [];
  eachRow(data, MAPPING, 3, ([pseudonym, certificate, salt]) => lines.push({
    pseudonym: identifiers.identifier(pseudonym, "inspector"),
    certificate: certificateNumber(certificate),
    salt: identifiers.salt(salt, "salt"),
  }));
  checkOrder(lines.map((line) => line.pseudonym), MAPPING);
  return lines;
}

function certificateNumber(text) {
  const right = CERTIFICATE.test(text) && Array.from(text).length <= LONGEST_TEXT && text === text.trim();
  if (!right) { throw new SamplingError("certificate-malformed", { value: shown(text) }); }
  return text;
}

/* Walk through the lines, each with its LF. A file that is no UTF-8 is read up to the first bad line. */
function eachLine(data, file, take) {
  const strict = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = null;
  try {
    text = strict().decode(data);
  } catch {
    eachBadLine(data, file, take, strict());
  }
  if (text === null) { return; }
  for (let start = 0, number = 1; start < text.length; number += 1) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found + 1;
    take(text.slice(start, end), number);
    start = end;
  }
}

function eachBadLine(data, file, take, decoder) {
  for (let start = 0, number = 1; start < data.length; number += 1) {
    const found = data.indexOf(LF, start);
    const end = found < 0 ? data.length : found + 1;
    let line;
    try {
      line = decoder.decode(data.subarray(start, end));
    } catch {
      throw new SamplingError("text-not-utf8", { file });
    }
    take(line, number);
    start = end;
  }
}

function eachRow(data, file, columns, take) {
  eachLine(data, file, (line, number) => {
    if (!line.endsWith("\n")) { throw new SamplingError("line-without-end", { file, line: number }); }
    const row = line.slice(0, -1).split("\t");
    if (row.length !== columns) {
      throw new SamplingError("line-columns", { file, line: number, columns, found: row.length });
    }
    take(row);
  });
}

function checkOrder(names, file) {
  // Names are ASCII and TAB comes before every character of a name, so texts compare as the bytes of lines.
  for (let i = 1; i < names.length; i += 1) {
    if (names[i - 1] < names[i]) { continue; }
    const code = names[i - 1] === names[i] ? "line-duplicate" : "line-unsorted";
    throw new SamplingError(code, { file, line: i + 1, value: names[i].replace(/\t/g, " ") });
  }
}
