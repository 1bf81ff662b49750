// Charts of the action's home. Everything they show stands in a table on the same page.
const source = document.getElementById("farm-charts");
if (source && window.echarts) {
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const said = (t) => `${t.name}：${words.farms} ${t.farms}，${words.uses} ${t.applications}，${words.findings} ${t.findings}`;
  const options = {
    map: () => {
      const known = data.towns.filter((t) => t.lat !== null && t.lng !== null);
      if (!known.length) return null;
      return {
        grid: { left: 24, right: 32, top: 24, bottom: 56 },
        xAxis: { type: "value", scale: true, show: false },
        yAxis: { type: "value", scale: true, show: false },
        visualMap: { min: 0, max: Math.max(1, ...known.map((t) => t.findings)), dimension: 2, orient: "horizontal", left: "center", bottom: 0, text: [words.findings, "0"], inRange: { color: ["#2f6f4f", "#e8c55b", "#b3541e"] } },
        tooltip: { formatter: (x) => said(known[x.dataIndex]) },
        series: [{ type: "scatter", symbolSize: (v) => 12 + Math.min(26, Math.sqrt(v[3] || 0) * 3), data: known.map((t) => [t.lng, t.lat, t.findings, t.farms]), label: { show: true, position: "top", fontSize: 11, formatter: (x) => `${known[x.dataIndex].name} ${known[x.dataIndex].findings}` }, labelLayout: { hideOverlap: true } }],
      };
    },
    months: () => ({
      grid: { left: 48, right: 48, top: 32, bottom: 32 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: data.months.map((m) => m.month) },
      yAxis: [{ type: "value" }, { type: "value", minInterval: 1, splitLine: { show: false } }],
      series: [
        { name: words.uses, type: "bar", color: "#8fb8a3", data: data.months.map((m) => m.uses) },
        { name: words.harvests, type: "line", symbol: "circle", symbolSize: 7, color: "#206bc4", data: data.months.map((m) => m.harvests) },
        { name: words.within, type: "line", yAxisIndex: 1, symbol: "triangle", symbolSize: 9, color: "#b02525", lineStyle: { type: "dashed" }, data: data.months.map((m) => m.within) },
      ],
    }),
  };
  document.querySelectorAll("[data-farm-chart]").forEach((box) => {
    const option = options[box.dataset.farmChart]();
    if (!option) { box.remove(); return; }
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, ...option });
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  });
}
