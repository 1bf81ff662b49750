// The chart of the action's home. Everything it shows stands in a table on the same page.
const source = document.getElementById("origin-charts");
const box = document.querySelector("[data-origin-chart=years]");
if (source && box && window.echarts) {
  const { years, words } = JSON.parse(source.textContent);
  const looks = {
    low: { color: "#2f6f4f" },
    between: { color: "#e8c55b", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: 0.7 } },
    above: { color: "#b02525", decal: { symbol: "rect", dashArrayX: [2, 2], dashArrayY: [2, 2] } },
    undetermined: { color: "#c4ccc8", decal: { symbol: "circle", symbolSize: 0.6 } },
  };
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    grid: { left: 56, right: 16, top: 40, bottom: 28 },
    legend: { top: 0 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: years.map((y) => String(y.year)) },
    yAxis: { type: "value", minInterval: 1 },
    series: Object.keys(looks).map((zone) => ({ name: words[zone], type: "bar", stack: "all", barMaxWidth: 56, itemStyle: looks[zone], data: years.map((y) => y[zone]) })),
  });
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
}
