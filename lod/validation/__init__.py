"""Validation by SHACL: `validator` is the port; it has two engines behind it.

Nothing is imported here, so that the process of pySHACL (`worker`) starts with no more than it needs.
"""
