/* Invented registers for a rehearsal: units TEST-…, inspectors and certificates TEST-…, parties of no authority. */
import { rosterRow, rulesBytes, tableBytes } from "./freezing.js";
import { hex } from "./hashing.js";

const SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const EXCLUDED_SHARE = 10;
const TIE_EVERY = 13;

/* REHEARSAL-, the day, and five signs at random. */
export function rehearsalNumber(day) {
  const signs = [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => SIGNS[byte % SIGNS.length]).join("");
  return `REHEARSAL-${day.toISOString().slice(0, 10).replace(/-/g, "")}-${signs}`;
}

/* The parties: departments, witnesses, and the browser in place of the platform. */
export function partiesOf({ departments, witnesses }) {
  return [
    ...counted(departments, (number) => ({ by: `TEST-DEPT-${number}`, kind: "department", number })),
    ...counted(witnesses, (number) => ({ by: `TEST-WITNESS-${number}`, kind: "witness", number })),
    { by: "system", kind: "system", number: 0 },
  ];
}

/* The six frozen files as [name, bytes]. */
export function frozenFiles(settings, draw) {
  const roster = rosterOf(settings);
  const units = counted(settings.pool, (number) => unitName(number));
  return [
    ["frame.tsv", tableBytes(units.map((unit, i) => [unit, stratumName((i % settings.strata) + 1)]))],
    ["excluded.tsv", tableBytes(counted(Math.ceil(settings.pool / EXCLUDED_SHARE), (number) => (
      [unitName(settings.pool + number), "scope"])))],
    ["roster.tsv", tableBytes(roster.map(rosterRow))],
    ["ties.tsv", tableBytes(settings.ties ? tiesOf(roster, units) : [])],
    ["mapping.tsv", tableBytes(roster.map(({ inspector }) => (
      [inspector, inspector.replace("TEST-I", "TEST-CERT-"), hex(crypto.getRandomValues(new Uint8Array(16)))])))],
    ["rules.json", rulesBytes(rulesOf(settings, draw))],
  ];
}

function rulesOf(settings, draw) {
  const strata = Object.fromEntries(counted(settings.strata, (number) => (
    [stratumName(number), { count: settings.perStratum }])));
  const departments = counted(settings.departments, (number) => ({
    code: `TEST-DEPT-${number}`, lead: number === 1, per_team: settings.perTeam, qualifications: [],
  }));
  const groups = settings.mode === "group" ? { groups: settings.groups } : {};
  return {
    hash: "sha256",
    draw,
    strata: "public",
    allocation: { kind: "count", strata },
    reserve: Math.min(5, settings.perStratum),
    teams: { mode: settings.mode, departments, ...groups },
  };
}

function rosterOf({ departments, inspectors }) {
  return counted(departments * inspectors, (number) => ({
    inspector: `TEST-I${String(number).padStart(3, "0")}`,
    department: `TEST-DEPT-${((number - 1) % departments) + 1}`,
    cap: 1000,
  }));
}

/* Some recusals, so that it can be seen that they are kept. */
function tiesOf(roster, units) {
  return roster.flatMap(({ inspector }, i) => units
    .filter((_, u) => (i * 7 + u * 5) % TIE_EVERY === 0)
    .map((unit) => [inspector, unit]));
}

function unitName(number) {
  return `TEST-${String(number).padStart(5, "0")}`;
}

function stratumName(number) {
  return `TEST-${"ABCDEFGH"[number - 1]}`;
}

function counted(count, made) {
  return Array.from({ length: count }, (_, i) => made(i + 1));
}
