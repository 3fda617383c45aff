// SPDX-License-Identifier: Apache-2.0
// Edits cells of an .xlsx as a person would: unpacks the zip, changes the sheet, packs it again. For tests only: it knows no
// more of the format than what our own exports hold.
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc32(bytes: Buffer): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function unzip(file: Buffer): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = file.readUInt32LE(end + 16);
  for (let n = file.readUInt16LE(end + 10); n > 0; --n) {
    const [method, packed, name, extra, comment, local] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20), file.readUInt16LE(at + 28), file.readUInt16LE(at + 30), file.readUInt16LE(at + 32), file.readUInt32LE(at + 42)];
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const bytes = file.subarray(from, from + packed);
    parts.set(file.toString('utf8', at + 46, at + 46 + name), method === 0 ? bytes : inflateRawSync(bytes));
    at += 46 + name + extra + comment;
  }
  return parts;
}

function zip(parts: Map<string, Buffer>): Buffer {
  const out: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of parts) {
    const packed = deflateRawSync(bytes);
    const title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(title.length, 22);
    const row = Buffer.alloc(46);
    row.write('PK\x01\x02', 0, 'latin1');
    row.writeUInt16LE(20, 4);
    head.copy(row, 6);
    row.writeUInt32LE(offset, 42);
    directory.push(row, title);
    out.push(Buffer.from('PK\x03\x04', 'latin1'), head, title, packed);
    offset += 30 + title.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...out, list, end]);
}

const plain = (xml: string) => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export class Workbook {
  private readonly parts: Map<string, Buffer>;
  private readonly strings: string[];
  private sheet: string;

  constructor(file: Buffer) {
    this.parts = unzip(file);
    this.strings = [...this.parts.get('xl/sharedStrings.xml')!.toString().matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) => plain([...si!.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, t]) => t).join('')));
    this.sheet = this.parts.get('xl/worksheets/sheet1.xml')!.toString();
  }

  private *cells(): Generator<{ name: string; text: string }> {
    for (const [, name, rest, value] of this.sheet.matchAll(/<c r="([A-Z]+\d+)"([^>]*)>(?:<f>.*?<\/f>)?<v>(.*?)<\/v><\/c>/g))
      yield { name: name!, text: /t="s"/.test(rest!) ? this.strings[Number(value)]! : plain(value!) };
  }
  private columnOf(head: string): string {
    for (const cell of this.cells()) if (cell.text === head && /^[A-Z]+1$/.test(cell.name)) return cell.name.slice(0, -1);
    throw new Error(`no column ${head}`);
  }
  heads(): string[] {
    return [...this.cells()].filter((c) => /^[A-Z]+1$/.test(c.name)).map((c) => c.text);
  }
  /** The number of the row in which a column has that text. */
  rowOf(head: string, text: string): number {
    const column = this.columnOf(head);
    for (const cell of this.cells()) if (cell.text === text && cell.name.replace(/\d+$/, '') === column) return Number(cell.name.replace(/^\D+/, ''));
    throw new Error(`no row with ${text}`);
  }
  get(row: number, head: string): string {
    const name = this.columnOf(head) + row;
    for (const cell of this.cells()) if (cell.name === name) return cell.text;
    return '';
  }
  set(row: number, head: string, text: string): void {
    const name = this.columnOf(head) + row;
    const cell = `<c r="${name}" t="inlineStr"><is><t>${escaped(text)}</t></is></c>`;
    const there = new RegExp(`<c r="${name}"[^>]*?(/>|>.*?</c>)`);
    if (there.test(this.sheet)) {
      this.sheet = this.sheet.replace(there, () => cell);
      return;
    }
    // Behind the last cell of its row, or in a row of its own behind the others.
    const begun = new RegExp(`<row r="${row}"[^>]*>.*?(?=</row>)`, 's');
    const [into] = begun.exec(this.sheet) ?? [];
    if (into === undefined) this.sheet = this.sheet.replace('</sheetData>', () => `<row r="${row}">${cell}</row></sheetData>`);
    else this.sheet = this.sheet.replace(begun, () => into + cell);
  }
  save(): Buffer {
    this.parts.set('xl/worksheets/sheet1.xml', Buffer.from(this.sheet));
    return zip(this.parts);
  }
}
