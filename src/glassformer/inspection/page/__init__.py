"""What the page shows of traces: a manifest and blocks of numbers, nothing drawn yet.

manifest.py     page_data(): traces and a request → PageData
passes.py       one pass: what was read, every step, what was predicted
blocks.py       its numbers, packed; what follows from others is not stored twice
learning.py     what was recorded of the sentence during training
sources.py      which file computes a step
"""
