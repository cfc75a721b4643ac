// One message: who, what, pictures, embeds, components, reactions, and what one can do with it.

import { avatar, icon, iconButton, make } from "/static/dom.js";
import { component } from "/static/components.js";
import { embeds } from "/static/embed.js";
import { inline, markdown } from "/static/markdown.js";
import { attachments } from "/static/media.js";
import { said } from "/static/time.js";
import { world } from "/static/world.js";

export const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

// `use`: menu(message, anchor), person(user, anchor), reply, apps, react, press, select, dismiss, jump.
export function showMessage(message, use, compact = false) {
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  const who = message.author;
  const mine = message.mentions.some((one) => one.id === world.me.id);
  const classes = ["message", ephemeral && "ephemeral", compact && "compact", mine && "mentioned"];
  const row = make("li", { class: classes.filter(Boolean).join(" "), "data-id": message.id, tabindex: "-1" });
  const head = make("div", { class: "head" }, make("button", { type: "button", class: "author", "aria-haspopup": "menu", onclick: (event) => use.person(who, event.currentTarget) }, who.name), who.bot ? make("span", { class: "tag" }, "App") : null, said(message.timestamp));
  row.setAttribute("aria-label", `${who.name}, ${new Date(message.timestamp).toLocaleTimeString()}`);
  row.append(above(message, use) || "", make("div", { class: "gutter" }, compact ? said(message.timestamp) : avatar(who)));
  const body = make("div", { class: "body" }, compact ? null : head, inside(message, use));
  if (message.reactions) body.append(reactions(message, use));
  if (ephemeral) body.append(make("div", { class: "only-you" }, icon("eye"), "Only you can see this. ", make("button", { type: "button", class: "link", onclick: () => use.dismiss(message) }, "Dismiss message")));
  row.append(body);
  if (!message.local) row.append(toolbar(message, use, ephemeral));
  row.addEventListener("contextmenu", (event) => {
    if (message.local || event.target.closest("a, input, textarea") || String(getSelection())) return;
    event.preventDefault();
    const point = event.clientX || event.clientY ? { left: event.clientX, top: event.clientY, bottom: event.clientY } : row;
    use.menu(message, point, row);
  });
  return row;
}

function above(message, use) {
  if (message.used) {
    const [name, ...rest] = message.used.split(" used ");
    return make("div", { class: "above" }, icon("apps"), make("b", {}, name), " used ", make("span", { class: "mention" }, rest.join(" used ")));
  }
  const target = message.referenced_message;
  if (message.message_reference && message.type === 19 && target === null) return make("div", { class: "above" }, icon("reply"), "The message is gone.");
  if (!target) return null;
  const shown = target.content ? inline(target.content.split("\n")[0].slice(0, 120)) : [target.attachments.length ? "a picture" : "a message"];
  const words = make("span", { class: "above-words" }, shown);
  words.inert = true; // links and spoilers in it are not for pressing here
  return make("div", { class: "above" }, icon("reply"), make("b", {}, target.author.name), words, make("button", { type: "button", class: "cover", "aria-label": `Go to the message of ${target.author.name}`, onclick: () => use.jump(target.id) }));
}

function inside(message, use) {
  if (message.flags & LOADING) {
    return [make("div", { class: "thinking", role: "status" }, make("span", { class: "dots", "aria-hidden": "true" }), `${message.author.name} is thinking…`)];
  }
  const nodes = content(message);
  const edited = message.edited_timestamp ? make("small", { class: "edited", title: new Date(message.edited_timestamp).toLocaleString() }, " (edited)") : null;
  if (edited && message.content) nodes[0].append(edited);
  const parts = (message.components || []).map((one) => component(message, one, use));
  for (const snapshot of message.message_snapshots || []) {
    nodes.push(make("div", { class: "forwarded" }, make("div", { class: "forwarded-head" }, icon("forward"), "Forwarded"), content(snapshot.message)));
  }
  return [...nodes, parts.length ? make("div", { class: "components" }, parts) : null];
}

function content(message) {
  const nodes = [];
  if (message.content) nodes.push(make("div", { class: message.failed ? "content failed" : "content" }, markdown(message.content)));
  for (const sticker of message.sticker_items || []) {
    nodes.push(sticker.url ? make("img", { class: "sticker", src: sticker.url, alt: `Sticker: ${sticker.name}`, width: 160, height: 160 }) : make("div", { class: "content" }, `Sticker: ${sticker.name}`));
  }
  return [...nodes, ...attachments(message.attachments), ...embeds(message.embeds)];
}

function reactions(message, use) {
  const shown = message.reactions.map((one) => {
    const mine = one.people.includes(world.me.id);
    const names = one.people.map((id) => world.names[id]).join(", ");
    return make("button", { type: "button", class: "reaction", "aria-pressed": String(mine), title: names, "aria-label": `${one.emoji.name} by ${names}`, onclick: () => use.react(message, one.emoji.name, !mine) }, one.emoji.name, make("span", {}, String(one.count)));
  });
  return make("div", { class: "reactions" }, shown);
}

function toolbar(message, use, ephemeral) {
  const more = (event) => use.menu(message, event.currentTarget, event.currentTarget);
  return make(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Message actions" },
    ephemeral ? null : iconButton("smile", "React", (event) => use.emoji(message, event.currentTarget)),
    ephemeral ? null : iconButton("reply", "Reply", () => use.reply(message)),
    iconButton("apps", "Apps", (event) => use.apps(message, event.currentTarget)),
    iconButton("more", "More", more, { "aria-haspopup": "menu" }),
  );
}
