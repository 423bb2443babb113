"""What the pictures of steps say: structure, matrices, one head's flow, sublayers."""

SENTENCES: dict[str, str] = {
    "hidden layer": "隐藏层",
}
