// What hangs under a message: buttons, menus, and the layouts of components v2.

import { avatar, colour, icon, make, safe } from "/static/dom.js";
import { markdown } from "/static/markdown.js";
import { fileCard, picture } from "/static/media.js";
import { choose } from "/static/popup.js";
import { channelsHere, peopleHere, rolesHere } from "/static/world.js";

const STYLE = { 1: "primary", 2: "plain", 3: "good", 4: "danger", 5: "plain" };
const media = (item) => ({ ...item.media, alt: item.description, hidden: item.spoiler });

// `use`: press(message, component), select(message, component, values).
export function component(message, one, use) {
  const inner = () => (one.components || []).map((child) => component(message, child, use));
  switch (one.type) {
    case 1:
      return make("div", { class: "row" }, inner());
    case 2:
      return button(message, one, use);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return select(message, one, use);
    case 9:
      return make("div", { class: "section" }, make("div", {}, inner()), component(message, one.accessory, use));
    case 10:
      return make("div", { class: "content" }, markdown(one.content));
    case 11:
      return make("div", { class: "thumbnail" }, picture(media(one)));
    case 12:
      return make("div", { class: `gallery count${Math.min(one.items.length, 4)}` }, one.items.map((item) => picture(media(item))));
    case 13:
      return fileCard(one.name, one.size, one.file.url);
    case 14:
      return one.divider === false ? make("div", { class: "space" }) : make("hr");
    case 17: {
      const box = make("div", { class: "embed box" }, inner());
      if (one.accent_color !== null && one.accent_color !== undefined) box.style.setProperty("--edge", colour(one.accent_color));
      return box;
    }
    default:
      return make("small", {}, "(a component that this page cannot show)");
  }
}

const emoji = (one) => (one ? make("span", { class: "emoji", "aria-hidden": one.id ? null : "true" }, one.id ? `:${one.name}:` : one.name) : null);

function button(message, one, use) {
  const inside = [emoji(one.emoji), one.label];
  const style = `component ${STYLE[one.style] || "plain"}`;
  if (one.style === 5) {
    const attributes = { class: style, target: "_blank", rel: "noopener noreferrer", href: one.disabled ? null : safe(one.url), "aria-disabled": one.disabled ? "true" : null };
    return make("a", attributes, inside, icon("link"));
  }
  const label = one.label ? null : (one.emoji && one.emoji.name) || "Button";
  const pressed = (event) => busy(event.currentTarget, use.press(message, one));
  return make("button", { class: style, type: "button", disabled: one.disabled, "aria-label": label, "data-custom-id": one.custom_id, onclick: pressed }, inside);
}

// While the bot has not acknowledged, the component says so and takes no second press.
async function busy(element, work) {
  element.setAttribute("aria-busy", "true");
  try {
    await work;
  } finally {
    element.removeAttribute("aria-busy");
  }
}

export function optionsOf(one) {
  const chosen = new Set((one.default_values || []).map((value) => value.id));
  const people = () => peopleHere().map((who) => ({ label: who.name, value: who.id, description: who.standing, picture: avatar(who, "tiny") }));
  const roles = () => rolesHere().map((role) => ({ label: `@${role.name.replace(/^@/, "")}`, value: role.id }));
  const channels = () =>
    channelsHere()
      .filter((place) => !one.channel_types || !one.channel_types.length || one.channel_types.includes(place.type))
      .map((place) => ({ label: `#${place.name}`, value: place.id }));
  const kinds = { 5: people, 6: roles, 7: () => [...people(), ...roles()], 8: channels };
  if (one.type === 3) return one.options.map((option) => ({ ...option, chosen: option.default }));
  return kinds[one.type]().map((option) => ({ ...option, chosen: chosen.has(option.value) }));
}

function select(message, one, use) {
  const options = optionsOf(one);
  const chosen = options.filter((option) => option.chosen);
  const label = one.placeholder || "Make a choice";
  const shown = chosen.length ? chosen.map((option) => option.label).join(", ") : label;
  const list = make(
    "button",
    { type: "button", class: `select ${chosen.length ? "" : "empty"}`, disabled: one.disabled, "aria-haspopup": "listbox", "aria-label": chosen.length ? `${label}: ${shown}` : label, "data-custom-id": one.custom_id },
    make("span", {}, shown),
    icon("chevron"),
  );
  list.addEventListener("click", () =>
    choose(label, list, options, {
      least: one.min_values,
      most: one.max_values,
      onChoose: (values) => busy(list, use.select(message, one, one.type === 3 ? values : values.map((id) => ({ id })))),
    }),
  );
  return list;
}
