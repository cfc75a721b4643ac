// The dialogs: list of commands, a command's options, and modals that the bot opens.

import { act } from "/static/api.js";
import { make } from "/static/dom.js";

const box = document.getElementById("dialog");

function open(title, ...children) {
  box.replaceChildren(make("h3", { id: "dialog-title" }, title), ...children);
  if (!box.open) box.showModal();
}

export function close() {
  if (box.open) box.close();
}

function buttons(go) {
  return make(
    "div",
    { class: "buttons" },
    make("button", { type: "button", onclick: close }, "Cancel"),
    make("button", { class: "go" }, go),
  );
}

export function pick(title, items, onPick) {
  const shown = items.map((item) =>
    make("button", { type: "button", onclick: () => onPick(item) }, item.label, " ", make("span", { class: "small" }, item.note || "")),
  );
  const none = shown.length ? [] : [make("p", { class: "small" }, "The bot offers nothing here (yet).")];
  open(title, make("div", { class: "list" }, ...shown, ...none), make("div", { class: "buttons" }, make("button", { type: "button", onclick: close }, "Cancel")));
}

// A form whose submit may fail: the reason stays in the dialog.
function form(title, rows, go, onSubmit) {
  const wrong = make("p", { class: "wrong", role: "alert", hidden: true });
  const shown = make("form", {}, ...rows, wrong, buttons(go));
  shown.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await onSubmit();
      close();
    } catch (problem) {
      wrong.textContent = problem.message;
      wrong.hidden = false;
    }
  });
  open(title, shown);
  shown.querySelector("input, textarea, select")?.focus();
}

const [STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER, ATTACHMENT] = [3, 4, 5, 6, 7, 10, 11];

export function command(one, context) {
  const inputs = one.options.map((option) => [option, input(option, one, context)]);
  const rows = inputs.map(([option, field]) =>
    make("label", {}, `${option.name}${option.required ? " *" : ""}`, field, make("span", { class: "small" }, option.description)),
  );
  const send = async () => {
    const options = {};
    const files = {};
    for (const [option, field] of inputs) {
      if (option.type === ATTACHMENT) {
        if (field.files.length) files[option.name] = field.files[0];
      } else if (field.value !== "") {
        options[option.name] = value(option, field.value);
      }
    }
    await act("slash", { channel: context.channel, name: one.name, options }, files);
  };
  if (!rows.length) return send();
  return form(`/${one.name}`, rows, "Run", send);
}

function value(option, text) {
  if (option.type === INTEGER || option.type === NUMBER) return Number(text);
  if (option.type === BOOLEAN) return text === "true";
  if (option.type === USER || option.type === CHANNEL) return { id: text };
  return text;
}

function input(option, one, context) {
  const required = Boolean(option.required);
  if (option.type === ATTACHMENT) return make("input", { type: "file", required });
  const choices = choicesOf(option, context);
  if (choices) {
    const items = choices.map((choice) => make("option", { value: choice.value }, choice.name));
    return make("select", { required }, make("option", { value: "" }, ""), ...items);
  }
  const kind = option.type === INTEGER || option.type === NUMBER ? "number" : "text";
  const field = make("input", { type: kind, required, maxlength: option.max_length, step: "any" });
  if (option.autocomplete) complete(field, option, one, context);
  return field;
}

function choicesOf(option, context) {
  if (option.choices) return option.choices;
  if (option.type === BOOLEAN) return [true, false].map((one) => ({ name: String(one), value: one }));
  if (option.type === USER) return context.people.map((one) => ({ name: one.name, value: one.id }));
  if (option.type === CHANNEL) return context.channels.map((one) => ({ name: one.name, value: one.id }));
  return option.type > CHANNEL && option.type < NUMBER ? [] : null;
}

function complete(field, option, one, context) {
  const id = `list-${option.name}`;
  const list = make("datalist", { id });
  field.setAttribute("list", id);
  let asked = 0;
  field.addEventListener("input", async () => {
    const number = (asked += 1);
    const question = { channel: context.channel, name: one.name, option: option.name, typed: field.value };
    const found = await act("autocomplete", question).catch(() => ({ choices: [] }));
    if (number !== asked) return;
    list.replaceChildren(...found.choices.map((choice) => make("option", { value: choice.value }, choice.name)));
  });
  field.addEventListener("focus", () => field.after(list), { once: true });
}

// A modal of the bot: text inputs, selects and uploads, in rows or labels.
export function modal(interaction) {
  const fields = [];
  const rows = interaction.modal.components.map((row) => {
    if (row.type === 10) return make("p", {}, row.content);
    const one = row.component || row.components[0];
    const field = modalField(one);
    fields.push([one, field]);
    return make("label", {}, row.label || one.label || one.custom_id, field, make("span", { class: "small" }, row.description || ""));
  });
  form(interaction.modal.title, rows, "Submit", async () => {
    const answers = {};
    const files = {};
    for (const [one, field] of fields) {
      if (one.type === 19) {
        if (field.files.length) files[one.custom_id] = [...field.files];
      } else if (one.type === 3) answers[one.custom_id] = [...field.selectedOptions].map((option) => option.value);
      else if (one.type === 23) answers[one.custom_id] = field.checked;
      else answers[one.custom_id] = field.value;
    }
    await act("modal", { interaction: interaction.id, answers }, files);
  });
}

function modalField(one) {
  const required = one.required !== false;
  if (one.type === 19) return make("input", { type: "file", required, multiple: (one.max_values || 1) > 1 });
  if (one.type === 23) return make("input", { type: "checkbox" });
  if (one.type === 3) {
    const items = one.options.map((option) => make("option", { value: option.value, selected: option.default }, option.label));
    return make("select", { required, multiple: (one.max_values || 1) > 1 }, items);
  }
  const limits = { required, minlength: one.min_length, maxlength: one.max_length || 4000, placeholder: one.placeholder };
  const field = make(one.style === 2 ? "textarea" : "input", limits);
  field.value = one.value || "";
  return field;
}
