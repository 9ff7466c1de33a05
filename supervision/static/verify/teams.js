/* Section 6: who inspects. Teams for each visit, or groups to which the units are dealt. */
import { match } from "./matching.js";
import { byParts } from "./ordering.js";
import { DEAL, LEAD } from "./seeds.js";
import { isQualified } from "./tables.js";
import { byTicket, ticket } from "./tickets.js";

/* Form the teams for the selected units, as the rules' mode says. */
export function formTeams(rule, { keys, roster, ties, units }) {
  if (rule.mode === "visit") { return visitTeams(rule, { keys, roster, ties, units }); }
  if (rule.mode === "group") { return groupTeams(rule, { keys, roster, ties, units }); }
  return { teams: [], unfilled: [] };
}

/* A department's agents: cap above 0 and all its item codes; nobody else counts for anything. */
export function agentsOf(department, roster) {
  return roster.filter((line) => line.department === department.code && line.cap > 0
    && isQualified(line, department.qualifications));
}

/* G01, G02, …, zero-padded to the digits of the number of groups, at least 2. */
export function groupNames(rule, selected) {
  const width = Math.max(2, String(rule.groups).length);
  const length = Math.min(rule.groups, selected);
  return Array.from({ length }, (_, i) => `G${String(i + 1).padStart(width, "0")}`);
}

/* The code of the department that leads. */
export function leadDepartment(departments) {
  return departments.find((department) => department.lead).code;
}

/* The smallest ticket among the lead department's members, null without one. */
export function leaderOf(team, candidates, keys) {
  const key = keys.key(LEAD);
  const drawn = candidates.map((name) => [ticket(keys.hashName, key, team, name), name]).sort(byTicket);
  return drawn.length ? drawn[0][1] : null;
}

/* Sort [department, inspector] pairs and mark the leader. */
export function withLeader(team, members, { leadCode, keys }) {
  const ordered = [...members].sort(byParts);
  const leader = leaderOf(team, ordered.filter(([code]) => code === leadCode).map(([, name]) => name), keys);
  return ordered.map(([department, inspector]) => ({ inspector, department, lead: inspector === leader }));
}

function visitTeams(rule, { keys, roster, ties, units }) {
  const barred = tiesTo(units, ties);
  const matchings = new Map(rule.departments.map((department) => [department.code, match(
    keys.hashName,
    keys.key(`match ${department.code}`),
    {
      agents: agentsOf(department, roster).map(({ inspector, cap, prior }) => ({ name: inspector, cap, prior })),
      need: new Map(units.map((unit) => [unit, department.perTeam])),
      barred,
    },
  )]));
  const unitsByTeam = new Map(units.map((unit) => [unit, [unit]]));
  return { teams: teamsOf(unitsByTeam, matchings, rule, keys), unfilled: missingPlaces(matchings) };
}

function groupTeams(rule, { keys, roster, ties, units }) {
  const names = groupNames(rule, units.length);
  if (!names.length) { return { teams: [], unfilled: [] }; }
  const matchings = matchGroups(rule, { names, keys, roster });
  const barred = barredTeams(membersByTeam(matchings, names), tiesTo(units, ties));
  const dealt = deal(names, { keys, units, barred, capacity: rule.capacity });
  const homes = new Map(names.map((name) => [name, []]));
  dealt.members.forEach((takers, unit) => takers.forEach((name) => homes.get(name).push(unit)));
  homes.forEach((home) => home.sort());
  const homeless = [...dealt.missing.keys()].sort().map((unit) => ({ department: "", team: "", unit, missing: 1 }));
  return {
    teams: teamsOf(homes, matchings, rule, keys),
    unfilled: [...missingPlaces(matchings), ...homeless],
  };
}

/* Fill the groups before any unit is dealt: nobody is barred, each inspector serves on one team. */
export function matchGroups(rule, { names, keys, roster }) {
  return new Map(rule.departments.map((department) => [department.code, match(
    keys.hashName,
    keys.key(`match ${department.code}`),
    {
      agents: agentsOf(department, roster).map(({ inspector, prior }) => ({ name: inspector, cap: 1, prior })),
      need: new Map(names.map((name) => [name, department.perTeam])),
      barred: new Map(),
    },
  )]));
}

/* Deal the units to the teams. Without a fixed capacity the smallest one counts that leaves the fewest units unplaced.
   The number unplaced never rises with the capacity, and at the largest only units no team may take remain; so that
   number is known, and the smallest capacity reaching it is found by halving. */
function deal(names, { keys, units, barred, capacity }) {
  const dealt = (cap) => match(keys.hashName, keys.key(DEAL), {
    agents: names.map((name) => ({ name, cap, prior: 0 })),
    need: new Map(units.map((unit) => [unit, 1])),
    barred,
  });
  if (capacity !== null) { return dealt(capacity); }
  const unavoidable = units.filter((unit) => names.every((name) => barred.get(name).has(unit))).length;
  let [low, high] = [Math.ceil(units.length / names.length), units.length];
  const best = dealt(low);
  if (best.placesLeft === unavoidable) { return best; }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (dealt(middle).placesLeft === unavoidable) { high = middle; } else { low = middle; }
  }
  return dealt(high);
}

/* Each inspector's recusals among these units. */
export function tiesTo(units, ties) {
  const wanted = new Set(units);
  const tied = new Map();
  for (const [inspector, unit] of ties) {
    if (!wanted.has(unit)) { continue; }
    if (!tied.has(inspector)) { tied.set(inspector, new Set()); }
    tied.get(inspector).add(unit);
  }
  return tied;
}

/* The units each team may not take: those a member is tied to. */
function barredTeams(members, tied) {
  return new Map([...members].map(([team, inspectors]) => [
    team, new Set(inspectors.flatMap((inspector) => [...(tied.get(inspector) || [])])),
  ]));
}

/* Join the departments' matchings: all inspectors of each team. */
function membersByTeam(matchings, names) {
  return new Map(names.map((name) => [name, [...matchings.values()].flatMap((found) => found.members.get(name))]));
}

function teamsOf(unitsByTeam, matchings, rule, keys) {
  const leadCode = leadDepartment(rule.departments);
  return [...unitsByTeam.keys()].sort().map((team) => {
    const members = [...matchings].flatMap(([code, found]) => found.members.get(team).map((name) => [code, name]));
    return { team, units: unitsByTeam.get(team), members: withLeader(team, members, { leadCode, keys }) };
  });
}

function missingPlaces(matchings) {
  return [...matchings.keys()].sort().flatMap((department) => {
    const { missing } = matchings.get(department);
    return [...missing.keys()].sort().map((team) => ({ department, team, unit: "", missing: missing.get(team) }));
  });
}
