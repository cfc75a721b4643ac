// Menus and lists that float beside what opened them: one at a time, closed by Escape or a click outside.

import { icon, make } from "/static/dom.js";

let open = null;

export function closePopup() {
  if (open) open.close();
}

function place(box, anchor) {
  const from = anchor.getBoundingClientRect ? anchor.getBoundingClientRect() : anchor;
  const size = box.getBoundingClientRect();
  const [width, height] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
  const below = from.bottom + 4 + size.height <= height - 8;
  const top = below ? from.bottom + 4 : Math.max(8, from.top - 4 - size.height);
  box.style.top = `${Math.max(8, Math.min(top, height - size.height - 8))}px`;
  box.style.left = `${Math.max(8, Math.min(from.left, width - size.width - 8))}px`;
}

function show(box, anchor, back, onClose) {
  closePopup();
  const away = (event) => {
    if (!box.contains(event.target)) closePopup();
  };
  open = {
    close: (focus = true) => {
      open = null;
      document.removeEventListener("pointerdown", away, true);
      window.removeEventListener("resize", closePopup);
      const held = box.contains(document.activeElement);
      box.remove();
      if (focus && held && back && back.isConnected) back.focus();
      if (onClose) onClose();
    },
  };
  document.body.append(box);
  place(box, anchor);
  document.addEventListener("pointerdown", away, true);
  window.addEventListener("resize", closePopup);
}

function arrows(box, selector) {
  box.addEventListener("keydown", (event) => {
    const items = [...box.querySelectorAll(selector)].filter((one) => !one.hidden);
    const index = items.indexOf(document.activeElement);
    const moves = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 };
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      closePopup();
    } else if (event.key in moves && items.length) {
      event.preventDefault();
      items[(moves[event.key] + items.length) % items.length].focus();
    }
  });
}

// `items`: {label, onPick, icon, danger, checked}, {heading}, or null for a line between groups.
export function menu(label, anchor, items, back = document.activeElement) {
  const box = make("div", { class: "popup menu", role: "menu", "aria-label": label });
  for (const item of items.filter((one) => one !== undefined && one !== false)) {
    if (item === null) box.append(make("hr", { role: "separator" }));
    else if (item.heading) box.append(make("div", { class: "popup-heading", role: "presentation" }, item.heading));
    else if (item.note) box.append(make("div", { class: "popup-note", role: "presentation" }, item.note));
    else {
      const pick = () => {
        closePopup();
        item.onPick();
      };
      const role = "checked" in item ? "menuitemradio" : "menuitem";
      const attributes = { type: "button", role, tabindex: "-1", class: item.danger ? "danger" : null, onclick: pick };
      if ("checked" in item) attributes["aria-checked"] = String(item.checked);
      box.append(make("button", attributes, item.picture || (item.icon && icon(item.icon)), make("span", {}, item.label, item.hint ? make("small", {}, item.hint) : null), item.checked ? icon("check") : null));
    }
  }
  arrows(box, "[role^=menuitem]");
  show(box, anchor, back);
  const first = box.querySelector("[aria-checked=true]") || box.querySelector("[role^=menuitem]");
  if (first) first.focus();
}

// A list to choose from. With `most` > 1 several are ticked, and sent when the list is closed.
// `options`: {label, value, description, emoji, chosen, picture}.
export function choose(label, anchor, options, { least = 1, most = 1, onChoose }) {
  const many = most > 1 || least === 0;
  const chosen = new Set(options.filter((one) => one.chosen).map((one) => one.value));
  const before = JSON.stringify([...chosen]);
  const box = make("div", { class: "popup choices" });
  const list = make("div", { role: "listbox", "aria-label": label, "aria-multiselectable": many ? "true" : null });
  const rows = options.map((one) => {
    const row = make(
      "button",
      { type: "button", role: "option", tabindex: "-1", "aria-selected": String(chosen.has(one.value)) },
      one.picture || (one.emoji && make("span", { class: "emoji", "aria-hidden": "true" }, one.emoji.name)),
      make("span", {}, one.label, one.description ? make("small", {}, one.description) : null),
      icon("check"),
    );
    row.addEventListener("click", () => {
      if (!many) {
        chosen.clear();
        chosen.add(one.value);
        return closePopup();
      }
      if (chosen.has(one.value)) chosen.delete(one.value);
      else if (chosen.size < most) chosen.add(one.value);
      row.setAttribute("aria-selected", String(chosen.has(one.value)));
      return null;
    });
    return row;
  });
  list.append(...rows);
  if (options.length > 8) box.append(filter(options, rows));
  if (!options.length) list.append(make("div", { class: "popup-note" }, "Nothing to choose from here."));
  box.append(list);
  if (many) {
    const hint = least === most ? `Choose ${least}` : `Choose ${least} to ${Math.min(most, options.length)}`;
    box.append(make("div", { class: "popup-foot" }, make("span", {}, hint), make("button", { type: "button", class: "primary", onclick: closePopup }, "Done")));
  }
  arrows(box, "[role=option]");
  show(box, anchor, document.activeElement, () => {
    const values = options.map((one) => one.value).filter((one) => chosen.has(one));
    if (JSON.stringify([...chosen]) !== before && values.length >= least) onChoose(values);
  });
  (box.querySelector("input") || rows.find((row) => row.getAttribute("aria-selected") === "true") || rows[0] || box).focus();
}

function filter(options, rows) {
  const field = make("input", { type: "search", placeholder: "Search", "aria-label": "Search the list" });
  field.addEventListener("input", () => {
    const typed = field.value.toLowerCase();
    rows.forEach((row, index) => (row.hidden = !options[index].label.toLowerCase().includes(typed)));
  });
  return field;
}
