// Small comforts on top of forms that work without it: add and drop rows, print, guard against lost typing.
"use strict";

document.documentElement.classList.add("js");

function renumber(row, index) {
  for (const name of ["name", "id", "for", "aria-describedby"]) {
    for (const part of row.querySelectorAll(`[${name}]`)) {
      part.setAttribute(name, part.getAttribute(name).replace(/-\d+-/g, `-${index}-`));
    }
  }
}

function clear(row) {
  for (const input of row.querySelectorAll("input, select, textarea")) {
    input.removeAttribute("aria-invalid");
    if (input.type === "checkbox" || input.type === "radio") input.checked = false;
    else if (input.tagName === "SELECT") input.selectedIndex = 0;
    else input.value = "";
  }
  for (const message of row.querySelectorAll(".error-text")) message.remove();
  for (const details of row.querySelectorAll("details")) details.open = false;
}

function nextIndex(rows) {
  const used = [...rows.querySelectorAll("[name]")].map((part) => Number(/-(\d+)-/.exec(part.name)?.[1] ?? -1));
  return Math.max(-1, ...used) + 1;
}

function addRow(rows) {
  const all = rows.querySelectorAll(":scope > .row");
  const copy = all[all.length - 1].cloneNode(true);
  renumber(copy, nextIndex(rows));
  clear(copy);
  rows.append(copy);
  copy.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function dropRow(row) {
  const rows = row.parentElement;
  if (rows.querySelectorAll(":scope > .row").length === 1) clear(row);
  else row.remove();
}

let typed = false;
let sending = false;

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) {
    event.preventDefault();
    addRow(document.getElementById(add.dataset.addRow));
    typed = true;
    return;
  }
  const drop = event.target.closest("[data-drop-row]");
  if (drop) {
    event.preventDefault();
    dropRow(drop.closest(".row"));
    typed = true;
    return;
  }
  if (event.target.closest("[data-print]")) window.print();
  const menu = document.querySelector("details.who[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("input", (event) => {
  if (event.target.form?.matches("[data-guard]")) typed = true;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  sending = true;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.who[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

window.addEventListener("pageshow", () => { sending = false; });
window.addEventListener("beforeunload", (event) => {
  if (typed && !sending) event.preventDefault();
});

const faulty = document.querySelector("[data-errors]");
if (faulty) faulty.focus();
