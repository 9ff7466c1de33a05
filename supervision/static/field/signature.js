/* A field to draw a signature in, with a finger or a pen. */
import SignaturePad from "../vendor/signature_pad-5.1.4/signature_pad.js";
import { button, make } from "./elements.js";

const SCALE = 2;

export class SignatureField {
  constructor(app, label, changed) {
    this.canvas = make("canvas", { role: "img", tabindex: "0", "aria-label": label });
    this.clearButton = button(app.say("pad-clear"), () => this.clear(), { look: "link", symbol: "arrow-counterclockwise" });
    this.element = make("div", { "data-hold": true }, make("div", { class: "field-pad" }, this.canvas),
      make("div", { class: "field-pad-tools" }, make("span", { class: "soft" }, app.say("pad-hint")), this.clearButton));
    this.changed = changed;
  }

  /* Called once the canvas is on the page and has a size. */
  ready() {
    const { offsetWidth, offsetHeight } = this.canvas;
    [this.canvas.width, this.canvas.height] = [offsetWidth * SCALE, offsetHeight * SCALE];
    this.canvas.getContext("2d").scale(SCALE, SCALE);
    this.pad = new SignaturePad(this.canvas, { minWidth: 1.2, maxWidth: 3, penColor: "#0f1b2d", backgroundColor: "rgb(255,255,255)" });
    this.pad.addEventListener("endStroke", () => this.changed());
  }

  get drawn() { return Boolean(this.pad) && !this.pad.isEmpty(); }

  clear() {
    this.pad.clear();
    this.changed();
  }

  /* The drawing as a PNG file. */
  async file() {
    const blob = await new Promise((resolve) => { this.canvas.toBlob(resolve, "image/png"); });
    return new File([blob], "signature.png", { type: "image/png" });
  }

  /* Give back what the pad listens to. */
  end() { this.pad?.off(); }
}
