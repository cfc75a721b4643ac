// Embeds: cards with a coloured edge.

import { colour, make, outside, safe } from "/static/dom.js";
import { inline, markdown } from "/static/markdown.js";
import { picture } from "/static/media.js";
import { said } from "/static/time.js";

const isHidden = (url) => /\/SPOILER_[^/]*$/.test((url || "").split("?")[0]);
const media = (one) => ({ ...one, alt: one.description, hidden: isHidden(one.url) });

// Embeds that share an address show their pictures together (as Discord's client does, up to four).
export function embeds(all) {
  const shown = [];
  for (const one of all) {
    const first = one.url && one.image && shown.find((other) => other.url === one.url && other.images.length < 4);
    if (first) first.images.push(one.image);
    else shown.push({ ...one, images: one.image ? [one.image] : [] });
  }
  return shown.map(embed);
}

function embed(one) {
  const bare = ["image", "gifv"].includes(one.type) && (one.thumbnail || one.images[0]);
  if (bare) return make("div", { class: "gallery count1" }, picture(media(bare)));
  const card = make("article", { class: "embed", "aria-label": one.title || (one.author && one.author.name) || "Embed" });
  if (one.color !== undefined && one.color !== null) card.style.setProperty("--edge", colour(one.color));
  const words = make("div", { class: "embed-words" });
  card.append(words);
  if (one.thumbnail && safe(one.thumbnail.url)) card.append(make("div", { class: "thumbnail" }, picture(media(one.thumbnail))));
  if (one.provider && one.provider.name) words.append(make("div", { class: "embed-small" }, one.provider.name));
  if (one.author) words.append(make("div", { class: "embed-author" }, small(one.author.icon_url), linked(one.author.url, [one.author.name])));
  if (one.title) words.append(make("div", { class: "embed-title" }, linked(one.url, inline(one.title))));
  if (one.description) words.append(make("div", { class: "embed-text" }, markdown(one.description)));
  if (one.fields && one.fields.length) card.append(make("div", { class: "fields" }, one.fields.map(field)));
  if (one.images.length) card.append(make("div", { class: `gallery count${one.images.length}` }, one.images.map((image) => picture(media(image)))));
  if (one.footer || one.timestamp) {
    const parts = [one.footer && small(one.footer.icon_url), one.footer && one.footer.text];
    if (one.footer && one.timestamp) parts.push(" • ");
    if (one.timestamp) parts.push(said(one.timestamp));
    card.append(make("footer", { class: "embed-footer" }, parts));
  }
  return card;
}

const small = (url) => (safe(url) ? make("img", { src: url, alt: "" }) : null);
const linked = (url, nodes) => (safe(url) ? outside(url, nodes) : make("span", {}, nodes));

function field(one) {
  const name = make("div", { class: "field-name" }, inline(one.name));
  return make("div", { class: one.inline ? "field inline" : "field" }, name, make("div", { class: "embed-text" }, markdown(one.value)));
}
