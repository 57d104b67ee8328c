"""Build the dataset: source snapshots -> observations -> reconciled facts -> ``src/modelmeta/data/``.

The library never imports this package and the wheel does not carry it.
"""
