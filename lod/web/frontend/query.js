/* The query page: the form's text field becomes an editor. What is sent is still the field of the form. */

import { openEditor } from "./query/editor.js";

const form = document.querySelector("form.query");
const field = form.querySelector("textarea");
const LONGEST_ADDRESS = 7000; // characters; longer ones are refused by proxies and browsers here and there

const editor = openEditor(field, { run: () => form.requestSubmit() });

form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
form.addEventListener("submit", () => {
  const length = form.action.length + encodeURIComponent(field.value).length;
  form.method = length > LONGEST_ADDRESS ? "post" : "get";
});
