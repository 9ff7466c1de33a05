/* Section 5: which units. In each stratum by (ticket, unit): the first n, then the reserve list. */
import { inTicketOrder } from "./tickets.js";

/* The whole order of a stratum: the selected are its first n, the reserve list all others. */
export function orderOf(units, { stratum, entityKey, hashName }) {
  return inTicketOrder(hashName, entityKey, units).map(([ticket, unit]) => ({ unit, stratum, ticket }));
}

/* Select counts.get(s) units of each stratum and name the next `reserve` of each list. */
export function select(frame, { counts, reserve, entityKey, hashName }) {
  const [selected, following] = [[], []];
  const byStratum = frame.unitsByStratum();
  for (const stratum of [...counts.keys()].sort()) {
    const count = counts.get(stratum);
    const units = byStratum.get(stratum) || [];
    const first = orderOf(units, { stratum, entityKey, hashName }).slice(0, count + reserve);
    selected.push(...first.slice(0, count));
    following.push(...first.slice(count));
  }
  return { selected, reserve: following };
}
