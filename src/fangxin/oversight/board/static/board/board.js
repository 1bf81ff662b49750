// Charts of one indicator. Everything they show stands in a table on the same page.
const source = document.getElementById("board-charts");
if (source && window.echarts) {
  const data = JSON.parse(source.textContent);
  const unit = data.unit;
  const axis = { type: "value", axisLabel: { formatter: (v) => `${v}${unit.length < 3 ? unit : ""}` } };
  const target = data.target === null ? undefined : { silent: true, symbol: "none", label: { formatter: `${data.words.target} ${data.target}`, position: "insideEndTop" }, data: [{ yAxis: data.target }] };
  const share = (p) => `${p.name}：${p.value === null ? "—" : p.value + unit}（${p.numerator ?? "—"} / ${p.denominator ?? "—"}，${p.status}）`;

  const options = {
    trend: () => ({
      grid: { left: 60, right: 24, top: 24, bottom: 40 },
      xAxis: { type: "category", data: data.trend.map((t) => t[0]) },
      yAxis: { ...axis, scale: true },
      tooltip: { trigger: "axis" },
      series: [{ type: "line", symbolSize: 8, connectNulls: false, data: data.trend.map((t) => t[2]), markLine: target }],
    }),
    places: () => {
      const sorted = [...data.places].sort((a, b) => (a.value ?? -1) - (b.value ?? -1));
      return {
        grid: { left: 96, right: 56, top: 8, bottom: 28 },
        xAxis: axis,
        yAxis: { type: "category", data: sorted.map((p) => p.name), axisLabel: { interval: 0 } },
        tooltip: { formatter: (x) => share(sorted[x.dataIndex]) },
        series: [{ type: "bar", data: sorted.map((p) => p.value), label: { show: true, position: "right", formatter: (x) => (x.value === null || x.value === undefined ? "—" : x.value) } }],
      };
    },
    map: () => {
      const known = data.places.filter((p) => p.lng !== null && p.lat !== null);
      if (!known.length) return null;
      const values = known.map((p) => p.value).filter((v) => v !== null);
      return {
        grid: { left: 24, right: 24, top: 16, bottom: 56 },
        xAxis: { type: "value", scale: true, show: false },
        yAxis: { type: "value", scale: true, show: false },
        visualMap: { min: Math.min(0, ...values), max: Math.max(1, ...values), dimension: 2, orient: "horizontal", left: "center", bottom: 0, calculable: true, inRange: { color: ["#b3541e", "#e8c55b", "#2f6f4f"] } },
        tooltip: { formatter: (x) => share(known[x.dataIndex]) },
        series: [{ type: "scatter", symbolSize: (v) => 10 + Math.min(24, Math.sqrt(v[3] || 0)), data: known.map((p) => [p.lng, p.lat, p.value, p.denominator]), label: { show: true, position: "top", formatter: (x) => known[x.dataIndex].name + (known[x.dataIndex].value === null ? " —" : ` ${known[x.dataIndex].value}`), fontSize: 11 } }],
      };
    },
  };

  document.querySelectorAll("[data-chart]").forEach((box) => {
    const option = options[box.dataset.chart]();
    if (!option) { box.remove(); return; }
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, ...option });
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  });
}
