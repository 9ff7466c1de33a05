/* What an item still needs before its section can be signed: joint_inspections/records/rules.py for the phone. */

const NO_PROBLEM = "1";
const ANSWERS = ["yes", "no", "na"];

/* A measurement as a number; null when it is none. */
export function readNumber(text) {
  const plain = String(text).trim().replace(/[，。]/g, ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

/* Whether an answer shows a problem: "no", or a measurement beyond a limit. A choice is judged by people. */
export function pointFailed(point, value) {
  if (point.kind === "yes_no") { return value === "no"; }
  if (point.kind !== "number" || value === "na") { return false; }
  const number = readNumber(value);
  if (number === null || value === "") { return false; }
  const below = point.minimum !== "" && point.minimum !== null && number < Number(point.minimum);
  return below || (point.maximum !== "" && point.maximum !== null && number > Number(point.maximum));
}

function readable(point, value) {
  if (point.kind === "yes_no") { return ANSWERS.includes(value); }
  if (point.kind === "choice") { return point.options.some((option) => option.value === value); }
  if (point.kind === "number") { return value === "na" || readNumber(value) !== null; }
  return point.kind !== "photo" || value === "yes" || value === "na";
}

/* Whether a photo belongs to what was answered; to what does not apply none belongs. */
export function needsPhoto(point, value) {
  return (point.photo || point.kind === "photo") && value !== "" && value !== "na";
}

/* What bars the signature of an item: [{code, no, point}]. `terms` come from the package, `photos` are ids of points that have one. */
export function findGaps(item, entry, { outcome, terms, photos = new Set() }) {
  if (entry.checked === null) { return [{ code: "gap-checked" }]; }
  if (!entry.checked) { return uncheckedGaps(entry, outcome); }
  return [...answerGaps(item, entry, photos), ...resultGaps(item, entry, terms), ...problemGaps(item, entry, terms)];
}

function uncheckedGaps(entry, outcome) {
  if (outcome && outcome.carried_out) { return [{ code: "gap-carried-out" }]; }
  if (!entry.unchecked_reason) { return [{ code: "gap-reason", place: "why" }]; }
  return entry.result === NO_PROBLEM ? [{ code: "gap-unchecked-result", place: "result" }] : [];
}

function answerGaps(item, entry, photos) {
  const given = new Map(entry.answers.map((answer) => [answer.point, answer.value]));
  return item.points.flatMap((point) => {
    const value = given.get(point.id) || "";
    const found = [];
    if (!value) {
      found.push({ code: "gap-answer", no: point.no, point: point.id });
    } else if (!readable(point, value)) {
      found.push({ code: point.kind === "number" ? "gap-number" : "gap-choice", no: point.no, point: point.id });
    }
    if (needsPhoto(point, value) && !photos.has(point.id)) { found.push({ code: "gap-photo", no: point.no, point: point.id }); }
    return found;
  });
}

function resultGaps(item, entry, terms) {
  if (!entry.result) { return [{ code: "gap-result", place: "result" }]; }
  const found = [];
  if (entry.further && !furtherAllowed(item, entry, terms)) { found.push({ code: "gap-further", place: "result" }); }
  const failed = failedPoints(item, entry);
  if (failed.length && !isProblem(entry.result, terms)) {
    const veto = failed.find((point) => point.veto);
    found.push({ code: veto ? "gap-veto" : "gap-contradiction", no: (veto || failed[0]).no, place: "result" });
  }
  return found;
}

function problemGaps(item, entry, terms) {
  const found = [];
  if (isProblem(entry.result, terms) || failedPoints(item, entry).length) {
    if (!entry.problem) { found.push({ code: "gap-problem", place: "problem" }); }
    if (!entry.disposal) { found.push({ code: "gap-disposal", place: "disposal" }); }
  } else if (entry.problem && entry.result) {
    found.push({ code: "gap-no-problem", place: "problem" });
  }
  return found;
}

/* The check points of an item whose answers show a problem. */
export function failedPoints(item, entry) {
  const given = new Map(entry.answers.map((answer) => [answer.point, answer.value]));
  return item.points.filter((point) => pointFailed(point, given.get(point.id) || ""));
}

/* Whether a result code names a problem. */
export function isProblem(code, terms) {
  return Boolean(code) && terms.result_codes.some((one) => one.code === code && one.problem);
}

/* Whether the second result may stand beside the first. */
export function furtherAllowed(item, entry, terms) {
  return terms.combinable.includes(entry.result) && terms.further_codes.includes(entry.further) && item.results.includes(entry.further);
}

/* [answered, to answer] of an item: one for "checked?" and one for every check point, unless it was not checked. */
export function progress(item, entry) {
  const answered = entry.answers.filter((answer) => answer.value).length;
  if (entry.checked === false) { return [1, 1]; }
  return [(entry.checked === null ? 0 : 1) + answered, 1 + item.points.length];
}
