/* Dice pad and finger pad of a witness's page. What is pressed or drawn stays in this browser: draws.js makes the secret of it. */
(function () {
  "use strict";

  var box = document.querySelector("[data-contribution]");
  var pad = box && box.querySelector("[data-dice-pad]");
  if (!pad) { return; }
  var FEWEST = 50, MOST = 200, JUDGED = 12, UNEVEN_FROM = 36;
  var field = box.querySelector("[data-dice]");
  var count = box.querySelector("[data-dice-count]");
  var warning = box.querySelector("[data-dice-warning]");

  /* one way open at a time */
  var ways = Array.from(box.querySelectorAll("details.way"));
  ways.forEach(function (way) {
    way.addEventListener("toggle", function () {
      if (way.open) { ways.forEach(function (other) { if (other !== way) { other.open = false; } }); }
    });
  });

  /* Advice only: runs such as 123456, one number alone, a short order that repeats itself, numbers that never come. */
  function looksTyped(throws) {
    if (throws.length < JUDGED) { return false; }
    var period;
    for (period = 1; period <= 6; period += 1) {
      var same = 0;
      for (var place = period; place < throws.length; place += 1) {
        if (throws[place] === throws[place - period]) { same += 1; }
      }
      if (same > 0.6 * (throws.length - period)) { return true; }
    }
    var climbs = (throws.match(/123456|234561|345612|654321|543216/g) || []).length;
    return climbs >= 2 || /(\d)\1{6}/.test(throws);
  }

  function uneven(throws) {
    if (throws.length < UNEVEN_FROM) { return false; }
    return "123456".split("").some(function (face) {
      var share = throws.split(face).length - 1;
      return share < throws.length / 36 || share > throws.length / 2;
    });
  }

  /* a page loaded anew by mistake gives the throws back, as long as this tab is open */
  var place = "draw-throws:" + box.dataset.number + ":" + box.dataset.party;

  function remembered() {
    try { return window.sessionStorage.getItem(place) || ""; } catch (error) { return ""; }
  }

  function show() {
    var throws = field.value.replace(/\D/g, "");
    try { window.sessionStorage.setItem(place, field.value); } catch (error) { /* private mode */ }
    count.textContent = (throws.length < FEWEST ? count.dataset.text : count.dataset.textFull).replace("{count}", throws.length);
    box.querySelector("[data-dice-progress]").value = Math.min(throws.length, FEWEST);
    var advice = looksTyped(throws) ? warning.dataset.textPattern : uneven(throws) ? warning.dataset.textUneven : "";
    if (warning.textContent !== advice) { warning.textContent = advice; }
    warning.hidden = !advice;
  }

  function press(face) {
    var throws = field.value.replace(/\s/g, "");
    if (throws.length < MOST) { field.value = (throws + face).replace(/(.{10})(?=.)/g, "$1 "); }
    show();
  }

  function undo() {
    field.value = field.value.replace(/\s/g, "").slice(0, -1).replace(/(.{10})(?=.)/g, "$1 ");
    show();
  }

  pad.addEventListener("click", function (event) {
    var key = event.target.closest("[data-face]");
    if (key) { press(key.value); }
  });
  pad.addEventListener("keydown", function (event) {
    if (/^[1-6]$/.test(event.key)) { press(event.key); }
    if (event.key === "Backspace") { undo(); }
  });
  box.querySelector("[data-dice-undo]").addEventListener("click", undo);
  field.addEventListener("input", show);
  field.value = field.value || remembered();
  show();

  /* Finger pad: places and moments of the strokes; draws.js mixes their digest with the browser's generator. */
  var canvas = box.querySelector("[data-finger]");
  var bar = box.querySelector("[data-finger-progress]");
  var done = box.querySelector("[data-make-finger]");
  var pen = canvas.getContext("2d");
  var marks = [];
  var last = null;

  function at(event) {
    var frame = canvas.getBoundingClientRect();
    return [(event.clientX - frame.left) * canvas.width / frame.width, (event.clientY - frame.top) * canvas.height / frame.height];
  }

  canvas.addEventListener("pointerdown", function (event) {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", function (event) {
    if (!last) { return; }
    var here = at(event);
    marks.push([here[0].toFixed(2), here[1].toFixed(2), window.performance.now().toFixed(2)].join(","));
    pen.lineWidth = 6;
    pen.lineCap = "round";
    pen.strokeStyle = "#0b5394";
    pen.beginPath();
    pen.moveTo(last[0], last[1]);
    pen.lineTo(here[0], here[1]);
    pen.stroke();
    last = here;
    bar.value = Math.min(marks.length, bar.max);
    done.disabled = marks.length < bar.max;
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    canvas.addEventListener(name, function () { last = null; });
  });
  done.addEventListener("click", function () {
    box.dispatchEvent(new CustomEvent("contribution:drawing", { detail: marks.join("\n") }));
  });
})();
