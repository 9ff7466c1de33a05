/* Section 9, the log: that there was only this draw, in this order, and that others saw it. */
import { valueKnownAt } from "./beacon_checks.js";
import { FROZEN_FILES, LOG } from "./bundle.js";
import { canonicalBytes } from "./canonical.js";
import { COMMITMENT, contributionDigestOf } from "./commitment.js";
import { stem, tiesKnownEmpty } from "./drawing.js";
import { ReplacementError } from "./errors.js";
import { agreed, difference, fromError, warning, withheld } from "./findings.js";
import { hexDigest } from "./hashing.js";
import { OPERATOR } from "./identifiers.js";
import { byCodePoints } from "./ordering.js";
import { shownRecordDigest } from "./publication.js";
import { RECORD } from "./records.js";
import { firstDue, replay } from "./replacement.js";
import { RULES } from "./rules.js";
import { escaped } from "./shown.js";
import { checkSignatures, INVALID, VALID, witnessesOf } from "./signed_notes.js";
import { FRAME, ROSTER, TIES } from "./tables.js";
import { isBeginningOf, isProven, leavesOf, parseLog, replacementOf } from "./transparency_log.js";

const NUMBERED = /^(.*?)([0-9]{1,18})$/;
const FEWEST_WITNESSES = 2;
const STAGES = ["frozen", "contributed", "committed", "drawn", "opened"];
const NEEDED = ["frozen", "committed", "drawn"];
const ONCE = ["frozen", "committed", "drawn", "opened", "void", "abandoned"];

/* Check log.json; without it the draw may be right, but not proven to be the only one. */
export async function checkLog(bundle, trusted) {
  if (!bundle.has(LOG)) { return [withheld("log-missing")]; }
  const log = parseLog(bundle.files.get(LOG));
  const leaves = leavesOf(log, bundle.commitment.draw);
  return [
    ...checkProofs(log),
    ...checkEvents(leaves),
    ...checkDigests(bundle, leaves),
    ...await checkCurrentSignatures(log, trusted),
    ...await checkCommittedCheckpoint(bundle, log, trusted),
  ];
}

function checkProofs(log) {
  const wrong = log.leaves
    .filter((leaf) => !isProven(leaf, log.current))
    .map((leaf) => difference("leaf-not-in-log", { event: leaf.event, index: leaf.index }));
  const size = Number(log.current.size);
  return wrong.length ? wrong : [agreed("log-proven", { leaves: log.leaves.length, size })];
}

/* Check section 8's order of events and that each happened once. */
function checkEvents(leaves) {
  const events = leaves.map((leaf) => leaf.event);
  const times = (event) => events.filter((one) => one === event).length;
  const findings = [
    ...ONCE.filter((event) => times(event) > 1)
      .map((event) => difference("event-repeated", { event, times: times(event) })),
    ...NEEDED.filter((event) => !events.includes(event)).map((event) => withheld("event-not-shown", { event })),
  ];
  const stages = events.filter((event) => STAGES.includes(event)).map((event) => STAGES.indexOf(event));
  if (stages.some((stage, i) => i > 0 && stages[i - 1] > stage)) { findings.push(difference("events-out-of-order")); }
  if (leaves.some((leaf, i) => i > 0 && leaves[i - 1].at > leaf.at)) {
    findings.push(difference("log-time-backwards"));
  }
  if (events.includes("void")) {
    findings.push(difference(events.includes("drawn") ? "void-after-draw" : "draw-void"));
  }
  return findings;
}

function checkDigests(bundle, leaves) {
  const expected = {
    frozen: () => frozenDigest(bundle),
    committed: () => bundle.commitment.digest,
    drawn: () => shownRecordDigest(bundle),
    opened: () => openedDigest(bundle),
    abandoned: () => openedDigest(bundle),
  };
  const findings = leaves.flatMap(({ event, index, digest }) => {
    const right = Object.hasOwn(expected, event) ? expected[event]() : digest;
    if (right === null) { return [withheld("event-digest-withheld", { event })]; }
    return right === digest ? [] : [difference("event-digest", { event, index })];
  });
  return [...findings, ...checkContributions(bundle, leaves)];
}

/* The digest of the `frozen` leaf: the operator's own contribution and all frozen files. */
function frozenDigest(bundle) {
  const contribution = contributionDigestOf(bundle.commitment, OPERATOR);
  if (contribution === null) { return null; }
  return hexDigest(bundle.hashName, canonicalBytes({ contribution, files: committedDigests(bundle.commitment) }));
}

/* The digest of the `opened` leaf: all files of the full bundle, whose digests the commitment and the record give. */
function openedDigest(bundle) {
  const record = shownRecordDigest(bundle);
  if (record === null) { return null; }
  const { commitment } = bundle;
  const digests = { ...committedDigests(commitment), [COMMITMENT]: commitment.digest, [RECORD]: record };
  return hexDigest(bundle.hashName, canonicalBytes(digests));
}

function committedDigests(commitment) {
  return Object.fromEntries(FROZEN_FILES.map((file) => [file, commitment.facts.get(`${stem(file)}_digest`)]));
}

