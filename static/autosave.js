// A form with data-autosave is saved as one types: sent to its own address as do=quiet, a moment after the last key, and when the
// page is left. The page says when it was saved. Without scripts there is a button that does the same.

const PAUSE = 800; // milliseconds without a key before it is saved
const AGAIN = 5000; // milliseconds until it is tried again where there is no connection
const states = new Map(); // of each form: the timer it waits for, the save that is under way, whether words could not be saved

function say(form, words) {
  form.querySelector("[data-said]").textContent = words;
}

function wait(form, milliseconds) {
  const state = states.get(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), milliseconds);
}

function stop(form) {
  const state = states.get(form);
  clearTimeout(state.timer);
  state.timer = 0;
}

// One at a time: each carries the version that the one before it was given, or it would stand in its own writer's way.
async function save(form) {
  const state = states.get(form);
  if (state.saving) {
    wait(form, PAUSE);
    return;
  }
  stop(form);
  state.saving = send(form, state);
  await state.saving;
  state.saving = null;
}

async function send(form, state) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "quiet");
  state.stuck = true;
  try {
    const response = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, keepalive: true });
    if (response.redirected) {
      say(form, "You are signed out. Your words are kept: save, and sign in again when asked");
    } else if (!(response.headers.get("Content-Type") ?? "").includes("json")) {
      say(form, "Not saved. Keep this page open");
      return;
    } else {
      const answer = await response.json();
      say(form, answer.said);
      if (!response.ok) return;
      form.elements.version.value = answer.version;
    }
    state.stuck = false;
  } catch {
    say(form, "No connection. Keep this page open: it is tried again");
    wait(form, AGAIN);
  }
}

function setUp(form) {
  states.set(form, { timer: 0, saving: null, stuck: false });
  form.addEventListener("input", () => wait(form, PAUSE));
  form.addEventListener("submit", async (event) => {
    const state = states.get(form);
    stop(form);
    state.stuck = false;
    if (!state.saving) return;
    event.preventDefault(); // it goes once it carries the version that the save under way is given
    await state.saving;
    form.requestSubmit(event.submitter);
  });
}

function saveAll() {
  for (const [form, state] of states) if (state.timer && !state.saving) save(form);
}

function isWaiting() {
  return [...states.values()].some((state) => state.timer || state.saving);
}

async function settle() {
  for (const [form, state] of states) {
    await state.saving;
    if (state.timer) await save(form);
  }
}

document.querySelectorAll("form[data-autosave]").forEach(setUp);
// A link or another form leads to a page that shows these words, or saves beside them: they go first.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !isWaiting() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return; // it stays on this page
  event.preventDefault();
  await settle();
  location.assign(link.href);
});
const settled = new WeakSet();
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (states.has(form) || settled.has(form) || !isWaiting()) return;
    event.preventDefault();
    settled.add(form);
    await settle();
    form.requestSubmit(event.submitter);
    settled.delete(form);
  },
  true, // before portal.js takes the form for sent
);
// The page is left: what was typed in the last moment goes before the next page is asked for, or, where that event does not come,
// as this one goes out of sight. Only what could not be saved is asked about.
addEventListener("beforeunload", (event) => {
  if ([...states.values()].some((state) => state.stuck)) event.preventDefault();
  saveAll();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
addEventListener("pagehide", saveAll);
