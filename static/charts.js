// Draws each <figure data-chart="id"> from the JSON block with that id, when it comes into view. The bundle is fetched
// for the first one only. Whatever goes wrong, the table beneath the chart is already there.

const CONFIG = { displayModeBar: false, responsive: true };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let bundle;

function load(url) {
  bundle ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("The chart bundle did not load."));
    document.head.append(script);
  });
  return bundle;
}

function read(id) {
  const content = JSON.parse(document.getElementById(id).textContent);
  return typeof content === "string" ? JSON.parse(content) : content;
}

function layoutFor(layout, place) {
  const narrow = place.clientWidth < 480;
  const font = { family: "Arial, sans-serif", size: narrow ? 12 : 14, color: "#212b32", ...layout?.font };
  const quiet = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true };
  const moving = still ? { transition: { duration: 0 } } : {};
  return { ...quiet, height: place.clientHeight, ...layout, ...moving, font };
}

async function draw(figure) {
  const place = figure.querySelector("[data-drawing]");
  try {
    const Plotly = await load(figure.dataset.plotly);
    const { data, layout } = read(figure.dataset.chart);
    await Plotly.newPlot(place, data, layoutFor(layout, place), CONFIG);
    figure.dataset.drawn = "true";
  } catch (error) {
    figure.dataset.drawn = "false";
    console.warn(`Chart ${figure.dataset.chart} is not drawn: ${error.message}`);
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((seen) => seen.isIntersecting)) {
    watch.unobserve(entry.target);
    draw(entry.target);
  }
});
for (const figure of document.querySelectorAll("figure[data-chart]")) watch.observe(figure);
