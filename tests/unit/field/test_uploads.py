from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.surfaces.field.simulation.world import Parts
from fangxin.surfaces.field.uploads import Folder, Progress, receive


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.data())
def test_slices_in_any_order_with_repeats_and_cuts_make_the_same_picture(content, data):
    parts, digest, received, whole = Parts(), sha256(content).hexdigest(), 0, False
    for _ in range(200):
        if whole:
            break
        wild = data.draw(st.booleans())
        offset = data.draw(st.integers(0, len(content))) if wild else received
        length = data.draw(st.integers(1, 20))
        sent = content[offset : offset + length]
        progress = receive(parts, digest, offset=offset, size=len(content), data=sent)
        received, whole = progress.received, progress.whole
    assert whole
    assert parts.read(digest) == content


def test_bytes_that_do_not_fit_their_name_are_thrown_away():
    parts, digest = Parts(), sha256(b"right").hexdigest()
    assert receive(parts, digest, offset=0, size=5, data=b"wrong") == Progress(0, False)
    assert receive(parts, digest, offset=0, size=5, data=b"right") == Progress(5, True)


def test_a_slice_beyond_the_end_is_not_taken():
    parts, digest = Parts(), sha256(b"right").hexdigest()
    assert receive(parts, digest, offset=3, size=5, data=b"ht") == Progress(0, False)
    assert receive(parts, digest, offset=0, size=5, data=b"too long") == Progress(0, False)


def test_files_on_the_disk_keep_what_came_before_a_stop(tmp_path):
    content = b"a picture"
    digest = sha256(content).hexdigest()
    assert receive(Folder(tmp_path), digest, offset=0, size=9, data=content[:4]) == Progress(4, False)
    again = Folder(tmp_path)
    assert again.size(digest) == 4
    assert receive(again, digest, offset=4, size=9, data=content[4:]) == Progress(9, True)
    again.drop(digest)
    assert again.size(digest) == 0
