"""Proof of the reports, on realistic documents."""
