# SPDX-License-Identifier: MIT
"""The kit away from its source: installed below a prefix, moved, and out of its Debian package. Programs run with an empty
environment from another folder, and everything that an author of an adapter needs is taken from the installation alone."""

import glob
import gzip
import os
import shutil
import subprocess
import tempfile
import unittest

import kit

BARE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
HEADERS = ["harness/plugin.h", "models/capability.h", "models/event.h", "models/protocol.h"]
CONSUMER = """cmake_minimum_required(VERSION 3.16)
project(my-bus LANGUAGES C)
find_package(vpci-conform %s REQUIRED)
enable_testing()
vpci_add_adapter(adapter adapter.c)
vpci_add_certification(adapter --quiet)
"""


def setUpModule():
    global FOLDER, PREFIX
    FOLDER = unittest.enterModuleContext(tempfile.TemporaryDirectory(prefix="vpci-install-"))
    installed = os.path.join(FOLDER, "installed")
    check("cmake", "--install", kit.BUILD, "--prefix", installed)
    PREFIX = os.path.join(FOLDER, "moved")
    os.rename(installed, PREFIX)


def check(*command, environment=None, cwd="/", umask=-1):
    """What a command prints, which has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=cwd, stdin=subprocess.DEVNULL, umask=umask,
                          env={**BARE, **(environment or {})})
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names)


class Installed(kit.Test):
    """Tests of the kit below self.prefix."""

    def setUp(self):
        super().setUp()
        self.prefix = PREFIX

    def program(self, *arguments, code=kit.CONFORMS):
        done = subprocess.run([os.path.join(self.prefix, "bin", "vpci-conform"), *arguments], capture_output=True, text=True, timeout=120,
                              check=False, cwd=self.folder, stdin=subprocess.DEVNULL, env=BARE)
        self.assertEqual(done.returncode, code, done)
        return done

    def new_adapter(self):
        """A folder with the template's adapter.c, and none of the headers that came with it."""
        self.program("adapter", "new", "my-bus")
        shutil.rmtree(self.path("my-bus", "include"))
        return self.path("my-bus")

    def certify_plugin(self, plugin):
        """The template conforms in what it claims."""
        self.program("certify", "--adapter", plugin, "--out", self.path("out"), "--quiet")
        results = kit.read_results(self.path("out"))
        self.assertEqual(results.header["name"], "my-bus")
        self.assertGreater(results.footer["cases"]["pass"], 100)

    def pkg_config(self, *what):
        return check("pkg-config", *what, "vpci-conform", environment={"PKG_CONFIG_PATH": f"{self.prefix}/share/pkgconfig"}).split()


