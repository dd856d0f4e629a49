"""Compares Plaza with other servers on the same rows."""
