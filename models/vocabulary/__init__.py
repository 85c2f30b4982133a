"""The field's vocabularies: codes with their names in Japanese and English. Plain data, no I/O."""
