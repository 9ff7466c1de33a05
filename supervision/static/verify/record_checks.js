/* Section 9: the record beside what the bundle leads to. Units and inspectors are named one by one. */
import { compute, keysOf, revealedErrors, selectedUnits, tiesKnownEmpty } from "./drawing.js";
import { agreed, difference, fromError, withheld } from "./findings.js";
import { alike, byParts, same, sortedDifference } from "./ordering.js";
import { secretsOf } from "./records.js";
import { RULES } from "./rules.js";
import { ENTITIES } from "./seeds.js";
import { allocate } from "./strata.js";
import { FRAME, ROSTER, TIES } from "./tables.js";
import { checkTeamsWithoutTies } from "./team_checks.js";

const MOST_NAMED = 50;

/* Recompute as much of the record as the files allow and compare. */
export function checkRecord(bundle) {
  const { record } = bundle;
  const findings = checkHeading(bundle, record);
  const keys = keysOf(bundle, secretsOf(record), record.beaconValue);
  findings.push(...checkSeed(record, keys));
  if (!bundle.has(FRAME, RULES)) { return [...findings, withheld("selection-not-recomputed")]; }
  findings.push(...checkSelection(bundle, record, keys));
  return [...findings, ...checkTeams(bundle, record, keys)];
}

function checkHeading(bundle, record) {
  const { commitment } = bundle;
  const findings = differingFacts([
    ["draw", commitment.draw, record.draw],
    ["hash", commitment.hashName, record.hashName],
    ["commitment_digest", commitment.digest, record.commitmentDigest],
  ]);
  const parties = record.contributions.map((entry) => entry.by);
  if (!same(parties, [...parties].sort())) { findings.push(difference("order", { what: "contributions" })); }
  const errors = revealedErrors(commitment, secretsOf(record), record.beaconValue);
  return [...findings, ...errors.map((error) => fromError("difference", error))];
}

/* Findings for the [fact, expected, found] that differ. */
export function differingFacts(facts) {
  return facts
    .filter(([, expected, found]) => expected !== found)
    .map(([fact, expected, found]) => difference("record-fact", { fact, expected, found }));
}

function checkSeed(record, keys) {
  const wrong = differingFacts([
    ["seed", keys.seed, record.seed],
    ["entity_key", keys.key(ENTITIES), record.entityKey],
  ]);
  return wrong.length ? wrong : [agreed("seed-agrees")];
}

function checkSelection(bundle, record, keys) {
  const sizes = bundle.frame.sizes();
  const counts = allocate(sizes, bundle.rules.allocation);
  const strata = [...counts].map(([stratum, selected]) => ({ stratum, size: sizes.get(stratum), selected }));
  const selection = selectedUnits(bundle, keys);
  const findings = [
    ...differingStrata(strata, record.strata),
    ...differingUnits(selection.selected, record.selected, "selected"),
    ...differingUnits(selection.reserve, record.reserve, "reserve"),
  ];
  const agreement = { units: record.selected.length, pool: bundle.frame.units.length };
  return findings.length ? findings : [agreed("selection-agrees", agreement)];
}

function byName(rows, name) {
  return new Map(rows.map((row) => [row[name], row]));
}

function differingStrata(expected, found) {
  const [wanted, shown] = [byName(expected, "stratum"), byName(found, "stratum")];
  const counted = (rows, name) => (rows.has(name) ? `${rows.get(name).selected}/${rows.get(name).size}` : "-");
  const findings = [...new Set([...wanted.keys(), ...shown.keys()])].sort()
    .filter((name) => !alike(wanted.get(name), shown.get(name)))
    .map((stratum) => difference("stratum-count", {
      stratum, expected: counted(wanted, stratum), found: counted(shown, stratum),
    }));
  return findings.length ? findings : orderFinding(expected, found, "strata");
}

