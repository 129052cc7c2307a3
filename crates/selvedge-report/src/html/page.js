"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const findings = [...document.querySelectorAll(".finding")];
  if (!tools || findings.length === 0) return;
  tools.hidden = false;
  const search = tools.querySelector("input[type=search]");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const status = tools.querySelector("output");
  const text = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const finding of findings) {
      const hit = levels.has(finding.dataset.severity) && words.every((word) => text.get(finding).includes(word));
      finding.hidden = !hit;
      shown += hit ? 1 : 0;
    }
    status.textContent = shown === findings.length ? "" : `${shown} of ${findings.length} shown`;
  };
  const open = (state) => findings.forEach((finding) => { finding.open = state; });
  search.addEventListener("input", apply);
  boxes.forEach((box) => box.addEventListener("change", apply));
  tools.querySelector("[data-open]").addEventListener("click", () => open(true));
  tools.querySelector("[data-close]").addEventListener("click", () => open(false));
  window.addEventListener("beforeprint", () => open(true));
  apply();
})();
