/* A field to sign in, and only what the chosen way needs. Without this script a picture is chosen as a file. */
import SignaturePad from "./vendor/signature_pad-5.1.4/signature_pad.js";

/* What is drawn becomes the file of the field beside it, as PNG: the server sees a file either way. */
function keep(pad, canvas, input) {
  const files = new DataTransfer();
  if (pad.isEmpty()) { input.files = files.files; return; }
  canvas.toBlob((blob) => {
    files.items.add(new File([blob], "signature.png", { type: "image/png" }));
    input.files = files.files;
  }, "image/png");
}

/* A canvas has its own pixels: as many as the screen shows, or the line looks torn. */
function fit(canvas, pad) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const width = Math.round(canvas.clientWidth * ratio);
  if (!width || canvas.width === width) { return; }
  const drawn = pad.toData();
  canvas.width = width;
  canvas.height = Math.round(canvas.clientHeight * ratio);
  canvas.getContext("2d").scale(ratio, ratio);
  pad.clear();
  pad.fromData(drawn);
}

function begin(field) {
  const canvas = field.querySelector("canvas");
  const input = field.querySelector("input[type=file]");
  canvas.hidden = false;
  field.querySelector(".signature-file").hidden = true;
  const hint = document.createElement("p");
  hint.className = "form-text";
  hint.textContent = field.dataset.hint;
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn btn-outline-secondary btn-sm";
  clear.textContent = field.dataset.clear;
  canvas.before(hint);
  canvas.after(clear);
  const pad = new SignaturePad(canvas, { backgroundColor: "rgb(255, 255, 255)", penColor: "rgb(0, 0, 80)" });
  const refit = () => fit(canvas, pad);
  new ResizeObserver(refit).observe(canvas);
  pad.addEventListener("endStroke", () => keep(pad, canvas, input));
  clear.addEventListener("click", () => { pad.clear(); keep(pad, canvas, input); });
}

document.querySelectorAll("[data-signature]").forEach(begin);

document.querySelectorAll(".party-form").forEach((form) => {
  const choose = () => {
    const chosen = form.querySelector("[name=how]:checked");
    form.querySelectorAll("[data-way]").forEach((part) => {
      part.hidden = !chosen || !part.dataset.way.split(" ").includes(chosen.value);
    });
  };
  form.addEventListener("change", choose);
  choose();
});
