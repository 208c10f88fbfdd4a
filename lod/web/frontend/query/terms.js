/* The vocabulary as the editor knows it: found by IRI, by name and by what people call things. */

import { fold, grouped, inBoth, language, make, say } from "./page.js";

const KINDS = {
  class: say("třída", "class"),
  property: say("vlastnost", "property"),
  concept: say("položka číselníku", "code list item"),
};

/** All terms and prefixes; empty until they are loaded. */
export const terms = { prefixes: {}, all: [], byIri: new Map(), byName: new Map() };

/** Load the terms; without them the editor still works. */
export async function loadTerms(address) {
  const response = await fetch(address);
  if (!response.ok) return;
  const loaded = await response.json();
  terms.prefixes = loaded.prefixes;
  terms.all = loaded.terms.map((term) => ({ ...term, keys: keysOf(term) }));
  terms.byIri = new Map(terms.all.map((term) => [term.iri, term]));
  terms.byName = new Map(terms.all.map((term) => [term.name, term]));
}

function keysOf(term) {
  const local = term.kind === "concept" ? "" : term.name.slice(term.name.indexOf(":") + 1);
  return { local: fold(local), labels: Object.values(term.label ?? {}).map(fold) };
}

/** How well a term fits what was typed: 0 where it does not. */
export function fit(term, typed) {
  const { local, labels } = term.keys;
  if (!typed) return 1;
  if (local.startsWith(typed)) return 6;
  if (labels.some((label) => label.startsWith(typed))) return 5;
  if (labels.some((label) => label.includes(` ${typed}`))) return 4;
  if (typed.length > 1 && local.includes(typed)) return 3;
  return typed.length > 2 && labels.some((label) => label.includes(typed)) ? 2 : 0;
}

/** What a term is called, in the page's language and then in the other one. */
export const called = (term) => inBoth(term.label).map(([, text]) => text).join(" / ");

/** How often the data use a term, in words; "" where that is not known. */
export function used(term) {
  if (!term.count) return "";
  const count = grouped.format(term.count);
  return term.kind === "class" ? say(`v datech ${count}×`, `${count} in the data`) : say(`použito ${count}×`, `used ${count} times`);
}

/** Return an element that says all that is known of a term. */
export function described(term) {
  const about = make("div", { class: "term-info" });
  about.append(make("p", { class: "term-name" }, make("code", {}, term.kind === "concept" ? term.iri : term.name), ` ${KINDS[term.kind]}`));
  for (const [tag, label] of inBoth(term.label)) {
    const definition = term.definition?.[tag];
    const name = make("strong", {}, label);
    about.append(make("p", { lang: tag, class: tag === language ? "" : "soft" }, name, definition ? `: ${definition}` : ""));
  }
  const ends = [
    [say("Od", "From"), term.domain],
    [say("K", "To"), term.range],
  ].filter(([, names]) => names?.length);
  for (const [title, names] of ends) about.append(make("p", { class: "soft" }, `${title}: ${names.map(named).join(", ")}`));
  if (term.list) about.append(make("p", { class: "soft" }, `${say("Číselník", "Code list")}: ${inBoth(term.list)[0][1]}`));
  if (used(term)) about.append(make("p", { class: "soft" }, used(term)));
  return about;
}

function named(name) {
  const label = terms.byName.get(name)?.label;
  return label ? `${inBoth(label)[0][1]} (${name})` : name;
}
