"""What node answers otherwise than we do, and why: the reasons, and under each the cases that meet it.

Seen with node 20. A case that fails at an errno of ERRNOS, wherever, needs no entry.
"""

import re

CHANGES_OUTSIDE = {"libc_folders"}

ERRNOS = {
    # expected here, got there
    ("FAULT", "OVERFLOW"): "its errno for a range outside the memory",
    ("PERM", "NOTCAPABLE"): "its errno for a path that leaves its directory",
}

CASES = {
    "environ_get of nothing is INVAL": """
        args: environment_is_empty
    """,
    "node.mjs sets a variable that the host does not have": """
        environ: variable_that_the_host_has_not nothing_else
    """,
    "resolves a path by its text, in a root of its own where `..` is the root and "
    "absolute links begin: what leads out is looked for inside, and sometimes found "
    "outside": """
        path: up_out_of_root up_out_from_below up_too_far_and_back up_from_what_is_not_there
            up_from_a_file trailing_slash_follows_a_link
            trailing_slash_does_not_open_what_is_out up_from_a_link_is_up_from_its_target
            link_up_stays_counted link_out link_out_in_the_middle link_out_at_the_end_of_a_chain
            link_out_and_in_again link_out_does_not_tell_what_is_there absolute_link
            absolute_link_to_inside moved_folder escape_create escape_create_directory
            escape_stat escape_set_times escape_link_from escape_link_to escape_readlink
            escape_remove_directory escape_rename_from escape_rename_to escape_symlink
            escape_unlink
        open: create_through_a_link_that_leads_out
        names: mkdir_out unlink_of_a_folder link_moved_so_that_it_leads_out
        links: symlink_that_leads_out_can_be_made_but_not_used
            symlink_whose_target_becomes_a_link_out readlink_with_a_trailing_slash
            readlink_through_a_link link_to_a_link_is_to_the_link link_that_follows_out
        libc_files: outside
        libc_folders: opendir_of_what_is_none mkdir_and_rmdir access_tells_what_is_there
        rust_fs: outside
        preopen: given_folder_moved
    """,
    "an empty path is INVAL": """
        path: empty_path
        names: mkdir_where_no_folder_is unlink_below_a_file rename_what_is_not_there
        links: symlink_where_no_folder_is readlink_of_no_link link_to_what_is_not_there
    """,
    "a path ends at its first NUL": """
        path: nul_inside
    """,
    "follows a last link that must not be followed": """
        path: no_follow_of_a_last_link no_follow_of_a_last_folder_link escape_create_no_follow
        open: exclusive_does_not_follow create_through_a_dangling_link
    """,
    "a path may be as long as it likes, if what its text comes to is not": """
        path: path_too_long
    """,
    "a name that is missing before a folder is NOTDIR": """
        open: create_in_a_folder_that_is_not_there directory_flag
    """,
    "takes the dots from a path's end": """
        names: rmdir_of_dots rename_of_dots
    """,
    "wants room for a NUL behind a name and a link's text, and writes one": """
        links: readlink_cuts_to_the_room readlink_adds_no_nul
        preopen: name_that_does_not_fit
    """,
    "lists no dots, and its cookies count entries, so that removing one skips another": """
        readdir: all_with_much_room all_with_little_room all_with_room_for_one twice_by_cookie_0
            again_on_the_same_descriptor from_the_middle back_to_an_earlier_cookie
            cookie_works_on_another_descriptor last_cookie_is_the_end
            cut_entry_is_the_start_of_the_whole_one empty_folder types_and_numbers
            removal_while_listing
        libc_folders: scandir_sorts
        rust_fs: make_and_remove_all
    """,
    "a folder's descriptor and a pipe lack the right, which comes first": """
        readdir: no_folder
        rust_fs: errors
        io: pipe_has_no_position folder_is_not_read folder_has_no_position
    """,
    "keeps whole seconds of times only": """
        libc_files: times
        fd: times_are_set
    """,
    "copies nothing before it writes, and the last byte is out of bounds for it": """
        memory: last_byte_can_be_used events_over_their_subscriptions
    """,
    "fd_renumber onto itself is looked at first": """
        fd: renumber_of_what_is_closed
    """,
    "gives the host's flags, unknown bits among them": """
        fd: fdstat_of_a_file fdstat_tells_of_append flags_are_set_and_taken_away
            flags_not_to_wait
    """,
    "a pipe is a SOCKET_STREAM": """
        fd: fdstat_of_pipes filestat_of_a_pipe
    """,
    "fd_allocate is ftruncate": """
        fd: allocate_nothing allocate_past_every_number
    """,
    "fd_prestat_get of other descriptors is INVAL": """
        preopen: other_descriptors_are_no_given_folders
    """,
}


def reasons():
    """{"guest case": why}"""
    known = {}
    for why, text in CASES.items():
        guest = ""
        for word in text.split():
            if word.endswith(":"):
                guest = word[:-1]
            else:
                known[f"{guest} {word}"] = why
    return known


def reason(guest, line):
    """Why node is known to say this line of failure, or None."""
    if guest in CHANGES_OUTSIDE and line.startswith("changed: outside/"):
        return "and so it is not confined"
    match = re.match(r"failed (\w+): (?:.* got (\w+), expected (\w+)$)?", line)
    if match is None:
        return None
    case, got, expected = match.groups()
    return reasons().get(f"{guest} {case}") or ERRNOS.get((expected, got))
