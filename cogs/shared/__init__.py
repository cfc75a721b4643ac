"""What several features need: the bot's services, pictures of a message, refusals, replies."""
