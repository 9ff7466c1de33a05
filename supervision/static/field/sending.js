/* Which changes may be sent now, and what becomes of changes whose form is no longer the newest. */
import { addOperation } from "./changes.js";
import { blankEntry, entryDigest, tidyEntry } from "./entries.js";

// these stand for the whole record, so all that was done before must have arrived
const LAST = new Set(["party", "submit"]);
const UNDER_WAY = new Set(["kept", "sending", "waiting"]);

/* The changes to send, in the order they were made. */
export function attemptable(store) {
  const held = new Set();
  const found = [];
  for (const kept of store.operations) {
    const { visit, kind } = kept.operation;
    if (kept.state === "kept" && !(LAST.has(kind) && held.has(visit))) { found.push(kept); }
    if (UNDER_WAY.has(kept.state)) { held.add(visit); }
  }
  const alone = found.findIndex((kept) => kept.alone);
  return alone < 0 ? found : found.slice(alone, alone + 1);
}

/* The form of a visit changed: what was written here for the older one is carried over where the check points are the same. */
export function carriedForms(store, before, after, carryOver) {
  for (const visit of after.visits) {
    const old = before.visits.find((one) => one.id === visit.id);
    if (!old || old.form === visit.form) { continue; }
    for (const [item, oldItem, section] of pairs(visit, old)) {
      carryDraft(store, visit, { item, oldItem, section, carryOver });
      carryRefused(store, visit, { item, oldItem, section, carryOver });
    }
  }
}

function* pairs(visit, old) {
  const known = new Map(old.sections.flatMap((section) => section.items).map((item) => [item.code, item]));
  for (const section of visit.sections) {
    for (const item of section.items) {
      const oldItem = known.get(item.code);
      if (oldItem) { yield [item, oldItem, section]; }
    }
  }
}

function carryDraft(store, visit, { item, oldItem, section, carryOver }) {
  const draft = store.drafts.get(`${visit.id}:${oldItem.id}`);
  if (!draft || draft.form === visit.form) { return; }
  store.dropDraft(visit.id, oldItem.id);
  store.putDraft({ ...draft, section: section.id, item: item.id, form: visit.form, base: item.digest, entry: carryOver(oldItem, draft.entry, item) });
}

/* The newest change of the item that the server refused for its older form is made once more for the new one. */
function carryRefused(store, visit, { item, oldItem, section, carryOver }) {
  const refused = store.operations.filter((one) => one.operation.kind === "item" && one.operation.visit === visit.id && !one.settled
    && one.operation.body.item === oldItem.id && one.operation.form !== visit.form && ["refused", "kept"].includes(one.state));
  const last = refused.pop();
  if (!last) { return; }
  for (const one of [...refused, last]) { store.putOperation({ ...one, state: one.state === "kept" ? "replaced" : one.state, settled: true }); }
  const entry = carryOver(oldItem, last.operation.body.entry, item);
  const stored = item.entry ? tidyEntry(item, item.entry) : blankEntry(item);
  if (entryDigest(item, entry) !== entryDigest(item, stored)) {
    addOperation(store, visit, "item", { section: section.id, item: item.id, base: item.digest, entry });
  }
}
