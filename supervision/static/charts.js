/* Draw the charts of a page. The figures stay in the page as a table, so a chart is never the only source. */
(function () {
  "use strict";

  var COLORS = ["#0b5394", "#c77700", "#1b6b3a", "#5b3a8c", "#0f7c8a", "#b3261e", "#6b7a8c"];
  var FONT = window.getComputedStyle(document.body).fontFamily;
  var AXIS = { axisLabel: { color: "#475467", fontSize: 13 }, axisLine: { lineStyle: { color: "#7c8a9b" } }, splitLine: { lineStyle: { color: "#e7ecf2" } } };

  function readOption(element) {
    var value = element.dataset.chart;
    var source = value.charAt(0) === "{" ? value : (document.getElementById(value) || {}).textContent;
    return JSON.parse(source);
  }

  function withAxis(axis) {
    if (Array.isArray(axis)) { return axis.map(withAxis); }
    return axis ? Object.assign({}, AXIS, axis) : axis;
  }

  function complete(option) {
    var series = [].concat(option.series || []);
    var many = series.length > 1 || series.some(function (one) { return one.type === "pie"; });
    var full = Object.assign({ color: COLORS, animationDuration: 300 }, option);
    full.textStyle = Object.assign({ fontFamily: FONT, fontSize: 14, color: "#1d2939" }, option.textStyle);
    full.tooltip = Object.assign({ trigger: many && series[0].type === "pie" ? "item" : "axis", textStyle: { color: "#1d2939", fontSize: 14 } }, option.tooltip, { renderMode: "richText", confine: true });
    full.aria = Object.assign({ enabled: true, decal: { show: many } }, option.aria);
    if (option.xAxis || option.yAxis) {
      full.xAxis = withAxis(option.xAxis);
      full.yAxis = withAxis(option.yAxis);
      full.grid = Object.assign({ left: 8, right: 16, top: many ? 44 : 16, bottom: 8, containLabel: true }, option.grid);
    }
    if (many && !option.legend) { full.legend = { top: 0, textStyle: { color: "#1d2939", fontSize: 14 } }; }
    full.series = series.map(function (one) {
      return one.type === "bar" ? Object.assign({ barMaxWidth: 36 }, one) : one;
    });
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) { full.animation = false; }
    return full;
  }

  function draw(element) {
    if (!window.echarts || element.classList.contains("ready")) { return; }
    element.classList.add("ready");
    var chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption(complete(readOption(element)));
    new ResizeObserver(function () { chart.resize(); }).observe(element);
  }

  function drawAll(root) { root.querySelectorAll("[data-chart]").forEach(draw); }

  drawAll(document);
  document.addEventListener("htmx:load", function (event) { drawAll(event.target.parentNode || document); });
})();
