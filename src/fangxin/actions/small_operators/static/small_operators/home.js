// Charts of the action's home. Everything they show stands in a table on the same page.
const source = document.getElementById("small-charts");
if (source && window.echarts) {
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const said = (t) => `${t.name}：${t.coverage === null ? words.none : `${t.coverage}%`}（${words.seen} ${t.seen}，${words.registered} ${t.seen_registered}）`;
  const options = {
    towns: () => {
      const sorted = [...data.towns].sort((a, b) => (a.coverage ?? -1) - (b.coverage ?? -1));
      return {
        grid: { left: 96, right: 56, top: 8, bottom: 28 },
        xAxis: { type: "value", max: 100, axisLabel: { formatter: "{value}%" } },
        yAxis: { type: "category", data: sorted.map((t) => t.name), axisLabel: { interval: 0, fontSize: 11 } },
        tooltip: { formatter: (x) => said(sorted[x.dataIndex]) },
        series: [{ type: "bar", itemStyle: { color: "#2f6f4f" }, data: sorted.map((t) => t.coverage), label: { show: true, position: "right", formatter: (x) => (x.value === null || x.value === undefined ? "—" : `${x.value}%`) } }],
      };
    },
    map: () => {
      const known = data.towns.filter((t) => t.lat !== null && t.lng !== null);
      if (!known.length) return null;
      return {
        grid: { left: 24, right: 32, top: 24, bottom: 56 },
        xAxis: { type: "value", scale: true, show: false },
        yAxis: { type: "value", scale: true, show: false },
        visualMap: { min: 0, max: 100, dimension: 2, orient: "horizontal", left: "center", bottom: 0, text: ["100%", "0%"], inRange: { color: ["#b3541e", "#e8c55b", "#2f6f4f"] } },
        tooltip: { formatter: (x) => said(known[x.dataIndex]) },
        series: [{ type: "scatter", symbolSize: (v) => 10 + Math.min(26, Math.sqrt(v[3] || 0)), data: known.map((t) => [t.lng, t.lat, t.coverage, t.registered]), label: { show: true, position: "top", fontSize: 11, formatter: (x) => `${known[x.dataIndex].name} ${known[x.dataIndex].coverage === null ? "—" : `${known[x.dataIndex].coverage}%`}` }, labelLayout: { hideOverlap: true } }],
      };
    },
    months: () => ({
      grid: { left: 60, right: 60, top: 32, bottom: 32 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: data.months.map((m) => m.month) },
      yAxis: [{ type: "value", scale: true }, { type: "value", splitLine: { show: false } }],
      series: [
        { name: words.held, type: "line", symbol: "circle", symbolSize: 7, color: "#206bc4", data: data.months.map((m) => m.held) },
        { name: words.issued, type: "bar", yAxisIndex: 1, color: "#8fb8a3", data: data.months.map((m) => m.issued) },
      ],
    }),
  };
  document.querySelectorAll("[data-small-chart]").forEach((box) => {
    const option = options[box.dataset.smallChart]();
    if (!option) { box.remove(); return; }
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, ...option });
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  });
}
