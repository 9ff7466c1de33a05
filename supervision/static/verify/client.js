/* The page's way to the engine: a worker, or, where a browser allows none, the engine in the page itself. */
import { listen } from "./progress.js";
import { runTask } from "./tasks.js";

const waiting = new Map();
let worker = null;
let count = 0;

/* Start the worker from the address the page names, or from the script that stands in a page saved as one file. */
export function startEngine(address) {
  try {
    worker = globalThis.verifySource
      ? new Worker(URL.createObjectURL(new Blob([globalThis.verifySource], { type: "text/javascript" })))
      : new Worker(address, { type: "module" });
    worker.addEventListener("message", ({ data }) => heard(data));
    worker.addEventListener("error", () => withoutWorker());
  } catch {
    worker = null;
  }
}

/* Ask the engine for a task; `heard(step, done, total)` is told how far it is. */
export function ask(task, values = {}, progress = () => {}) {
  if (!worker) { return askHere(task, values, progress); }
  count += 1;
  const id = count;
  return new Promise((resolve, reject) => {
    waiting.set(id, { task, values, progress, resolve, reject });
    worker.postMessage({ id, task, values });
  });
}

function askHere(task, values, progress) {
  listen(progress);
  // Let the page show that it has begun before it is busy.
  return new Promise((resolve) => { setTimeout(resolve, 50); }).then(() => runTask(task, values));
}

function heard({ id, progress, result, failed }) {
  const entry = waiting.get(id);
  if (progress) { entry.progress(progress.step, progress.done, progress.total); return; }
  waiting.delete(id);
  if (failed) { entry.reject(new Error(failed)); } else { entry.resolve(result); }
}

/* The worker cannot run here: do what is waiting in the page. */
function withoutWorker() {
  worker = null;
  const left = [...waiting.values()];
  waiting.clear();
  left.forEach(({ task, values, progress, resolve, reject }) => askHere(task, values, progress).then(resolve, reject));
}
