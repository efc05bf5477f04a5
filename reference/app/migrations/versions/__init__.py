"""The revisions, an unbroken chain with one head: 001 <- 002."""
