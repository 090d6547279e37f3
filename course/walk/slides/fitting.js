// Every slide fits, whatever fonts a machine has. The code of a block has the
// largest letters that fit on all of its slides; where the smallest do not, the
// heading gets smaller, and then the slide as a whole.
const LETTERS = ["34px", "31px", "28px", "26px", "24px"];
const HEADING = ["34px", "30px", "27px"];
const SMALLER = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.7, 0.6];
const HEIGHT = 720, MARGIN = 4;
const WIDTH = 0.602; // of a letter of code, in em: with these, 80 columns fit

function fits(section) {
  const frame = section.querySelector(".slide").getBoundingClientRect();
  const foot = section.querySelector("footer");
  const end = frame.top + HEIGHT - (foot ? foot.offsetHeight + 12 : 0);
  const parts = section.querySelectorAll(".slide :not(option, datalist)");
  return [...parts].every((part) => {
    const box = part.getBoundingClientRect();
    const inside = box.bottom <= end - MARGIN && box.right <= frame.right
      && box.top >= frame.top;
    return !box.height || (inside && part.scrollWidth <= part.clientWidth
      || !part.matches(".line, h1, p") && inside);
  });
}

// All blocks get a value before any is measured: one layout for each value.
function fit(blocks, property, values) {
  let left = blocks;
  for (const value of values) {
    for (const slide of left.flat()) slide.style.setProperty(property, value);
    left = left.filter((block) => !block.every(fits));
  }
}

// Where the letters of code are wider, they stand closer together.
function closeUp(reveal) {
  const pen = document.createElement("canvas").getContext("2d");
  const { fontFamily } = getComputedStyle(reveal.querySelector("pre, code"));
  pen.font = `100px ${fontFamily}`;
  const wider = Math.max(0, pen.measureText("m").width / 100 - WIDTH);
  reveal.style.setProperty("--closer", `${-wider}em`);
}

function fitAll() {
  const blocks = {}, reveal = document.querySelector(".reveal");
  const sections = [...document.querySelectorAll(".slides > section > section")];
  reveal.classList.add("measured");
  closeUp(reveal);
  for (const slide of sections.filter((slide) => slide.matches(".code"))) {
    const name = slide.dataset.autoAnimateId ?? sections.indexOf(slide);
    (blocks[name] ??= []).push(slide);
  }
  fit(Object.values(blocks), "--letters", LETTERS);
  const single = sections.map((slide) => [slide]);
  fit(single, "--heading", HEADING);
  fit(single, "--smaller", SMALLER);
  reveal.classList.remove("measured");
}
