/* Section 9, teams of a public bundle: what can be said of them without knowing who is tied to whom. Groups are filled
   before units are dealt, so their members can be recomputed all the same. Teams for single visits cannot; but who may
   serve, how often, who leads and how many places are empty can be checked. */
import { agreed, difference, withheld } from "./findings.js";
import { byParts, same, sortedDifference } from "./ordering.js";
import { TIES } from "./tables.js";
import { agentsOf, groupNames, leadDepartment, leaderOf, matchGroups } from "./teams.js";

/* Check the teams as far as roster, rules and seed allow. */
export function checkTeamsWithoutTies(bundle, record, keys) {
  const rule = bundle.rules.teams;
  const findings = [
    ...checkNames(rule, record),
    ...checkLeaders(rule, record, keys),
    ...checkDepartments(bundle, record),
    ...(rule.mode === "group" ? checkGroups(bundle, record, keys) : []),
  ];
  const good = findings.length ? [] : [agreed("teams-possible", { teams: record.teams.length })];
  return [...findings, ...good, withheld("teams-not-recomputed", { file: TIES })];
}

function checkNames(rule, record) {
  const units = record.selected.map((row) => row.unit);
  const grouped = rule.mode === "group";
  const expected = grouped ? groupNames(rule, units.length) : [...units].sort();
  const shown = record.teams.map((team) => team.team);
  const findings = [
    ...sortedDifference(new Set(shown), new Set(expected)).map((team) => difference("team-surplus", { team })),
    ...sortedDifference(new Set(expected), new Set(shown)).map((team) => difference("team-missing", { team })),
  ];
  if (!findings.length && !same(shown, expected)) { findings.push(difference("order", { what: "teams" })); }
  if (grouped) { return [...findings, ...checkDealt(record, units)]; }
  const wrong = record.teams.filter((team) => !same(team.units, [team.team]));
  return [...findings, ...wrong.map(({ team, units: theirs }) => (
    difference("team-units", { team, expected: team, found: theirs.join(", ") })
  ))];
}

/* Every selected unit is with exactly one team or listed as one no team can take. */
function checkDealt(record, units) {
  const selected = new Set(units);
  const dealt = new Map();
  const count = (unit) => dealt.set(unit, (dealt.get(unit) || 0) + 1);
  record.teams.forEach((team) => team.units.forEach(count));
  record.unfilled.filter((row) => row.unit).forEach((row) => count(row.unit));
  const findings = sortedDifference(new Set([...dealt.keys(), ...selected]), new Set())
    .filter((unit) => dealt.get(unit) !== 1 || !selected.has(unit))
    .map((unit) => difference("unit-dealt", { unit, times: dealt.get(unit) || 0 }));
  const unsorted = record.teams.filter((team) => !same(team.units, [...team.units].sort()));
  return [...findings, ...unsorted.map((team) => difference("order", { what: `units ${team.team}` }))];
}

function checkLeaders(rule, record, keys) {
  const code = leadDepartment(rule.departments);
  return record.teams.flatMap(({ team, members }) => {
    const ours = members.filter((member) => member.department === code).map((member) => member.inspector);
    const leader = leaderOf(team, ours, keys);
    const findings = members
      .filter((member) => member.lead !== (member.inspector === leader))
      .map((member) => difference("member-differs", { team, inspector: member.inspector }));
    const pairs = members.map((member) => [member.department, member.inspector]);
    const ordered = pairs.every((pair, i) => i === 0 || byParts(pairs[i - 1], pair) < 0);
    return ordered ? findings : [...findings, difference("order", { what: `members ${team}` })];
  });
}

function checkDepartments(bundle, record) {
  const { departments } = bundle.rules.teams;
  const known = new Set(departments.map((rule) => rule.code));
  const strangers = record.teams.flatMap(({ team, members }) => members
    .filter((member) => !known.has(member.department))
    .map((member) => difference("member-surplus", { team, inspector: member.inspector })));
  const findings = departments.flatMap((rule) => checkDepartment(bundle, record, rule));
  const expected = departments.flatMap((rule) => record.teams
    .filter((team) => sent(team, rule) < rule.perTeam)
    .map((team) => [rule.code, team.team, rule.perTeam - sent(team, rule)])).sort(byParts);
  const shown = record.unfilled.filter((row) => row.team).map((row) => [row.department, row.team, row.missing]);
  const homeless = record.unfilled.filter((row) => !row.team).map((row) => [row.unit]);
  if (!same(shown, expected) || !same(homeless, [...homeless].sort(byParts))) {
    findings.push(difference("order", { what: "unfilled" }));
  }
  return [...strangers, ...findings];
}

function checkDepartment(bundle, record, rule) {
  const grouped = bundle.rules.teams.mode === "group";
  const caps = new Map(agentsOf(rule, bundle.roster).map((line) => [line.inspector, grouped ? 1 : line.cap]));
  const [loads, findings] = [new Map(), []];
  for (const team of record.teams) {
    team.members.filter((member) => member.department === rule.code)
      .forEach(({ inspector }) => loads.set(inspector, (loads.get(inspector) || 0) + 1));
    if (sent(team, rule) > rule.perTeam) {
      findings.push(difference("team-too-large", { team: team.team, department: rule.code }));
    }
  }
  for (const inspector of [...loads.keys()].sort()) {
    const [load, cap] = [loads.get(inspector), caps.get(inspector) || 0];
    if (load > cap) { findings.push(difference("member-over-cap", { inspector, load, cap })); }
  }
  return findings;
}

function sent(team, rule) {
  return team.members.filter((member) => member.department === rule.code).length;
}

function checkGroups(bundle, record, keys) {
  const names = groupNames(bundle.rules.teams, record.selected.length);
  const matchings = matchGroups(bundle.rules.teams, { names, keys, roster: bundle.roster });
  const places = (rows) => new Map(rows.map((row) => [row.join("\t"), row]));
  const shown = places(record.teams.flatMap(({ team, members }) => (
    members.map((member) => [team, member.department, member.inspector])
  )));
  const wanted = places([...matchings].flatMap(([code, found]) => names.flatMap((name) => (
    found.members.get(name).map((inspector) => [name, code, inspector])
  ))));
  const only = (these, those) => [...these].filter(([line]) => !those.has(line)).map(([, row]) => row).sort(byParts);
  return [
    ...only(shown, wanted).map(([team, , inspector]) => difference("member-surplus", { team, inspector })),
    ...only(wanted, shown).map(([team, , inspector]) => difference("member-missing", { team, inspector })),
  ];
}
