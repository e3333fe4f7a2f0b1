"""LangChain's vector stores and record managers, and an index over any of them."""
