// A text field with a list of suggestions below (or above) it: arrows move, Enter or Tab takes one.

import { make } from "/static/dom.js";

let made = 0;

// `suggest(typed)` returns (a promise of) [{label, note, value}]; `onPick(item)` gets the chosen one.
export function suggestions(field, list, label, suggest, onPick) {
  made += 1;
  list.id ||= `suggestions-${made}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  list.hidden = true;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" })) {
    field.setAttribute(name, value);
  }
  let items = [];
  let active = -1;
  let asked = 0;

  function close() {
    asked += 1;
    list.hidden = true;
    items = [];
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = (index + items.length) % items.length;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[active].id);
  }

  function pick(item) {
    close();
    onPick(item);
  }

  async function open() {
    const number = (asked += 1);
    const found = await suggest(field.value);
    if (number !== asked) return;
    items = found || [];
    list.replaceChildren(
      ...items.map((item, index) => {
        const row = make("div", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, make("span", {}, item.label), item.note ? make("small", {}, item.note) : null);
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          pick(item);
        });
        return row;
      }),
    );
    list.hidden = !items.length;
    field.setAttribute("aria-expanded", String(Boolean(items.length)));
    active = -1;
    if (items.length && field.value) mark(0); // before anything is typed, Enter means "without this"
  }

  field.addEventListener("input", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return null;
    const moves = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
    const takes = event.key === "Enter" || (event.key === "Tab" && !event.shiftKey);
    if (event.key in moves) mark(moves[event.key]);
    else if (takes && (active < 0 || event.ctrlKey)) return close();
    else if (takes) pick(items[active]);
    else if (event.key === "Escape") close();
    else return null;
    event.preventDefault();
    event.stopImmediatePropagation();
    return null;
  });
  return { open, close };
}
