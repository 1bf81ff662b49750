// A return's draft is kept while it is being written.
(() => {
  const form = document.getElementById("return-form"), state = document.getElementById("draft-state");
  if (!form || !state) return;
  let timer = null, leaving = false;
  const save = async () => {
    const data = new FormData(form);
    data.delete("file");
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: data });
      state.textContent = (await answer.json()).words;
    } catch {
      state.textContent = form.dataset.failed;
    }
  };
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!leaving) save(); }, 1500);
  };
  form.addEventListener("input", plan);
  // Somebody may have begun to write before this file was there.
  if ([...form.querySelectorAll("input, textarea")].some((field) => field.type !== "file" && field.value !== field.defaultValue)) plan();
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
})();
