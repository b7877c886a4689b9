// What the inspection asks a page. Each answers with a list of what is wrong, in words. Evaluated as one expression.
({
  structure() {
    const wrong = [];
    const words = (element) => (element.getAttribute("aria-label") || element.textContent).replace(/\s+/g, " ").trim();
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());

    const headings = seen("h1, h2, h3, h4, h5, h6");
    const ones = headings.filter((heading) => heading.tagName === "H1");
    if (ones.length !== 1) wrong.push(`${ones.length} h1`);
    for (const one of ones) if (words(one).length > 65) wrong.push(`h1 of ${words(one).length} characters: ${words(one)}`);
    let level = 0;
    for (const heading of headings) {
      const own = Number(heading.tagName[1]);
      if (level && own > level + 1) wrong.push(`${heading.tagName} after h${level}: ${words(heading)}`);
      if (!words(heading)) wrong.push(`empty ${heading.tagName}`);
      level = own;
    }

    const targets = {};
    for (const link of seen("a[href]")) {
      const said = words(link);
      if (!said) wrong.push(`a link without words to ${link.href}`);
      if (/^(click here|here|more|read more|link)$/i.test(said)) wrong.push(`a link that says only “${said}”`);
      if (link.getAttribute("href") !== "#") (targets[said] ??= new Set()).add(link.href); // "#" stands for a page on /design/
    }
    for (const [said, places] of Object.entries(targets)) {
      if (places.size > 1) wrong.push(`“${said}” leads to ${[...places].join(" and ")}`);
    }

    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`the id ${id} twice`);
    for (const link of document.querySelectorAll('a[href^="#"]:not([href="#"])')) {
      if (!document.getElementById(link.hash.slice(1))) wrong.push(`${link.hash} leads nowhere`);
    }
    for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        const missing = element.getAttribute(name).split(" ").filter((id) => !document.getElementById(id));
        if (missing.length) wrong.push(`${name}=${missing} names nothing`);
      }
    }
    if (document.documentElement.lang !== "en-GB") wrong.push("not in en-GB");
    return wrong;
  },

  overflow() {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1);
    const names = out.slice(-4).map((e) => `${e.tagName.toLowerCase()}.${e.className} “${e.textContent.trim().slice(0, 40)}”`);
    return [`${page.scrollWidth} pixels of page in ${page.clientWidth}: ${names.join("; ")}`];
  },

  // What changes when an element takes the focus: its own look, or that of the label or mark that stands for it.
  focus() {
    const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderColor", "borderWidth"];
    const look = (element) => {
      const parts = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
      const styles = parts.flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)));
      return JSON.stringify(styles.map((style) => properties.map((property) => style[property])));
    };
    const wrong = [];
    const stops = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    for (const stop of [...stops].filter((element) => element.checkVisibility() && !element.disabled)) {
      document.activeElement.blur();
      const before = look(stop);
      stop.focus({ preventScroll: true });
      if (document.activeElement === stop && look(stop) === before) {
        wrong.push(`no sign of the focus on ${stop.outerHTML.slice(0, 120)}`);
      }
    }
    document.activeElement.blur();
    return wrong;
  },

  // The spacing that WCAG 1.4.12 names. A sheet made by script is no breach of the policy, as a <style> would be.
  spacing() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
    return getComputedStyle(document.querySelector("h1")).letterSpacing === "normal" ? ["the spacing was not taken"] : [];
  },

  cut_off() {
    const full = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.textContent.trim());
    const hiding = full.filter((e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && !e.closest(".sprite"));
    const cut = hiding.filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1);
    return cut.map((e) => `cut off: ${e.outerHTML.slice(0, 120)}`);
  },

  open_details() {
    for (const details of document.querySelectorAll("details")) details.open = true;
    return [];
  },
})
