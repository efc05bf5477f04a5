"""Checks: pure functions that compare what a probe measured with what the contract promises."""