class Prefix(Installed):
    def test_it_is_complete(self):
        version = self.program("--version").stdout
        self.assertEqual(version, kit.run("--version").out)
        bundled = self.program("list", "adapters").stdout
        self.assertEqual(bundled, kit.run("list", "adapters").out)
        self.assertIn("liar:caches-reads\n", bundled)
        self.assertEqual(files_below(f"{self.prefix}/share/vpci-conform/corpus"), files_below(kit.CORPUS))

    def test_the_same_results_as_in_the_build_tree(self):
        self.program("certify", "--adapter", "golden", "--out", self.path("there"), "--quiet")
        self.certify("golden", "--quiet", code=kit.CONFORMS, out="here")
        self.assertEqual(self.results_bytes("there"), self.results_bytes("here"))
        self.program("run", "--adapter", "liar:caches-reads", "--only", "direct/*", "--quiet", code=kit.VIOLATION)

    def test_nothing_of_another_kit(self):
        """What lies where a build tree has its parts is not taken, with a broken link in the way or without."""
        os.makedirs(self.path("bin"))
        shutil.copy(os.path.join(self.prefix, "bin", "vpci-conform"), self.path("bin"))
        shutil.copytree(kit.CORPUS, self.path("corpus"))
        shutil.copytree(kit.CORPUS, self.path("bin", "corpus"))
        os.symlink(os.path.join(self.prefix, "lib/vpci-conform/adapters"), self.path("bin", "adapters"))
        alone = self.path("bin", "vpci-conform")
        self.assert_fault(self.run_program("list", "scenarios", program=alone), "--corpus")
        self.assertEqual(self.run_program("list", "adapters", program=alone).out, "")
        self.assert_fault(self.run_program("certify", "--adapter", "golden", program=alone), "--corpus")

    def test_an_older_kit_leaves_nothing_behind(self):
        prefix = self.path("prefix")
        stale = [kit.write(os.path.join(self.made(prefix, folder), name), "{}") for folder, name in
                 (("share/vpci-conform/corpus/scenarios/direct", "of-an-older-kit.json"), ("lib/vpci-conform/adapters/liars", "old.so"))]
        mine = kit.write(os.path.join(self.made(prefix, "share/doc/vpci-conform"), "mine"), "")
        check("cmake", "--install", kit.BUILD, "--prefix", prefix)
        self.assertEqual([path for path in stale if os.path.exists(path)], [])
        self.assertTrue(os.path.exists(mine))

    @staticmethod
    def made(*path):
        os.makedirs(os.path.join(*path))
        return os.path.join(*path)

    def test_through_a_link(self):
        os.symlink(os.path.join(self.prefix, "bin", "vpci-conform"), self.path("conform"))
        done = self.run_program("list", "adapters", program=self.path("conform"))
        self.assertIn("golden\n", done.out)

    def test_manual_and_completions(self):
        for page in ("vpci-conform.1.gz", "vpci-serve.1.gz"):
            with gzip.open(os.path.join(self.prefix, "share/man/man1", page)) as file:
                text = file.read()
            self.assertIn(b".SH NAME", text)
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=text, capture_output=True, timeout=60, check=True)
            self.assertEqual(done.stderr, b"")
        for place, first in (("bash-completion/completions/vpci-conform", "complete"), ("zsh/site-functions/_vpci-conform", "#compdef"),
                             ("fish/vendor_completions.d/vpci-conform.fish", "complete")):
            self.assertIn(first, kit.read_bytes(os.path.join(self.prefix, "share", place)).decode())

    def test_a_plugin_with_pkg_config(self):
        folder = self.new_adapter()
        plugin = os.path.join(folder, "adapter.so")
        check("cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fPIC", "-shared", *self.pkg_config("--cflags"),
              os.path.join(folder, "adapter.c"), "-o", plugin)
        self.certify_plugin(plugin)
        version = self.program("--version").stdout.split()[1]
        self.assertEqual(self.pkg_config("--modversion"), [version])
        for variable in ("corpusdir", "adaptersdir", "program"):
            self.assertTrue(os.path.exists(self.pkg_config(f"--variable={variable}")[0]), variable)

    def test_a_plugin_with_cmake(self):
        folder = self.new_adapter()
        version = self.program("--version").stdout.split()[1]
        kit.write(os.path.join(folder, "CMakeLists.txt"), CONSUMER % version)
        build = self.path("build")
        check("cmake", "-S", folder, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        check("cmake", "--build", build)
        self.certify_plugin(os.path.join(build, "adapter.so"))
        self.assertIn("certify/adapter", check("ctest", "--test-dir", build))

    def test_cmake_refuses_a_version_that_it_is_not(self):
        for version in ("99.0", "0.0"):
            kit.write(self.path("CMakeLists.txt"), CONSUMER % version)
            with self.assertRaisesRegex(AssertionError, f'requested version "{version}"'):
                check("cmake", "-S", self.folder, "-B", self.path("build", version), f"-DCMAKE_PREFIX_PATH={self.prefix}")

    def test_serve(self):
        self.program("run", "--adapter", f"exec:{self.prefix}/bin/vpci-serve {self.prefix}/lib/vpci-conform/adapters/golden.so",
                     "--only", "interface/*", "--quiet")

    def test_headers(self):
        """Each is whole by itself, and says what the source says."""
        include = os.path.join(self.prefix, "include", "vpci-conform")
        self.assertEqual(files_below(include), HEADERS)
        for header in HEADERS:
            self.assertEqual(kit.read_bytes(os.path.join(include, header)), kit.read_bytes(os.path.join(kit.SOURCE, header)))
            check("cc", "-std=c11", "-fsyntax-only", "-x", "c", f"-I{include}", os.path.join(include, header))


class Hunt(Installed):
    def test_with_the_targets(self):
        """Coverage is that of the engine's own build of golden."""
        self.program("fuzz", "--adapter", "golden", "--runs", "300", "--out", self.path("out"))
        log = kit.read_bytes(self.path("out", "log", "libfuzzer0.log")).decode(errors="replace")
        self.assertIn("Loaded 2 modules", log)

    def test_without_the_targets(self):
        prefix = self.path("prefix")
        check("cmake", "--install", kit.BUILD, "--prefix", prefix, "--component", "kit")
        for engine in ("libfuzzer", "afl"):
            done = self.run_program("fuzz", "--adapter", "golden", "--engine", engine, program=f"{prefix}/bin/vpci-conform")
            self.assert_fault(done, "vpci-conform-fuzzers")


class DebianPackage(Installed):
    @staticmethod
    def packed(folder):
        check("cpack", "-G", "DEB", "-B", os.path.join(FOLDER, folder), "-D", "VPCI_PACKAGE_WITHOUT_FUZZERS=ON",
              "--config", os.path.join(kit.BUILD, "CPackConfig.cmake"), cwd=FOLDER, umask=0o077)
        return os.path.join(FOLDER, folder)

    @classmethod
    def setUpClass(cls):
        cls.packages = cls.packed("packages")
        (cls.package,) = glob.glob(os.path.join(cls.packages, "*.deb"))
        cls.root = os.path.join(FOLDER, "root")
        check("dpkg-deb", "-x", cls.package, cls.root)

    def setUp(self):
        super().setUp()
        self.prefix = os.path.join(self.root, "usr")

    def field(self, name):
        return check("dpkg-deb", "-f", self.package, name).strip()

    def test_it_works_unpacked_elsewhere(self):
        self.program("certify", "--adapter", "golden", "--out", self.path("out"), "--quiet")
        folder = self.new_adapter()
        check("cc", "-std=c11", "-fPIC", "-shared", *self.pkg_config("--cflags"), f"{folder}/adapter.c", "-o", f"{folder}/adapter.so")
        self.certify_plugin(f"{folder}/adapter.so")

    def test_what_it_says_of_itself(self):
        version = self.program("--version").stdout.split()[1]
        self.assertEqual(self.field("Version"), version)
        self.assertEqual(self.field("Section"), "devel")
        for library in ("libc6", "libcjson1", "libssl3"):
            self.assertIn(library, self.field("Depends"))
        with gzip.open(os.path.join(self.prefix, "share/doc/vpci-conform/changelog.gz"), "rt") as file:
            self.assertTrue(file.readline().startswith(f"vpci-conform ({version}) "))
        self.assertIn("License: Expat", kit.read_bytes(os.path.join(self.prefix, "share/doc/vpci-conform/copyright")).decode())

    def test_modes_and_owners(self):
        for line in check("dpkg-deb", "-c", self.package).splitlines():
            mode, owner, *_, path = line.split()
            program = path.startswith("./usr/bin/") and not path.endswith("/")
            self.assertEqual((mode, owner), ("drwxr-xr-x" if path.endswith("/") else "-rwxr-xr-x" if program else "-rw-r--r--",
                                             "root/root"), path)

    def test_the_same_bytes_again(self):
        again = self.packed("again")
        self.assertEqual(kit.read_bytes(os.path.join(again, os.path.basename(self.package))), kit.read_bytes(self.package))

    def test_the_checksum_beside_it(self):
        check("sha256sum", "-c", os.path.basename(self.package) + ".sha256", cwd=self.packages)


if __name__ == "__main__":
    unittest.main()
