"""What people keep: shortlist, saved searches, corrections and the log of all three, in one small database."""
