"""The page of import: files in, what their columns mean, the account, and the datasets of this workspace."""
