"""Running the stages: the engine, the refinement loops, answers to questions."""
