"""What a model is and how it runs: cards, tasks, media, tools, runners."""
