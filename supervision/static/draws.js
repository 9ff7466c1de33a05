/* A party's secret is made, kept and shown here, in its own browser; only the digest leaves it (draw protocol, section 2).
   Without this script a digest is made on another computer and pasted; the page says how. */
(function () {
  "use strict";

  var box = document.querySelector("[data-contribution]");
  if (!box) { return; }
  var facts = box.dataset;
  var key = "draw-contribution:" + facts.number + ":" + facts.party;
  /* a phone on a plain address of the hall's network has no WebCrypto digest; a page may name the kept library instead */
  var native = Boolean(window.crypto && window.crypto.subtle);
  var canHash = Boolean(window.crypto && window.TextEncoder && (native || facts.hashLibrary));

  function sha256(bytes) {
    if (native) { return window.crypto.subtle.digest("SHA-256", bytes).then(function (found) { return new Uint8Array(found); }); }
    return import(facts.hashLibrary).then(function (library) { return library.sha256(bytes); });
  }

  function hex(bytes) {
    return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  function linesDigest(lines) {
    var text = lines.map(function (line) { return line + "\n"; }).join("");
    return sha256(new TextEncoder().encode(text)).then(hex);
  }

  function digestOf(secret) {
    return linesDigest(["double-random-draw/1 contribution", facts.number, facts.party, secret]);
  }

  function secretOfDice(throws) {
    return linesDigest(["double-random-draw/1 dice", facts.number, facts.party, throws]);
  }

  function kept() {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (error) { return null; }
  }

  function keep(entry) {
    try { window.localStorage.setItem(key, JSON.stringify(entry)); } catch (error) { /* private mode: the slip is all there is */ }
  }

  function showGroups(element, text) {
    element.replaceChildren.apply(element, text.match(/.{4}/g).map(function (group) {
      var code = document.createElement("code");
      code.textContent = group;
      return code;
    }));
  }

  var slip = box.querySelector("[data-slip]");

  function showSlip(entry) {
    if (!slip) { return; }
    showGroups(slip.querySelector("[data-slip-secret]"), entry.secret);
    showGroups(slip.querySelector("[data-slip-check]"), entry.digest.slice(0, 24));
    slip.hidden = false;
    slip.entry = entry;
  }

  function note(text) {
    var place = box.querySelector("[data-kept]");
    if (place) { place.textContent = text; place.hidden = !text; }
  }

  /* in a draw with a public value the secret is handed over with its digest: the form then has a place for it */
  function fill(entry) {
    var handed = box.querySelector("[data-hand-over]");
    box.querySelector("[data-digest]").value = entry.digest;
    if (handed) { handed.value = entry.secret; }
  }

  function take(secret) {
    digestOf(secret).then(function (digest) {
      var entry = { secret: secret, digest: digest };
      keep(entry);
      showSlip(entry);
      fill(entry);
      note(facts.textKept);
      slip.scrollIntoView({ block: "start" });
    });
  }

  /* Sealing */
  var make = box.querySelector("[data-make]");
  if (make) {
    box.querySelector("[data-can-make]").hidden = !canHash;
    box.querySelector("[data-cannot-make]").hidden = canHash;
    make.addEventListener("click", function () {
      take(hex(window.crypto.getRandomValues(new Uint8Array(32))));
    });
    box.querySelector("[data-make-dice]").addEventListener("click", function () {
      var throws = box.querySelector("[data-dice]").value.replace(/\s+/g, "");
      var wrong = !/^[1-6]{50,200}$/.test(throws);
      var error = box.querySelector("[data-dice-error]");
      error.hidden = !wrong;
      error.textContent = wrong ? facts.textDice : "";
      if (!wrong) { secretOfDice(throws).then(take); }
    });
    /* drawn with the finger (dice.js): 32 random bytes of the browser, mixed with the digest of the drawing */
    box.addEventListener("contribution:drawing", function (event) {
      var own = window.crypto.getRandomValues(new Uint8Array(32));
      sha256(new TextEncoder().encode(event.detail)).then(function (drawn) {
        take(hex(own.map(function (one, place) { return one ^ drawn[place]; })));
      });
    });
  }

  var before = kept();
  if (slip && before && before.secret && (!facts.sealed || before.digest === facts.sealed)) {
    showSlip(before);
    note(facts.textKept);
    if (make && !facts.sealed) { fill(before); }
  }

  var save = box.querySelector("[data-slip-save]");
  if (save) {
    save.addEventListener("click", function () {
      var entry = slip.entry;
      var text = [facts.textSlip, facts.number + "  " + facts.party + "  " + facts.partyName, entry.secret,
        entry.digest.slice(0, 24).match(/.{4}/g).join(" "), ""].join("\n");
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
      link.download = "draw-" + facts.number + "-" + facts.party + ".txt";
      link.click();
      window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
  }

  /* Revealing */
  var secret = box.querySelector("[data-secret]");
  if (secret) {
    var stored = kept();
    if (!secret.value && stored && stored.digest === facts.sealed) {
      secret.value = stored.secret;
      note(facts.textKept);
    }
    var say = box.querySelector("[data-secret-check]");
    var compare = function () {
      var text = secret.value.replace(/\s+/g, "").toLowerCase();
      if (!canHash || !text) { say.textContent = ""; return; }
      var candidates = [];
      if (/^[0-9a-f]{64}$/.test(text)) { candidates.push(digestOf(text)); }
      if (/^[1-6]{50,200}$/.test(text)) { candidates.push(secretOfDice(text).then(digestOf)); }
      Promise.all(candidates).then(function (digests) {
        var right = digests.indexOf(facts.sealed) >= 0;
        say.textContent = right ? facts.textRight : facts.textWrong;
        say.className = right ? "secret-right" : "secret-wrong";
      });
    };
    secret.addEventListener("input", compare);
    compare();
  }
})();
