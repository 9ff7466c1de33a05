/* The engine in a thread of its own: {id, task, values} in; {id, progress}, then {id, result} or {id, failed} out. */
import { listen } from "./progress.js";
import { runTask } from "./tasks.js";

globalThis.addEventListener("message", async ({ data: { id, task, values } }) => {
  listen((step, done, total) => globalThis.postMessage({ id, progress: { step, done, total } }));
  try {
    globalThis.postMessage({ id, result: await runTask(task, values) });
  } catch (error) {
    globalThis.postMessage({ id, failed: String(error) });
  }
});
