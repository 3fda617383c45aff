// SPDX-License-Identifier: Apache-2.0
export const files = import.meta.glob('./en/apart/*.json', { eager: true, import: 'default' });
