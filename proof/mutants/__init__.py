"""Mutation testing: the judging parts are changed in small ways, and the proof must notice each change."""
