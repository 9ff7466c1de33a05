/* Section 3, tickets: ticket(key, a, b, …) = H(key ":" a ":" b …). Names are ASCII. */
import { hashBytes, hex, textDigest, utf8 } from "./hashing.js";
import { advance } from "./progress.js";

/* One ticket in lower-case hex. */
export function ticket(hashName, key, ...names) {
  return textDigest(hashName, [key, ...names].join(":"));
}

/* All names with their tickets as [ticket, name], sorted by (ticket, name). */
export function inTicketOrder(hashName, key, names) {
  return ticketed(hashName, key, names).sort(byTicket);
}

/* The first `count` of the same order. */
export function smallestTickets(hashName, key, names, count) {
  return inTicketOrder(hashName, key, names).slice(0, count);
}

/* The order of (ticket, name) pairs; longer rows that begin so are ordered alike. */
export function byTicket(first, second) {
  if (first[0] !== second[0]) { return first[0] < second[0] ? -1 : 1; }
  if (first[1] !== second[1]) { return first[1] < second[1] ? -1 : 1; }
  return 0;
}

function ticketed(hashName, key, names) {
  const beginning = utf8(`${key}:`);
  return names.map((name, i) => {
    advance(i, names.length);
    const block = new Uint8Array(beginning.length + name.length);
    block.set(beginning);
    for (let at = 0; at < name.length; at += 1) { block[beginning.length + at] = name.charCodeAt(at); }
    return [hex(hashBytes(hashName, block)), name];
  });
}
