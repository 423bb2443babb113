"""Learning itself: loss, learner, schedule, processes, checkpoints."""
