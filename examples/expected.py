#!/usr/bin/env python3
"""Makes the *.expected files with implementations of their own, so that the examples are held against something else than themselves.
Run it in this folder after changing an input: python3 expected.py"""
import collections, hashlib, json, math, re

def read(name, mode="r"):
    with open(name, mode) as file:
        return file.read()

def write(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())

def fib():
    numbers = [0, 1]
    while len(numbers) < 21:
        numbers.append(numbers[-1] + numbers[-2])
    return "".join(f"fib({i}) = {n}\n" for i, n in enumerate(numbers)) + f"recursively: {numbers[20]}\n"

def primes():
    def is_prime(n):
        return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))
    found = [n for n in range(1_000_000) if is_prime(n)]
    return (f"{len(found)} primes below 1000000\nfirst: {' '.join(map(str, found[:10]))}\n"
            f"last:  {' '.join(map(str, reversed(found[-10:])))}\n")

def word_count():
    data = read("word_count.input", "rb")
    words = re.findall(rb"[a-z]+", data.lower())
    counts = collections.Counter(words)
    head = f"{data.count(10)} lines, {len(data.split())} words, {len(data)} bytes, {len(counts)} different words\n"
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    return head + "".join(f"{count:>7} {word.decode()}\n" for word, count in best)

def sha256():
    return "".join(f"{hashlib.sha256(read(name, 'rb')).hexdigest()}  examples/{name}\n"
                   for name in ["sha256.input", "word_count.input", "maze.input"])

def json_pretty():
    value = json.loads(read("json_pretty.input"))
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

