"""Pictures for training: fetch them, turn them into pairs of lines and colour, draw crops and hints from them."""
