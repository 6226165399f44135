"""Setting an installation up: scripts from npm, the offline bundle."""
