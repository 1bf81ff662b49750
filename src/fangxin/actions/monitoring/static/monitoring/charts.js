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
    counts: () => ({
      grid: { left: 40, right: 16, top: 32, bottom: 32 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: data.dates },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        { name: words.observed, type: "bar", color: "#8fb8a3", data: data.observed },
        { name: words.expected, type: "line", symbol: "none", color: "#206bc4", data: data.expected },
        { name: words.bounds, type: "line", symbol: "none", color: "#b02525", lineStyle: { type: "dashed" }, data: data.bounds },
      ],
    }),
    places: (box) => {
      // Kilometres from the middle, so that a kilometre is as long east as north.
      const lats = data.places.map((p) => p.at[0]);
      const lons = data.places.map((p) => p.at[1]);
      const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
      const east = 111.32 * Math.cos((middle(lats) * Math.PI) / 180);
      const spots = data.places.map((p) => ({
        name: p.name,
        value: [(p.at[1] - middle(lons)) * east, (p.at[0] - middle(lats)) * 110.57, p.cases],
        inside: p.inside,
      }));
      const reach = (axis) => 1.15 * Math.max(1, ...spots.map((s) => Math.abs(s.value[axis])));
      const [width, height] = [box.clientWidth - 40, box.clientHeight - 60];
      const scale = Math.max((2 * reach(0)) / width, (2 * reach(1)) / height);
      const axis = (pixels) => ({ type: "value", show: false, min: (-scale * pixels) / 2, max: (scale * pixels) / 2 });
      const group = (name, inside, color) => ({
        name,
        type: "scatter",
        color,
        data: spots.filter((s) => s.inside === inside),
        symbolSize: (value) => 8 + 7 * Math.sqrt(value[2]),
        label: { show: true, position: "right", formatter: (p) => (p.value[2] ? `${p.name} ${p.value[2]}` : p.name) },
        labelLayout: { hideOverlap: true },
      });
      return {
        grid: { left: 20, right: 20, top: 40, bottom: 20 },
        legend: { top: 0 },
        xAxis: axis(width),
        yAxis: axis(height),
        series: [group(words.inside, true, "#b02525"), group(words.outside, false, "#8fb8a3")],
      };
    },
  };
  document.querySelectorAll("[data-risk-chart]").forEach((box) => {
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, ...options[box.dataset.riskChart](box) });
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  });
}
