"""The words that everybody shares: enums, languages, money, and the records that database and core have in common."""
