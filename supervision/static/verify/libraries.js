/* The kept libraries, named in one place: a new version is a new folder (supervision/static/build_vendor.sh). */
export { sha256 } from "../vendor/noble-hashes-2.4.0/sha256.js";
export { ed25519 } from "../vendor/noble-curves-2.4.0/ed25519.js";
export { sm3 } from "../vendor/sm-crypto-0.5.8/sm3.js";
export { unzipSync, zipSync } from "../vendor/fflate-0.8.3/fflate.js";
