/* Section 2, the moment of a round: did it come after the commitment, and is it the one that the rule gives? Some
   networks publish a round every few seconds since a known beginning, so the moment of each is plain arithmetic. */
import { agreed, difference, withheld } from "./findings.js";

const NUMBER = /^[1-9][0-9]*$/;
// the end of the year 9999: no later moment can be written
const LATEST = 253402300799;
const HOUR = 3600;

/* A network by its source's name: when its first round came, and the seconds from each round to the next. */
const NETWORKS = new Map([
  ["drand-default", { genesis: 1595431050, period: 30 }],
  ["drand-quicknet", { genesis: 1692803367, period: 3 }],
]);
/* What a rule says of rounds: its name ends in the digest of its text, so this holds for whoever names it. */
const ROUND_RULES = new Map([
  ["drand-default@a40e763faf1bf61dc620656f", { source: "drand-default", delaySeconds: 600, waitHours: 24 }],
  ["drand-quicknet@30dce5da62243e4bb2ecf272", { source: "drand-quicknet", delaySeconds: 600, waitHours: 24 }],
]);

/* The moment of a round, in Unix seconds, if the source is a network known here; null otherwise. */
export function timeOfRound(source, name) {
  const network = NETWORKS.get(source);
  if (network === undefined || typeof name !== "string" || !NUMBER.test(name)) { return null; }
  const found = network.genesis + (Number(name) - 1) * network.period;
  return found <= LATEST ? found : null;
}

/* Check the round that was committed to and those that followed because it passed without a value. */
export function checkRounds(order, committedAt) {
  const committed = Date.parse(committedAt) / 1000;
  let earliest = committed;
  return order.flatMap((beacon) => {
    const found = checkRound(beacon, { earliest, committed, committedAt });
    earliest = lapseOf(beacon);
    return found === null ? [] : [found];
  });
}

function checkRound({ source, round, rule: name }, { earliest, committed, committedAt }) {
  // what follows a rule that is not known here may begin at any moment
  const rule = earliest === null ? undefined : ROUND_RULES.get(name);
  const at = timeOfRound(source, round);
  const told = { source, round, committed_at: committedAt };
  if (at !== null && at <= committed) {
    // of an unknown rule it is not proven that the draw could not be steered; a known one never gives such a round
    const graded = rule === undefined ? withheld : difference;
    return graded("beacon-known-before", { ...told, at: written(at) });
  }
  if (rule === undefined) {
    return at === null ? null : agreed("beacon-round-later", { ...told, rule: name, at: written(at) });
  }
  const expected = firstFrom(NETWORKS.get(rule.source), earliest + rule.delaySeconds);
  if (at === null || source !== rule.source || round !== expected) {
    return difference("beacon-not-first", { source, round, expected, by_rule: rule.source, rule: name });
  }
  return agreed("beacon-round-agrees", { ...told, at: written(at) });
}

/* The first round that comes at a moment or after it. */
function firstFrom({ genesis, period }, moment) {
  return String(Math.max(0, Math.ceil((moment - genesis) / period)) + 1);
}

/* Until when a round is waited for, in Unix seconds: the next one follows from it, by the rule. */
function lapseOf({ source, round, rule: name }) {
  const rule = ROUND_RULES.get(name);
  const at = timeOfRound(source, round);
  return rule === undefined || at === null ? null : at + rule.waitHours * HOUR;
}

function written(seconds) {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
