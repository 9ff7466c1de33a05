/* Files that a visitor chose, dropped or is offered, as [path, bytes] pairs. */

/* Chosen in a file or folder dialog. */
export function chosenFiles(list) {
  return Promise.all([...list].map(async (file) => [file.webkitRelativePath || file.name, await bytesOf(file)]));
}

/* Dropped onto the page: files, or a folder with its files. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  const folder = entries.find((entry) => entry.isDirectory);
  if (!folder) { return chosenFiles(transfer.files); }
  const files = (await entriesOf(folder)).filter((entry) => entry.isFile);
  return Promise.all(files.map(async (entry) => [`${folder.name}/${entry.name}`, await bytesOf(await fileOf(entry))]));
}

/* The bundle that the page offers: in the page itself when it was saved as one file, else at an address. */
export async function offeredFiles({ address, embedded, name }) {
  if (embedded) {
    return [[name, Uint8Array.from(atob(embedded.textContent.trim()), (char) => char.charCodeAt(0))]];
  }
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) { throw new Error(String(response.status)); }
  return [[name, new Uint8Array(await response.arrayBuffer())]];
}

async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/* A directory is read in portions until none is left. */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) { return found; }
    found.push(...some);
  }
}

function fileOf(entry) {
  return new Promise((resolve, reject) => { entry.file(resolve, reject); });
}
