"""One client and one server of each system that is measured, each in a process of its own.

A server prints ``PORT`` and serves until its input ends. A client fills its own store, prints ``ready``, and
for each line ``go`` that it reads brings everything to the server and prints what that took, as JSON:
``requests`` and ``seconds``. Corpus: a JSON file, a list of objects.
"""
