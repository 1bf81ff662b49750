// The doctor's page: quick picks for the onset, one more food, and what was typed kept when the network or the page dies.
(() => {
  const form = document.querySelector("[data-doctor]");
  if (!form) return;

  const two = (n) => String(n).padStart(2, "0");
  const local = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
  const now = () => {
    const seen = form.elements.seen_at.value;
    return seen ? new Date(seen) : new Date();
  };

  document.querySelectorAll("[data-picks] button").forEach((button) => {
    button.addEventListener("click", () => {
      const at = now();
      if (button.dataset.hours) at.setHours(at.getHours() - Number(button.dataset.hours));
      if (button.dataset.day) {
        const [hour, minute] = button.dataset.at.split(":");
        at.setDate(at.getDate() + Number(button.dataset.day));
        at.setHours(Number(hour), Number(minute), 0, 0);
      }
      const field = document.getElementById(button.parentElement.dataset.picks);
      field.value = local(at);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  const foods = form.querySelector("[data-foods]");
  const total = form.elements["food-TOTAL_FORMS"];
  const more = form.querySelector("[data-more]");
  const blank = form.querySelector("[data-blank]");
  const most = Number(form.elements["food-MAX_NUM_FORMS"].value);
  const add = () => {
    const count = Number(total.value);
    if (count >= most) return;
    const holder = document.createElement("div");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", count);
    holder.querySelector("legend").textContent = more.dataset.word.replace("N", count + 1);
    foods.append(holder.firstElementChild);
    total.value = count + 1;
    more.hidden = count + 1 >= most;
  };
  more.addEventListener("click", () => {
    add();
    foods.lastElementChild.querySelector("input").focus();
  });

  // Who the patient is never stays in the browser.
  const secret = ["name", "id_number", "phone", "guardian", "address", "record_number", "born_on", "csrfmiddlewaretoken"];
  const key = `fangxin.${form.dataset.doctor}`;
  const kept = (node) => node.name && !secret.includes(node.name) && node.type !== "hidden" && node.type !== "submit";
  const save = () => {
    const values = [...form.elements].filter(kept).map((node) => [node.name, node.value, node.checked === true]);
    try {
      localStorage.setItem(key, JSON.stringify({ foods: total.value, values }));
    } catch {
      // A full or forbidden store: the page works without it.
    }
  };
  const restore = (told) => {
    while (Number(total.value) < Number(told.foods)) add();
    for (const [name, value, checked] of told.values) {
      for (const node of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (node.type === "checkbox" || node.type === "radio") {
          if (node.value === value) node.checked = checked;
        } else if (value) {
          node.value = value;
        }
      }
    }
  };
  const stored = localStorage.getItem(key);
  const failed = form.querySelector(".is-invalid, .alert-danger");
  if (stored && !failed) {
    restore(JSON.parse(stored));
    form.querySelector("[data-restored]").classList.remove("d-none");
  }
  form.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(key);
    window.location.reload();
  });
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      save();
      form.querySelector("[data-restored]").classList.remove("d-none");
      return;
    }
    clearTimeout(waiting);
    sessionStorage.setItem("fangxin.sent", key);
  });
})();
