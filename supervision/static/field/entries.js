/* What stands in an item of the form, and its digest: the same as joint_inspections/records/entries.py computes. */
import { sha256 as hashed } from "../vendor/noble-hashes-2.4.0/sha256.js";

const encoder = new TextEncoder();
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const digestOf = (said) => hex(hashed(encoder.encode(JSON.stringify(said))));

/* An entry in which nobody has written anything. */
export function blankEntry(item) {
  return { checked: null, result: null, further: null, problem: "", unchecked_reason: "", disposal: null,
    answers: item.points.map((point) => ({ point: point.id, value: "", note: "" })) };
}

/* Text as the server takes it: composed, without invisible characters and without spaces around it. */
export function tidy(text, longest = Infinity) {
  const plain = (text || "").normalize("NFC").replace(/\r\n?/g, "\n").replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu, "").trim();
  return Array.from(plain).slice(0, longest).join("").trim();
}

/* An entry as it is sent: every check point once, texts without spaces around them. */
export function tidyEntry(item, entry) {
  const given = new Map(entry.answers.map((answer) => [answer.point, answer]));
  return {
    checked: entry.checked ?? null,
    result: entry.result || null,
    further: entry.further || null,
    problem: tidy(entry.problem),
    unchecked_reason: tidy(entry.unchecked_reason),
    disposal: entry.disposal || null,
    answers: item.points.map((point) => {
      const answer = given.get(point.id) || { value: "", note: "" };
      return { point: point.id, value: tidy(answer.value), note: tidy(answer.note) };
    }),
  };
}

/* Digest of everything an entry says. */
export function entryDigest(item, entry) {
  const answers = [...entry.answers].sort((one, other) => one.point - other.point);
  return digestOf([item.id, entry.checked, entry.result, entry.further, entry.problem, entry.unchecked_reason, entry.disposal,
    answers.map((answer) => [answer.point, answer.value, answer.note])]).slice(0, 32);
}

/* Digest of a section from [item, entry] pairs: what its signature stands for. */
export function sectionDigest(pairs) {
  const said = pairs.map(([item, entry]) => [item.id, entryDigest(item, entry)]);
  return digestOf(said.sort(([one], [other]) => one - other));
}

/* Digest of a whole record: what is handed in, or laid before the enterprise (joint_inspections/field/rules.py). */
export function recordDigest({ outcome, sections, attachments, samples }) {
  const byText = ([one], [other]) => (one < other ? -1 : Number(one > other));
  const byNumber = ([one], [other]) => one - other;
  return digestOf({ attachments: [...attachments].sort(byText), outcome: [outcome.code, outcome.note], samples: [...samples].sort(byNumber),
    sections: [...sections].sort(byNumber) });
}

/* What a record says of its samples: joint_inspections/signatures/whole.py for the phone. */
export function samplesSaid(samples) {
  return samples.map((one) => [one.number, one.section, one.item, one.what, one.amount, one.sealed, one.seal_number, one.given_to]);
}

/* Where two entries differ: [{what, no, mine, stored}]. */
export function differences(item, mine, stored) {
  const found = ["checked", "unchecked_reason", "result", "further", "problem", "disposal"]
    .filter((what) => (mine[what] ?? "") !== (stored[what] ?? ""))
    .map((what) => ({ what, mine: mine[what], stored: stored[what] }));
  const theirs = new Map(stored.answers.map((answer) => [answer.point, answer]));
  for (const answer of mine.answers) {
    const other = theirs.get(answer.point) || { value: "", note: "" };
    const point = item.points.find((one) => one.id === answer.point);
    for (const what of ["value", "note"]) {
      if (answer[what] !== other[what]) { found.push({ what, point, mine: answer[what], stored: other[what] }); }
    }
  }
  return found;
}

/* Answers carried from an older form to a newer one, where the check point is the same. */
export function carryOver(oldItem, entry, newItem) {
  const same = (one, other) => one.kind === other.kind && one.zh === other.zh && one.unit === other.unit;
  const given = new Map(entry.answers.map((answer) => [answer.point, answer]));
  const answers = newItem.points.map((point) => {
    const before = oldItem.points.find((one) => one.id === point.id) || oldItem.points.find((one) => same(one, point));
    const answer = before && same(before, point) ? given.get(before.id) : null;
    return { point: point.id, value: answer ? answer.value : "", note: answer ? answer.note : "" };
  });
  return tidyEntry(newItem, { ...entry, answers });
}
