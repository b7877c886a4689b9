// <section data-part="burn-down"> with a link in it: when it comes into view, the part with that id of the page that the link leads
// to stands in its place. Without scripts, or where that page does not come, the link is there.

async function bring(place) {
  const link = place.querySelector("a[href]");
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById(place.dataset.part);
    if (!answer.ok || !part) return;
    place.append(...[...part.childNodes].map((node) => document.importNode(node, true)));
    place.dataset.brought = "true";
    await import(place.dataset.charts);
  } catch {
    /* the link is there */
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((seen) => seen.isIntersecting)) {
    watch.unobserve(entry.target);
    bring(entry.target);
  }
});
for (const place of document.querySelectorAll("[data-part]")) watch.observe(place);
