"""One repository a need. Each method names the server it is for, and sees no other server's rows.

The exceptions are the operator's: `ServerRepository`, `Keeper.purge`, and what a member may ask of
all servers about himself, whose methods say ``everywhere``.
"""
