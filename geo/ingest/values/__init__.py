"""What one cell says: amounts, dates, numbers, credit codes, industries, persons; and what a heading means."""
