"""What is learned from: pairs read once, checked, cut into subwords and put in order."""
