/* The app at the door: opens, unlocks, shows one screen after the other, and locks itself again. */
import { App } from "./app.js";

const app = new App(document.getElementById("app"));
app.start();
