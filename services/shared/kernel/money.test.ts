import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHubError } from './errors/hub-error.ts';
import {
  addMoney,
  compareMoney,
  formatMoney,
  isCurrency,
  largestAmountMinor,
  minorDigitsOf,
  money,
  moneyToDecimal,
  parseMoney,
  smallestAmountMinor,
  subtractMoney,
} from './money.ts';

const anyCurrency = fc.constantFrom('EUR', 'USD', 'JPY', 'HUF', 'BHD', 'CLF');
const anyAmount = fc.bigInt({ min: smallestAmountMinor, max: largestAmountMinor });
const halfAmount = fc.bigInt({ min: smallestAmountMinor / 2n, max: largestAmountMinor / 2n });

const invalidValue = (error: unknown) => isHubError(error, 'kernel.invalid_value');

test('an amount survives the way to a decimal text and back, at any size and in any currency', () => {
  fc.assert(
    fc.property(anyAmount, anyCurrency, (amountMinor, currency) => {
      const value = money(amountMinor, currency);
      assert.deepEqual(parseMoney(moneyToDecimal(value), currency), value);
    }),
  );
});

test('addition and subtraction undo each other and compare as their amounts do', () => {
  fc.assert(
    fc.property(halfAmount, halfAmount, anyCurrency, (a, b, currency) => {
      const [left, right] = [money(a, currency), money(b, currency)];
      assert.deepEqual(subtractMoney(addMoney(left, right), right), left);
      assert.deepEqual(addMoney(left, right), addMoney(right, left));
      assert.equal(compareMoney(left, right), a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test('amounts of two currencies never meet', () => {
  const [left, right] = [money(1n, 'EUR'), money(1n, 'USD')];
  for (const combine of [addMoney, subtractMoney, compareMoney]) {
    assert.throws(
      () => combine(left, right),
      (error) => isHubError(error, 'kernel.currency_mismatch'),
    );
  }
});

test('an amount that a bigint column cannot hold is refused, sums included', () => {
  const most = money(largestAmountMinor, 'EUR');
  assert.throws(() => money(largestAmountMinor + 1n, 'EUR'), invalidValue);
  assert.throws(() => addMoney(most, money(1n, 'EUR')), invalidValue);
  assert.throws(() => subtractMoney(money(smallestAmountMinor, 'EUR'), money(1n, 'EUR')), invalidValue);
});

test('decimals are read exactly or not at all: nothing is rounded', () => {
  assert.equal(parseMoney('0.1', 'EUR').amountMinor, 10n);
  assert.equal(parseMoney('-0.01', 'EUR').amountMinor, -1n);
  assert.equal(parseMoney('92233720368547758.07', 'EUR').amountMinor, largestAmountMinor);
  assert.equal(parseMoney('1.2345', 'CLF').amountMinor, 12345n);
  for (const [text, currency] of [
    ['0.001', 'EUR'],
    ['1.0', 'JPY'],
    ['1e3', 'EUR'],
    ['1,50', 'EUR'],
    ['.5', 'EUR'],
    ['5.', 'EUR'],
    ['+5', 'EUR'],
    [' 5', 'EUR'],
    ['5\n', 'EUR'],
    ['', 'EUR'],
    ['NaN', 'EUR'],
    ['٣', 'EUR'],
    ['0'.repeat(20), 'EUR'],
    ['9'.repeat(1_000_000), 'EUR'],
    ['92233720368547758.08', 'EUR'],
  ] as const) {
    assert.throws(() => parseMoney(text, currency), invalidValue, text.slice(0, 20));
  }
});

test('decimal places are those of ISO 4217, also where ICU says otherwise', () => {
  const expected = { EUR: 2, HUF: 2, IDR: 2, IQD: 3, JPY: 0, KWD: 3, CLF: 4, UGX: 0 };
  for (const [currency, digits] of Object.entries(expected))
    assert.equal(minorDigitsOf(currency), digits, currency);
  for (const wrong of ['eur', 'EURO', 'XXX', '', 'toString', 'BTC', undefined])
    assert.equal(isCurrency(wrong), false);
  assert.throws(() => money(1n, 'eur'), invalidValue);
});

test('formatting shows every digit of the amount', () => {
  assert.equal(formatMoney(money(largestAmountMinor, 'EUR')), '€92,233,720,368,547,758.07');
  assert.equal(formatMoney(money(-5n, 'USD')), '-$0.05');
  assert.equal(formatMoney(money(300n, 'JPY')), '¥300');
  assert.equal(formatMoney(money(150n, 'HUF')).replace(/\s/u, ' '), 'HUF 1.50');
});

test('an amount of money cannot be changed after it was made', () => {
  assert.ok(Object.isFrozen(money(1n, 'EUR')));
});
