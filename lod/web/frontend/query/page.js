/* What the other modules ask of the page: its language, small elements, the clipboard. */

export const language = document.documentElement.lang === "en" ? "en" : "cs";

/** Return the text in the page's language. */
export const say = (cs, en) => (language === "en" ? en : cs);

/** Return labels or definitions (language to text) as a list, the page's language first. */
export const inBoth = (texts = {}) =>
  [language, ...Object.keys(texts).filter((key) => key !== language)]
    .filter((key) => texts[key])
    .map((key) => [key, texts[key]]);

/** Return the name with accents and capitals taken off. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Make an element; a child is an element or a text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export const grouped = new Intl.NumberFormat(language);

/** Return a button that copies what `text()` gives, and says so; of an empty text it says `none`. */
export function copyButton(label, text, none = "") {
  const said = make("span", { role: "status", class: "said" });
  const button = make("button", { type: "button", class: "small" }, label);
  button.addEventListener("click", async () => {
    const wanted = text();
    if (!wanted) said.textContent = none;
    else said.textContent = (await copied(wanted)) ? say("Zkopírováno", "Copied") : say("Nejde zkopírovat", "Cannot copy");
    setTimeout(() => (said.textContent = ""), 3000);
  });
  return make("span", { class: "copy" }, button, said);
}

async function copied(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed here; the older way asks nobody
    }
  }
  const field = make("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
}
