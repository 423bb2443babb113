"""Claim: `glassformer inspect` and `glassformer translate` of one sentence from a cold shell take
at most 1.5 s more than `import torch`, and `glassformer --help` less than 0.3 s.

Runs each command as a process of its own, in turn, and prints medians and differences.

    python benchmarks/cold_start.py [--rounds 7]
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

SENTENCE = "a dog ate the food because it was hungry"
GLASSFORMER = str(Path(sys.executable).parent / "glassformer")
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import torch": [sys.executable, "-c", "import torch"],
    "glassformer --help": [GLASSFORMER, "--help"],
    "glassformer inspect": [GLASSFORMER, "inspect", SENTENCE, "--word", "it"],
    "glassformer inspect, JSON": [GLASSFORMER, "inspect", SENTENCE, "--format", "json"],
    "glassformer translate": [GLASSFORMER, "translate", "--to", "fr"],
}


def seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, input=SENTENCE.encode(), capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for index in range(rounds + 1):
        for name, command in COMMANDS.items():
            taken = seconds(command)
            if index:  # the first round only warms the disk cache
                times[name].append(taken)
    medians = {name: statistics.median(values) for name, values in times.items()}
    torch = medians["import torch"]
    print(f"{'command':<28}{'median s':>10}{'min s':>9}{'max s':>9}{'over import torch':>20}")
    for name, values in times.items():
        over = f"{medians[name] - torch:+.2f} s" if "inspect" in name or "translate" in name else ""
        print(f"{name:<28}{medians[name]:>10.2f}{min(values):>9.2f}{max(values):>9.2f}{over:>20}")


if __name__ == "__main__":
    main()
