/* The unlock code: set once, asked for at each opening. Ten wrong codes in a row remove everything. */
import { newKey, unwrapKey } from "./crypto.js";
import { keepUser, openDatabase, wipeUser } from "./database.js";

export const SHORTEST_CODE = 8;
export const TRIES = 10;
const KEY = "key";

/* Set the code for a user; returns the open database and its key. */
export async function createVault(user, code) {
  const database = openDatabase(user.id);
  const { wrapping, key } = await newKey(code);
  await database.vault.put({ id: KEY, wrapping, wrong: 0 });
  await keepUser({ ...user, opened: Date.now() });
  return { database, key };
}

/* Count a try and return the row as it is then. One transaction: two windows never count the same try, and it is counted
   before it is made, so ending the app in between does not give another. */
export function countTry(database) {
  return database.transaction("rw", database.vault, async () => {
    const row = await database.vault.get(KEY);
    if (!row) { return null; }
    const counted = { ...row, wrong: row.wrong + 1 };
    await database.vault.put(counted);
    return counted;
  });
}

/* Open a user's database: {database, key}, {left: tries} after a wrong code, or {wiped: true}. */
export async function openVault(user, code) {
  const database = openDatabase(user.id);
  const row = await countTry(database);
  if (!row) { return { wiped: true }; }
  const key = await unwrapKey(code, row.wrapping);
  if (key) {
    await database.vault.update(KEY, { wrong: 0 });
    await keepUser({ ...user, opened: Date.now() });
    return { database, key };
  }
  if (row.wrong < TRIES) {
    database.close();
    return { left: TRIES - row.wrong };
  }
  database.close();
  await wipeUser(user.id);
  return { wiped: true };
}
