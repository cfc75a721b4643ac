// Servers, channels, members: where one is and who else is there.

import { at, avatar, icon, make } from "/static/dom.js";
import { placeOf, world } from "/static/world.js";

const letters = (name) => name.split(/\s+/).map((word) => [...word][0]).join("").slice(0, 3).toUpperCase();
const [DM, GROUP, THREAD] = [1, 3, 11];

export const glyph = (channel) => (channel.type === THREAD ? "thread" : channel.type === GROUP ? "people" : "hash");
export const label = (channel) => (channel.dm ? channel.name : `#${channel.name}`);

export function showPlaces(enter) {
  const here = placeOf(world.channel);
  const direct = world.places.at(-1);
  const servers = world.places.slice(0, -1);
  const tile = (place, face) => {
    const unread = place.channels.some((one) => world.unread.has(one.id));
    return make("button", { type: "button", class: `tile ${unread ? "unread" : ""}`, title: place.name, "aria-label": unread ? `${place.name}, unread` : place.name, "aria-current": place === here ? "true" : null, onclick: () => enter(place.channels[0]) }, face);
  };
  at("rail").replaceChildren(tile(direct, icon("chat")), make("hr"), ...servers.map((place) => tile(place, make("span", { "aria-hidden": "true" }, letters(place.name)))));
  at("place-name").textContent = here.name;
  at("place-note").textContent = here.installed === false ? `${world.bot.name} is not in this server` : "";
  const tops = here.channels.filter((one) => !one.parent);
  at("channels").replaceChildren(...tops.flatMap((one) => [entry(one, enter), ...here.channels.filter((other) => other.parent === one.id).map((other) => entry(other, enter))]));
}

function entry(channel, enter) {
  const unread = world.unread.has(channel.id);
  const face = channel.type === DM ? avatar(channel.people.find((one) => one.id !== world.me.id) || world.me, "tiny") : icon(glyph(channel));
  const marks = [channel.nsfw ? make("span", { class: "nsfw", title: "Age-restricted" }, "18+") : null, unread ? make("span", { class: "dot", "aria-label": "unread" }) : null];
  const attributes = { type: "button", class: `channel ${unread ? "unread" : ""} ${channel.parent ? "thread" : ""}`, "aria-current": channel.id === world.channel.id ? "page" : null, onclick: () => enter(channel) };
  return make("li", {}, make("button", attributes, face, make("span", {}, channel.name), marks));
}

export function showHead() {
  const { channel } = world;
  at("title").replaceChildren(icon(channel.type === DM ? "chat" : glyph(channel)), channel.name);
  at("topic").textContent = channel.topic || (channel.type === DM ? "Direct messages" : "");
  at("text").placeholder = channel.may_post ? `Message ${label(channel)}` : "You may not post here";
  document.title = `${label(channel)} · Sandbox`;
}

export function intro() {
  const { channel } = world;
  const text = channel.dm ? `This is where ${channel.name} and you talk.` : `This is the start of ${label(channel)}.`;
  return make("li", { class: "intro" }, make("span", { class: "intro-icon" }, icon(channel.dm ? "chat" : glyph(channel))), make("h3", {}, channel.dm ? channel.name : channel.name), make("p", {}, text));
}

export function showMembers(onPerson) {
  const place = placeOf(world.channel);
  const members = place.members || world.channel.people.map((one) => ({ ...one, standing: one.bot ? "App" : "Member" }));
  const order = ["Owner", ...new Set(members.map((one) => one.standing))].filter((one) => !["Member", "App"].includes(one));
  const groups = [...new Set([...order, "Member", "App"])];
  const rows = groups.flatMap((standing) => {
    const people = members.filter((one) => one.standing === standing);
    if (!people.length) return [];
    return [make("h3", {}, `${standing} — ${people.length}`), make("ul", {}, people.map((one) => make("li", {}, person(one, onPerson))))];
  });
  at("members").replaceChildren(make("h2", { class: "hidden-text" }, "Members"), ...rows);
}

function person(one, onPerson) {
  const you = one.id === world.me.id ? make("small", {}, "you") : null;
  return make("button", { type: "button", "aria-haspopup": "menu", onclick: (event) => onPerson(one, event.currentTarget) }, avatar(one, "small"), make("span", {}, one.name), one.bot ? make("span", { class: "tag" }, "App") : null, you);
}

export function showMe() {
  const { me, people } = world;
  const { standing } = people.find((one) => one.id === me.id);
  at("me").replaceChildren(avatar(me, "small"), make("span", {}, make("b", {}, me.name), make("small", {}, standing)), icon("chevron"));
  at("me").setAttribute("aria-label", `You are ${me.name} (${standing}). Be somebody else`);
}
