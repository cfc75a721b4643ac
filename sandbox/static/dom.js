// Elements built node by node, so that text from people stays text.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const at = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

// Line drawings on a 24 × 24 grid.
const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  slash: "M15 5L9 19",
  send: "M4 12l16-8-5 16-3-6.5z",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  forward: "M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6",
  more: "M5 11.5a.5.5 0 1 0 .01 0zM12 11.5a.5.5 0 1 0 .01 0zM19 11.5a.5.5 0 1 0 .01 0z",
  smile: "M12 3a9 9 0 1 0 .01 0zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  hide: "M4 4l16 16M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-2.7 3.3M6.2 8A15 15 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 3.5-.7",
  down: "M12 5v13M6 13l6 6 6-6",
  chevron: "M7 10l5 5 5-5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  hash: "M9 4L7 20M17 4l-2 16M4.5 9h15.5M4 15h15.5",
  thread: "M4 6h16M4 11h9M15 14v4h5M4 16h6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  apps: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1.5-1.5",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// A button that shows only a drawing; `label` is its name and its tooltip.
export function iconButton(name, label, onclick, attributes = {}) {
  return make("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

export function avatar(person, size = "") {
  const name = person.name || person.username || "?";
  const circle = make("span", { class: `avatar ${size} ${person.bot ? "app" : ""}`, "aria-hidden": "true" }, [...name][0].toUpperCase());
  if (!person.bot) circle.style.setProperty("--hue", String(hue(person.username || name)));
  return circle;
}

// A colour for a name: its hash times the golden angle, so that near hashes are far apart.
function hue(name) {
  let hash = 7;
  for (const sign of name) hash = (hash * 31 + sign.codePointAt(0)) % 65521;
  return Math.round(hash * 137.508) % 360;
}

// Only http(s) addresses and our own files become links or pictures.
export function safe(url) {
  return /^(https?:\/\/|\/cdn\/)/i.test(url || "") ? url : null;
}

export function outside(href, ...children) {
  return make("a", { href: safe(href), target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export const colour = (number) => `#${number.toString(16).padStart(6, "0")}`;
