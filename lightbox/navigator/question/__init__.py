"""What a typed question asks of the table, from its words to what it means as a whole."""
