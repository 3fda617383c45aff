// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { columnUnit, countsFor, exactMoney, parseMoney, scaleMoney, showMoney } from './money';

describe('parseMoney', () => {
  it('reads 万元 and 亿元 exactly where floating point would not', () => {
    expect(parseMoney('1260.5', 'ten_thousand', 2)).toBe(1260500000n);
    expect(parseMoney('0.1', 'hundred_million', 2)).toBe(1000000000n);
    expect(parseMoney('1.005', 'one', 2)).toBeNull();
    expect(parseMoney('8.70', 'one', 2)).toBe(870n);
    expect(parseMoney('90071992547409.93', 'one', 2)).toBe(9007199254740993n);
  });
  it('takes thousands separators and a minus, and nothing else', () => {
    expect(parseMoney('1,234,567.89', 'one', 2)).toBe(123456789n);
    expect(parseMoney('−5', 'one', 2)).toBe(-500n);
    for (const text of ['', '.', '1e3', '12元', '1.2.3', '--1', 'NaN', '٣']) expect(parseMoney(text, 'one', 2)).toBeNull();
  });
  it('drops zeros finer than the minor unit but never a digit', () => {
    expect(parseMoney('2.000', 'one', 2)).toBe(200n);
    expect(parseMoney('0.000001', 'ten_thousand', 2)).toBe(1n);
    expect(parseMoney('0.0000001', 'ten_thousand', 2)).toBeNull();
  });
  it('refuses what does not fit 64 bits', () => {
    expect(parseMoney('92233720368547758.07', 'one', 2)).toBe(2n ** 63n - 1n);
    expect(parseMoney('92233720368547758.08', 'one', 2)).toBeNull();
  });
  it('knows currencies without decimals', () => {
    expect(parseMoney('500', 'one', 0)).toBe(500n);
    expect(parseMoney('0.5', 'one', 0)).toBeNull();
  });
});

describe('showing money', () => {
  it('is 亿元 with two decimals from 1 亿 on, 万元 below', () => {
    expect(showMoney('126000000000', 'wan_yi', 2)).toEqual({ number: '12.60', unit: 'hundred_million' });
    expect(showMoney('9999999999', 'wan_yi', 2)).toEqual({ number: '10,000', unit: 'ten_thousand' });
    expect(showMoney('1000000', 'wan_yi', 2)).toEqual({ number: '1', unit: 'ten_thousand' });
    expect(showMoney('12345', 'wan_yi', 2)).toEqual({ number: '0.01', unit: 'ten_thousand' });
  });
  it('is millions for other currencies and readers', () => {
    expect(showMoney('511365915250', 'millions', 2)).toEqual({ number: '5,113.66', unit: 'million' });
    expect(countsFor('AUD', 'zh-CN')).toBe('millions');
    expect(countsFor('CNY', 'en')).toBe('millions');
    expect(countsFor('CNY', 'zh-CN')).toBe('wan_yi');
    expect(columnUnit('wan_yi')).toEqual({ unit: 'ten_thousand', places: 0 });
  });
  it('rounds half away from zero and never shows a negative zero', () => {
    expect(scaleMoney(-150n, 0, 2, 0)).toBe('−2');
    expect(scaleMoney(-4n, 0, 2, 1)).toBe('0.0');
    expect(scaleMoney(5n, 0, 2, 1)).toBe('0.1');
  });
  it('keeps every digit when asked for the exact amount', () => {
    expect(exactMoney('-123456789', 2)).toBe('−1,234,567.89');
    expect(exactMoney('7', 2)).toBe('0.07');
    expect(exactMoney('500', 0)).toBe('500');
  });
});
