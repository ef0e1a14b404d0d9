// Times ODK Web Forms' engine: node peer.mjs FOLDER-OF-node_modules < {form, steps} > {open, answers, adds, values}.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fs from 'node:fs';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { JSDOM } = require('jsdom');
const { window } = new JSDOM('');
const borrowed = [
	'Attr', 'Blob', 'CDATASection', 'Comment', 'Document', 'DocumentFragment', 'DOMParser', 'Element', 'File',
	'FormData', 'Node', 'ProcessingInstruction', 'ShadowRoot', 'Text', 'XMLDocument', 'XMLSerializer', 'XPathResult',
];
for (const name of borrowed) globalThis[name] = window[name];
globalThis.window = window;
globalThis.document = window.document;
// Node's own fetch looks at its version when it is first used, so that comes first.
new Response('');
// Its XPath parser would otherwise look for files the way Node has them.
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: undefined } });
const engine = await import(
	pathToFileURL(process.argv[2] + '/node_modules/@getodk/xforms-engine/dist/index.js').href
);

const { form, steps } = JSON.parse(fs.readFileSync(0, 'utf8'));
const fetchFormAttachment = async () => new Response('', { status: 404 });

const started = performance.now();
const loaded = await engine.loadForm(form, { fetchFormAttachment, missingResourceBehavior: 'BLANK' });
if (loaded.status === 'failure') {
	fs.writeFileSync(1, JSON.stringify({ refused: String(loaded.error.message ?? loaded.error) }));
	process.exit(0);
}
const { root } = loaded.createInstance({});
const open = performance.now() - started;

function* below(node) {
	yield node;
	for (const child of node.currentState.children ?? []) yield* below(child);
}
let byRef;
function index() {
	byRef = new Map([...below(root)].map((node) => [node.currentState.reference, node]));
}
index();

const answers = [];
const adds = [];
for (const { ref, value } of steps) {
	// An answer may have brought members that were not there before.
	if (!byRef.has(ref)) index();
	const node = byRef.get(ref);
	if (node === undefined) continue;
	const before = performance.now();
	try {
		if (value === null) node.addInstances();
		// The one value of a select_one may have spaces in it.
		else if (node.selectType === 'select1') node.selectValues(value === '' ? [] : [value]);
		else if (node.nodeType === 'select') node.selectValues(value === '' ? [] : value.split(' '));
		else if (node.nodeType === 'rank') node.setValues(value === '' ? [] : value.split(' '));
		else if (node.nodeType === 'trigger') node.setValue(value !== '');
		else node.setValue(value);
	} catch {
		continue;
	}
	(value === null ? adds : answers).push(performance.now() - before);
	if (value === null) index();
}
index();
const values = {};
for (const [ref, node] of byRef) {
	// A picture there is a File, which no step can give.
	if (!node.currentState.children && node.nodeType !== 'upload') values[ref] = node.currentState.instanceValue ?? '';
}
fs.writeFileSync(1, JSON.stringify({ open, answers, adds, values }));
process.exit(0);
