// Fits the slides and starts them. `?short` leaves out all but the idea, the
// change, the tests and the program of each step; `?minutes=45` paces them.
const asked = new URLSearchParams(location.search);
const isShort = asked.has("short");
const isPreview = asked.has("receiver");

function shorten() {
  document.body.classList.add("short");
  for (const column of document.querySelectorAll(".slides > section")) {
    const first = column.querySelector("section");
    const { id } = first;
    column.querySelectorAll("section:not([data-short])").forEach(
      (slide) => slide.remove());
    const left = [...column.children];
    for (const slide of left) delete slide.dataset.autoAnimate;
    if (left.length) left[0].id ||= id;
    else column.remove();
  }
}

// While there is a carried font, it is what the letters are measured in.
function fontsAreHere() {
  const all = ["", "italic ", "600 "].map(
    (look) => document.fonts.load(`${look}28px "Source Sans Pro"`));
  return Promise.all(all).catch(() => {});
}

if (isShort) shorten();
fontsAreHere().then(() => {
  fitAll();
  const minutes = Number(asked.get("minutes")) || MINUTES;
  return Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: true,
    jumpToSlide: false,
    navigationMode: "linear",
    slideNumber: "c/t",
    transition: "fade",
    transitionSpeed: "fast",
    autoAnimateDuration: 0.8,
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
    totalTime: minutes ? minutes * 60 : undefined,
    plugins: [RevealNotes],
  });
}).then(() => {
  bindKeys();
  showPrograms();
});
