"""Repeat the draw of a record (chuangwen-draw/1) and compare: python3 verify_draw.py record.json
Needs Python 3.8 or later, nothing else. Prints "ok" (exit 0) or what differs (exit 1)."""
import datetime, hashlib, hmac, json, sys, unicodedata
def order(record, stratum, codes):  # all places of a stratum with their proofs, the first drawn first
    if record["method"] == "vrs":  # a ticket is HKDF with SHA-256 (RFC 5869)
        key = hmac.new(bytes.fromhex(record["code"]), record["randomness"].encode(), "sha256").digest()
        tickets = [[code, hmac.new(key, code.encode() + b"\1", "sha256").hexdigest()] for code in codes]
        return sorted(tickets, key=lambda ticket: ticket[::-1])
    key = record["randomness"] + ("" if list(record["pool"]) == [""] else stratum + "/")
    left, picked = list(codes), []
    for step in (number.to_bytes(2, "big") for number in range(len(codes))):  # RFC 3797, section 5
        digest = hashlib.md5(step + key.encode() + step).hexdigest()
        picked.append([left.pop(int(digest, 16) % len(left)), digest])
    return picked
def repeat(record):  # the record as its pool, quotas, randomness, code and skipped places make it
    pool = {stratum: sorted(codes) for stratum, codes in record["pool"].items()}
    lines = b"\n".join(sorted(f"{stratum}\t{code}".encode() for stratum in pool for code in pool[stratum]))
    tickets = {stratum: order(record, stratum, codes) for stratum, codes in pool.items()}
    drawn = {stratum: [code for code, _ in tickets[stratum][:record["quotas"][stratum]]] for stratum in pool}
    reserve = {stratum: [code for code, _ in tickets[stratum][len(drawn[stratum]):]] for stratum in pool}
    visited, substitutes = {(stratum, code) for stratum in pool for code in drawn[stratum]}, []
    for change in record["substitutes"]:  # a place that was to be visited gives way to the next ticket
        visited.remove((change["stratum"], change["for"]))
        substitutes.append(dict(change, by=reserve[change["stratum"]].pop(0)))
        visited.add((change["stratum"], substitutes[-1]["by"]))
    link = record["commitment"] and hashlib.sha256(bytes.fromhex(record["code"])).hexdigest()
    return dict(record, format="chuangwen-draw/1", pool=pool, pool_sha256=hashlib.sha256(lines).hexdigest(),
                commitment=link, tickets=tickets, drawn=drawn, substitutes=substitutes)
def unique(pairs):  # two readers of a name that occurs twice may see different values
    return dict(pairs) if len(dict(pairs)) == len(pairs) else sys.exit("differs: a name occurs twice")
def clean(text):  # in normal form C, no spaces at the ends, nothing invisible
    kinds = {unicodedata.category(character) for character in text}
    return text == unicodedata.normalize("NFC", text.strip()) and not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
def rules(record):  # what must hold besides: each rule and whether it is kept
    pool, quotas, code, stages, changes = map(record.get, "pool quotas code times_of substitutes".split())
    yield "fields", (len(record), {len(change) for change in changes} - {5}, set(stages)) == (
        14, set(), {"frozen", "committed", "released", "drawn"})
    codes = [code for stratum in pool.values() for code in stratum]
    texts = [record["source"], record["randomness"], *codes, *(change["reason"] for change in changes)]
    yield "canonical texts", all(texts) and all(clean(text) for text in [*texts, *pool])
    yield "every code once", len(codes) == len(set(codes)) > 0 and all(pool.values())
    yield "quotas", set(quotas) == set(pool) and all(type(n) is int and n >= 0 for n in quotas.values())
    yield "method, code", record["method"] in ("vrs", "rfc3797") and bytes.fromhex(code).hex() == code
    yield "times", (record["commitment"] and type(record["times"]) is int and record["times"] > 0) or (
        record["commitment"] is record["times"] is stages["committed"] is None)
    early, late = [text for text in stages.values() if text is not None], [change["at"] for change in changes]
    when = {text: datetime.datetime.fromisoformat(text) for text in early + late}
    yield "form of times", all(time.tzinfo and time.isoformat() == text for text, time in when.items())
    drawn = when.get(stages["drawn"])
    yield "time order", not drawn or all([when[t] <= drawn for t in early] + [when[t] >= drawn for t in late])
try:
    with open(sys.argv[1], encoding="utf-8-sig") as file:
        record = json.load(file, object_pairs_hook=unique)
    wrong = [rule for rule, kept in rules(record) if not kept]
    wrong += [name for name, value in repeat(record).items() if record[name] != value]
except Exception as fault:
    wrong = [f"not a sound record, {fault!a}"]
print("differs: " + ", ".join(wrong) if wrong else "ok")
sys.exit(bool(wrong))
