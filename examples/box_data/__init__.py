"""What the model in the box learns from: examples/box_pairs.py puts it together."""
