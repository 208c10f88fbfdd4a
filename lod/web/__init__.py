"""The site: content negotiation, pages, SPARQL, the catalogue. Each module is one audience."""
