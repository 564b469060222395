"""What a model wrote against what the data say: numbers, directions, names, links, diagnoses, language."""
