/* Getting the files of a bundle out of a zip file or out of chosen files, without trusting either. Only files with the
   agreed names are read. */
import { BUNDLE_FILES } from "./bundle.js";
import { SamplingError } from "./errors.js";
import { unzipSync, zipSync } from "./libraries.js";
import { escaped } from "./shown.js";

const LARGEST_FILE = 512 * 1024 * 1024;
const LARGEST_BUNDLE = 1024 * 1024 * 1024;
const MOST_ENTRIES = 1000;
// A table of random codes shrinks to a third or so; a thousandfold is an attack.
const LARGEST_SHRINKAGE = 200;
const SMALL = 1024 * 1024;
// A zip file has no day of its own here, so that the same bundle is always the same file.
const ZIP_DAY = new Date(1980, 0, 1);

/* The files of a bundle from [path, bytes] pairs: one zip file, or the files themselves. */
export function readBundle(chosen) {
  const [[path, data]] = chosen;
  const packed = chosen.length === 1 && data[0] === 0x50 && data[1] === 0x4b;
  return packed ? fromZip(data, path) : fromFiles(chosen);
}

function fromFiles(chosen) {
  const files = new Map();
  for (const [path, data] of chosen) {
    const name = wantedName(path);
    if (name === null) { continue; }
    if (files.has(name)) { throw new SamplingError("bundle-file-twice", { file: name }); }
    files.set(name, data);
  }
  return files;
}

function fromZip(data, path) {
  const seen = { entries: 0, size: 0, names: new Set() };
  try {
    const found = unzipSync(data, { filter: (entry) => isWanted(entry, seen) });
    return new Map(Object.entries(found).map(([place, content]) => [wantedName(place), content]));
  } catch (error) {
    if (error instanceof SamplingError) { throw error; }
    throw new SamplingError("bundle-unreadable", { path: escaped(path) });
  }
}

function isWanted({ name: place, size, originalSize }, seen) {
  seen.entries += 1;
  if (seen.entries > MOST_ENTRIES) { throw new SamplingError("bundle-too-many-files", { most: MOST_ENTRIES }); }
  const name = wantedName(place);
  if (name === null) { return false; }
  if (seen.names.has(name)) { throw new SamplingError("bundle-file-twice", { file: name }); }
  seen.names.add(name);
  seen.size += originalSize;
  if (originalSize > LARGEST_FILE) { throw new SamplingError("file-too-large", { file: name, most: LARGEST_FILE }); }
  if (seen.size > LARGEST_BUNDLE) { throw new SamplingError("bundle-too-large", { most: LARGEST_BUNDLE }); }
  if (originalSize > Math.max(SMALL, LARGEST_SHRINKAGE * size)) {
    throw new SamplingError("bundle-suspicious", { file: name });
  }
  return true;
}

/* The name of a bundle's file, which may stand in one folder; null for anything else. */
function wantedName(path) {
  const parts = path.split("/").filter((part) => part && part !== ".");
  const name = parts[parts.length - 1];
  return !path.endsWith("/") && parts.length <= 2 && BUNDLE_FILES.includes(name) ? name : null;
}

/* Pack files into a folder of a zip file; the same files give the same bytes. */
export function zipFolder(folder, files) {
  const packed = Object.fromEntries([...files].sort().map(([name, data]) => [`${folder}/${name}`, data]));
  return zipSync(packed, { level: 6, mtime: ZIP_DAY });
}
