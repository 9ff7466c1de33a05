/* Files go up in pieces after the changes that name them; what has arrived is never sent again. */
import * as network from "./network.js";

const PIECE = 512 * 1024;
const MOST_TRIES = 3;

/* Send every file that the server does not hold yet; true when at least one became complete. */
export async function sendFiles(store, device, token, told) {
  let any = false;
  for (const file of [...store.files.values()]) {
    if (["sent", "refused", "lost"].includes(file.state) || !named(store, file.sha256)) { continue; }
    try {
      if (await sendFile(store, file, { device, token, told })) { any = true; }
    } catch (trouble) {
      if (trouble.kind !== "refused") { throw trouble; }
      // a file that the server does not take holds up nothing else; it stays on the phone with the reason
      store.putFile({ ...store.files.get(file.sha256), state: "refused", zh: trouble.zh, en: trouble.en });
    }
  }
  return any;
}

/* A file is sent once the change that names it has been. */
function named(store, sha256) {
  return store.operations.some((one) => one.operation.body.file === sha256 && ["waiting", "applied"].includes(one.state));
}

async function sendFile(store, file, { device, token, told }) {
  const bytes = await store.bytesOf(file.sha256);
  if (!bytes) { store.putFile({ ...file, state: "lost" }); return false; }
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    let { received, complete } = await network.beginFile(device, file, token);
    while (!complete) {
      try {
        const piece = bytes.slice(received, received + PIECE);
        ({ received, complete } = await network.sendPiece(file.sha256, received, piece, token));
      } catch (trouble) {
        if (trouble.kind !== "refused" || trouble.more.received === undefined) { throw trouble; }
        if (trouble.status === 422) { break; }
        received = trouble.more.received;
      }
      store.putFile({ ...file, received });
      told();
    }
    if (complete) { await store.releaseBytes(file.sha256); return true; }
  }
  throw new network.Trouble("busy");
}
