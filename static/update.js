// Shows what an answer asks for, and hides what it does not. Without scripts everything is in sight, with a hint when it is needed.

function answers(form, name) {
  return [...form.elements].filter((field) => field.name === name && (field.type === "radio" || field.type === "checkbox" ? field.checked : true)).map((field) => field.value);
}

function holdsMistake(part) {
  return part.querySelector(".nhsuk-error-message") !== null;
}

function arrange(form) {
  for (const part of form.querySelectorAll("[data-asked-for]")) {
    const [name, values] = part.dataset.askedFor.split(":");
    part.hidden = !holdsMistake(part) && !values.split(",").some((value) => answers(form, name).includes(value));
  }
  for (const part of form.querySelectorAll("[data-changed-from]")) {
    const field = form.elements[part.dataset.changedFrom];
    part.hidden = !holdsMistake(part) && field.value.trim() === field.defaultValue.trim() && !part.querySelector("textarea").value;
  }
}

for (const form of document.querySelectorAll("form[method=post]")) {
  arrange(form);
  form.addEventListener("input", () => arrange(form));
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[method=post]").forEach(arrange));
