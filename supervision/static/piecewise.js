/* Files of a form go up in pieces as soon as they are chosen, and go on after a cut. Without this script, or without
   a secure connection, the form takes them along itself. Texts come from the page, so that they are translated. */

const SMALLEST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
const MOST_TRIES = 3;
/* The bytes came wrong, or at another place than the server is at: only then does sending anew help. */
const AGAIN = new Set(["urn:problem:wrong-hash", "urn:problem:wrong-offset"]);

/* The server does not take this file; `again` when it may be sent anew. */
class Refused extends Error {
  constructor(text, again) { super(text); this.again = again; }
}

const pause = (time) => new Promise((resolve) => {
  const timer = setTimeout(resolve, time);
  window.addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
});

const hex = (digest) => Array.from(new Uint8Array(digest), (one) => one.toString(16).padStart(2, "0")).join("");

/* The JSON of an answer; null where the line or the server is gone for now. */
async function ask(url, options) {
  let response;
  try { response = await fetch(url, { ...options, credentials: "same-origin", cache: "no-store" }); } catch { return null; }
  if (response.status >= 500 || response.status === 408) { return null; }
  const said = await response.json().catch(() => ({}));
  if (response.ok) { return said; }
  throw new Refused(said.detail || "", AGAIN.has(said.type));
}

function begin(box) {
  const form = box.closest("form");
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".files-on-their-way");
  const arrived = box.querySelector(".arrived-files");
  const hold = box.querySelector(".hold");
  const token = form.querySelector("[name=csrf_token]").value;
  const pieceSize = Number(box.dataset.piece) / 2;
  const waiting = [];
  let busy = 0;
  let sendAfter = null;
  box.querySelector(".if-piecewise").hidden = false;

  function rowOf(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const state = document.createElement("span");
    state.className = "soft";
    row.append(name, " ", state, bar);
    list.append(row);
    return { row, bar, state };
  }

  async function patiently(url, options, shown) {
    for (let time = SMALLEST_PAUSE; ; time = Math.min(2 * time, LONGEST_PAUSE)) {
      const said = await ask(url, options);
      if (said) { return said; }
      shown.state.textContent = box.dataset.waiting;
      await pause(time);
    }
  }

  function announce(file, sha256, shown) {
    const body = new URLSearchParams({ sha256, size: file.size, type: file.type, name: file.name });
    return patiently(box.dataset.begin, { method: "POST", headers: { "X-CSRF-Token": token }, body }, shown);
  }

  async function sendPieces(file, sha256, shown) {
    const url = box.dataset.begin.replace(/begin\.json$/, `${sha256}.json`);
    let { received, complete } = await announce(file, sha256, shown);
    while (!complete) {
      shown.bar.value = (100 * received) / file.size;
      shown.state.textContent = box.dataset.sending.replace("{percent}", Math.floor(shown.bar.value));
      const headers = { "X-CSRF-Token": token, "Upload-Offset": String(received), "Content-Type": "application/octet-stream" };
      const said = await ask(url, { method: "PUT", headers, body: file.slice(received, received + pieceSize) });
      if (said) { ({ received, complete } = said); continue; }
      // nobody knows how much of the piece arrived: ask where to go on
      shown.state.textContent = box.dataset.waiting;
      await pause(SMALLEST_PAUSE);
      ({ received, complete } = await announce(file, sha256, shown));
    }
  }

  async function send(file, shown) {
    shown.state.textContent = box.dataset.hashing;
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    for (let tries = 1; ; tries += 1) {
      try {
        await sendPieces(file, sha256, shown);
        return sha256;
      } catch (trouble) {
        if (!trouble.again || tries === MOST_TRIES) { throw trouble; }
      }
    }
  }

  function offer(file, sha256) {
    arrived.hidden = false;
    const known = arrived.querySelector(`input[value="${sha256}"]`);
    if (known) { known.checked = true; return; }
    const item = document.createElement("li");
    const check = document.createElement("div");
    check.className = "form-check";
    const tick = document.createElement("input");
    Object.assign(tick, { type: "checkbox", name: "uploads", value: sha256, checked: true, id: `upload-${sha256}`, className: "form-check-input" });
    const label = document.createElement("label");
    Object.assign(label, { htmlFor: tick.id, className: "form-check-label", textContent: file.name });
    const state = document.createElement("span");
    Object.assign(state, { className: "soft", textContent: ` ${box.dataset.arrived}` });
    label.append(state);
    check.append(tick, label);
    item.append(check);
    arrived.querySelector("ul").append(item);
  }

  async function work() {
    busy += 1;
    while (waiting.length) {
      const { file, shown } = waiting.shift();
      try {
        offer(file, await send(file, shown));
        shown.row.remove();
      } catch (trouble) {
        shown.bar.remove();
        shown.state.className = "field-error";
        shown.state.textContent = trouble.message && trouble instanceof Refused ? trouble.message : box.dataset.failed;
        sendAfter = null;
      }
    }
    busy -= 1;
    hold.textContent = "";
    if (sendAfter) { form.requestSubmit(sendAfter); }
  }

  input.addEventListener("change", () => {
    for (const file of input.files) { waiting.push({ file, shown: rowOf(file) }); }
    input.value = "";
    if (!busy && waiting.length) { work(); }
  });

  /* Whoever presses the button early is not asked to wait: the page goes when the last file has arrived. */
  form.addEventListener("submit", (event) => {
    if (!busy) { return; }
    event.preventDefault();
    sendAfter = event.submitter;
    hold.textContent = box.dataset.hold;
  });
}

if (window.crypto && crypto.subtle) { document.querySelectorAll(".piecewise").forEach(begin); }
