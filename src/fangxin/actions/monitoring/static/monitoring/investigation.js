// The line list as a grid that takes a block pasted from a sheet, and the epidemic curve.
(() => {
  const told = (id) => {
    const node = document.getElementById(id);
    return node ? JSON.parse(node.textContent) : null;
  };

  const curve = told("epi-curve");
  const place = document.querySelector("[data-epi-curve]");
  if (curve && place && window.echarts) {
    const chart = window.echarts.init(place);
    chart.setOption({
      animation: false,
      grid: { left: 40, right: 10, top: 20, bottom: 60 },
      xAxis: { type: "category", data: curve.labels, axisLabel: { rotate: 45 } },
      yAxis: { type: "value", minInterval: 1, name: curve.words.cases },
      series: [{ type: "bar", name: curve.words.cases, data: curve.cases, barCategoryGap: "0%", itemStyle: { borderWidth: 1, borderColor: "#fff" } }],
    });
    window.addEventListener("resize", () => chart.resize());
  }

  const grid = told("grid");
  const table = document.querySelector("[data-grid]");
  const form = document.querySelector("[data-grid-form]");
  if (!grid || !table || !form) return;
  const words = grid.words;
  const columns = grid.columns;
  const rows = grid.rows.map((cells) => ({ ...cells }));
  const foods = [...grid.foods];
  let changed = false;
  const blank = 3;

  const fill = () => {
    while (rows.length < grid.rows.length + blank) rows.push({});
    table.replaceChildren();
    const head = table.createTHead().insertRow();
    for (const [, label] of columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = label;
      head.append(cell);
    }
    const body = table.createTBody();
    rows.forEach((row, r) => {
      const line = body.insertRow();
      columns.forEach(([key, label], c) => {
        const input = document.createElement("input");
        input.value = row[key] || "";
        input.className = "form-control form-control-sm";
        input.setAttribute("aria-label", `${r + 1} ${label}`);
        input.maxLength = 200;
        input.readOnly = !grid.editable;
        input.dataset.key = key;
        input.dataset.row = r;
        input.dataset.column = c;
        line.insertCell().append(input);
      });
    });
  };

  table.addEventListener("input", (event) => {
    const { row, column } = event.target.dataset;
    rows[row][columns[column][0]] = event.target.value;
    changed = true;
  });

  // A block of a sheet is spread from the cell it is pasted into, and lengthens the list where needed.
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!grid.editable || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const top = Number(event.target.dataset.row);
    const left = Number(event.target.dataset.column);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, r) => {
      while (rows.length <= top + r) rows.push({});
      line.split("\t").forEach((cell, c) => {
        if (columns[left + c]) rows[top + r][columns[left + c][0]] = cell.trim();
      });
    });
    changed = true;
    fill();
  });

  table.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!step || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const next = table.querySelector(`[data-row="${Number(event.target.dataset.row) + step}"][data-column="${event.target.dataset.column}"]`);
    if (next) next.focus();
  });

  const button = (label, act) => {
    const node = document.createElement("button");
    node.type = "button";
    node.className = "btn";
    node.textContent = label;
    node.addEventListener("click", act);
    return node;
  };
  const name = document.createElement("input");
  name.className = "form-control w-auto";
  name.placeholder = words.name;
  name.setAttribute("aria-label", words.name);
  name.maxLength = 40;
  const buttons = form.querySelector("[data-grid-buttons]");
  if (grid.editable) {
    buttons.append(
      button(words.add, () => { rows.push({}); fill(); }),
      name,
      button(words.food, () => {
        const food = name.value.trim();
        if (!food || foods.includes(food)) return;
        foods.push(food);
        columns.push([`food:${food}`, food]);
        name.value = "";
        changed = true;
        fill();
      }),
    );
  } else {
    buttons.remove();
  }

  form.addEventListener("submit", () => {
    changed = false;
    const kept = rows.filter((row) => Object.values(row).some((cell) => String(cell).trim()));
    form.elements.list.value = JSON.stringify({ version: grid.version, foods, rows: kept });
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  fill();
})();
