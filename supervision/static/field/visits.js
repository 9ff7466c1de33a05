/* What stands in a visit as seen on this phone: what the server told, then all that was done here and is not there yet. */
import { blankEntry, entryDigest, recordDigest, samplesSaid, sectionDigest, tidyEntry } from "./entries.js";
import { findGaps, progress } from "./rules.js";

const LIVE = new Set(["kept", "sending", "waiting"]);
const OPEN = new Set(["conflict", "refused"]);
const STANDING = new Set(["valid", "unconfirmed"]);
const RECORDING = new Set(["on-site", "returned", "correcting", "on_site"]);

/* Operations of a visit that are under way: not yet done by the server, and not settled by the inspector. */
export function liveOperations(store, visitId, kind = null) {
  return store.operations.filter((one) => one.operation.visit === visitId && LIVE.has(one.state)
    && (!kind || one.operation.kind === kind));
}

/* Operations that the server did not take and the inspector has not looked at. */
export function openOperations(store, visitId = null) {
  return store.operations.filter((one) => OPEN.has(one.state) && !one.settled
    && (visitId === null || one.operation.visit === visitId));
}

const ofItem = (itemId) => (one) => one.operation.kind === "item" && one.operation.body.item === itemId;

/* The entry of an item on this phone. */
export function entryOf(store, visit, item) {
  const draft = store.drafts.get(`${visit.id}:${item.id}`);
  if (draft) { return draft.entry; }
  const live = liveOperations(store, visit.id, "item").filter(ofItem(item.id)).pop();
  if (live) { return live.operation.body.entry; }
  return item.entry ? tidyEntry(item, item.entry) : blankEntry(item);
}

/* What the next change of an item builds on: the change before it, else what the server told. */
export function baseOf(store, visit, item) {
  const live = liveOperations(store, visit.id, "item").filter(ofItem(item.id)).pop();
  return live ? entryDigest(item, live.operation.body.entry) : item.digest;
}

/* How an item is kept: "draft", "kept", "sending", "waiting", "conflict", "refused", "sent" or "" when nothing was done. */
export function stateOfItem(store, visit, item) {
  const open = openOperations(store, visit.id).filter((one) => ofItem(item.id)(one) || concerns(one, item));
  if (open.some((one) => one.state === "conflict")) { return "conflict"; }
  if (open.length) { return "refused"; }
  if (store.drafts.has(`${visit.id}:${item.id}`)) { return "draft"; }
  const live = liveOperations(store, visit.id).filter((one) => ofItem(item.id)(one) || concerns(one, item)).pop();
  if (live) { return live.state; }
  return entryDigest(item, entryOf(store, visit, item)) === entryDigest(item, blankEntry(item)) ? "" : "sent";
}

const concerns = (one, item) => one.operation.kind === "attach" && one.operation.body.item === item.id;

/* How all of a visit (or everything, without one) is kept: counts by kind of state. */
export function countStates(store, visitId = null) {
  const here = [...store.drafts.values()].filter((draft) => visitId === null || draft.visit === visitId).length;
  const counts = { kept: here, sending: 0, waiting: 0, conflict: 0, refused: 0 };
  for (const one of store.operations) {
    if ((visitId === null || one.operation.visit === visitId) && !one.settled && one.state in counts) { counts[one.state] += 1; }
  }
  return counts;
}

/* The photos and files of a place: those the server knows and those taken here. Without a place (null): of the visit as a whole. */
export function attachmentsOf(store, visit, itemId) {
  return allAttachments(store, visit).filter((one) => (one.item ?? null) === itemId);
}

/* All photos and files of a visit, wherever they belong. */
export function allAttachments(store, visit) {
  const gone = new Set(liveOperations(store, visit.id, "detach").map((one) => one.operation.body.attachment));
  const known = (visit.attachments || []).filter((one) => !one.detached)
    .map((one) => ({ ...one, state: one.complete ? "sent" : "waiting" }));
  const ids = new Set((visit.attachments || []).map((one) => one.id));
  const own = store.operations.filter((one) => one.operation.kind === "attach" && one.operation.visit === visit.id
    && !ids.has(one.id) && !one.settled && one.state !== "applied")
    .map((one) => ({ id: one.id, ...one.operation.body, state: one.state, type: (store.files.get(one.operation.body.file) || {}).type }));
  return [...known, ...own].filter((one) => !gone.has(one.id));
}

/* Whether the team may go: approved, or an emergency that the head knows of, whose approval follows in writing. */
function ready(visit) {
  return visit.state === "approved" || Boolean(visit.urgent && visit.state === "assigned");
}

/* Where a visit stands on this phone. */
export function stageOf(store, visit) {
  const has = (kind) => liveOperations(store, visit.id, kind).length > 0;
  const recording = RECORDING.has(visit.state) || (ready(visit) && has("arrive"));
  const outcomeNow = (liveOperations(store, visit.id, "outcome").pop() || { operation: { body: visit.outcome || {} } }).operation.body;
  return {
    state: visit.state,
    arrived: recording || !["assigned", "accepted", "approved", "disclosed", "planned"].includes(visit.state),
    mayArrive: ready(visit) && !has("arrive") && !awaitsRecusal(visit),
    recusal: !recording && awaitsRecusal(visit),
    recording: recording && !has("submit"),
    submitting: has("submit"),
    outcome: { code: outcomeNow.code || "", note: outcomeNow.note || "" },
    party: partyHere(store, visit) || (visit.party && STANDING.has(visit.party.standing) ? visit.party : null),
    confirms: confirmsHere(store, visit),
  };
}

