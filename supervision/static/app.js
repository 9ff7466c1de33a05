/* Small conveniences. Every page works without them. Texts come from the page, so that they are translated. */
(function () {
  "use strict";

  /* Ask before a step that cannot be taken back: data-confirm on a button or a form. */
  function askFirst(event) {
    var form = event.target;
    var button = event.submitter;
    var question = (button && button.dataset.confirm) || form.dataset.confirm;
    var dialog = document.getElementById("confirm-dialog");
    if (!question || !dialog || !dialog.showModal || form.dataset.confirmed === "yes") { return false; }
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.querySelector("[data-question]").textContent = question;
    var grave = Boolean(button && /danger/.test(button.className));
    dialog.querySelector("[data-close=yes]").classList.toggle("btn-danger", grave);
    dialog.querySelector("[data-close=yes]").classList.toggle("btn-primary", !grave);
    dialog.returnValue = "";
    dialog.addEventListener("close", function () {
      if (dialog.returnValue !== "yes") { if (button) { button.focus(); } return; }
      form.dataset.confirmed = "yes";
      form.requestSubmit(button || undefined);
      delete form.dataset.confirmed;
    }, { once: true });
    dialog.showModal();
    return true;
  }

  /* Send a form once: data-once on the form. The value may be a text to show while waiting. */
  function sendOnce(event) {
    var form = event.target;
    if (!("once" in form.dataset)) { return; }
    if (form.dataset.sent === "yes") { event.preventDefault(); event.stopImmediatePropagation(); return; }
    window.setTimeout(function () {
      if (event.defaultPrevented) { return; }
      form.dataset.sent = "yes";
      form.querySelectorAll("button:not([type=button])").forEach(function (one) {
        one.setAttribute("aria-disabled", "true");
        one.classList.add("disabled");
      });
      if (form.dataset.once && event.submitter) { event.submitter.textContent = form.dataset.once; }
    }, 0);
  }

  document.addEventListener("submit", function (event) {
    if (!askFirst(event)) { sendOnce(event); }
  }, true);

  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button[aria-disabled]").forEach(function (one) {
        one.removeAttribute("aria-disabled");
        one.classList.remove("disabled");
      });
    });
  });

  /* Copy a digest: data-copy names the element that holds the text. */
  function copyText(button) {
    var source = document.getElementById(button.dataset.copy);
    var text = source ? source.textContent.trim() : "";
    var done = function () {
      var label = button.querySelector("[data-label-text]") || button;
      var before = label.textContent;
      label.textContent = button.dataset.copied;
      announce(button.dataset.copied);
      window.setTimeout(function () { label.textContent = before; }, 2000);
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, function () { selectText(source); });
    } else {
      selectText(source);
      if (document.execCommand("copy")) { done(); }
    }
  }

  function selectText(element) {
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function announce(text) {
    var region = document.getElementById("announcements");
    if (region) { region.textContent = ""; region.textContent = text; }
  }

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : document.body;
    var copier = target.closest("[data-copy]");
    if (copier) { copyText(copier); }
    if (target.closest("[data-print]")) { window.print(); }
    if (target.closest("[data-fullscreen]")) {
      if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen(); }
    }
    var dialogButton = target.closest("dialog [data-close]");
    if (dialogButton) { dialogButton.closest("dialog").close(dialogButton.dataset.close); }
    closeMenus(target.closest("details.menu-group"));
  });

  /* Menus: one open at a time; Escape and a click elsewhere close them. */
  function closeMenus(except) {
    document.querySelectorAll("details.menu-group[open]").forEach(function (one) {
      if (one !== except) { one.open = false; }
    });
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details.menu-group[open]");
      closeMenus(null);
      if (open && open.contains(document.activeElement)) { open.querySelector("summary").focus(); }
    }
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      var search = document.querySelector("main input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });

  /* Filters of a list act at once: data-autosubmit on a select. Empty values stay out of the address. */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-autosubmit]")) { event.target.form.requestSubmit(); }
  });

  document.addEventListener("formdata", function (event) {
    if (!event.target.matches("form[data-tidy]")) { return; }
    Array.from(event.formData.entries()).forEach(function (pair) {
      if (pair[1] === "") { event.formData.delete(pair[0]); }
    });
  });

  /* A dead progress poll says so instead of standing still. */
  document.addEventListener("htmx:sendError", function (event) {
    event.target.setAttribute("data-stale", "yes");
    announce(document.body.dataset.textOffline || "");
  });

  function ready(root) {
    root.querySelectorAll("[data-copy][hidden], [data-needs-script][hidden]").forEach(function (one) { one.hidden = false; });
    root.querySelectorAll("table.table-cards").forEach(keepTableMeaning);
    root.querySelectorAll(".page > table.table, .card-body > table.table, .panel > table.table").forEach(function (table) {
      var box = document.createElement("div");
      box.className = "table-scroll";
      table.replaceWith(box);
      box.append(table);
    });
    root.querySelectorAll(".table-scroll").forEach(reachByKeyboard);
  }

  /* A table wider than the screen can be scrolled with the arrow keys. */
  function reachByKeyboard(box) {
    if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
  }
  window.addEventListener("resize", function () { document.querySelectorAll(".table-scroll").forEach(reachByKeyboard); });

  /* Tables drawn as cards keep their roles, and cells without a label take the column's. */
  function keepTableMeaning(table) {
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach(function (one) { one.setAttribute("role", "rowgroup"); });
    table.querySelectorAll("tr").forEach(function (one) { one.setAttribute("role", "row"); });
    var heads = Array.from(table.querySelectorAll("thead th"));
    heads.forEach(function (one) { one.setAttribute("role", "columnheader"); });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, index) {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        var text = heads.length === row.cells.length ? heads[index].textContent.trim() : "";
        if (text && !cell.hasAttribute("data-label")) { cell.setAttribute("data-label", text); }
      });
    });
  }

  ready(document);
  document.addEventListener("htmx:load", function (event) { ready(event.target.parentNode || document); });

  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }

  var offcanvas = document.getElementById("main-menu");
  if (offcanvas) {
    offcanvas.addEventListener("shown.bs.offcanvas", function () {
      var active = offcanvas.querySelector("details.menu-group:has(.active)");
      if (active) { active.open = true; }
    });
    offcanvas.addEventListener("hidden.bs.offcanvas", function () { closeMenus(null); });
  }
})();
