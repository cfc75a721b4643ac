"""What a server taught the bot: joined with whom it knows, learned, approved, carried elsewhere.

No Discord here, and no tables: it puts `recognition` and `store` together for the cogs.
"""
