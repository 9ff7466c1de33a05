/* Section 1: the files of one draw, read together. Reading checks the form of each file and that the files do not
   contradict each other; whether they are the files that were committed to is for drawing.js. */
import { COMMITMENT, parseCommitment } from "./commitment.js";
import { SamplingError } from "./errors.js";
import { parseRecord, RECORD } from "./records.js";
import { checkStrata, parseRules, RULES } from "./rules.js";
import * as tables from "./tables.js";

export const LOG = "log.json";
export const PUBLIC_RECORD = "record_public.json";
export const PUBLIC_FRAME = "frame_units.tsv";
export const STATEMENTS = "statements.json";
const { FRAME, EXCLUDED, ROSTER, TIES, MAPPING } = tables;
export const FROZEN_FILES = [FRAME, EXCLUDED, ROSTER, TIES, MAPPING, RULES];
export const BUNDLE_FILES = [...FROZEN_FILES, COMMITMENT, RECORD, LOG, PUBLIC_RECORD, PUBLIC_FRAME, STATEMENTS];

/* One draw's files and what they say. Asking for a file that is not there is an error. */
export class Bundle {
  /* Read a bundle from a Map of its files by name; files that are no part of a bundle are passed over. */
  constructor(files) {
    this.files = new Map(BUNDLE_FILES.filter((name) => files.has(name)).map((name) => [name, files.get(name)]));
    this.read = new Map();
    if (!this.has(COMMITMENT)) { throw new SamplingError("file-missing", { file: COMMITMENT }); }
    this.commitment = parseCommitment(this.files.get(COMMITMENT));
    this.parse(RULES, parseRules);
    this.parse(FRAME, (data) => tables.parseFrame(data, this.salted(data)));
    this.parse(EXCLUDED, tables.parseExcluded);
    this.parse(ROSTER, tables.parseRoster);
    this.parse(TIES, tables.parseTies);
    this.parse(MAPPING, tables.parseMapping);
    this.parse(RECORD, parseRecord);
    this.checkConsistent();
  }

  parse(name, reader) {
    if (this.has(name)) { this.read.set(name, reader(this.files.get(name))); }
  }

  salted(data) {
    if (this.has(RULES)) { return this.rules.confidential; }
    const end = data.indexOf(10);
    const first = end < 0 ? data : data.subarray(0, end);
    return first.filter((byte) => byte === 9).length > 1;
  }

  /* Whether all the named files are in the bundle. */
  has(...names) {
    return names.every((name) => this.files.has(name));
  }

  get hashName() { return this.commitment.hashName; }
  get rules() { return this.present(RULES); }
  get frame() { return this.present(FRAME); }
  get excluded() { return this.present(EXCLUDED); }
  get roster() { return this.present(ROSTER); }
  get ties() { return this.present(TIES); }
  get mapping() { return this.present(MAPPING); }
  get record() { return this.present(RECORD); }

  present(name) {
    if (!this.read.has(name)) { throw new SamplingError("file-missing", { file: name }); }
    return this.read.get(name);
  }

  checkConsistent() {
    if (this.has(RULES)) { this.checkHeading(); }
    if (this.has(RULES, FRAME)) { checkStrata(this.rules, this.frame.strata); }
    if (this.has(FRAME, EXCLUDED)) { checkDisjoint(this.frame.units, this.excluded.units); }
    if (this.has(ROSTER, MAPPING)) {
      checkPseudonyms(this.roster.map((line) => line.inspector), this.mapping.map((line) => line.pseudonym));
    }
  }

  checkHeading() {
    const [rules, commitment] = [this.rules, this.commitment];
    if (rules.draw !== commitment.draw) {
      throw new SamplingError("draw-differs", { rules: rules.draw, commitment: commitment.draw });
    }
    if (rules.hashName !== commitment.hashName) {
      throw new SamplingError("hash-differs", { rules: rules.hashName, commitment: commitment.hashName });
    }
  }
}

/* Refuse a unit that is both in the pool and among those left out. Both lists are sorted. */
export function checkDisjoint(frameUnits, excludedUnits) {
  const pool = new Set(frameUnits);
  const both = excludedUnits.filter((unit) => pool.has(unit)).sort();
  if (both.length) { throw new SamplingError("unit-framed-and-excluded", { unit: both[0] }); }
}

/* Refuse a mapping that does not name exactly the inspectors of the roster. */
export function checkPseudonyms(roster, mapping) {
  const [listed, mapped] = [new Set(roster), new Set(mapping)];
  const different = [...roster.filter((name) => !mapped.has(name)), ...mapping.filter((name) => !listed.has(name))];
  if (different.length) { throw new SamplingError("mapping-not-roster", { inspector: different.sort()[0] }); }
}
