"""An answer as people see it on the query page: a table, a chart, a map of the regions, a graph.

Everything here is made on the server, so it works without a script; each view is made when it is asked for.
"""