function checkContributions(bundle, leaves) {
  const logged = new Map(leaves.filter((leaf) => leaf.event === "contributed")
    .map((leaf) => [partyOf(leaf), leaf]));
  const findings = [];
  for (const { by, digest } of bundle.commitment.contributions) {
    const leaf = logged.get(by);
    logged.delete(by);
    if (!leaf && by !== OPERATOR) {
      findings.push(withheld("contribution-not-logged", { by }));
    } else if (leaf && leaf.digest !== digest) {
      findings.push(difference("event-digest", { event: leaf.event, index: leaf.index }));
    }
  }
  const strangers = [...logged.keys()].sort(byCodePoints);
  return [...findings, ...strangers.map((by) => difference("contribution-not-committed", { by: escaped(by) }))];
}

function partyOf(leaf) {
  const by = leaf.fields.get("by");
  return typeof by === "string" ? by : escaped(by);
}

async function checkCurrentSignatures(log, trusted) {
  const findings = await checkNote(log.current, trusted.length ? trusted : log.keys);
  return trusted.length ? findings : [...findings, warning("keys-from-bundle")];
}

/* Check the signatures of a checkpoint, which must bear its log's. */
async function checkNote({ note, origin }, keys) {
  const checks = await checkSignatures(note, keys);
  const findings = checks.filter((check) => check.state !== VALID).map(({ name, state }) => (
    state === INVALID ? difference("signature-wrong", { name }) : withheld("signature-unknown", { name })
  ));
  if (checks.every((check) => check.name !== origin || check.isWitness)) {
    findings.push(difference("signature-missing", { name: origin }));
  }
  const names = checks.map((check) => check.name).join(", ");
  return findings.length ? findings : [agreed("signatures-hold", { names })];
}

/* Check that witnesses saw the commitment before the beacon's round (section 8). */
async function checkCommittedCheckpoint(bundle, log, trusted) {
  const [early, keys] = [log.committed, trusted.length ? trusted : log.keys];
  if (early === null) {
    return bundle.commitment.beacon === null ? [] : [withheld("commitment-unwitnessed", { witnesses: 0 })];
  }
  const findings = await checkNote(early.checkpoint, keys);
  if (!isBeginningOf(early, log.current)) { findings.push(difference("log-rewritten")); }
  const committed = leavesOf(log, bundle.commitment.draw).filter((leaf) => leaf.event === "committed");
  if (committed.some((leaf) => leaf.index >= early.checkpoint.size)) {
    findings.push(difference("commitment-not-in-checkpoint"));
  }
  const until = bundle.commitment.beacon === null ? null : valueKnownAt(leavesOf(log, bundle.commitment.draw));
  const witnesses = witnessesOf(await checkSignatures(early.checkpoint.note, keys), until).size;
  // Only a beacon's value rests on witnesses who saw the commitment before it; else they are a gain, no need.
  const graded = bundle.commitment.beacon === null ? warning : withheld;
  if (witnesses < FEWEST_WITNESSES) { findings.push(graded("commitment-unwitnessed", { witnesses })); }
  return findings;
}

/* Warn where the draw numbers in the log leave a gap: numbers run consecutively per authority. Any leaf shows that its
   number was used: a draw may be void before it was committed. */
export function checkNumberGaps(bundle) {
  if (!bundle.has(LOG)) { return []; }
  const shown = new Map();
  for (const leaf of parseLog(bundle.files.get(LOG)).leaves) {
    const found = NUMBERED.exec(leaf.draw);
    if (!found) { continue; }
    shown.set(found[1], [...(shown.get(found[1]) || []), BigInt(found[2])]);
  }
  return [...shown.keys()].sort().flatMap((prefix) => {
    const numbers = shown.get(prefix).sort((one, two) => (one < two ? -1 : 1));
    return numbers.slice(1).map((above, i) => [numbers[i], above]).filter(([below, above]) => above - below > 1n)
      .map(([below, above]) => warning("number-gap", {
        first: `${prefix}${below + 1n}`, last: `${prefix}${above - 1n}`,
      }));
  });
}

/* Replay the struck and replaced events of the log: each has only one possible outcome. */
export function checkReplacements(bundle) {
  const events = loggedReplacements(bundle);
  if (!events.length) { return []; }
  const count = { events: events.length };
  if (!bundle.has(RECORD, FRAME, ROSTER, RULES) || !(bundle.has(TIES) || tiesKnownEmpty(bundle))) {
    return [withheld("replacements-not-recomputed", count)];
  }
  try {
    replay(bundle, bundle.record, events);
  } catch (error) {
    if (!(error instanceof ReplacementError)) { throw error; }
    return [fromError("difference", error)];
  }
  const due = firstDue(bundle, bundle.record, events);
  if (due !== null) { return [difference("replacement-due", { team: due[0], inspector: due[1] })]; }
  return [agreed("replacements-agree", count)];
}

/* The events of section 6 in the log of a bundle, in order. */
export function loggedReplacements(bundle) {
  if (!bundle.has(LOG)) { return []; }
  const leaves = leavesOf(parseLog(bundle.files.get(LOG)), bundle.commitment.draw);
  return leaves.map(replacementOf).filter((event) => event !== null);
}
