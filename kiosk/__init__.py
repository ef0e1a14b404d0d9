"""The centre's work: forms, catalogue, applications, receipts, voice, operators, journal, flow, store.

No Qt and no HTTP here; see ARCHITECTURE.md for the walls.
"""
