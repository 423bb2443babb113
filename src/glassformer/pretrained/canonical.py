"""Hub names without an owner, as papers and courses still use them."""

_BY_OWNER = {
    "google-bert": (
        "bert-base-cased",
        "bert-base-chinese",
        "bert-base-german-cased",
        "bert-base-multilingual-cased",
        "bert-base-multilingual-uncased",
        "bert-base-uncased",
        "bert-large-cased",
        "bert-large-cased-whole-word-masking",
        "bert-large-uncased",
        "bert-large-uncased-whole-word-masking",
    ),
    "FacebookAI": ("roberta-base", "roberta-large", "xlm-roberta-base", "xlm-roberta-large"),
    "distilbert": (
        "distilbert-base-cased",
        "distilbert-base-german-cased",
        "distilbert-base-multilingual-cased",
        "distilbert-base-uncased",
        "distilroberta-base",
    ),
    "almanach": ("camembert-base",),
}

CANONICAL = {name: f"{owner}/{name}" for owner, names in _BY_OWNER.items() for name in names}
"""The current full name of each."""
