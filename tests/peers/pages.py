"""Looks at the pages of weft with a browser: see pages.sh."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

from chromium import Chromium

ROOFS = ['--roof-flops', '2e11', '--roof-bandwidth', '2e10', '--threads', '2']
HOSTILE = '</script><img src=x onerror=alert(1)>'
failures = []


def check(condition, what, found=''):
    print(('ok    ' if condition else 'FAILS ') + what + (f': {found}' if not condition else ''))
    if not condition:
        failures.append(what)


def weft(program, *words):
    run = subprocess.run([program, *words], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f'weft {" ".join(words)}: {run.stderr}')
    return run.stdout


def make_run(program, folder):
    """A short run of stories with a profile; its data is made once."""
    run = folder / 'run'
    if not (run / 'report.html').exists():
        shutil.rmtree(run, ignore_errors=True)
        stories = folder / 'stories.txt'
        weft(program, 'data', 'stories', '--count', '400', '--seed', '1', '--output', str(stories))
        weft(program, 'train', '--text', str(stories), '--out', str(run), '--preset', 'tiny', '--vocab-size', '512',
             '--context-length', '64', '--batch-size', '4', '--steps', '60', '--eval-every', '10', '--save-every', '20',
             '--eval-windows', '16', '--warmup-steps', '10', '--profile', str(folder / 'trace.json'))
    return run


def quiet(browser, name, path):
    """No error, and no request but for the page."""
    check(browser.errors == [], f'{name}: no error in the console', browser.errors)
    others = [url for url in browser.requests if url != 'file://' + os.path.abspath(path) and not url.startswith('data:')]
    check(others == [], f'{name}: no request but the page', others)


def fits(browser, name):
    widths = browser.evaluate('[document.documentElement.scrollWidth, innerWidth]')
    check(widths[0] <= widths[1], f'{name}: not wider than the window', widths)


def texts(browser, selector):
    return browser.evaluate(f'[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent)')


def data_of(browser):
    return json.loads(browser.evaluate('document.getElementById("data").textContent'))


def duration(x):
    """As dom.js prints it."""
    def digits(v):
        return f'{v:.2f}' if v < 9.995 else f'{v:.1f}' if v < 99.95 else f'{v:.0f}'
    return '0' if x == 0 else digits(x * 1e6) + ' µs' if x < 1e-3 else digits(x * 1e3) + ' ms' if x < 1 else digits(x) + ' s'


def look_at_explain(browser, name, path, expected):
    browser.open(path)
    quiet(browser, name, path)
    check(data_of(browser) == expected, f'{name}: its data is that of --json')
    tabs = texts(browser, '.tabs [role=tab]')
    check(tabs == [p['program'] for p in expected['programs']], f'{name}: a tab for each program', tabs)
    for i, program in enumerate(expected['programs']):
        browser.evaluate(f'document.querySelectorAll(".tabs [role=tab]")[{i}].click()')
        label = f'{name}, {program["program"]}'
        modules = {r[0]: r for r in program['modules']['rows']}
        root = texts(browser, '.tree tbody tr:first-child td')
        check(root[1] == duration(modules[''][6]), f'{label}: the whole takes what --json says', root)
        check(root[-1] == f'{program["stats"]["calls"]:,}', f'{label}: as many calls', root)
        shown = texts(browser, 'section:nth-of-type(2) tbody tr')
        check(len(shown) == len(program['operators']['rows']), f'{label}: a row for each operator', len(shown))
        browser.evaluate('[...document.querySelectorAll("button.quiet")].find((b) => b.textContent === "open all").click()')
        opened = browser.evaluate('document.querySelectorAll(".tree tbody tr[role=row]:not(.of)").length')
        used = {r[0] for r in program['modules']['rows'] if r[0] == '' or any(
            c[3] == r[0] or c[3].startswith(r[0] + '.') for c in program['calls']['rows'])}
        check(opened == len(used) + len(program['calls']['rows']), f'{label}: all modules and calls open',
              (opened, len(used), len(program['calls']['rows'])))
        steps = len(program['stages']) + 1
        check(len(texts(browser, '.steps [role=tab]')) == steps, f'{label}: a step for each pass')
        for step in range(steps):
            browser.evaluate(f'document.querySelectorAll(".steps [role=tab]")[{step}].click()')
            if step == steps - 1:
                continue
            browser.evaluate('{const box = document.querySelector(".under input"); if (box && box.checked) box.click()}')
            row = texts(browser, '.tree tbody tr:first-child td')
            check(row[1] == f'{program["stages"][step]["operators"]:,}',
                  f'{label}: operators after {program["stages"][step]["pass"]}', row)
        fired = sum(1 for f in program['fusions']['rows'] if f[1])
        heads = [t for t in texts(browser, 'h3') if t.startswith(('Fired', 'Near'))]
        check(heads == [f'Fired: {fired:,}', f'Near misses: {len(program["fusions"]["rows"]) - fired:,}'],
              f'{label}: as many fusions', heads)
        peak = [t for t in texts(browser, '.under b') if t.startswith('At the peak')]
        call = program['memory']['peak_call']
        check(call < 0 or peak == [f'At the peak, call {call:,}'], f'{label}: the peak is where --json says', peak)
    quiet(browser, name + ', after all of it', path)


def keys_and_pointer(browser, path):
    browser.open(path)
    browser.evaluate('document.querySelector(".tree tbody tr").focus()')
    rows = 'document.querySelectorAll(".tree tbody tr").length'
    before = browser.evaluate(rows)
    browser.key('ArrowLeft')
    closed = browser.evaluate(rows)
    browser.key('ArrowRight')
    check(closed == 1 and browser.evaluate(rows) == before, 'keys: left closes the tree, right opens it')
    browser.key('ArrowDown')
    browser.key('ArrowDown')
    check(browser.evaluate('document.activeElement === document.querySelectorAll(".tree tbody tr")[2]'),
          'keys: down goes down')
    browser.key('Home')
    check(browser.evaluate('document.activeElement.getAttribute("aria-level")') == '1', 'keys: home goes home')
    browser.evaluate('document.querySelector("canvas").scrollIntoView({block: "center"})')
    box = browser.evaluate('(() => {const r = document.querySelector("canvas").getBoundingClientRect();'
                           'return [r.left, r.top, r.width, r.height]})()')
    found = ''
    for part in range(20, 95, 5):  # somewhere in the middle lies a value
        browser.pointer(box[0] + box[2] * 0.45, box[1] + box[3] * part / 100)
        found = browser.evaluate('document.querySelector(".tip").hidden ? "" : document.querySelector(".tip").textContent')
        if ' at ' in found:
            break
    check(' at ' in found and 'calls ' in found, 'pointer: a value says its name, size and place', found)
    browser.evaluate('document.querySelector("canvas").focus()')
    at = 'Number(document.querySelector("canvas").getAttribute("aria-valuenow"))'
    before = browser.evaluate(at)
    browser.key('ArrowLeft')
    check(browser.evaluate(at) == before - 1, 'keys: left in the picture is the call before')


def look_at_report(browser, path, expected):
    browser.open(path)
    quiet(browser, 'report', path)
    check(data_of(browser) == expected, 'report: its data is that of --json')
    tiles = dict(zip(texts(browser, '.tiles dt'), texts(browser, '.tiles dd')))
    check(tiles.get('loss', '').startswith(f'{expected["metrics"]["last"]["loss"]:.4f}'), 'report: the last loss', tiles)
    check(tiles.get('held-out loss', '').startswith(f'{expected["metrics"]["last_evaluation"][2]:.4f}'),
          'report: the held-out loss', tiles)
    floor = expected['metrics']['floor_loss']
    drawn = texts(browser, '.floor-text')
    check(len(drawn) == 1 and abs(float(drawn[0].split()[-1]) / floor - 1) < 1e-3, 'report: the floor', (drawn, floor))
    check(len(texts(browser, '.chart svg')) == 5, 'report: five charts')
    times = texts(browser, 'section:nth-of-type(2) tbody tr td:first-child')
    check(times == [r[0] for r in expected['time_by_operator']['rows']], 'report: time by operator', times)
    browser.evaluate('document.querySelector(".chart svg").focus()')
    browser.key('Home')
    check('step 1 ' in texts(browser, '.readout')[0].replace('\u00a0', ' ').replace('tokens', ' tokens'),
          'keys: home in a chart is the first step', texts(browser, '.readout'))


def damaged_runs(program, browser, run, folder):
    """Reports of runs whose metrics are missing, one line, without numbers, or of another kind."""
    lines = (run / 'metrics.jsonl').read_text().splitlines(True)
    kinds = {'missing': None, 'empty': '', 'one line': lines[0], 'cut short': ''.join(lines)[:-40],
             'nulls': '{"step":1,"tokens":10,"loss":null}\n{"step":2,"tokens":20,"loss":null,"val_loss":null}\n',
             'extremes': '{"step":1,"tokens":0,"loss":1e100,"lr":-1e100,"grad_norm":0}\n'
                         '{"step":2,"tokens":1e18,"loss":-1e100,"lr":1e100,"grad_norm":1e-308}\n',
             'markup': HOSTILE + '\n'}
    copy = folder / 'damaged'
    for kind, text in kinds.items():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(run, copy, symlinks=True)
        (copy / 'metrics.jsonl').unlink()
        if text is not None:
            (copy / 'metrics.jsonl').write_text(text)
        weft(program, 'train', '--report', str(copy))
        browser.open(copy / 'report.html')
        quiet(browser, f'report with metrics {kind}', copy / 'report.html')
        check(len(texts(browser, 'section')) == 4, f'report with metrics {kind}: all sections are there')


def pictures(browser, folder, pages):
    for name, path in pages:
        for width, shape in ((1280, 'wide'), (400, 'narrow')):
            for dark in (False, True):
                browser.open(path, width=width, dark=dark)
                label = f'{name}-{shape}-{"dark" if dark else "light"}'
                fits(browser, label)
                browser.screenshot(folder / (label + '.png'))
                quiet(browser, label, path)


def main():
    parser = argparse.ArgumentParser()
    for flag in ('--weft', '--chromium', '--out'):
        parser.add_argument(flag, required=True)
    flags = parser.parse_args()
    folder = pathlib.Path(flags.out)
    folder.mkdir(parents=True, exist_ok=True)
    run = make_run(flags.weft, folder)
    explain, hostile = folder / 'explain.html', folder / 'hostile.html'
    numbers = json.loads(weft(flags.weft, 'graph', 'explain', str(run), '--json', '-o', str(explain), *ROOFS))
    measured_page = folder / 'measured.html'
    measured = json.loads(weft(flags.weft, 'graph', 'explain', str(run), '--json', '-o', str(measured_page), '--profile',
                               str(folder / 'trace.json'), '--program', 'train', *ROOFS))
    report = json.loads(weft(flags.weft, 'train', '--report', str(run), '--json', '--profile', str(folder / 'trace.json')))
    # Names that are markup: of scopes in the data, and of the run.
    page = explain.read_text()
    begin = page.index('id="data">') + len('id="data">')
    names = page[begin:page.index('</script', begin)].replace('layers.0', 'layers.' + HOSTILE.replace('<', '\\u003c'))
    hostile.write_text(page[:begin] + names + page[page.index('</script', begin):])
    browser = Chromium(flags.chromium)
    try:
        look_at_explain(browser, 'explain', explain, numbers)
        look_at_explain(browser, 'measured', measured_page, measured)
        look_at_explain(browser, 'hostile', hostile, json.loads(names))
        check(browser.evaluate('document.querySelectorAll("img").length') == 0, 'hostile: no markup comes out of a name')
        keys_and_pointer(browser, explain)
        look_at_report(browser, run / 'report.html', report)
        damaged_runs(flags.weft, browser, run, folder)
        pictures(browser, folder, (('explain', explain), ('measured', measured_page), ('report', run / 'report.html')))
    finally:
        browser.close()
    print(f'pictures in {folder}; explain {explain.stat().st_size:,} bytes, report '
          f'{(run / "report.html").stat().st_size:,} bytes')
    if failures:
        sys.exit(f'{len(failures)} of the checks fail')


if __name__ == '__main__':
    main()
