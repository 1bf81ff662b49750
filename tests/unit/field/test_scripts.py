"""The phone's modules that need no screen, under Node."""

import struct


def test_the_way_goes_always_to_the_nearest_next(run_script):
    way = run_script(
        "route.js", "order",
        """const at = (name, longitude) => ({ name, latitude: 34, longitude });
        const visits = [at("far", 111.3), at("near", 111.01), { name: "nowhere" }, at("west", 110.98), at("middle", 111.1)];
        answer = order(visits, { latitude: 34, longitude: 111 }).map((v) => [v.name, v.metres]);""",
    )  # fmt: skip
    assert [name for name, _ in way] == ["near", "west", "middle", "far", "nowhere"]
    assert way[0][1] == 922
    assert way[-1][1] is None


def test_without_a_beginning_the_order_stays_as_it_was(run_script):
    answer = run_script(
        "route.js", "order",
        "answer = order([{ id: 1 }, { id: 2, latitude: 34, longitude: 111 }], null).map((v) => v.id);",
    )  # fmt: skip
    assert answer == [2, 1]


def test_a_known_distance(run_script):
    # One degree of latitude is 111.2 km on the sphere of 6,371 km.
    metres = run_script(
        "route.js", "distance",
        "answer = distance({ latitude: 34, longitude: 111 }, { latitude: 35, longitude: 111 });",
    )  # fmt: skip
    assert abs(metres - 111_195) < 1


VAULT = """
let lock; const save = async (next) => { lock = next; };
const made = await create("271828", "server secret"); lock = made.lock;
const sealed = await made.box.seal({ note: "好" });
"""


def test_only_the_pin_opens_what_is_sealed(run_script):
    answer = run_script(
        "vault.js", "create, unlock",
        VAULT + """
        const wrong = await unlock(lock, "314159", save);
        const right = await unlock(lock, "271828", save);
        const text = Buffer.from(sealed.data).toString("latin1");
        answer = [wrong.left, await right.box.open(sealed), lock.tries, text.includes("note"), lock.byPin.rounds];""",
    )  # fmt: skip
    assert answer == [9, {"note": "好"}, 0, False, 600_000]


def test_a_changed_byte_is_noticed(run_script):
    answer = run_script(
        "vault.js", "create",
        VAULT + "new Uint8Array(sealed.data)[0] ^= 1; answer = await made.box.open(sealed).then(() => 'open', () => 'shut');",
    )  # fmt: skip
    assert answer == "shut"


def test_a_try_counts_even_if_the_page_is_closed_in_it(run_script):
    answer = run_script(
        "vault.js", "create, unlock",
        VAULT + """
        const closed = async (next) => { lock = next; throw new Error("closed"); };
        for (let n = 0; n < 3; n += 1) await unlock(lock, "314159", closed).catch(() => {});
        answer = lock.tries;""",
    )  # fmt: skip
    assert answer == 3


def test_after_ten_wrong_pins_only_the_servers_secret_opens_and_the_work_is_there(run_script):
    answer = run_script(
        "vault.js", "create, unlock, recover",
        VAULT + """
        for (let n = 0; n < 10; n += 1) await unlock(lock, "314159", save);
        const shut = await unlock(lock, "271828", save);
        const stranger = await recover(lock, "another secret", "161803");
        const again = await recover(lock, "server secret", "161803");
        answer = [shut, stranger, await again.box.open(sealed), (await unlock(again.lock, "161803", save)).left];""",
    )  # fmt: skip
    assert answer == [{"left": 0}, None, {"note": "好"}, None]


def _sizes(run_script, heads):
    given = ", ".join(f'"{head.hex()}"' for head in heads)
    return run_script(
        "photos.js", "sizeOf", f'answer = [{given}].map((text) => sizeOf(new Uint8Array(Buffer.from(text, "hex"))));'
    )


def test_the_size_of_a_picture_is_read_from_its_first_bytes(run_script):
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08\x0b\xb8\x0f\xa0\x03" + b"\0" * 20
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 4000, 3000)
    webp = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + (3999).to_bytes(3, "little") + (2999).to_bytes(3, "little")
    size = {"width": 4000, "height": 3000}
    assert _sizes(run_script, [jpeg, png, webp]) == [size, size, size]


def test_what_is_no_picture_has_no_size(run_script):
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 30
    assert (
        _sizes(run_script, [b"", b"\xff", b"\xff\xd8", heic, b"<svg>" + b" " * 40, b"RIFF\0\0\0\0WAVEfmt "])
        == [None] * 6
    )


STATE = """
const premises = { id: 1, name: "shop", kind: "shop", place: {} };
const snapshot = {
  visits: [{ id: 5, checklist: 9, officers: [1], premises, items: [] }], inspections: [],
  checklists: { 9: { items: [{ code: "1" }, { code: "2" }, { code: "3", kinds: ["canteen"] }] } },
};
const held = (kind, payload, files = [], answer = null) => ({ operation: { uuid: kind, kind, subject: "k", payload, files }, answer });
const begun = held("start", { visit: 5, officers: [1, 2] });
"""


def test_the_screen_follows_from_the_journal_and_the_last_snapshot(run_script):
    answer = run_script(
        "state.js", "derive, progress, mildest",
        STATE + """
        const work = [begun, held("item", { code: "1", outcome: "fail", safety_affected: false }), held("photo", { code: "1" }, ["d"])];
        const [card] = derive(snapshot, work);
        const seen = progress(card, snapshot.checklists[9]);
        answer = [card.state, card.officers, seen.done, seen.all, mildest(card, snapshot.checklists[9]), card.photos];""",
    )  # fmt: skip
    assert answer == ["started", [1, 2], 1, 2, "mostly", {"1": ["d"]}]


def test_a_failed_item_is_not_answered_until_safety_is(run_script):
    answer = run_script(
        "state.js", "answered, derive, mildest",
        STATE + """
        const [card] = derive(snapshot, [begun, held("item", { code: "1", outcome: "fail", safety_affected: true })]);
        answer = [answered({ outcome: "fail", safety_affected: null }), answered(card.items["1"]), mildest(card, snapshot.checklists[9])];""",
    )  # fmt: skip
    assert answer == [False, True, "nonconforming"]


def test_a_refused_operation_is_shown_with_its_reason(run_script):
    answer = run_script(
        "state.js", "derive",
        STATE + 'answer = derive(snapshot, [begun, held("judge", {}, [], { state: "conflict", reason: "why" })])[0].troubles;',
    )  # fmt: skip
    assert answer == [{"state": "conflict", "reason": "why"}]
