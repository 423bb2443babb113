"""Training: from random weights to a model that translates, the same way every time."""
