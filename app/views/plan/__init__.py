"""The plan page: text, targets, replay, the Yangtze delta."""
