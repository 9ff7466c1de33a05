/* The whole draw: from a committed bundle and the revealed secrets to the record (sections 1 to 7). */
import { contributionDigestOf } from "./commitment.js";
import { SamplingError } from "./errors.js";
import { hex, hexDigest } from "./hashing.js";
import * as identifiers from "./identifiers.js";
import { treeHead } from "./merkle.js";
import { begin } from "./progress.js";
import { RULES } from "./rules.js";
import { contributionDigest, ENTITIES, Keys, seedOf } from "./seeds.js";
import { select } from "./selection.js";
import { escaped } from "./shown.js";
import { allocate } from "./strata.js";
import { countLines, EXCLUDED, FRAME, linesOf, MAPPING, ROSTER, TIES } from "./tables.js";
import { formTeams } from "./teams.js";

/* Draw: check files and secrets against the commitment, then compute the record. */
export function draw(bundle, secrets, beaconValue = null) {
  begin("files");
  const wrong = committedFacts(bundle).find((fact) => !fact.agrees);
  if (wrong) { throw new SamplingError("file-not-committed", { file: wrong.file, fact: wrong.fact }); }
  checkRevealed(bundle.commitment, secrets, beaconValue);
  return compute(bundle, secrets, beaconValue);
}

/* Compute the record from what the files say, whether or not it was committed to. */
export function compute(bundle, secrets, beaconValue) {
  const keys = keysOf(bundle, secrets, beaconValue);
  const sizes = bundle.frame.sizes();
  const selection = selectedUnits(bundle, keys);
  const counts = allocate(sizes, bundle.rules.allocation);
  begin("teams");
  const { teams, unfilled } = formed(bundle, keys, selection);
  return {
    hashName: bundle.hashName,
    draw: bundle.commitment.draw,
    commitmentDigest: bundle.commitment.digest,
    contributions: [...secrets.keys()].sort().map((by) => ({ by, secret: secrets.get(by) })),
    beaconValue,
    seed: keys.seed,
    entityKey: keys.key(ENTITIES),
    strata: [...counts].map(([stratum, selected]) => ({ stratum, size: sizes.get(stratum), selected })),
    selected: selection.selected,
    reserve: selection.reserve,
    teams,
    unfilled,
  };
}

/* The keys that the commitment, the secrets and the beacon's value lead to (section 3). */
export function keysOf(bundle, secrets, beaconValue) {
  const commitmentDigest = bundle.commitment.digest;
  const seed = seedOf({ hashName: bundle.hashName, commitmentDigest, secrets, beaconValue });
  return new Keys(bundle.hashName, seed);
}

/* Select the units (sections 4 and 5); asked for twice with the same keys it answers from memory. */
export function selectedUnits(bundle, keys) {
  if (bundle.selection && bundle.selection.seed === keys.seed) { return bundle.selection.found; }
  begin("tickets");
  const found = select(bundle.frame, {
    counts: allocate(bundle.frame.sizes(), bundle.rules.allocation),
    reserve: bundle.rules.reserve,
    entityKey: keys.key(ENTITIES),
    hashName: keys.hashName,
  });
  bundle.selection = { seed: keys.seed, found };
  return found;
}

function formed(bundle, keys, selection) {
  const rule = bundle.rules.teams;
  if (rule.mode === "none") { return { teams: [], unfilled: [] }; }
  const units = selection.selected.map((row) => row.unit);
  return formTeams(rule, { keys, roster: bundle.roster, ties: knownTies(bundle), units });
}

/* The ties; when the commitment says that there are none, the file need not be shown. */
export function knownTies(bundle) {
  return tiesKnownEmpty(bundle) ? [] : bundle.ties;
}

/* Whether ties.tsv is committed to be empty: its digest is then that of nothing. */
export function tiesKnownEmpty(bundle) {
  const nothing = hexDigest(bundle.hashName, new Uint8Array());
  return !bundle.has(TIES) && bundle.commitment.facts.get("ties_digest") === nothing;
}

/* Lay every digest, root and size of the commitment beside the file it speaks of, as far as shown. */
export function committedFacts(bundle) {
  return [
    ...tableFacts(bundle, FRAME, true),
    ...tableFacts(bundle, EXCLUDED, true),
    ...tableFacts(bundle, ROSTER, false),
    ...tableFacts(bundle, TIES, false),
    ...digestFact(bundle, MAPPING),
    ...digestFact(bundle, RULES),
  ];
}

function digestFact(bundle, file) {
  if (!bundle.has(file)) { return []; }
  return [factOf(bundle, file, `${stem(file)}_digest`, hexDigest(bundle.hashName, bundle.files.get(file)))];
}

function tableFacts(bundle, file, tree) {
  const facts = digestFact(bundle, file);
  if (!facts.length) { return facts; }
  const data = bundle.files.get(file);
  facts.push(factOf(bundle, file, `${stem(file)}_size`, countLines(data)));
  if (tree) {
    begin(`tree-${stem(file)}`);
    facts.push(factOf(bundle, file, `${stem(file)}_root`, hex(treeHead(bundle.hashName, linesOf(data)))));
  }
  return facts;
}

function factOf(bundle, file, fact, found) {
  const committed = bundle.commitment.facts.get(fact);
  return { file, fact, committed, found, agrees: committed === found };
}

/* frame of frame.tsv */
export function stem(file) {
  return file.split(".")[0];
}

function checkRevealed(commitment, secrets, beaconValue) {
  for (const by of [...secrets.keys()].sort()) {
    identifiers.digest(secrets.get(by), `secret of ${escaped(by)}`);
  }
  for (const error of revealedErrors(commitment, secrets, beaconValue)) { throw error; }
}

/* What does not fit the commitment: a party too many or too few, a wrong secret, a beacon's value out of place. */
export function revealedErrors(commitment, secrets, beaconValue) {
  const errors = [...secrets.keys()].sort()
    .filter((by) => contributionDigestOf(commitment, by) === null)
    .map((by) => new SamplingError("contribution-unknown", { by: escaped(by) }));
  for (const { by, digest } of commitment.contributions) {
    if (!secrets.has(by)) {
      errors.push(new SamplingError("contribution-missing", { by }));
    } else if (digestOf(commitment, by, secrets.get(by)) !== digest) {
      errors.push(new SamplingError("contribution-wrong", { by }));
    }
  }
  if (commitment.beacon !== null && beaconValue === null) { errors.push(new SamplingError("beacon-value-missing")); }
  if (commitment.beacon === null && beaconValue !== null) { errors.push(new SamplingError("beacon-value-surplus")); }
  if (beaconValue !== null) { identifiers.beaconValue(beaconValue); }
  return errors;
}

function digestOf(commitment, by, secret) {
  return contributionDigest({ hashName: commitment.hashName, draw: commitment.draw, by, secret });
}
