"""Views and reports made from what was recorded: who attends to whom, and what comes next."""
