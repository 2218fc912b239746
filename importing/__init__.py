"""Import of another platform's export: every row read, judged and accounted for; nothing guessed in silence."""
