// A control chart. Everything it shows stands in the table below it.
const source = document.getElementById("quality-chart");
const box = document.querySelector("[data-quality-chart]");
if (source && box && window.echarts) {
  const data = JSON.parse(source.textContent);
  const colours = { rejected: "#b02525", warning: "#c47f00", accepted: "#2f6f4f", open: "#5b6675" };
  const level = (times, colour, type) => ({ yAxis: data.mean + times * data.sd, lineStyle: { color: colour, type }, label: { formatter: times === 0 ? data.words.mean : `${times > 0 ? "+" : "−"}${Math.abs(times)}s`, position: "end" } });
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    grid: { left: 64, right: 56, top: 40, bottom: 32 },
    legend: { top: 0 },
    tooltip: { trigger: "axis", formatter: (points) => points.map((p) => `${data.labels[p.dataIndex]}<br>${p.seriesName}：${p.value} ${data.unit}`).join("<br>") },
    xAxis: { type: "category", data: data.runs },
    yAxis: { type: "value", min: (v) => Math.min(v.min, data.mean - 3.6 * data.sd), max: (v) => Math.max(v.max, data.mean + 3.6 * data.sd), axisLabel: { formatter: (v) => Number(v.toPrecision(4)) } },
    series: [
      {
        name: data.words.value, type: "line", color: "#206bc4", symbolSize: 10,
        data: data.values.map((value, n) => ({ value, symbol: data.outcomes[n] === "rejected" ? "diamond" : data.outcomes[n] === "warning" ? "triangle" : "circle", itemStyle: { color: colours[data.outcomes[n]] } })),
        markLine: { silent: true, symbol: "none", precision: 12, data: [level(0, "#2f6f4f", "solid"), level(2, "#c47f00", "dashed"), level(-2, "#c47f00", "dashed"), level(3, "#b02525", "solid"), level(-3, "#b02525", "solid")] },
      },
      { name: data.words.smoothed, type: "line", color: "#8a63b5", symbol: "none", lineStyle: { type: "dotted" }, data: data.smoothed },
    ],
  });
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
}
