"""Pretrained models: found, checked and loaded, with weights renamed to this package's names."""
