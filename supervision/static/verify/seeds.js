/* Sections 2 and 3: secrets, their digests, the seed, and the keys made from it. Every formula hashes lines of text,
   the first of which says what the hash is for. */
import { SamplingError } from "./errors.js";
import { linesDigest, PROTOCOL } from "./hashing.js";
import * as identifiers from "./identifiers.js";

const DICE = /^[1-6]{50,}$/;
const KEY_LENGTH = 32;
export const ENTITIES = "entities";
export const LEAD = "lead";
export const DEAL = "deal";

/* The digest a party hands over in place of its secret of 64 lower-case hex digits (section 2). */
export function contributionDigest({ hashName, draw, by, secret }) {
  identifiers.identifier(draw, "draw");
  identifiers.contributor(by);
  identifiers.digest(secret, "secret");
  return linesDigest(hashName, `${PROTOCOL} contribution`, draw, by, secret);
}

/* A secret from at least 50 throws of a die, written 1-6 (section 2). */
export function diceSecret({ hashName, draw, by, digits }) {
  identifiers.identifier(draw, "draw");
  identifiers.contributor(by);
  if (!DICE.test(digits)) { throw new SamplingError("dice-malformed"); }
  return linesDigest(hashName, `${PROTOCOL} dice`, draw, by, digits);
}

/* Mix the commitment, all secrets sorted by party, and the beacon's value into the seed (section 3). */
export function seedOf({ hashName, commitmentDigest, secrets, beaconValue }) {
  const revealed = [...secrets.keys()].sort().map((by) => `${by}:${secrets.get(by)}`);
  return linesDigest(hashName, `${PROTOCOL} seed`, commitmentDigest, ...revealed, `beacon:${beaconValue || ""}`);
}

/* The keys of one draw: a hash and a seed. */
export class Keys {
  constructor(hashName, seed) {
    Object.assign(this, { hashName, seed });
  }

  /* The key for one purpose: the first 32 hex digits of H(protocol, label, seed). */
  key(label) {
    return linesDigest(this.hashName, `${PROTOCOL} ${label}`, this.seed).slice(0, KEY_LENGTH);
  }
}
