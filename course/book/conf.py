"""The settings of the book. `make book` says where the pages come from."""

author = "The authors of the course"
copyright = "the authors of the course. Text: CC BY 4.0, code: MIT."
language = "en"

extensions = ["myst_nb", "sphinx_copybutton"]
myst_enable_extensions = ["attrs_block"]
# What a forge shows as text is text: `<form>`, and lines with % or +++.
myst_disable_syntax = [
    "html_block",
    "html_inline",
    "myst_block_break",
    "myst_line_comment",
]
myst_heading_anchors = 3
nb_execution_mode = "off"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_theme_options = {
    "top_of_page_buttons": [],
    "footer_icons": [],
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_copy_source = False
html_show_sphinx = False
# A page opened from a file may not fetch another one to quote from it.
html_show_search_summary = False

# What the copy button leaves out: prompts, outputs, and of a diff what is
# not the code as it stands afterwards.
copybutton_selector = "div.highlight:not(.sides) pre"
copybutton_exclude = ".linenos, .gp, .go, .removed, .sign, .place, .number"
