"""The application under test: APEX Analytics' API on PostgreSQL and Valkey."""

VERSION = "2.0.0"
