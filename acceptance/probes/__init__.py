"""Probes: they measure a target and return frozen dataclasses; they never judge.

What could not be measured raises `Unverified` with the reason and what to do about it.
"""
