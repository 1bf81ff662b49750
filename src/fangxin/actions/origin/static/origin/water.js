// The chart of one item of a section. Everything it shows stands in the tables of the section and its months.
const source = document.getElementById("water-data");
const box = document.getElementById("water-chart");
const choice = document.getElementById("water-item");
if (source && box && choice && window.echarts) {
  const data = JSON.parse(source.textContent);
  data.items.forEach((item, number) => choice.add(new Option(item.name, String(number))));
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  const option = (item) => ({
    animation: false,
    grid: { left: 60, right: 24, top: 24, bottom: 36 },
    tooltip: { trigger: "axis", formatter: (rows) => {
      const point = item.points[rows[0].dataIndex];
      return point === null ? `${rows[0].name}：—` : `${rows[0].name}：${point.value}${point.below ? ` ${data.words.below}` : ""}`;
    } },
    xAxis: { type: "category", data: data.months },
    yAxis: { type: "value", scale: item.limit === null },
    series: [{
      name: item.name, type: "line", color: "#206bc4", symbolSize: 8, connectNulls: false,
      data: item.points.map((point) => (point === null ? null : { value: point.value, symbol: point.below ? "emptyTriangle" : "circle" })),
      markLine: item.limit === null ? undefined : {
        silent: true, symbol: "none", lineStyle: { color: "#b02525", type: "dashed", width: 2 },
        label: { formatter: `${data.words.limit} ${item.limit}`, position: "insideEndTop" }, data: [{ yAxis: item.limit }],
      },
    }],
  });
  const draw = () => chart.setOption(option(data.items[Number(choice.value)]), true);
  choice.addEventListener("change", draw);
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
  draw();
}
