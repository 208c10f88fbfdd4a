/* SPARQL for the editor: the grammar, and which of its words get which colour. */

import { LRLanguage } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

export const sparql = LRLanguage.define({
  name: "sparql",
  parser: SparqlLanguage.parser.configure({
    props: [styleTags({ "Pname_ln Pname_ns": tags.propertyName, IriRef: tags.url, Langtag: tags.annotation, A_predicate: tags.keyword })],
  }),
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
});
