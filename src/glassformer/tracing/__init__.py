"""Recording a pass, every intermediate by name, and the arithmetic of any cell."""
