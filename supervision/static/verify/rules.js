/* Sections 4 and 6, what the rules may say: how many of each stratum, and which teams. */
import { parseCanonical } from "./canonical.js";
import { SamplingError } from "./errors.js";
import { departmentCode, qualification } from "./identifiers.js";
import * as shape from "./shape.js";

export const RULES = "rules.json";
const CONFIDENTIAL = "confidential";

/* Read rules.json, whose bytes must be in canonical form. */
export function parseRules(data) {
  const keys = "protocol hash draw strata allocation reserve teams";
  const found = shape.jsonObject(parseCanonical(data, RULES), RULES, keys);
  const [hashName, draw] = shape.heading(found, RULES);
  const strata = shape.jsonChoice(found.get("strata"), "strata", ["public", CONFIDENTIAL]);
  const allocation = readAllocation(found.get("allocation"));
  const reserve = shape.jsonInteger(found.get("reserve"), "reserve");
  const teams = readTeams(found.get("teams"));
  return { hashName, draw, confidential: strata === CONFIDENTIAL, allocation, reserve, teams };
}

/* Refuse a stratum of the frame that has no rule (rate and count; a total covers all). */
export function checkStrata(rules, strata) {
  if (rules.allocation.kind === "total") { return; }
  for (const stratum of [...new Set(strata)].sort()) {
    if (!rules.allocation.strata.has(stratum)) { throw new SamplingError("stratum-without-rule", { stratum }); }
  }
}

function choiceOf(value, key, where, choices) {
  return shape.jsonChoice(shape.jsonNames(value, where).get(key), `${where} ${key}`, choices);
}

function readAllocation(value) {
  const kind = choiceOf(value, "kind", "allocation", ["rate", "count", "total"]);
  if (kind === "total") { return readTotal(value); }
  const found = shape.jsonObject(value, "allocation", "kind strata");
  const strata = shape.jsonNames(found.get("strata"), "stratum");
  const read = kind === "rate" ? readRate : readCount;
  return { kind, strata: new Map([...strata].map(([name, rule]) => [name, read(rule, name)])) };
}

function readRate(value, stratum) {
  const found = shape.jsonObject(value, stratum, "rate_bp", "min");
  return {
    rate: shape.jsonInteger(found.get("rate_bp"), `${stratum} rate_bp`),
    minimum: shape.jsonInteger(found.has("min") ? found.get("min") : 0, `${stratum} min`),
  };
}

function readCount(value, stratum) {
  const found = shape.jsonObject(value, stratum, "count");
  return shape.jsonInteger(found.get("count"), `${stratum} count`);
}

function readTotal(value) {
  const found = shape.jsonObject(value, "allocation", "kind total", "weights");
  const weights = shape.jsonNames(found.has("weights") ? found.get("weights") : new Map(), "stratum");
  const total = shape.jsonInteger(found.get("total"), "total");
  const read = [...weights].map(([name, weight]) => [name, shape.jsonInteger(weight, `${name} weight`, 1)]);
  return { kind: "total", total, weights: new Map(read) };
}

function readTeams(value) {
  const mode = choiceOf(value, "mode", "teams", ["none", "visit", "group"]);
  if (mode === "none") {
    shape.jsonObject(value, "teams", "mode");
    return { mode, departments: [] };
  }
  if (mode === "visit") {
    const found = shape.jsonObject(value, "teams", "mode departments");
    return { mode, departments: readDepartments(found.get("departments")) };
  }
  const found = shape.jsonObject(value, "teams", "mode departments groups", "group_capacity");
  const departments = readDepartments(found.get("departments"));
  const groups = shape.jsonInteger(found.get("groups"), "groups", 1);
  return { mode, departments, groups, capacity: readCapacity(found.get("group_capacity")) };
}

function readCapacity(value) {
  return value === undefined || value === null ? null : shape.jsonInteger(value, "group_capacity", 1);
}

function readDepartments(value) {
  const rules = shape.jsonList(value, "departments").map(readDepartment);
  const codes = rules.map((rule) => rule.code).sort();
  codes.forEach((code, i) => {
    if (code === codes[i + 1]) { throw new SamplingError("department-twice", { department: code }); }
  });
  const leads = rules.filter((rule) => rule.lead).length;
  if (leads !== 1) { throw new SamplingError("lead-not-one", { leads }); }
  return rules;
}

function readDepartment(value) {
  const found = shape.jsonObject(value, "department", "code lead per_team qualifications");
  const codes = shape.jsonList(found.get("qualifications"), "qualifications");
  return {
    code: departmentCode(found.get("code")),
    lead: shape.jsonFlag(found.get("lead"), "lead"),
    perTeam: shape.jsonInteger(found.get("per_team"), "per_team", 1),
    qualifications: codes.map(qualification),
  };
}
