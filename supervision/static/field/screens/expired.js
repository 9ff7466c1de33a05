/* Too long without contact: nothing is shown until the platform has been asked. What was not sent stays and is sent then. */
import { button, linkButton, make, notice } from "../elements.js";
import { signInNote } from "./today.js";

export function expiredScreen(app) {
  return {
    title: app.say("expired-title"),
    body: [app.sync.state === "sign-in" ? signInNote(app) : null, notice("warning", null, app.say("expired")),
      make("div", { class: "field-buttons" }, button(app.say("sync-now"), () => app.sync.now(), { symbol: "arrow-repeat" }),
        linkButton(app.say("to-sync"), "#/sync", { look: "outline-secondary" }))],
  };
}
