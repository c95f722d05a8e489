import { crc32, deflateSync } from 'node:zlib';

/** Long enough that a dozen chapters are far more than a screen. */
const SENTENCE =
  'The intellect is a cleaver; it discerns and rifts its way into the secret of things, and I do not wish to be any more busy with my hands than is necessary. ';

export const CHAPTERS = 30;

/** A book of chapters that link to each other, as an EPUB. */
export function book() {
  const numbers = Array.from({ length: CHAPTERS }, (_, i) => i + 1);
  const chapter = (n) =>
    page(
      `Chapter ${n}`,
      `<h1>Chapter ${n}</h1><p><a href="c${CHAPTERS + 1 - n}.xhtml">Across to chapter ${CHAPTERS + 1 - n}</a></p>` +
        Array.from(
          { length: 24 },
          (_, p) => `<p>Chapter ${n}, paragraph ${p + 1}. ${SENTENCE}</p>`,
        ).join(''),
    );
  const items = numbers.map(
    (n) => `<item id="c${n}" href="c${n}.xhtml" media-type="application/xhtml+xml"/>`,
  );
  const opf = `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:1b8dbc0e-6ab6-4e0d-9f0b-2b6f3f2f0001</dc:identifier><dc:title>A Book of Chapters</dc:title><dc:creator>Ada Author</dc:creator><dc:language>en</dc:language></metadata><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>${items.join('')}</manifest><spine>${numbers.map((n) => `<itemref idref="c${n}"/>`).join('')}</spine></package>`;
  const nav = page(
    'Contents',
    `<nav epub:type="toc" xmlns:epub="http://www.idpf.org/2007/ops"><ol>${numbers.map((n) => `<li><a href="c${n}.xhtml">Chapter ${n}</a></li>`).join('')}</ol></nav>`,
  );
  const container =
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>';
  return zip([
    ['mimetype', 'application/epub+zip'],
    ['META-INF/container.xml', container],
    ['book.opf', opf],
    ['nav.xhtml', nav],
    ...numbers.map((n) => [`c${n}.xhtml`, chapter(n)]),
  ]);
}

/** Over the eleventh line of a page below, to its last page. */
const LINK =
  '<< /Type /Annot /Subtype /Link /Rect [72 494 400 514] /Border [0 0 0] /Dest [18 0 R /Fit] >>';

/** A document of printed pages, as a PDF: a line of its own and a paragraph on each, one line a link. */
export function printed(pages) {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>'];
  const kids = Array.from({ length: pages }, (_, i) => `${4 + 2 * i} 0 R`).join(' ');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`);
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>');
  for (let n = 1; n <= pages; n++) {
    const lines = [
      `This is page ${n} of the printed document.`,
      ...Array.from(
        { length: 20 },
        (_, i) => `Line ${i + 1} of page ${n} says that rivers have names and sources.`,
      ),
    ];
    const text = lines.map((line) => `(${line}) Tj T*`).join('\n');
    const stream = `BT /F1 14 Tf 22 TL 72 720 Td\n${text}\nET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * (n - 1)} 0 R /Annots [${LINK}] /Resources << /Font << /F1 3 0 R >> >> >>`,
    );
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  let out = '%PDF-1.7\n';
  const places = objects.map((object, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  out += places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}

/** A picture of soft bands, as a PNG. */
export function picture(width, height) {
  const rows = Buffer.alloc((3 * width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = 0; // This row is not filtered.
    for (let x = 0; x < width; x++) {
      const wave = Math.sin(x / 90 + Math.sin(y / 60) * 2) * 0.5 + 0.5;
      rows[at++] = 60 + 120 * wave;
      rows[at++] = 110 + (70 * y) / height;
      rows[at++] = 150 + 40 * (1 - wave);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // Eight bits for each of red, green and blue.
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function page(title, body) {
  return `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>${title}</title></head><body>${body}</body></html>`;
}

/** A ZIP file whose entries are stored as they are. */
function zip(entries) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const data = Buffer.from(text);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, path]));
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, index, end]);
}
