"""Pictures of a quiz: looked at, kept, shown step by step, and looked out for while they are asked.

No Discord here, and no tables: it puts `recognition` and `store` together for the cogs.
"""
