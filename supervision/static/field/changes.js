/* Making changes: each becomes an operation with an id of its own, which is never edited afterwards. */
import { newId } from "./crypto.js";
import { entryDigest, tidyEntry } from "./entries.js";
import { lastPlace } from "./place.js";
import { baseOf, entryOf } from "./visits.js";

const PLACED = new Set(["arrive", "attach", "sign", "party"]);

/* Add an operation to the log of changes of this phone. */
export function addOperation(store, visit, kind, body) {
  const operation = {
    id: newId(), visit: visit.id, kind, made_at: new Date().toISOString(),
    place: PLACED.has(kind) && store.settings.place ? lastPlace() : null, form: visit.form, body,
  };
  const last = store.operations.length ? store.operations[store.operations.length - 1].made : 0;
  // strictly growing, so that the order survives the same millisecond and a clock that was set back
  store.putOperation({ id: operation.id, made: Math.max(Date.now(), last + 1), state: "kept", operation, result: null, settled: false });
  return operation;
}

/* Write into an item: the draft changes at once, the operation follows when the inspector pauses or goes on. */
export function editItem(store, visit, section, item, change) {
  const name = `${visit.id}:${item.id}`;
  const draft = store.drafts.get(name)
    || { visit: visit.id, section: section.id, item: item.id, form: visit.form, base: baseOf(store, visit, item) };
  const entry = { ...entryOf(store, visit, item), ...change };
  store.putDraft({ ...draft, entry });
  return entry;
}

/* Write the answer to a check point: `change` holds value or note. */
export function editAnswer(store, visit, section, item, pointId, change) {
  const answers = entryOf(store, visit, item).answers
    .map((answer) => (answer.point === pointId ? { ...answer, ...change } : answer));
  return editItem(store, visit, section, item, { answers });
}

/* Turn drafts into operations: of one item, or all. */
export function commitDrafts(store, { visitId = null, itemId = null } = {}) {
  for (const draft of [...store.drafts.values()]) {
    if ((visitId !== null && draft.visit !== visitId) || (itemId !== null && draft.item !== itemId)) { continue; }
    const visit = store.visit(draft.visit);
    const item = visit && visit.sections.flatMap((section) => section.items).find((one) => one.id === draft.item);
    if (!item) { continue; }
    const entry = tidyEntry(item, draft.entry);
    // the operation is written first: whoever ends the app in between finds both, and sends the same entry once more
    if (entryDigest(item, entry) !== draft.base) {
      addOperation(store, visit, "item", { section: draft.section, item: draft.item, base: draft.base, entry });
    }
    store.dropDraft(draft.visit, draft.item);
  }
}
