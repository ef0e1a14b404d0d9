"""Ways to the other end, each a :class:`sync.carriers.port.Carrier`.

``https`` is the usual one. Two more have their door here: a *USB stick* carries the very parcels of
:mod:`sync.carriers.port` as one signed bundle and brings the answers home the same way; *OpenRosa* hands
the envelopes to an ODK server, one submission a request, and has no way back for decisions.
"""
