"""The page as one self-contained document: its modules, its style, its words and its numbers.

page.py       Page: the document, a str that shows itself in a notebook
document.py   what stands where in it
bundle.py     the modules of drawing/assets as one script
words.py      what they say, in other languages
notebook.py   the document in a notebook's cell
"""

from glassformer.drawing.html.document import page_of, shell
from glassformer.drawing.html.page import Page

__all__ = ["Page", "page_of", "shell"]
