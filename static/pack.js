// While a board pack is being built, its page looks again by itself. Without this there is a link to do so.

const EVERY = 4000; // milliseconds
const AT_MOST = 150; // looks, about ten minutes; then the link is still there
const pack = document.querySelector("[data-pack]");

function take(found) {
  for (const row of pack.querySelectorAll("[data-file]")) {
    const now = found.querySelector(`[data-file="${row.dataset.file}"]`);
    if (now && now.innerHTML !== row.innerHTML && !row.contains(document.activeElement)) row.innerHTML = now.innerHTML;
  }
  const said = pack.querySelector("[data-progress]");
  const says = found.querySelector("[data-progress]");
  if (said.textContent !== says.textContent) said.textContent = says.textContent;
}

async function look(left) {
  let found = null;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-pack]");
  } catch {
    // no connection, or no longer signed in: the next look may find one
  }
  if (found) take(found);
  if (found && !("building" in found.dataset)) return finish(found);
  if (left > 1) setTimeout(look, EVERY, left - 1);
}

// What is over needs no link, unless a button is needed instead: then the page is loaded as it is now.
function finish(found) {
  if (pack.querySelectorAll("[data-file] a").length < found.querySelectorAll("[data-file]").length) return;
  const link = pack.querySelector("[data-again]");
  if (link && !link.contains(document.activeElement)) link.remove();
}

if (pack && "building" in pack.dataset) setTimeout(look, EVERY, AT_MOST);
