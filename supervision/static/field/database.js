/* The databases of the phone: one that names who uses it, and one for each of them, in which every value is encrypted. */
import Dexie from "../vendor/dexie-4.4.7/dexie.js";

const prefix = "field-user-";

function usersDatabase() {
  const database = new Dexie("field-users");
  database.version(1).stores({ users: "id" });
  return database;
}

const users = usersDatabase();

/* Who uses the app on this phone: [{id, name, device, language}]; the last one first. */
export async function listUsers() {
  const found = await users.users.toArray();
  return found.sort((one, other) => (other.opened || 0) - (one.opened || 0));
}

/* Remember a user of this phone. */
export function keepUser(user) {
  return users.users.put(user);
}

/* The database of a user: the wrapped key, values, operations, files as taken, small pictures of them. */
export function openDatabase(userId) {
  const database = new Dexie(prefix + userId);
  database.version(1).stores({ vault: "id", values: "key", operations: "id, made", files: "sha256", previews: "sha256" });
  return database;
}

/* Remove all that a user has on this phone. */
export async function wipeUser(userId) {
  await Dexie.delete(prefix + userId);
  await users.users.delete(userId);
}
