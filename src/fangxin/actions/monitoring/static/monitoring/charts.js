// Charts of risk monitoring. Everything they show stands in a table on the same page.
const source = document.getElementById("risk-charts");
if (source && window.echarts) {
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const options = {
    foods: () => ({
      grid: { left: 90, right: 40, top: 32, bottom: 28 },
      legend: { top: 0 },
      tooltip: { trigger: "axis", valueFormatter: (v) => `${v}%` },
      xAxis: { type: "value", max: 100, axisLabel: { formatter: "{value}%" } },
      yAxis: { type: "category", inverse: true, data: data.names },
      series: [
        { name: words.lower, type: "bar", color: "#8fb8a3", data: data.lower },
        { name: words.upper, type: "bar", color: "#2f6f4f", data: data.upper },
      ],
    }),
    ewma: () => ({
      grid: { left: 48, right: 16, top: 32, bottom: 32 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: data.days },
      yAxis: { type: "value" },
      series: [
        { name: words.ewma, type: "line", symbol: "circle", symbolSize: 6, color: "#206bc4", data: data.ewma },
        { name: words.limit, type: "line", symbol: "none", color: "#b02525", lineStyle: { type: "dashed" }, data: data.limit },
      ],
    }),
  };
  document.querySelectorAll("[data-risk-chart]").forEach((box) => {
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, ...options[box.dataset.riskChart]() });
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  });
}
