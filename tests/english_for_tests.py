"""English that is left over in Chinese text: what no reader of Chinese should have to read."""

import re
from collections.abc import Collection

_AS_IT_IS = re.compile(
    r"'[^'\n]*'|“[^”\n]*”|\"[^\"\n]*\""  # what is quoted
    r"|glassformer [^，。；：）\n]*|pip install [^，。；：）\n]*"  # commands
    r"|--?[a-z-]+(?: [A-Z]+)?|\[[^\]\n]*\]|\b[A-Z]+\b"  # options, choices, placeholders
    r"|\S*[./_=(){}:|<▁·+₁²√]\S*"  # names of steps and files, formulas, signatures
)
_SENTENCE = re.compile(r"\b[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}\b){2}")


def english_in(text: str, known: Collection[str] = ()) -> list[str]:
    """Three Latin words in a row, outside of quotes, code and formulas; `known` words are text."""
    plain = re.sub(r"[^\W\d_]+", lambda word: "'" if word[0] in known else word[0], text)
    return _SENTENCE.findall(_AS_IT_IS.sub("'", plain))
