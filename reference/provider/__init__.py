"""The hosting provider of the embedded deployment: its state and the HTTP API that answers for it."""
