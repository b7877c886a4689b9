// What filling in an update gains when scripts run: only what an answer asks for is in sight, drafts save as one types, the second
// look is taken at once, and on /updates/ rows open and are sent without the page being loaded again. All of it works without.

const PAUSE = 800; // milliseconds without a key before a draft is saved
const AGAIN = 5000; // milliseconds until a draft that could not be saved is tried again
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds that a copy stays on this device
const waiting = new WeakMap();

// Questions

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

// Drafts

function copyKey(form) {
  return `draft ${form.elements.author.value.split(":")[0]}`; // of one person, deliverable and month: signed by the server
}

function keepHere(form) {
  const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "author", "version", "key"].includes(name));
  try {
    localStorage.setItem(copyKey(form), JSON.stringify({ at: Date.now(), fields }));
    return true;
  } catch {
    return false; // no room, or not allowed: the words are in the form still
  }
}

function forgetHere(form) {
  try {
    localStorage.removeItem(copyKey(form));
  } catch {
    /* nothing was kept */
  }
}

function bringBack(form) {
  let copy = null;
  try {
    copy = JSON.parse(localStorage.getItem(copyKey(form)));
  } catch {
    return;
  }
  if (!copy || Date.now() - copy.at > KEPT_FOR) return;
  const given = new Map(copy.fields);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.get(field.name) === field.value;
    else if (given.has(field.name)) field.value = given.get(field.name);
  }
  say(form, "Brought back from this device. Saving…");
  save(form);
}

function say(form, words) {
  const place = form.querySelector("[data-said]") ?? form.parentElement.querySelector("[data-said]");
  if (place) place.textContent = words;
}

function time() {
  return new Date().toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true }).replace(" ", "");
}

async function save(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const body = new URLSearchParams(new FormData(form));
  let response;
  try {
    response = await fetch(form.dataset.draft, { method: "POST", body, keepalive: true });
  } catch {
    say(form, keepHere(form) ? `No connection. Kept on this device ${time()}, and tried again` : "No connection. Keep this page open");
    setTimeout(() => save(form), AGAIN);
    return;
  }
  if (response.redirected) {
    say(form, "You are signed out. Your words are kept for you: submit, and sign in again when asked");
    return;
  }
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) {
    say(form, keepHere(form) ? `Kept on this device ${time()}; the portal did not answer as expected` : "Not saved. Keep this page open");
    return;
  }
  const answer = await response.json();
  say(form, answer.said);
  if (!response.ok) return;
  forgetHere(form);
  form.elements.version.value = answer.version;
  form.dataset.complete = answer.complete;
  look(form, answer.look);
}

function look(form, html) {
  const place = form.querySelector("[data-look]");
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("[data-look]");
  if (place.innerHTML !== made.innerHTML) place.replaceChildren(...made.childNodes);
  const part = form.querySelector("[data-answer]");
  part.hidden = !place.querySelector(".check") && !part.querySelector("textarea").value;
}

function typed(form) {
  arrange(form);
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => save(form), PAUSE));
}

async function saveAll() {
  await Promise.all([...document.querySelectorAll("form[data-update]")].filter((form) => waiting.has(form)).map(save));
}

// Rows in place

async function load(address, options) {
  const response = await fetch(address, options);
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok || new URL(response.url).pathname.includes("sign-in") || !next.querySelector("[data-announce]")) return null;
  return next;
}

// Puts the new page's content in place of the old. Rows that are being filled in stay as they are, but for the one that was sent.
function show(next, but) {
  const old = document.querySelector("main");
  const fresh = document.importNode(next.querySelector("main"), true);
  for (const row of old.querySelectorAll(".urow--open[data-to-do]")) {
    const place = fresh.querySelector(`#${CSS.escape(row.id)}[data-to-do]`);
    if (place && row.id !== but) place.replaceWith(row);
  }
  old.replaceWith(fresh);
  document.title = next.title;
  window.NHSUKFrontend?.initAll({ scope: fresh });
  fresh.querySelectorAll("form[data-update]").forEach(setUp);
}

function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}

function focusOn(row) {
  const target = row?.querySelector(".urow__still button, [data-open], .urow__form input:not([type=hidden])");
  (target ?? document.querySelector("main h1")).focus();
}

// Whether what was typed last makes the second look ask something that nobody has been shown yet. Then that is read first.
async function asksMore(form) {
  if (!waiting.has(form)) return false;
  const seen = form.elements.looked.value.split(" ");
  await save(form);
  if (form.dataset.complete !== "true") return false; // what is missing comes first, and the page says it
  if (!form.elements.looked.value.split(" ").some((code) => code && !seen.includes(code))) return false;
  const place = form.querySelector("[data-look]");
  place.setAttribute("tabindex", "-1");
  place.focus();
  return true;
}

async function send(form) {
  const row = form.closest(".urow");
  const following = row ? [...document.querySelectorAll(".urow[data-to-do]")].map((one) => one.id) : [];
  if (form.dataset.update !== undefined && (await asksMore(form))) {
    delete form.dataset.sent;
    return;
  }
  await saveAll();
  const next = await load(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => undefined);
  if (next === undefined) {
    delete form.dataset.sent;
    say(form, "No connection. Nothing was sent; try again");
    return;
  }
  if (next === null) {
    form.dataset.whole = "true"; // what came back is no page of this kind, such as the one for signing in: show it in full
    delete form.dataset.sent;
    form.submit();
    return;
  }
  show(next, row?.id);
  const summary = document.querySelector(".nhsuk-error-summary, .trouble");
  if (summary) {
    summary.setAttribute("tabindex", "-1");
    summary.focus();
    return;
  }
  announce([...document.querySelectorAll(".nhsuk-notification-banner__heading, [data-lede]")].map((part) => part.textContent.trim()).join(" "));
  const rest = following.slice(following.indexOf(row?.id) + 1).concat(following).filter((id) => id !== row?.id);
  const target = rest.map((id) => document.getElementById(id)).find((one) => one?.hasAttribute("data-to-do"));
  focusOn(target ?? null);
}

async function open(link) {
  const row = link.closest(".urow");
  await saveAll();
  const next = await load(link.href).catch(() => null);
  const fresh = next?.getElementById(row.id);
  if (!fresh) {
    location.assign(link.href);
    return;
  }
  const made = document.importNode(fresh, true);
  row.replaceWith(made);
  window.NHSUKFrontend?.initAll({ scope: made });
  made.querySelectorAll("form[data-update]").forEach(setUp);
  made.querySelector(".urow__form input:checked, .urow__form input[type=radio], [data-open], button")?.focus();
}

async function sendPage(form) {
  const more = await asksMore(form);
  delete form.dataset.sent;
  if (!more) form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.whole) return;
  if (form.dataset.update !== undefined && form.dataset.inPlace === undefined && waiting.has(form)) {
    event.preventDefault();
    sendPage(form);
    return;
  }
  if (form.dataset.inPlace === undefined) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "true";
  send(form).finally(() => delete form.dataset.sending);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open], [data-close]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

function setUp(form) {
  arrange(form);
  bringBack(form);
  form.addEventListener("input", () => typed(form));
  form.addEventListener("change", () => typed(form));
}

document.querySelectorAll("form[data-update]").forEach(setUp);
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-update]").forEach(arrange));
// The page is left: what was typed in the last moment goes before the next page is asked for, or, where that event does not come,
// as this one goes out of sight.
window.addEventListener("beforeunload", saveAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
window.addEventListener("pagehide", saveAll);
