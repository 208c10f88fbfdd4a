"""A person's look at what was extracted: the page beside its record, each fact at its evidence."""
