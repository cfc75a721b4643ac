// A modal that the bot opened: text inputs, menus and uploads, in rows or labels.

import { act } from "/static/api.js";
import { openForm } from "/static/dialog.js";
import { make } from "/static/dom.js";
import { markdown } from "/static/markdown.js";
import { optionsOf } from "/static/components.js";
import { world } from "/static/world.js";

const [ROW, SELECT, TEXT, MEMBERS, LABEL, UPLOAD, RADIO, BOXES, BOX] = [1, 3, 10, 5, 18, 19, 21, 22, 23];

export function openModal(interaction, onSent) {
  const fields = [];
  const rows = interaction.modal.components.map((row) => {
    if (row.type === TEXT) return make("div", { class: "content" }, markdown(row.content));
    const one = row.type === LABEL ? row.component : row.components[0];
    const field = control(one);
    fields.push([one, field]);
    const star = one.required === false ? null : make("span", { class: "needed", "aria-hidden": "true" }, " *");
    const note = row.description ? make("small", {}, row.description) : null;
    const name = row.type === ROW ? one.label : row.label;
    const wrap = [RADIO, BOXES].includes(one.type) ? "fieldset" : "label";
    return make(wrap, { class: "field-row" }, make(wrap === "label" ? "span" : "legend", {}, name, star), note, field.node, field.count || null);
  });
  const notice = make("p", { class: "notice" }, `This form goes to ${world.bot.name}. Do not share passwords or other secrets.`);
  openForm(interaction.modal.title, [...rows, notice], "Submit", async () => {
    const [answers, files] = [{}, {}];
    for (const [one, field] of fields) {
      if (one.type === UPLOAD) {
        if (field.node.files.length) files[one.custom_id] = [...field.node.files];
      } else {
        const value = field.value();
        if (value !== null) answers[one.custom_id] = value;
      }
    }
    onSent(await act("modal", { interaction: interaction.id, answers }, files));
  });
}

function control(one) {
  const required = one.required !== false;
  if (one.type === UPLOAD) return { node: make("input", { type: "file", required, multiple: (one.max_values || 1) > 1 }) };
  if (one.type === BOX) {
    const node = make("input", { type: "checkbox", checked: one.default });
    return { node, value: () => node.checked };
  }
  if (one.type === RADIO || one.type === BOXES) return ticks(one, required);
  if (one.type === SELECT || (one.type >= MEMBERS && one.type < TEXT)) return menu(one, required);
  return text(one, required);
}

function ticks(one, required) {
  const kind = one.type === RADIO ? "radio" : "checkbox";
  const boxes = one.options.map((option) => make("input", { type: kind, name: one.custom_id, value: option.value, checked: option.default, required: kind === "radio" && required }));
  const node = make("div", { class: "ticks" }, one.options.map((option, index) => make("label", {}, boxes[index], option.label)));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return { node, value: () => (kind === "radio" ? chosen()[0] || null : chosen()) };
}

function menu(one, required) {
  const many = (one.max_values || 1) > 1;
  const options = optionsOf(one);
  const items = options.map((option) => make("option", { value: option.value, selected: option.chosen }, option.description ? `${option.label} — ${option.description}` : option.label));
  if (!many) items.unshift(make("option", { value: "" }, one.placeholder || "Make a choice"));
  const node = make("select", { required, multiple: many, size: many ? Math.min(6, items.length) : null }, items);
  const value = () => {
    const values = [...node.selectedOptions].map((option) => option.value).filter(Boolean);
    if (!values.length && !required) return null;
    return one.type === SELECT ? values : values.map((id) => ({ id }));
  };
  return { node, value };
}

function text(one, required) {
  const most = one.max_length || 4000;
  const limits = { required, minlength: one.min_length, maxlength: most, placeholder: one.placeholder, rows: one.style === 2 ? 4 : null };
  const node = make(one.style === 2 ? "textarea" : "input", limits);
  node.value = one.value || "";
  const count = make("small", { class: "count", "aria-hidden": "true" });
  const write = () => (count.textContent = one.max_length ? `${[...node.value].length} / ${most}` : "");
  node.addEventListener("input", write);
  write();
  return { node, count, value: () => node.value };
}