def nbody():
    year, mass = 365.24, 4.0 * math.pi * math.pi
    rows = [
        (0, 0, 0, 0, 0, 0, 1),
        (4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
        (8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411041, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
        (12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
        (15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
    ]
    bodies = [[[x, y, z], [vx * year, vy * year, vz * year], m * mass] for x, y, z, vx, vy, vz, m in rows]
    for axis in range(3):
        total = 0.0
        for _, velocity, m in bodies:
            total += velocity[axis] * m
        bodies[0][1][axis] = -total / mass
    def pairs():
        return [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    def energy():
        e = 0.0
        for i, (p, v, m) in enumerate(bodies):
            e += 0.5 * m * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
            for q, _, n in bodies[i + 1:]:
                d = [p[k] - q[k] for k in range(3)]
                e -= m * n / math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
        return e
    text = f"{energy():.9f}\n"
    for _ in range(1000):
        for (p, v, m), (q, w, n) in pairs():
            d = [p[k] - q[k] for k in range(3)]
            square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
            magnitude = 0.01 / (square * math.sqrt(square))
            for k in range(3):
                v[k] -= d[k] * (n * magnitude)
                w[k] += d[k] * (m * magnitude)
        for p, v, _ in bodies:
            for k in range(3):
                p[k] += 0.01 * v[k]
    return text + f"{energy():.9f}\n"

def mandelbrot():
    width, height = 96, 72
    out = bytearray(f"P6\n{width} {height}\n255\n".encode())
    for row in range(height):
        for column in range(width):
            cx, cy = column / width * 3.0 - 2.25, row / height * 2.25 - 1.125
            x = y = 0.0
            color = (0, 0, 0)
            for step in range(200):
                if x * x + y * y > 4.0:
                    phase = step % 32
                    rest = 31 - phase
                    color = (phase * 16, phase * 16, 127 + phase * 8) if phase < 16 else (100 + rest * 10, rest * 16, rest * 12)
                    break
                x, y = x * x - y * y + cx, 2.0 * x * y + cy
            out += bytes(color)
    return bytes(out)

def life():
    rows = read("life.input").splitlines()
    height, width = len(rows), max(map(len, rows))
    alive = {(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == "#"}
    for _ in range(100):
        near = collections.Counter(((r + dr) % height, (c + dc) % width) for r, c in alive
                                   for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc)
        alive = {cell for cell, count in near.items() if count == 3 or (count == 2 and cell in alive)}
    grid = "".join("".join("#" if (r, c) in alive else "." for c in range(width)) + "\n" for r in range(height))
    return grid + f"generation 100: {len(alive)} alive\n"

def brainfuck():
    code, data = read("brainfuck.program"), list(read("brainfuck.input", "rb"))
    cells, cell, at, out, partner, stack = [0] * 30000, 0, 0, bytearray(), {}, []
    for i, c in enumerate(code):
        if c == "[":
            stack.append(i)
        elif c == "]":
            j = stack.pop()
            partner[i], partner[j] = j, i
    while at < len(code):
        c = code[at]
        if c == ">": cell += 1
        elif c == "<": cell -= 1
        elif c == "+": cells[cell] = (cells[cell] + 1) % 256
        elif c == "-": cells[cell] = (cells[cell] - 1) % 256
        elif c == ".": out.append(cells[cell])
        elif c == ",": cells[cell] = data.pop(0) if data else cells[cell]
        elif c == "[" and cells[cell] == 0 or c == "]" and cells[cell] != 0: at = partner[at]
        at += 1
    return bytes(out)

def maze():
    grid = [list(row) for row in read("maze.input").splitlines()]
    where = {c: (r, k) for r, row in enumerate(grid) for k, c in enumerate(row) if c in "SE"}
    # Dijkstra's way round: the distance from the start to every place, by sweeps until nothing changes.
    distance = {where["S"]: 0}
    front = [where["S"]]
    while front:
        following = []
        for r, c in front:
            for place in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if 0 <= place[0] < len(grid) and 0 <= place[1] < len(grid[place[0]]) and grid[place[0]][place[1]] != "#" and place not in distance:
                    distance[place] = distance[(r, c)] + 1
                    following.append(place)
        front = following
    at, steps = where["E"], distance[where["E"]]
    while distance[at] > 1:
        r, c = at
        at = next(p for p in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)) if distance.get(p) == distance[(r, c)] - 1)
        grid[at[0]][at[1]] = "."
    return "".join("".join(row) + "\n" for row in grid) + f"{steps} steps\n"

def sudoku():
    """Only the solutions; how many digits were tried is the program's own affair, fixed by the order that its header states."""
    def possible(cells, i):
        r, c = divmod(i, 9)
        seen = {cells[r * 9 + k] for k in range(9)} | {cells[k * 9 + c] for k in range(9)}
        seen |= {cells[(r // 3 * 3 + k // 3) * 9 + c // 3 * 3 + k % 3] for k in range(9)}
        return [d for d in range(1, 10) if d not in seen]
    tried = 0
    def solve(cells):
        nonlocal tried
        free = [i for i in range(81) if cells[i] == 0]
        if not free:
            return True
        i = min(free, key=lambda place: len(possible(cells, place)))
        for d in possible(cells, i):
            tried += 1
            cells[i] = d
            if solve(cells):
                return True
            cells[i] = 0
        return False
    text = ""
    line = "+-------+-------+-------+\n"
    for number, puzzle in enumerate(read("sudoku.input").split(), 1):
        cells = [int(c) if c in "123456789" else 0 for c in puzzle]
        tried = 0
        if not solve(cells):
            text += f"puzzle {number}: no solution\n"
            continue
        text += f"puzzle {number}: solved, {tried} digits tried\n"
        for row in range(9):
            digits = cells[row * 9:row * 9 + 9]
            text += (line if row % 3 == 0 else "") + "".join(("| " if c % 3 == 0 else "") + f"{d} " for c, d in enumerate(digits)) + "|\n"
        text += line
    return text

if __name__ == "__main__":
    write("hello.expected", "Hello, world!\n")
    for make in (fib, primes, word_count, sha256, json_pretty, nbody, mandelbrot, life, brainfuck, maze, sudoku):
        write(f"{make.__name__}.expected", make())
