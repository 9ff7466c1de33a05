/* Section 9: what a verification found, each thing named, with a code for programs and words for people. */
import { filled } from "./errors.js";
import { FINDING_TEXTS } from "./texts.js";

export const SEVERITIES = ["invalid", "difference", "withheld", "warning", "ok"];
// in place of the draw's number, when the bundle cannot even tell that
export const UNKNOWN = "-";
const EXIT_CODES = [["invalid", 2], ["difference", 1], ["withheld", 3]];

function finding(severity, code, parameters) {
  const [zh, en] = FINDING_TEXTS[code].map((text) => filled(text, parameters));
  return { code, severity, parameters, zh, en };
}

/* A difference between what is shown and what was computed. */
export function difference(code, parameters = {}) {
  return finding("difference", code, parameters);
}

/* Something that could not be recomputed or is not proven. */
export function withheld(code, parameters = {}) {
  return finding("withheld", code, parameters);
}

/* Something that is as the rules say and still deserves attention. */
export function warning(code, parameters = {}) {
  return finding("warning", code, parameters);
}

/* Something recomputed that is equal. */
export function agreed(code, parameters = {}) {
  return finding("ok", code, parameters);
}

/* An error as a finding, with its words. */
export function fromError(severity, error) {
  const [zh, en] = error.texts;
  return { code: error.code, severity, parameters: error.parameters, zh, en };
}

/* All findings of one verification, the gravest first, and the exit code: 0 all equal, 1 a difference, 2 invalid
   input, 3 equal as far as shown or proven. */
export function reportOf(draw, findings) {
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity));
  const worst = EXIT_CODES.find(([severity]) => findings.some((one) => one.severity === severity));
  return { draw, exit_code: worst ? worst[1] : 0, findings: sorted };
}
