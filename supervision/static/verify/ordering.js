/* "Sorted" means by bytes (section 0). Identifiers are ASCII, whose texts JavaScript compares as their bytes; other
   texts of a bundle are compared by code points, which orders them as their UTF-8 bytes. */

/* Compare two texts by code points. */
export function byCodePoints(first, second) {
  const [one, two] = [Array.from(first), Array.from(second)];
  for (let i = 0; i < Math.min(one.length, two.length); i += 1) {
    const difference = one[i].codePointAt(0) - two[i].codePointAt(0);
    if (difference) { return difference; }
  }
  return one.length - two.length;
}

/* Compare two lists of texts or numbers, element by element. */
export function byParts(first, second) {
  for (let i = 0; i < Math.min(first.length, second.length); i += 1) {
    const [one, two] = [first[i], second[i]];
    if (one === two) { continue; }
    return typeof one === "string" ? byCodePoints(one, two) : one - two;
  }
  return first.length - second.length;
}

/* The smallest by a comparison; undefined of nothing. */
export function smallest(values, compare) {
  return values.reduce((least, one) => (least === undefined || compare(one, least) < 0 ? one : least), undefined);
}

/* Whether two lists of plain values have the same content in the same order. */
export function same(first, second) {
  return first.length === second.length && first.every((one, i) => alike(one, second[i]));
}

/* Whether two plain values have the same content; objects are written with their fields in one order. */
export function alike(first, second) {
  return JSON.stringify(first) === JSON.stringify(second);
}

/* The elements of the first set that are not in the second, sorted. */
export function sortedDifference(first, second) {
  return [...first].filter((one) => !second.has(one)).sort(byCodePoints);
}
