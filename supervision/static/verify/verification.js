/* Section 9: recompute everything that is shown, and name every difference. */
import { checkPublicValue } from "./beacon_checks.js";
import { Bundle, FROZEN_FILES, PUBLIC_RECORD } from "./bundle.js";
import { cautions } from "./cautions.js";
import { COMMITMENT, parseCommitment } from "./commitment.js";
import { committedFacts, stem, tiesKnownEmpty } from "./drawing.js";
import { SamplingError } from "./errors.js";
import { agreed, difference, fromError, reportOf, UNKNOWN, withheld } from "./findings.js";
import { hexDigest, rememberDigests } from "./hashing.js";
import { checkLog, checkNumberGaps, checkReplacements } from "./log_checks.js";
import { begin } from "./progress.js";
import { checkPublicRecord } from "./public_checks.js";
import { checkRecord } from "./record_checks.js";
import { RECORD } from "./records.js";
import { TIES } from "./tables.js";

/* Verify files by name; a malformed file is reported together with the digests that do not fit. `trusted` are log and
   witness keys known from elsewhere; without them the bundle's own are used. */
export async function verifyFiles(files, trusted = []) {
  begin("files");
  await rememberDigests(files.values());
  const { bundle, report } = readOrReport(files);
  return report || verify(bundle, trusted);
}

/* The bundle, or the report on files that are none. */
export function readOrReport(files) {
  try {
    return { bundle: new Bundle(files) };
  } catch (error) {
    if (!(error instanceof SamplingError)) { throw error; }
    const { draw, findings } = checkRawDigests(files);
    return { report: reportOf(draw, [fromError("invalid", error), ...findings]) };
  }
}

/* Verify a bundle that could be read. */
export async function verify(bundle, trusted = []) {
  const findings = checkFiles(bundle);
  try {
    findings.push(...await checkOutcome(bundle, trusted));
    begin("log");
    findings.push(...await checkLog(bundle, trusted));
    findings.push(...checkPublicValue(bundle));
    findings.push(...checkReplacements(bundle));
    findings.push(...cautions(bundle), ...checkNumberGaps(bundle));
  } catch (error) {
    if (!(error instanceof SamplingError)) { throw error; }
    findings.push(fromError("invalid", error));
  }
  return reportOf(bundle.commitment.draw, findings);
}

/* Compare every digest, root and size with the commitment, and name the files not shown. */
function checkFiles(bundle) {
  const facts = committedFacts(bundle);
  const wrong = facts.filter((fact) => !fact.agrees);
  const missing = FROZEN_FILES
    .filter((file) => !bundle.has(file) && !(file === TIES && tiesKnownEmpty(bundle)));
  const agreeing = FROZEN_FILES
    .filter((file) => bundle.has(file) && !wrong.some((fact) => fact.file === file));
  return [
    ...wrong.map(({ file, fact }) => difference("committed-fact", { file, fact })),
    ...missing.map((file) => withheld("file-withheld", { file })),
    ...agreeing.map((file) => agreed("file-agrees", { file })),
  ];
}

async function checkOutcome(bundle, trusted) {
  if (bundle.has(RECORD)) { return checkRecord(bundle); }
  if (bundle.has(PUBLIC_RECORD)) { return checkPublicRecord(bundle, trusted); }
  return [withheld("record-missing")];
}

/* Find out which files are not those of the commitment even if one of them cannot be read. */
function checkRawDigests(files) {
  let commitment;
  try {
    commitment = parseCommitment(files.get(COMMITMENT) || new Uint8Array());
  } catch (error) {
    if (!(error instanceof SamplingError)) { throw error; }
    return { draw: UNKNOWN, findings: [] };
  }
  const differs = (file) => files.has(file)
    && hexDigest(commitment.hashName, files.get(file)) !== commitment.facts.get(`${stem(file)}_digest`);
  return {
    draw: commitment.draw,
    findings: FROZEN_FILES.filter(differs)
      .map((file) => difference("committed-fact", { file, fact: `${stem(file)}_digest` })),
  };
}
