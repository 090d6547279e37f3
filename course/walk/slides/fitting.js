// Every slide fits, whatever fonts a machine has. The code of a block has the
// largest letters that fit on all of its slides; what is still too large is
// shown smaller as a whole.
const LETTERS = ["34px", "31px", "28px", "26px", "24px"];
const SMALLER = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.7, 0.6];
const HEIGHT = 720, MARGIN = 4;

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

function firstThatFits(slides, property, values) {
  for (const value of values) {
    slides.forEach((slide) => slide.style.setProperty(property, value));
    if (slides.every(fits)) return;
  }
}

function fitAll() {
  const blocks = {}, reveal = document.querySelector(".reveal");
  const sections = [...document.querySelectorAll(".slides > section > section")];
  reveal.classList.add("measured");
  for (const slide of sections.filter((slide) => slide.matches(".code"))) {
    const name = slide.dataset.autoAnimateId ?? sections.indexOf(slide);
    (blocks[name] ??= []).push(slide);
  }
  for (const block of Object.values(blocks)) {
    firstThatFits(block, "--letters", LETTERS);
  }
  for (const slide of sections) firstThatFits([slide], "--smaller", SMALLER);
  reveal.classList.remove("measured");
}
