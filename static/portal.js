// What a page gains when scripts run. Everything works without it.

const WAIT = 8000; // milliseconds; after that a connection is taken for lost, and the form may be sent again

// A form is sent once: a second click, or Enter, before the answer comes is dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "true";
  setTimeout(() => delete form.dataset.sent, WAIT);
});

// Coming back with the browser's own button shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// <div data-shown-for="rating" data-shown-values="at_risk off_track"> is shown for these answers only. What was typed stays.
for (const part of document.querySelectorAll("[data-shown-for]")) {
  const form = part.closest("form");
  const values = part.dataset.shownValues.split(" ");
  const show = () => {
    part.hidden = !new FormData(form).getAll(part.dataset.shownFor).some((value) => values.includes(value));
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
