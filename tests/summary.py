"""tests/summary.py JUNIT CHECK_STATUS - the closing line of a test run, and its exit code.
ctest's own summary hides skipped tests among the passed; an empty run is a failure."""
import sys
import xml.etree.ElementTree as ElementTree

suite = ElementTree.parse(sys.argv[1]).getroot()
house_rules_failed = sys.argv[2] != "0"
cases = suite.findall("testcase")
skipped = sum(1 for case in cases if case.find("skipped") is not None or case.get("status") == "disabled")
failed = sum(1 for case in cases if case.find("failure") is not None)
passed = len(cases) - skipped - failed
passed, failed = (passed, failed + 1) if house_rules_failed else (passed + 1, failed)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or len(cases) == 0 else 0)
