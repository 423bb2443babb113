"""The training data: pairs read once, filtered, tokenized and put into batches."""
