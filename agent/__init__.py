"""Reaching the goal: the agent, its middleware, the embedded planner, the record of a run, the command line."""
