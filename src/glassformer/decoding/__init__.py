"""Decoding: from R to the target sentence."""
