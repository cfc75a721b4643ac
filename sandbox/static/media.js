// Pictures: their alt texts, the veil over spoilers, and the large view.

import { iconButton, make, outside, safe } from "/static/dom.js";

const SPOILER = 1 << 5;

// `one`: {url, width, height, alt, hidden}.
export function picture(one) {
  const image = make("img", { src: safe(one.url), alt: one.alt || "", width: one.width, height: one.height, decoding: "async" });
  const figure = make("figure", { class: "picture" });
  const look = make("button", { type: "button", class: "look", "aria-label": one.alt ? `Show large: ${one.alt}` : "Show the picture large", onclick: () => enlarge(one) }, image);
  figure.append(look);
  image.addEventListener("error", () => figure.classList.add("broken"));
  if (one.alt) figure.append(altText(one.alt));
  return one.hidden ? veiled(figure, look, image) : figure;
}

function altText(alt) {
  const words = make("figcaption", { hidden: true });
  const toggle = make("button", { type: "button", class: "alt", "aria-label": "Alt text", "aria-expanded": "false" }, "ALT");
  toggle.addEventListener("click", () => {
    words.hidden = !words.hidden;
    words.textContent = words.hidden ? "" : alt; // else it would name the figure beside the picture
    toggle.setAttribute("aria-expanded", String(!words.hidden));
  });
  return [toggle, words].reduce((all, node) => (all.append(node), all), document.createDocumentFragment());
}

// Nothing of it is told before somebody asks: neither the picture nor its alt text.
function veiled(figure, look, image) {
  const { alt } = image;
  const name = look.getAttribute("aria-label");
  const extras = [...figure.querySelectorAll(".alt")];
  image.alt = "";
  look.inert = true;
  look.setAttribute("aria-label", "Spoiler");
  extras.forEach((one) => (one.hidden = true));
  figure.classList.add("veiled");
  const reveal = make("button", { type: "button", class: "reveal" }, "Spoiler");
  reveal.setAttribute("aria-label", "Spoiler, show the picture");
  reveal.addEventListener("click", () => {
    figure.classList.remove("veiled");
    image.alt = alt;
    look.inert = false;
    look.setAttribute("aria-label", name);
    extras.forEach((one) => (one.hidden = false));
    reveal.remove();
    look.focus();
  });
  figure.append(reveal);
  return figure;
}

function enlarge(one) {
  const shown = make("dialog", { class: "lightbox", "aria-label": one.alt || "Picture" });
  const close = () => shown.close();
  shown.append(
    make("img", { src: safe(one.url), alt: one.alt || "" }),
    make("footer", {}, make("p", {}, one.alt || "No alt text."), outside(new URL(one.url, location.href).href, "Open the file"), iconButton("close", "Close", close)),
  );
  shown.addEventListener("click", (event) => event.target === shown && close());
  shown.addEventListener("close", () => shown.remove());
  document.body.append(shown);
  shown.showModal();
}

const isPicture = (file) => (file.content_type || "").startsWith("image/") && file.width;

export function attachments(files) {
  const pictures = files.filter(isPicture);
  const nodes = [];
  if (pictures.length) {
    const many = `gallery count${Math.min(pictures.length, 4)}`;
    const shown = pictures.map((file) => picture({ ...file, alt: file.description, hidden: Boolean(file.flags & SPOILER) }));
    nodes.push(make("div", { class: many }, shown));
  }
  for (const file of files.filter((one) => !isPicture(one))) nodes.push(fileCard(file.filename, file.size, file.url));
  return nodes;
}

export function fileCard(name, size, url) {
  const weight = size >= 1048576 ? `${(size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round((size || 0) / 1024))} kB`;
  return make("div", { class: "file" }, make("a", { href: safe(url), download: "" }, name || "file"), make("small", {}, weight));
}
