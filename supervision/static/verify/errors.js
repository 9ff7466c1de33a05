/* What can be wrong with the input of a draw. Codes are for programs, the two sentences for people; both are those of
   sampling/error_texts.py, which texts.js repeats. */
import { ERROR_TEXTS } from "./texts.js";

/* Input that the protocol does not allow; the draw or the verification stops here. */
export class SamplingError extends Error {
  constructor(code, parameters = {}) {
    super(code);
    this.code = code;
    this.parameters = parameters;
  }

  get texts() {
    return ERROR_TEXTS[this.code].map((text) => filled(text, this.parameters));
  }
}

/* Section 6: somebody or something is to be replaced who is not there. */
export class ReplacementError extends SamplingError {}

/* Put the facts into the places {name} of a sentence. */
export function filled(text, parameters) {
  return text.replace(/\{([a-z_]+)\}/g, (place, name) => String(parameters[name]));
}
