// Cells copied from a spreadsheet land in the grid from the cell in which they are pasted.
document.querySelectorAll("[data-paste-grid]").forEach((grid) => {
  grid.addEventListener("paste", (event) => {
    const start = event.target.closest("input.form-control");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!start || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("input.form-control")]);
    const top = rows.findIndex((row) => row.includes(start));
    const left = rows[top].indexOf(start);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const cell = rows[top + down] && rows[top + down][left + right];
        if (cell) cell.value = value.trim();
      });
    });
  });
});