/* Whether somebody on the team is asked to stand back, or declared it, and the head has yet to decide: nobody goes in before. */
function awaitsRecusal(visit) {
  return (visit.team || []).some((mate) => mate.state === "recusal_asked");
}

/* Whether a colleague named this inspector as the second officer of a refusal, and the own word on it is wanted. */
function confirmsHere(store, visit) {
  const { party, me } = visit;
  return Boolean(party && me && party.standing === "unconfirmed" && party.second?.inspector === me.inspector
    && !partyHere(store, visit) && !liveOperations(store, visit.id, "confirm").length);
}

function partyHere(store, visit) {
  const live = liveOperations(store, visit.id, "party").pop();
  return live ? live.operation.body : null;
}

/* Whether a section is signed: by the last signature or opening anew done here, else by the server's word. */
export function signedState(store, visit, section) {
  const last = liveOperations(store, visit.id).filter(({ operation }) => ["sign", "reopen"].includes(operation.kind) && operation.body.section === section.id).pop();
  if (last) { return last.operation.kind === "sign" ? "signing" : "open"; }
  return section.state === "signed" ? "signed" : "open";
}

/* Whether the inspector may open a section again: the own one, signed, while the record is not handed in. */
export function mayReopen(store, visit, section) {
  return section.own && stageOf(store, visit).recording && signedState(store, visit, section) !== "open";
}

/* Whether the inspector may write in a section now. */
export function mayWrite(store, visit, section) {
  return section.own && stageOf(store, visit).recording && signedState(store, visit, section) === "open";
}

/* [answered, to answer] of a section. */
export function sectionProgress(store, visit, section) {
  return section.items.map((item) => progress(item, entryOf(store, visit, item)))
    .reduce(([done, total], [one, all]) => [done + one, total + all], [0, 0]);
}

/* What still bars the signature of a section: [{item, code, …}]. */
export function sectionGaps(store, visit, section) {
  const terms = store.package;
  const outcome = terms.outcomes.find((one) => one.code === stageOf(store, visit).outcome.code) || null;
  return section.items.flatMap((item) => {
    const photos = new Set(attachmentsOf(store, visit, item.id).map((one) => one.point).filter((id) => id !== null));
    return findGaps(item, entryOf(store, visit, item), { outcome, terms, photos }).map((gap) => ({ item, ...gap }));
  });
}

/* Digest of a section as it stands on this phone. */
export function digestOfSection(store, visit, section) {
  return sectionDigest(section.items.map((item) => [item, entryOf(store, visit, item)]));
}

/* Digest of the whole record as it stands on this phone: what the enterprise reads and the leader hands in. */
export function digestOfRecord(store, visit) {
  const gone = new Set(liveOperations(store, visit.id, "detach").map((one) => one.operation.body.attachment));
  const files = new Map((visit.attachments || []).filter((one) => !one.detached).map((one) => [one.id, one.file]));
  for (const one of liveOperations(store, visit.id, "attach")) { files.set(one.id, one.operation.body.file); }
  return recordDigest({
    outcome: stageOf(store, visit).outcome,
    sections: visit.sections.map((section) => [section.id, section.own ? digestOfSection(store, visit, section) : section.digest]),
    attachments: [...files].filter(([id]) => !gone.has(id)),
    samples: samplesSaid(visit.samples || []),
  });
}

/* Whether the enterprise is asked: not where the district does not ask it, nor where nobody inspected, for a closed door. */
export function asksParty(store, visit) {
  if (store.package.party_required === false) { return false; }
  const { code } = stageOf(store, visit).outcome;
  const outcome = store.package.outcomes.find((one) => one.code === code);
  return !outcome || outcome.carried_out;
}

/* The next step of a visit for this inspector: {code, href, facts}. */
export function nextStep(store, visit) {
  const stage = stageOf(store, visit);
  const here = `#/visit/${visit.id}`;
  if (openOperations(store, visit.id).some((one) => one.state === "conflict")) { return { code: "next-conflict", href: `${here}/conflicts` }; }
  if (!stage.arrived) { return { code: stage.recusal ? "next-recusal" : ready(visit) ? "next-arrive" : "next-wait-approval", href: here }; }
  if (stage.submitting) { return { code: "next-sending", href: "#/sync" }; }
  if (!stage.recording) { return { code: "next-done", href: here }; }
  if (stage.confirms) { return { code: "next-confirm", href: `${here}/party` }; }
  const own = visit.sections.filter((section) => section.own);
  const open = own.find((section) => signedState(store, visit, section) === "open");
  if (open) {
    const gap = sectionGaps(store, visit, open)[0];
    return gap ? { code: "next-fill", href: `${here}/item/${gap.item.id}` } : { code: "next-sign", href: `${here}/section/${open.id}` };
  }
  if (!visit.me.leads) { return { code: "next-leader", href: here }; }
  if (!stage.outcome.code) { return { code: "next-outcome", href: `${here}/outcome` }; }
  if (!asksParty(store, visit)) { return { code: "next-submit", href: `${here}/submit` }; }
  if (visit.sections.some((section) => signedState(store, visit, section) === "open")) { return { code: "next-others", href: here }; }
  return stage.party ? { code: "next-submit", href: `${here}/submit` } : { code: "next-party", href: `${here}/party` };
}