function differingUnits(expected, found, what) {
  const [wanted, shown] = [byName(expected, "unit"), byName(found, "unit")];
  const findings = [
    ...sortedDifference(shown.keys(), wanted).map((unit) => difference(`${what}-surplus`, { unit })),
    ...sortedDifference(wanted.keys(), shown).map((unit) => difference(`${what}-missing`, { unit })),
  ];
  for (const unit of [...shown.keys()].filter((name) => wanted.has(name)).sort()) {
    const [right, there] = [wanted.get(unit), shown.get(unit)];
    if (right.ticket !== there.ticket) {
      findings.push(difference("ticket-differs", { unit, expected: right.ticket }));
    }
    if (right.stratum !== there.stratum) {
      findings.push(difference("stratum-differs", { unit, expected: right.stratum }));
    }
  }
  return findings.length ? shortened(findings) : orderFinding(expected, found, what);
}

function orderFinding(expected, found, what) {
  return same(expected, found) ? [] : [difference("order", { what })];
}

function checkTeams(bundle, record, keys) {
  if (bundle.rules.teams.mode === "none") {
    const surplus = record.teams.map((team) => difference("team-surplus", { team: team.team }));
    return surplus.length ? surplus : orderFinding([], record.unfilled, "unfilled");
  }
  if (!bundle.has(ROSTER)) { return [withheld("teams-not-recomputed", { file: ROSTER })]; }
  if (!bundle.has(TIES) && !tiesKnownEmpty(bundle)) { return checkTeamsWithoutTies(bundle, record, keys); }
  const computed = compute(bundle, secretsOf(record), record.beaconValue);
  const findings = [
    ...differingTeams(computed.teams, record.teams),
    ...differingUnfilled(computed.unfilled, record.unfilled),
  ];
  return findings.length ? findings : [agreed("teams-agree", { teams: record.teams.length })];
}

function differingTeams(expected, found) {
  const [wanted, shown] = [byName(expected, "team"), byName(found, "team")];
  const findings = [
    ...sortedDifference(shown.keys(), wanted).map((team) => difference("team-surplus", { team })),
    ...sortedDifference(wanted.keys(), shown).map((team) => difference("team-missing", { team })),
    ...[...wanted.keys()].filter((name) => shown.has(name)).sort()
      .flatMap((name) => differingTeam(wanted.get(name), shown.get(name))),
  ];
  return findings.length ? shortened(findings) : orderFinding(expected, found, "teams");
}

function differingTeam(expected, found) {
  const { team } = expected;
  const [wanted, shown] = [byName(expected.members, "inspector"), byName(found.members, "inspector")];
  const findings = [
    ...sortedDifference(shown.keys(), wanted).map((inspector) => difference("member-surplus", { team, inspector })),
    ...sortedDifference(wanted.keys(), shown).map((inspector) => difference("member-missing", { team, inspector })),
    ...[...shown.keys()].filter((name) => wanted.has(name)).sort()
      .filter((name) => !alike(shown.get(name), wanted.get(name)))
      .map((inspector) => difference("member-differs", { team, inspector })),
  ];
  if (!same(expected.units, found.units)) {
    findings.push(difference("team-units", { team, expected: named(expected.units), found: named(found.units) }));
  }
  return findings.length ? findings : orderFinding(expected.members, found.members, `members ${team}`);
}

function differingUnfilled(wanted, shown) {
  const lines = (rows) => new Map(rows.map((row) => [JSON.stringify(row), row]));
  const [right, there] = [lines(wanted), lines(shown)];
  const different = [
    ...[...right].filter(([line]) => !there.has(line)),
    ...[...there].filter(([line]) => !right.has(line)),
  ].map(([, row]) => row).sort((one, two) => byParts(
    [one.department, one.team, one.unit], [two.department, two.team, two.unit],
  ));
  const findings = different.map(({ department, team, unit }) => (
    difference("unfilled-differs", { department, team, unit })
  ));
  return findings.length ? shortened(findings) : orderFinding(wanted, shown, "unfilled");
}

/* Keep a long list readable: the first ones, and how many more. */
function shortened(findings) {
  if (findings.length <= MOST_NAMED) { return findings; }
  return [...findings.slice(0, MOST_NAMED), difference("and-more", { count: findings.length - MOST_NAMED })];
}

function named(units) {
  return units.slice(0, MOST_NAMED).join(", ") || "-";
}
