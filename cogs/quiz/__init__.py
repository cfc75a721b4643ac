"""Quiz nights: who is it?"""
