/* Section 4: how many units of each stratum, in exact integers of any size. */
import { SamplingError } from "./errors.js";

const BASIS_POINTS = 10000n;

/* n for every stratum of the frame, sorted; `sizes` holds N. Rules for absent strata are ignored. */
export function allocate(sizes, allocation) {
  const strata = [...sizes.keys()].sort();
  if (allocation.kind === "total") { return byTotal(strata, sizes, allocation); }
  return new Map(strata.map((stratum) => [stratum, alone(stratum, sizes.get(stratum), allocation)]));
}

/* n of one stratum: min(N, max(ceil(N·r/10000), m)), or min(N, c). */
function alone(stratum, size, allocation) {
  const rule = allocation.strata.get(stratum);
  if (rule === undefined) { throw new SamplingError("stratum-without-rule", { stratum }); }
  if (allocation.kind === "count") { return Math.min(size, rule); }
  const share = (BigInt(size) * BigInt(rule.rate) + BASIS_POINTS - 1n) / BASIS_POINTS;
  return Math.min(size, Math.max(Number(share), rule.minimum));
}

/* Spread the total by largest remainder, closing strata that would have to give more than they hold. */
function byTotal(strata, sizes, allocation) {
  const given = new Map(strata.map((stratum) => [stratum, 0]));
  let left = BigInt(allocation.total);
  let open = strata.filter((stratum) => sizes.get(stratum) > 0);
  const weightOf = (stratum) => BigInt(sizes.get(stratum)) * BigInt(allocation.weights.get(stratum) ?? 1);
  while (open.length) {
    const shares = largestRemainder(open, weightOf, left);
    const full = open.filter((stratum) => shares.get(stratum) > BigInt(sizes.get(stratum)));
    if (!full.length) {
      shares.forEach((share, stratum) => given.set(stratum, Number(share)));
      break;
    }
    // All that overflow close at once; the other shares of this round are discarded.
    for (const stratum of full) {
      given.set(stratum, sizes.get(stratum));
      left -= BigInt(sizes.get(stratum));
    }
    open = open.filter((stratum) => !full.includes(stratum));
  }
  return given;
}

/* Share `left` in proportion to N·w; the rest to the largest remainders, ties to the smaller name. */
function largestRemainder(open, weightOf, left) {
  const whole = open.reduce((sum, stratum) => sum + weightOf(stratum), 0n);
  const shares = new Map(open.map((stratum) => [stratum, (left * weightOf(stratum)) / whole]));
  const remainder = new Map(open.map((stratum) => [stratum, (left * weightOf(stratum)) % whole]));
  const spread = [...shares.values()].reduce((sum, share) => sum + share, 0n);
  const order = [...open].sort((one, two) => {
    const [first, second] = [remainder.get(one), remainder.get(two)];
    if (first !== second) { return first > second ? -1 : 1; }
    return one < two ? -1 : 1;
  });
  for (const stratum of order.slice(0, Number(left - spread))) { shares.set(stratum, shares.get(stratum) + 1n); }
  return shares;
}
