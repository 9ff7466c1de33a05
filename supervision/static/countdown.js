/* Time left until a deadline that the page names anyway: data-countdown holds the moment, data-text the words. */
(function () {
  "use strict";

  function two(number) { return String(number).padStart(2, "0"); }

  function tick() {
    document.querySelectorAll("[data-countdown]").forEach(function (one) {
      var seconds = Math.floor((Date.parse(one.dataset.countdown) - Date.now()) / 1000);
      var left = Math.floor(seconds / 3600) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
      one.textContent = seconds > 0 ? one.dataset.text.replace("{left}", left) : one.dataset.textOver;
      one.classList.toggle("soon", seconds < 600);
    });
  }

  tick();
  window.setInterval(tick, 1000);
})();
