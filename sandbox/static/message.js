// A message as Discord shows it: author, content, pictures, embeds, components.

import { avatar, make, markdown, safe } from "/static/dom.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const SPOILER = 1 << 5;

// `use` has: reply(message), apps(message), press(message, component), choose(message, component, values).
export function showMessage(message, use) {
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  const loading = Boolean(message.flags & LOADING);
  const who = message.author;
  const inner = make("div", {});
  const target = message.referenced_message;
  if (message.used) inner.append(make("div", { class: "used" }, `↱ ${message.used}`));
  else if (target) {
    const said = target.content || (target.attachments.length ? "a picture" : "");
    inner.append(make("div", { class: "reply" }, `↱ ${target.author.global_name || target.author.username}: ${said}`));
  }
  inner.append(
    make("div", { class: "who" }, who.name, who.bot ? make("span", { class: "tag" }, "APP") : null, clock(message)),
  );
  if (loading) inner.append(make("div", { class: "small" }, `${who.name} is thinking…`));
  if (message.content) inner.append(make("div", { class: "content" }, markdown(message.content)));
  inner.append(...attachments(message.attachments));
  inner.append(...message.embeds.map(embed));
  inner.append(...message.components.map((one) => component(message, one, use)));
  if (message.reactions) {
    const shown = message.reactions.map((one) => make("span", { class: "mention" }, `${one.emoji.name} ${one.count}`));
    inner.append(make("div", { class: "row" }, shown));
  }
  if (ephemeral) inner.append(make("div", { class: "small" }, "👁 Only you can see this"));
  const menu = make(
    "div",
    { class: "menu" },
    ephemeral ? null : make("button", { type: "button", onclick: () => use.reply(message) }, "Reply"),
    make("button", { type: "button", onclick: () => use.apps(message) }, "Apps"),
  );
  const classes = ephemeral ? "message ephemeral" : "message";
  return make("li", { class: classes, "data-id": message.id, tabindex: "-1" }, avatar(who), inner, menu);
}

function clock(message) {
  const moment = new Date(message.timestamp);
  const edited = message.edited_timestamp ? " (edited)" : "";
  return make("time", { datetime: message.timestamp }, moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) + edited);
}

function attachments(files) {
  const pictures = files.filter((file) => (file.content_type || "").startsWith("image/"));
  const others = files.filter((file) => !pictures.includes(file));
  const links = others.map((file) => make("div", {}, make("a", { href: safe(file.url), download: "" }, file.filename)));
  if (!pictures.length) return links;
  const shown = pictures.map((file) => picture(file.url, file.description, Boolean(file.flags & SPOILER)));
  return [make("div", { class: "pictures" }, shown), ...links];
}

function picture(url, alt, hidden) {
  const image = make("img", { src: safe(url), alt: alt || "", loading: "lazy" });
  const caption = alt ? make("figcaption", {}, make("b", {}, "ALT "), alt) : null;
  const figure = make("figure", { class: hidden ? "spoiler" : "" }, image, caption);
  if (hidden) {
    if (caption) caption.hidden = true;
    const reveal = make("button", { class: "reveal", type: "button" }, "SPOILER");
    reveal.addEventListener("click", () => {
      figure.classList.remove("spoiler");
      if (caption) caption.hidden = false;
      reveal.remove();
    });
    figure.append(reveal);
  }
  return figure;
}

function embed(one) {
  const box = make("article", { class: "embed" });
  if (one.color !== undefined) box.style.borderLeftColor = `#${one.color.toString(16).padStart(6, "0")}`;
  const thumbnail = one.thumbnail && safe(one.thumbnail.url);
  if (thumbnail) {
    box.append(make("img", { class: "thumbnail", src: thumbnail, alt: one.thumbnail.description || "" }));
  }
  if (one.author) box.append(make("div", { class: "author" }, one.author.name));
  if (one.title) {
    const title = safe(one.url)
      ? make("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, markdown(one.title))
      : make("span", {}, markdown(one.title));
    box.append(make("div", { class: "title" }, title));
  }
  if (one.description) box.append(make("div", { class: "words" }, markdown(one.description)));
  if (one.fields && one.fields.length) {
    const fields = one.fields.map((field) =>
      make(
        "div",
        { class: field.inline ? "field inline" : "field" },
        make("b", {}, markdown(field.name)),
        make("div", { class: "words" }, markdown(field.value)),
      ),
    );
    box.append(make("div", { class: "fields" }, fields));
  }
  if (one.image) box.append(picture(one.image.url, one.image.description, /\/SPOILER_[^/]*$/.test(one.image.url)));
  const foot = [one.footer && one.footer.text, one.timestamp && new Date(one.timestamp).toLocaleString()];
  if (one.footer || one.timestamp) {
    box.append(make("div", { class: "footer" }, foot.filter(Boolean).join(" • ")));
  }
  return box;
}

function component(message, one, use) {
  const inner = () => (one.components || []).map((child) => component(message, child, use));
  switch (one.type) {
    case 1:
      return make("div", { class: "row" }, inner());
    case 2:
      return button(message, one, use);
    case 3:
    case 5:
      return menu(message, one, use);
    case 9:
      return make("div", { class: "section" }, make("div", {}, inner()), component(message, one.accessory, use));
    case 10:
      return make("div", { class: "content" }, markdown(one.content));
    case 11:
      return picture(one.media.url, one.description, one.spoiler);
    case 12:
      return make(
        "div",
        { class: "pictures" },
        one.items.map((item) => picture(item.media.url, item.description, item.spoiler)),
      );
    case 13:
      return make("a", { href: safe(one.file.url) }, one.name || "file");
    case 14:
      return one.divider === false ? make("div", {}) : make("hr", {});
    case 17: {
      const box = make("div", { class: "embed box" }, inner());
      if (one.accent_color !== null) box.style.borderLeftColor = `#${one.accent_color.toString(16).padStart(6, "0")}`;
      return box;
    }
    default:
      return make("div", { class: "small" }, "(a component this page cannot show)");
  }
}

function button(message, one, use) {
  const label = [one.emoji && one.emoji.name, one.label].filter(Boolean).join(" ");
  if (one.style === 5) {
    return make("a", { class: "button", href: safe(one.url), target: "_blank", rel: "noopener noreferrer" }, label);
  }
  const press = () => use.press(message, one);
  return make("button", { class: `style${one.style}`, type: "button", disabled: one.disabled, onclick: press }, label);
}

function menu(message, one, use) {
  const options = one.type === 3 ? one.options : use.people().map((who) => ({ label: who.name, value: who.id }));
  const many = one.max_values > 1;
  const items = options.map((option) => make("option", { value: option.value, selected: option.default }, option.label));
  if (!many) items.unshift(make("option", { value: "", hidden: true }, one.placeholder || "Choose"));
  const list = make(
    "select",
    { multiple: many, disabled: one.disabled, "aria-label": one.placeholder || "Choose" },
    items,
  );
  if (!many && !options.some((option) => option.default)) list.value = "";
  const send = () => {
    const values = [...list.selectedOptions].map((option) => option.value).filter(Boolean);
    use.choose(message, one, one.type === 3 ? values : values.map((id) => ({ id })));
  };
  if (!many) {
    list.addEventListener("change", send);
    return list;
  }
  return make("span", {}, list, make("button", { type: "button", onclick: send }, "Choose"));
}
