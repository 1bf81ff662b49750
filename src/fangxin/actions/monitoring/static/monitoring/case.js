// The case was saved: what the doctor's page kept for it in the browser is no longer needed.
(() => {
  const key = sessionStorage.getItem("fangxin.sent");
  if (!key) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem("fangxin.sent");
})();
