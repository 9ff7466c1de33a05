/* Section 6, afterwards: a unit is struck, an inspector falls out. The state of the teams is the record plus the events
   of the log, replayed; each event has only one possible outcome, computed here. */
import { knownTies } from "./drawing.js";
import { ReplacementError } from "./errors.js";
import { alike } from "./ordering.js";
import { Keys } from "./seeds.js";
import { escaped } from "./shown.js";
import { agentsOf, leadDepartment, tiesTo, withLeader } from "./teams.js";
import { byTicket, inTicketOrder, ticket } from "./tickets.js";

/* Events are {event: "struck", out, successor, ground} and
   {event: "replaced", team, department, out, successor, ground, k}; `successor` is null when nobody follows. */

/* The state right after the draw. */
export function initialState(record) {
  return {
    teams: new Map(record.teams.map((team) => [team.team, team])),
    selected: new Map(record.selected.map((row) => [row.unit, row.stratum])),
    strikes: new Map(),
    replaced: new Set(),
    begun: new Map(),
  };
}

/* Replay the events; an error at the first that cannot have happened so. */
export function replay(bundle, record, history) {
  let state = initialState(record);
  for (const event of history) {
    const expected = expectedEvent(bundle, record, state, event);
    if (!alike(expected, event)) { throw differenceOf(event, expected); }
    state = after(bundle, record, state, event);
  }
  return state;
}

function differenceOf(event, expected) {
  const say = (one) => (one.successor || "-") + (one.event === "replaced" ? ` (k=${one.k})` : "");
  return new ReplacementError("event-differs", {
    event: event.event, out: event.out, found: say(event), expected: say(expected),
  });
}

/* Find a [team, inspector] tied to a reserve unit that the history left on, or let others go before. */
export function firstDue(bundle, record, history) {
  let [state, due] = [initialState(record), []];
  for (const event of history) {
    if (due.length) {
      if (event.event !== "replaced" || event.team !== due[0][0] || event.out !== due[0][1]) { return due[0]; }
      due = due.slice(1);
    }
    const home = event.event === "struck" ? teamOfUnit(state, event.out) : null;
    state = after(bundle, record, state, event);
    if (home) { due = tiedMembers(bundle, state, event, home).map((name) => [home.team, name]); }
  }
  return due.length ? due[0] : null;
}

function teamOfUnit(state, unit) {
  return [...state.teams.values()].find((team) => team.units.includes(unit)) || null;
}

function teamNamed(state, name) {
  if (!state.teams.has(name)) { throw new ReplacementError("team-unknown", { team: escaped(name) }); }
  return state.teams.get(name);
}

/* The team's members who are tied to the unit that follows, in (department, inspector) order. */
function tiedMembers(bundle, state, struck, home) {
  if (struck.successor === null) { return []; }
  const tied = tiesTo([struck.successor], knownTies(bundle));
  return teamNamed(state, home.team).members.map((one) => one.inspector).filter((name) => tied.has(name));
}

/* The only event that can have the occasion of this one: the same unit or inspector going out. */
function expectedEvent(bundle, record, state, event) {
  return event.event === "struck"
    ? expectedStruck(bundle, record, state, event)
    : expectedReplaced(bundle, record, state, event);
}

function after(bundle, record, state, event) {
  return event.event === "struck" ? afterStruck(state, event) : afterReplaced(bundle, record, state, event);
}

function expectedStruck(bundle, record, state, { out, ground }) {
  if (!state.selected.has(out)) { throw new ReplacementError("not-struck", { unit: escaped(out) }); }
  const stratum = state.selected.get(out);
  const counts = record.strata.filter((row) => row.stratum === stratum).pop();
  if (!counts) { throw new ReplacementError("stratum-not-counted", { unit: escaped(out), stratum }); }
  // Each strike of a stratum has called one unit of its reserve list, so the next stands right after them.
  const called = counts.selected + (state.strikes.get(stratum) || 0);
  const units = bundle.frame.unitsByStratum().get(stratum) || [];
  const next = inTicketOrder(record.hashName, record.entityKey, units)[called];
  return { event: "struck", out, successor: next ? next[1] : null, ground };
}

function afterStruck(state, { out, successor }) {
  const stratum = state.selected.get(out);
  const selected = new Map([...state.selected].filter(([unit]) => unit !== out));
  const incoming = successor === null ? [] : [successor];
  incoming.forEach((unit) => selected.set(unit, stratum));
  const teams = new Map(state.teams);
  const home = teamOfUnit(state, out);
  if (home) {
    const units = [...home.units.filter((unit) => unit !== out), ...incoming].sort();
    teams.set(home.team, { ...home, units });
  }
  const strikes = new Map(state.strikes).set(stratum, (state.strikes.get(stratum) || 0) + 1);
  return { ...state, teams, selected, strikes };
}

function expectedReplaced(bundle, record, state, { team, out, ground }) {
  const home = teamNamed(state, team);
  const leaving = home.members.find((member) => member.inspector === out);
  if (!leaving) { throw new ReplacementError("not-on-team", { inspector: escaped(out), team }); }
  const { department } = leaving;
  const k = (state.begun.get(department) || 0) + 1;
  const key = new Keys(record.hashName, record.seed).key(`replace ${department}`);
  const drawn = candidates(bundle, state, { home, out, department })
    .map(([places, name]) => ({ places, lot: [ticket(record.hashName, key, team, String(k), name), name] }))
    .sort((one, two) => one.places - two.places || byTicket(one.lot, two.lot));
  const successor = drawn.length ? drawn[0].lot[1] : null;
  return { event: "replaced", team, department, out, successor, ground, k };
}

/* [places now, inspector] of everybody who may follow; the outgoing inspector is already off. */
function candidates(bundle, state, { home, out, department }) {
  const rule = bundle.rules.teams.departments.find((one) => one.code === department);
  if (!rule) { throw new ReplacementError("department-without-rule", { inspector: escaped(out), department }); }
  const grouped = bundle.rules.teams.mode === "group";
  const places = new Map();
  for (const team of state.teams.values()) {
    team.members.forEach(({ inspector }) => places.set(inspector, (places.get(inspector) || 0) + 1));
  }
  const tied = tiesTo(home.units, knownTies(bundle));
  const unavailable = new Set([...home.members.map((one) => one.inspector), ...state.replaced, out, ...tied.keys()]);
  return agentsOf(rule, bundle.roster)
    .map((line) => [places.get(line.inspector) || 0, line.inspector, grouped ? 1 : line.cap])
    .filter(([now, name, most]) => !unavailable.has(name) && now < most);
}

function afterReplaced(bundle, record, state, { team, department, out, successor, k }) {
  const home = teamNamed(state, team);
  const members = home.members.filter((one) => one.inspector !== out).map((one) => [one.department, one.inspector]);
  if (successor !== null) { members.push([department, successor]); }
  const renewed = withLeader(team, members, {
    leadCode: leadDepartment(bundle.rules.teams.departments),
    keys: new Keys(record.hashName, record.seed),
  });
  return {
    ...state,
    teams: new Map(state.teams).set(team, { ...home, members: renewed }),
    replaced: new Set(state.replaced).add(out),
    begun: new Map(state.begun).set(department, k),
  };
}
