"""Decoding: from encoder outputs R to target sentences, by beam search or sampling."""
