/* The inspection form counts while it is filled in; without this script it counts when it is saved. */
(function () {
  "use strict";

  function isAnswered(point) {
    return Array.from(point.querySelectorAll("input, textarea")).some(function (one) {
      if (one.closest(".point-note")) { return false; }
      return one.type === "radio" || one.type === "checkbox" ? one.checked : one.value.trim() !== "";
    });
  }

  function fill(text, done, total) { return text.replace("{done}", done).replace("{total}", total); }

  /* Each item counts one for "checked?" and one for every check point, unless it was not checked. */
  function countItem(item) {
    var checked = item.querySelector("[name$='-checked']:checked");
    var points = Array.from(item.querySelectorAll(".check-point"));
    var answered = points.filter(isAnswered).length;
    var left = Boolean(checked) && checked.value === "no";
    var label = item.querySelector("summary [data-item-count]");
    label.textContent = left ? label.dataset.notChecked
      : checked || answered ? fill(label.dataset.itemCount, answered, points.length) : label.dataset.notBegun;
    return { done: (checked ? 1 : 0) + (left ? 0 : answered), total: 1 + (left ? 0 : points.length) };
  }

  function count(form) {
    var section = form.closest(".record-section");
    var sums = Array.from(form.querySelectorAll(".record-item")).map(countItem).reduce(function (sum, one) {
      return { done: sum.done + one.done, total: sum.total + one.total };
    }, { done: 0, total: 0 });
    var label = section.querySelector("[data-answered]");
    var bar = section.querySelector("progress");
    label.textContent = fill(label.dataset.answered, sums.done, sums.total);
    bar.max = sums.total || 1;
    bar.value = sums.done;
  }

  document.querySelectorAll(".record-form").forEach(function (form) {
    form.addEventListener("input", function () { count(form); });
    count(form);
  });

  /* What was typed and not sent is lost with the page, so leaving it asks first. Sending one of its forms does not. */
  function written(form) { return new URLSearchParams(new FormData(form)).toString(); }

  var forms = Array.from(document.querySelectorAll("main form")).map(function (form) {
    return { form: form, before: written(form) };
  });
  var sending = false;
  window.addEventListener("submit", function (event) { sending = !event.defaultPrevented; });
  window.addEventListener("pageshow", function () { sending = false; });
  window.addEventListener("beforeunload", function (event) {
    if (sending || forms.every(function (one) { return written(one.form) === one.before; })) { return; }
    event.preventDefault();
    event.returnValue = "";
  });
})();
