/* Section 9, warnings: what is as the rules say and still deserves a second look. */
import { knownTies, tiesKnownEmpty } from "./drawing.js";
import { warning } from "./findings.js";
import { RECORD } from "./records.js";
import { RULES } from "./rules.js";
import { allocate } from "./strata.js";
import { FRAME, MAPPING, ROSTER, TIES } from "./tables.js";
import { agentsOf, tiesTo } from "./teams.js";

const AMPLE = 2;
const REHEARSAL = "REHEARSAL-";

/* All warnings the files allow. */
export function cautions(bundle) {
  return [
    ...rehearsal(bundle), ...foregoneStrata(bundle), ...thinDepartments(bundle), ...doubleInspectors(bundle),
  ];
}

/* Say of a rehearsal that it is one, so that nobody passes it off as a draw. */
function rehearsal(bundle) {
  return bundle.commitment.draw.startsWith(REHEARSAL) ? [warning("rehearsal")] : [];
}

/* Warn of strata in which nothing was left to chance. */
function foregoneStrata(bundle) {
  if (!bundle.has(FRAME, RULES)) { return []; }
  const sizes = bundle.frame.sizes();
  return [...allocate(sizes, bundle.rules.allocation)]
    .filter(([stratum, count]) => count === 0 || count === sizes.get(stratum))
    .map(([stratum, count]) => warning(count ? "stratum-certain" : "stratum-impossible", {
      stratum, size: sizes.get(stratum),
    }));
}

/* Warn where a department had fewer than twice the agents needed: the outcome is guessable. */
function thinDepartments(bundle) {
  if (!bundle.has(ROSTER, RULES, RECORD)) { return []; }
  const rule = bundle.rules.teams;
  if (rule.mode === "visit") { return rule.departments.flatMap((department) => thinVisits(bundle, department)); }
  return rule.departments.flatMap((department) => {
    const agents = agentsOf(department, bundle.roster).length;
    const needed = department.perTeam * bundle.record.teams.length;
    const thin = agents < AMPLE * needed;
    return thin ? [warning("department-thin-groups", { department: department.code, agents, needed })] : [];
  });
}

function thinVisits(bundle, department) {
  const units = bundle.record.selected.map((row) => row.unit);
  const tied = bundle.has(TIES) || tiesKnownEmpty(bundle) ? tiesTo(units, knownTies(bundle)) : new Map();
  const agents = agentsOf(department, bundle.roster);
  const recused = new Map();
  for (const { inspector } of agents) {
    for (const unit of tied.get(inspector) || []) { recused.set(unit, (recused.get(unit) || 0) + 1); }
  }
  const thin = units.filter((unit) => agents.length - (recused.get(unit) || 0) < AMPLE * department.perTeam).sort();
  if (!thin.length) { return []; }
  return [warning("department-thin", { department: department.code, teams: thin.length, first: thin[0] })];
}

/* Warn of a certificate behind two pseudonyms: each inspector stands in the roster once. */
function doubleInspectors(bundle) {
  if (!bundle.has(MAPPING)) { return []; }
  const holder = new Map();
  return bundle.mapping.flatMap(({ certificate, pseudonym }) => {
    if (!holder.has(certificate)) { holder.set(certificate, pseudonym); }
    const first = holder.get(certificate);
    return first === pseudonym ? [] : [warning("certificate-twice", { first, second: pseudonym })];
  });
}
