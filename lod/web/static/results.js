// Shows another view, order or page of an answer in place. Without this module the same links load the whole page.

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** Puts the keyboard back where it was: on the control of the same words, or on the answer. */
function refocus(section, control) {
  const same = [...section.querySelectorAll("[data-answer]")].find((one) => one.textContent === control);
  (same ?? section).focus({ preventScroll: true });
}

async function show(address, control, body) {
  const old = document.getElementById("answer");
  old.setAttribute("aria-busy", "true");
  const options = { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } };
  const answer = await fetch(address, options).catch(() => null);
  const page = answer && parsed(await answer.text());
  const section = page?.getElementById("answer");
  if (!section) {
    return false; // an error has a page of its own
  }
  old.replaceWith(section);
  if (!body) {
    history.pushState({ answer: true }, "", address);
    const language = document.querySelector("a.language");
    language.href = page.querySelector("a.language").getAttribute("href");
  }
  refocus(section, control);
  return true;
}

document.addEventListener("click", async (event) => {
  const control = event.target.closest?.("#answer [data-answer]");
  if (!control || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  event.preventDefault();
  if (control.href) {
    if (!(await show(control.href, control.textContent))) {
      location.assign(control.href);
    }
    return;
  }
  const body = new URLSearchParams(new FormData(control.form, control));
  if (!(await show(control.form.action, control.textContent, body))) {
    control.form.requestSubmit(control);
  }
});

/** Brings out what a resource of a network is linked to, while it is pointed at or has the keyboard. */
function bringOut(event) {
  const drawing = document.querySelector("#answer .network svg");
  drawing?.querySelectorAll(".near").forEach((one) => one.classList.remove("near"));
  const node = event.target.closest?.("#answer .network .node");
  if (!node) {
    return;
  }
  node.classList.add("near");
  for (const line of drawing.querySelectorAll(".line")) {
    const ends = line.dataset.ends.split(" ");
    if (ends.includes(node.dataset.node)) {
      line.classList.add("near");
      ends.forEach((end) => drawing.querySelector(`[data-node="${end}"]`).classList.add("near"));
    }
  }
}

document.addEventListener("pointerover", bringOut);
document.addEventListener("focusin", bringOut);

addEventListener("popstate", () => {
  if (document.getElementById("answer")) {
    location.reload();
  }
});
