// Copies a field of the registration slip. Where the browser does not let a page copy, the text is selected instead.
"use strict";

function told(button, text) {
  const status = document.querySelector("[data-copy-status]");
  if (status) status.textContent = text;
  const before = button.dataset.label ?? button.textContent;
  button.dataset.label = before;
  button.textContent = text;
  button.addEventListener("blur", () => { button.textContent = before; }, { once: true });
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const nodes = [...document.querySelectorAll(button.dataset.copy)];
  const text = nodes.map((node) => (nodes.length > 1 ? node.dataset.copyLine : node.textContent.trim())).join("\n");
  try {
    await navigator.clipboard.writeText(text);
    told(button, "Đã chép");
  } catch {
    select(nodes[0]);
    told(button, "Bấm Ctrl+C");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
