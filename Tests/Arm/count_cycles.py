"""Counts the instructions of one record in the inner loops of the integer multiply, and estimates their cycles.

usage: count_cycles.py OBJECT...

OBJECT is .build-arm/KernelsDotProd.o or KernelsI8MM.o, which tools/test_arm.sh leaves. The cycles are those of LLVM's
models of the processors (llvm-mca, Debian package llvm-19), with all data in the first-level cache: on paper.
"""

import re
import subprocess
import sys

VERSION = "-19"
PROCESSORS = ["neoverse-n1", "neoverse-v1", "neoverse-n2", "neoverse-v2"]
SHAPES = {
    "16NibbleBlocksOf32O": "32, no minima (Q4_0, Q8_0)",
    "NarrowBlocksOf32WithMinimumO": "32, minima (Q4_K, Q5_K)",
    "16NibbleBlocksOf16O": "16, no minima (Q3_K, Q6_K)",
    "NibbleBlocksOf16WithMinimumO": "16, minima (Q2_K)",
}
PRODUCTS = {"sdot", "smmla"}


def functions(path: str) -> dict[str, list[tuple[int, str, str]]]:
    """Address, operation and operands of each instruction, by function."""
    features = "--mattr=+dotprod,+i8mm"
    command = [f"llvm-objdump{VERSION}", "-d", "--no-show-raw-insn", features, path]
    found: dict[str, list[tuple[int, str, str]]] = {}
    name = ""
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        if head := re.match(r"[0-9a-f]+ <(.*)>:", line):
            name = head[1]
            found[name] = []
        elif part := re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*([^/]*)", line):
            found[name].append((int(part[1], 16), part[2], part[3].strip()))
    return found


def is_branch(operation: str) -> bool:
    return operation == "b" or operation.startswith("b.") or operation in ("cbz", "cbnz", "tbz", "tbnz")


def one_record(code: list[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """The instructions from the loop's start to its start, where nothing is prefetched and no block is wide."""
    places = {address: index for index, (address, _, _) in enumerate(code)}

    def target(operands: str) -> int:
        return places.get(int(re.findall(r"0x([0-9a-f]+)", operands.partition("<")[0])[-1], 16), -1)

    first = next(index for index, (_, operation, _) in enumerate(code) if operation in PRODUCTS)
    last = max(index for index, (_, operation, _) in enumerate(code) if operation in PRODUCTS)
    ends = [i for i in range(last, len(code)) if is_branch(code[i][1]) and 0 <= target(code[i][2]) <= i]
    start = target(code[ends[0]][2])
    path: list[tuple[str, str]] = []
    index = start
    for _ in range(2 * len(code)):
        _, operation, operands = code[index]
        index += 1
        if not is_branch(operation):
            path.append((operation, operands))
            continue
        to = target(operands)
        taken = operation == "b" or to == start or (operation == "cbz" and operands.startswith("x"))
        path.append(("nop", "") if operation == "b" else ("cmp", "x0, #0"))
        if taken:
            index = to
        if index == start:
            return path
    raise ValueError(f"no loop around instruction {first}")


def cycles(path: list[tuple[str, str]], processor: str) -> float:
    text = "\n".join(f"{operation} {re.sub('<.*', '', operands)}" for operation, operands in path)
    command = [f"llvm-mca{VERSION}", "-mtriple=aarch64", f"-mcpu={processor}", "-mattr=+i8mm,+dotprod"]
    result = subprocess.run([*command, "-iterations=100", "-"], input=text, capture_output=True, text=True, check=True)
    return int(re.search(r"Total Cycles:\s+(\d+)", result.stdout)[1]) / 100


def main() -> None:
    print("| set | activations | blocks | all | products | on the stack |", end="")
    print("".join(f" {processor} |" for processor in PROCESSORS))
    print("|---|---|---|---:|---:|---:|" + "---:|" * len(PROCESSORS))
    for path in sys.argv[1:]:
        kernels = re.search(r"Kernels(\w+)", path.split("/")[-1])[1].lower()
        code = functions(path)
        for precision, encoding in [("i8", "EightBit"), ("i16", "SixteenBit")]:
            for shape, words in SHAPES.items():
                # The fullest tile of six tokens.
                names = [n for n in code if "IntegerTileO3run" in n and shape in n and f"{encoding}EncodingO$5" in n]
                record = one_record(code[names[0]])
                products = sum(operation in PRODUCTS for operation, _ in record)
                stack = sum("[sp" in operands or "[x29" in operands for _, operands in record)
                counts = f"| {kernels} | {precision} | {words} | {len(record)} | {products} | {stack} |"
                print(counts + "".join(f" {cycles(record, processor):.0f} |" for processor in PROCESSORS))


main()
