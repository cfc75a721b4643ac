// The one dialog of the page: its frame, and forms whose mistakes stay on the screen.

import { at, iconButton, make } from "/static/dom.js";

const box = at("dialog");

export function openDialog(title, ...children) {
  const head = make("header", {}, make("h2", { id: "dialog-title" }, title), iconButton("close", "Close", closeDialog));
  box.className = "";
  box.replaceChildren(head, ...children);
  if (!box.open) box.showModal();
  const first = box.querySelector("input:checked, input, textarea, select, .primary");
  if (first) first.focus();
  return box;
}

export function closeDialog() {
  if (box.open) box.close();
}

box.addEventListener("click", (event) => {
  if (event.target === box) closeDialog();
});

export function openForm(title, rows, go, onSubmit) {
  const wrong = make("p", { class: "wrong", role: "alert", hidden: true });
  const submit = make("button", { class: "primary" }, go);
  const cancel = make("button", { type: "button", class: "quiet", onclick: closeDialog }, "Cancel");
  const form = make("form", {}, ...rows, wrong, make("div", { class: "buttons" }, cancel, submit));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await onSubmit();
      closeDialog();
    } catch (problem) {
      wrong.textContent = problem.message;
      wrong.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  openDialog(title, form);
}
