"""Web pages to records, with the evidence of each fact."""
