// SPDX-License-Identifier: Apache-2.0
import en from 'antd/es/locale/en_US';

export default en;
