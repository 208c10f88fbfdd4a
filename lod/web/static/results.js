// Shows another view, order or page of an answer in place. Without this module the same links load the whole page.

const sectionOf = (html) => new DOMParser().parseFromString(html, "text/html").getElementById("answer");

/** Puts the keyboard back where it was: on the control of the same words, or on the answer. */
function refocus(section, control) {
  const same = [...section.querySelectorAll("[data-answer]")].find((one) => one.textContent === control);
  (same ?? section).focus({ preventScroll: true });
}

async function show(request, address, control) {
  const old = document.getElementById("answer");
  old.setAttribute("aria-busy", "true");
  const answer = await fetch(request, { headers: { Accept: "text/html" } }).catch(() => null);
  const section = answer && sectionOf(await answer.text());
  if (!section) {
    return false; // an error has a page of its own
  }
  old.replaceWith(section);
  if (address) {
    history.pushState({ answer: true }, "", address);
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
    if (!(await show(control.href, control.href, control.textContent))) {
      location.assign(control.href);
    }
    return;
  }
  const body = new URLSearchParams(new FormData(control.form, control));
  if (!(await show(new Request(control.form.action, { method: "POST", body }), "", control.textContent))) {
    control.form.requestSubmit(control);
  }
});

addEventListener("popstate", () => {
  if (document.getElementById("answer")) {
    location.reload();
  }
});
