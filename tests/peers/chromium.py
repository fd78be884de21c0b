"""Headless Chromium over its debugging pipe: no package, no port, no network."""
import base64
import json
import os
import subprocess
import tempfile
import time


class Chromium:
    """One browser with one page. Console errors, exceptions and requests are collected."""

    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory()
        read_theirs, write_ours = os.pipe()
        read_ours, write_theirs = os.pipe()

        def descriptors():  # the browser reads 3 and writes 4
            os.dup2(read_theirs, 3)
            os.dup2(write_theirs, 4)
        arguments = [program, '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
                     '--disable-background-networking', '--disable-component-update', '--disable-extensions',
                     '--proxy-server=127.0.0.1:9',  # whatever is asked for over a network fails
                     '--remote-debugging-pipe', f'--user-data-dir={self.profile.name}', 'about:blank']
        # Numbers above 4, so that none of them is closed by dup2 before it is used.
        assert min(read_theirs, write_theirs) > 2
        read_theirs, write_theirs = self._above_four(read_theirs), self._above_four(write_theirs)
        self.process = subprocess.Popen(arguments, preexec_fn=descriptors, pass_fds=(3, 4),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_theirs)
        os.close(write_theirs)
        self.input, self.output = os.fdopen(write_ours, 'wb', 0), os.fdopen(read_ours, 'rb', 0)
        self.next_id, self.buffer = 0, b''
        self.errors, self.requests, self.events = [], [], []
        target = [t for t in self.call('Target.getTargets')['targetInfos'] if t['type'] == 'page'][0]
        self.session = self.call('Target.attachToTarget', targetId=target['targetId'], flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network', 'DOM'):
            self.call(domain + '.enable')

    @staticmethod
    def _above_four(descriptor):
        import fcntl
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10)
        os.close(descriptor)
        return moved

    def _message(self, deadline):
        while b'\0' not in self.buffer:
            if time.monotonic() > deadline:
                raise TimeoutError('the browser does not answer')
            part = self.output.read(1 << 20)
            if not part:
                raise RuntimeError('the browser has ended')
            self.buffer += part
        text, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(text)

    def call(self, method, **params):
        self.next_id += 1
        message = {'id': self.next_id, 'method': method, 'params': params}
        if getattr(self, 'session', None):
            message['sessionId'] = self.session
        self.input.write(json.dumps(message).encode() + b'\0')
        deadline = time.monotonic() + 120
        while True:
            answer = self._message(deadline)
            if answer.get('id') == self.next_id:
                if 'error' in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer['result']
            self._event(answer)

    def _event(self, event):
        method, params = event.get('method'), event.get('params', {})
        self.events.append(method)
        if method == 'Runtime.exceptionThrown':
            details = params['exceptionDetails']
            self.errors.append(details.get('exception', {}).get('description', details['text']))
        elif method == 'Runtime.consoleAPICalled' and params['type'] in ('error', 'warning', 'assert'):
            self.errors.append(str([a.get('value', a.get('description')) for a in params['args']]))
        elif method == 'Log.entryAdded' and params['entry']['level'] in ('error', 'warning'):
            self.errors.append(params['entry']['text'])
        elif method == 'Network.requestWillBeSent':
            self.requests.append(params['request']['url'])

    def open(self, path, width=1280, height=900, dark=False):
        self.errors, self.requests, self.events = [], [], []
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call('Emulation.setEmulatedMedia',
                  features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])
        self.call('Page.navigate', url='file://' + os.path.abspath(path))
        while self.evaluate('document.readyState') != 'complete' or self.evaluate('location.href') == 'about:blank':
            time.sleep(0.05)
        self.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')

    def evaluate(self, expression):
        result = self.call('Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails'].get('exception', {}).get('description', expression))
        return result['result'].get('value')

    def key(self, name):
        for kind in ('keyDown', 'keyUp'):
            self.call('Input.dispatchKeyEvent', type=kind, key=name, code=name,
                      **({'text': '\r'} if name == 'Enter' and kind == 'keyDown' else {}))

    def pointer(self, x, y):
        self.call('Input.dispatchMouseEvent', type='mouseMoved', x=x, y=y)

    def screenshot(self, path, whole=True):
        size = self.call('Page.getLayoutMetrics')['cssContentSize']
        clip = {'x': 0, 'y': 0, 'width': size['width'], 'height': min(size['height'], 12000), 'scale': 1}
        extra = {'clip': clip, 'captureBeyondViewport': True} if whole else {}
        image = self.call('Page.captureScreenshot', format='png', **extra)
        with open(path, 'wb') as file:
            file.write(base64.b64decode(image['data']))

    def close(self):
        try:
            session, self.session = self.session, None
            self.call('Browser.close')
        except (RuntimeError, OSError, TimeoutError):
            pass
        self.process.wait(30)
        self.profile.cleanup()
