/* RFC 9162 section 2.1: tree heads, inclusion proofs and consistency proofs.

   Leaf = H(0x00 ‖ entry), node = H(0x01 ‖ left ‖ right), the head of no entries is H of nothing. */
import { hashBytes } from "./hashing.js";
import { advance } from "./progress.js";

export function leafHash(hashName, entry) {
  const block = new Uint8Array(entry.length + 1);
  block.set(entry, 1);
  return hashBytes(hashName, block);
}

export function nodeHash(hashName, left, right) {
  const block = new Uint8Array(1 + left.length + right.length);
  block[0] = 1;
  block.set(left, 1);
  block.set(right, 1 + left.length);
  return hashBytes(hashName, block);
}

/* The head of the tree over the entries. Only the heads of the full subtrees so far are kept, one for each binary
   digit of the number of entries. */
export function treeHead(hashName, entries) {
  const subtrees = [];
  let number = 0;
  for (const entry of entries) {
    number += 1;
    advance(number, entries.length || number);
    let head = leafHash(hashName, entry);
    for (let leaves = number; leaves % 2 === 0; leaves /= 2) { head = nodeHash(hashName, subtrees.pop(), head); }
    subtrees.push(head);
  }
  if (!subtrees.length) { return hashBytes(hashName, new Uint8Array()); }
  return subtrees.reduceRight((right, left) => nodeHash(hashName, left, right));
}

/* The steps from the leaf at `index` up to the head (section 2.1.3.1): the neighbor of each, and its side. */
export function inclusionProof(hashName, entries, index) {
  let level = entries.map((entry) => leafHash(hashName, entry));
  const proof = [];
  for (let place = index; level.length > 1; place = Math.floor(place / 2)) {
    const neighbor = place % 2 ? place - 1 : place + 1;
    if (neighbor < level.length) { proof.push(level[neighbor]); }
    level = levelAbove(hashName, level);
  }
  return proof;
}

function levelAbove(hashName, level) {
  const above = [];
  for (let i = 0; i + 1 < level.length; i += 2) { above.push(nodeHash(hashName, level[i], level[i + 1])); }
  if (level.length % 2) { above.push(level[level.length - 1]); }
  return above;
}

/* Walk a proof (section 2.1.3.2) and give every step: the neighbor, whether it stands on the left, and the hash of
   both. Null when the proof cannot belong to this place. Places are BigInt: a log may be larger than 2^53. */
export function proofSteps(hashName, { entry, index, size, proof }) {
  let [position, last] = [BigInt(index), BigInt(size) - 1n];
  if (position < 0n || position > last) { return null; }
  let found = leafHash(hashName, entry);
  const steps = [];
  for (const neighbor of proof) {
    if (last === 0n) { return null; }
    const onLeft = position % 2n === 1n || position === last;
    found = onLeft ? nodeHash(hashName, neighbor, found) : nodeHash(hashName, found, neighbor);
    steps.push({ neighbor, onLeft, found });
    if (onLeft) { [position, last] = upToLeft(position, last); }
    [position, last] = [position / 2n, last / 2n];
  }
  return last === 0n ? { leaf: leafHash(hashName, entry), steps, head: found } : null;
}

function upToLeft(position, last) {
  while (position % 2n === 0n && position > 0n) { [position, last] = [position / 2n, last / 2n]; }
  return [position, last];
}

/* Whether the proof leads from the entry to the head. */
export function verifyInclusion(hashName, { entry, index, size, proof, head }) {
  const walked = proofSteps(hashName, { entry, index, size, proof });
  return walked !== null && equalBytes(walked.head, head);
}

/* Whether the old tree is the beginning of the new one (section 2.1.4.2). */
export function verifyConsistency(hashName, { oldSize, size, proof, oldHead, head }) {
  const [before, now] = [BigInt(oldSize), BigInt(size)];
  if (before <= 0n || before > now) { return false; }
  if (before === now) { return proof.length === 0 && equalBytes(oldHead, head); }
  const path = (before & (before - 1n)) ? proof : [oldHead, ...proof];
  if (!path.length) { return false; }
  let [position, last] = [before - 1n, now - 1n];
  while (position % 2n === 1n) { [position, last] = [position / 2n, last / 2n]; }
  const heads = bothHeads(hashName, path, position, last);
  return heads !== null && equalBytes(heads[0], oldHead) && equalBytes(heads[1], head);
}

function bothHeads(hashName, path, position, last) {
  let [before, now] = [path[0], path[0]];
  for (const neighbor of path.slice(1)) {
    if (last === 0n) { return null; }
    if (position % 2n === 1n || position === last) {
      before = nodeHash(hashName, neighbor, before);
      now = nodeHash(hashName, neighbor, now);
      [position, last] = upToLeft(position, last);
    } else {
      now = nodeHash(hashName, now, neighbor);
    }
    [position, last] = [position / 2n, last / 2n];
  }
  return last === 0n ? [before, now] : null;
}

/* Whether two byte arrays are equal. */
export function equalBytes(first, second) {
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}
