"""Word count as an array of Slurm jobs and one that depends on it: a controller and a node on loopback."""

import os
import pwd
import socket
import subprocess
import sys

from cluster import SKIPPED, Process, WordCountTest, documented, main, until
from texts import counted, texts

CONFIG = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge.sock
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors}
PartitionName=all Nodes={host} Default=YES
"""

MAP, REDUCE = documented("map-%a.log"), documented("reduce.log")


def free_ports(count):
    """Ports that were free a moment ago: Slurm takes no others than those of its configuration."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


class Slurm(WordCountTest):
    def setUp(self):
        super().setUp()
        self.dir.chmod(0o755)
        for name in ("state", "spool", "texts", "parts", "counts"):
            (self.dir / name).mkdir()
        for name in ("map", "reduce"):
            (self.dir / name).symlink_to(self.bin / name)
        self.env |= {
            "SLURM_CONF": str(self.dir / "slurm.conf"),
            "PATH": f"{self.env['PATH']}:/usr/sbin",
        }
        self.log = self.dir / "log"

    def daemon(self, *argv):
        with self.log.open("a") as log:
            return self.start(Process(argv, env=self.env, cwd=self.dir, stdout=log, stderr=log))

    def ask(self, *argv):
        return subprocess.run(
            argv, env=self.env, cwd=self.dir, capture_output=True, text=True, timeout=60
        )

    def submit(self, name, text, *options):
        (self.dir / name).write_text(text)
        done = self.ask("sbatch", "--parsable", *options, name)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def cluster(self):
        """Starts one, and again with other ports if one is taken."""
        key = self.dir / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        munge = [
            f"--{name}={self.dir}/munge.{end}"
            for name, end in (
                ("key-file", "key"),
                ("socket", "sock"),
                ("pid-file", "pid"),
                ("log-file", "log"),
                ("seed-file", "seed"),
            )
        ]
        self.daemon("munged", "--foreground", "--force", *munge)
        until("a munged that listens", (self.dir / "munge.sock").exists)
        while True:
            controller, node = free_ports(2)
            (self.dir / "slurm.conf").write_text(
                CONFIG.format(
                    host=socket.gethostname().partition(".")[0],
                    folder=self.dir,
                    controller=controller,
                    node=node,
                    processors=os.cpu_count(),
                    user=pwd.getpwuid(os.geteuid()).pw_name,
                )
            )
            processes = [self.daemon("slurmctld", "-D"), self.daemon("slurmd", "-D")]
            if until("a node that is idle", lambda: self.settled(processes)) == "idle":
                return
            self.assertIn("in use", self.log.read_text())
            for process in processes:
                process.kill()

    def settled(self, processes):
        if any(process.popen.poll() is not None for process in processes):
            return "ended"
        return self.ask("sinfo", "--noheader", "--states=idle", "--format=%t").stdout.strip()

    def test_array(self):
        files = texts(self.dir / "texts", 6, 3000)
        self.cluster()
        self.addCleanup(self.ask, "scancel", "--full", "--user", str(os.geteuid()))
        array = self.submit("map.sh", MAP, f"--array=0-{len(files) - 1}")
        self.submit("reduce.sh", REDUCE, f"--dependency=afterok:{array}")
        until("totals", (self.dir / "totals").exists)
        self.assertEqual((self.dir / "totals").read_bytes(), counted(files))
        until("no job left", lambda: not self.ask("squeue", "--noheader").stdout)


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin"
    if os.geteuid() != 0:
        print("slurmd wants to be root")
        sys.exit(SKIPPED)
    main("munged", "slurmctld", "slurmd", "sbatch", "clang")
